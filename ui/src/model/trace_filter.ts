// The filter inside of a trace: `service:api status:error duration:>4ms name:*charge* text`.
import {isError, labelOf} from './trace.ts';
import type {Trace} from './trace.ts';

export type Predicate = (at: number) => boolean;

export type FilterTerm = {readonly key: string; readonly value: string; readonly isNot: boolean};

export type Filter =
  | {readonly kind: 'none'}
  | {readonly kind: 'terms'; readonly terms: readonly FilterTerm[]}
  | {readonly kind: 'wrong'; readonly why: string};

export const FILTER_KEYS: readonly string[] = ['service', 'op', 'name', 'status', 'duration', 'kind', 'release', 'environment', 'project', 'span'];

const TERM = /(!?)(?:([a-z]+):)?("(?:[^"\\]|\\.)*"|\S+)/g;
const DURATION = /^(>=|<=|>|<)?(\d+(?:\.\d+)?)(ns|us|µs|ms|s|min|h)?$/;
const UNIT_NS: Readonly<Record<string, number>> = {ns: 1, us: 1e3, 'µs': 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3_600e9};

export function readFilter(text: string): Filter {
  const terms: FilterTerm[] = [];
  for (const [, not, key, given] of text.matchAll(TERM)) {
    const value = (given ?? '').startsWith('"') ? (given ?? '').slice(1, -1).replaceAll(/\\(.)/g, '$1') : (given ?? '');
    if (key !== undefined && !FILTER_KEYS.includes(key)) {
      return {kind: 'wrong', why: `“${key}” is not known here. Known are ${FILTER_KEYS.join(', ')}.`};
    }
    if (key === 'duration' && !DURATION.test(value)) {
      return {kind: 'wrong', why: `“${value}” is no duration. Write for example duration:>4ms.`};
    }
    terms.push({key: key ?? '', value, isNot: not === '!'});
  }
  return terms.length === 0 ? {kind: 'none'} : {kind: 'terms', terms};
}

/** Returns a test that all terms hold for a span. */
export function predicateOf(trace: Trace, terms: readonly FilterTerm[]): Predicate {
  const tests = terms.map(term => {
    const test = testOf(trace, term);
    return term.isNot ? (at: number) => !test(at) : test;
  });
  return at => tests.every(test => test(at));
}

function testOf(trace: Trace, {key, value}: FilterTerm): Predicate {
  if (key === 'duration') return durationTest(trace, value);
  if (key === 'status') return statusTest(trace, value);
  const matches = textTest(value, key === '' || key === 'name');
  switch (key) {
    case 'service':
    case 'op':
    case 'kind':
    case 'release':
    case 'environment': {
      const column = trace[key];
      const isHit = column.values.map(matches);
      return at => isHit[column.at[at] ?? 0] ?? false;
    }
    case 'span':
      return at => matches(trace.spanId[at] ?? '');
    case 'project':
      return at => matches(trace.projects[String(trace.projectId[at])] ?? '');
    case 'name':
      return at => matches(labelOf(trace, at));
    default:
      return textSomewhere(trace, matches);
  }
}

/** In the label, operation, service, name, status message or id. */
function textSomewhere(trace: Trace, matches: (text: string) => boolean): Predicate {
  const columns = [trace.service, trace.op, trace.name].map(column => ({at: column.at, isHit: column.values.map(matches)}));
  return at =>
    columns.some(column => column.isHit[column.at[at] ?? 0]) ||
    matches(trace.description[at] ?? '') ||
    matches(trace.statusMessage[at] ?? '') ||
    matches(trace.spanId[at] ?? '');
}

function statusTest(trace: Trace, value: string): Predicate {
  const wanted = value.toLowerCase();
  if (wanted === 'error') return at => isError(trace, at);
  if (wanted === 'ok') return at => !isError(trace, at);
  return at => (trace.statusText[at] ?? '').toLowerCase() === wanted;
}

function durationTest(trace: Trace, value: string): Predicate {
  const [, sign, count, unit] = DURATION.exec(value) ?? [];
  const limit = Number(count) * (UNIT_NS[unit ?? 'ms'] ?? 1e6);
  const {duration} = trace;
  switch (sign) {
    case '<':
      return at => (duration[at] ?? 0) < limit;
    case '<=':
      return at => (duration[at] ?? 0) <= limit;
    case '>':
      return at => (duration[at] ?? 0) > limit;
    default:
      return at => (duration[at] ?? 0) >= limit;
  }
}

/** Without regard to case; `*` stands for anything; `isPart` finds it inside, else it must be all of it. */
function textTest(value: string, isPart: boolean): (text: string) => boolean {
  const wanted = value.toLowerCase();
  if (!wanted.includes('*')) return isPart ? text => text.toLowerCase().includes(wanted) : text => text.toLowerCase() === wanted;
  const parts = wanted.split('*').map(part => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const pattern = new RegExp(isPart ? parts.join('.*') : `^${parts.join('.*')}$`, 's');
  return text => pattern.test(text.toLowerCase());
}

/** Marks what matches, and everything above it, so that a match keeps its place in the tree. */
export function keepWithAncestors(trace: Pick<Trace, 'count' | 'parent'>, matches: Predicate): {readonly kept: Uint8Array; readonly matched: number} {
  const kept = new Uint8Array(trace.count);
  let matched = 0;
  for (let at = trace.count - 1; at >= 0; at -= 1) {
    if (matches(at)) {
      kept[at] = 1;
      matched += 1;
    }
    const above = trace.parent[at] ?? -1;
    if (kept[at] === 1 && above >= 0) kept[above] = 1;
  }
  return {kept, matched};
}
