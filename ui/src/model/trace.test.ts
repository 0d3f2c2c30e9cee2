// Everything that is computed from a trace, held against slow and obvious references.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {criticalPath} from './critical_path.ts';
import {traceOf} from './random_trace.ts';
import type {SpanDraft} from './random_trace.ts';
import {selfTimes} from './self_time.ts';
import {clampWindow, panWindow, zoomWindow} from './time_window.ts';
import {hasChildren, IS_ERROR} from './trace.ts';
import type {Trace} from './trace.ts';
import {compareTraces} from './trace_compare.ts';
import {keepWithAncestors, predicateOf, readFilter} from './trace_filter.ts';
import {CHOICE_DEFAULT, foldedBelow, layOutRows, revealing, ROW_GAP, ROW_GROUP, ROW_PRUNED, ROW_SPAN} from './trace_rows.ts';
import {sumsOfWork} from './trace_statistics.ts';

const traces: fc.Arbitrary<Trace> = fc
  .array(
    fc.record({
      parent: fc.nat(30),
      start: fc.nat(100),
      duration: fc.nat(60),
      label: fc.constantFrom('db a', 'db b', 'http'),
      service: fc.constantFrom('one', 'two'),
      isError: fc.boolean(),
    }),
    {minLength: 1, maxLength: 30},
  )
  .map(drafts => traceOf(drafts.map((draft, at): SpanDraft => ({...draft, parent: at === 0 ? -1 : Math.min(draft.parent, at) - 1}))));

const endOf = (trace: Trace, at: number): number => (trace.start[at] ?? 0) + (trace.duration[at] ?? 0);
const childrenOf = (trace: Trace, at: number): number[] => [...trace.parent.keys()].filter(child => trace.parent[child] === at);
const isBelow = (trace: Trace, at: number, above: number): boolean => {
  for (let up = trace.parent[at] ?? -1; up >= 0; up = trace.parent[up] ?? -1) if (up === above) return true;
  return false;
};
const holds = (property: (trace: Trace) => void): void => fc.assert(fc.property(traces, property), {numRuns: 200});

test('the end of a subtree is behind exactly the spans below', () => {
  holds(trace => {
    for (let at = 0; at < trace.count; at += 1) {
      const below = [...trace.parent.keys()].filter(other => isBelow(trace, other, at));
      expect((trace.end[at] ?? 0) - at - 1).toBe(below.length);
      expect(hasChildren(trace, at)).toBe(below.length > 0);
    }
  });
});

test('self time is what is left when each instant with a running child is taken away', () => {
  holds(trace => {
    const self = selfTimes(trace);
    for (let at = 0; at < trace.count; at += 1) {
      let alone = 0;
      for (let now = trace.start[at] ?? 0; now < endOf(trace, at); now += 1) {
        if (!childrenOf(trace, at).some(child => (trace.start[child] ?? 0) <= now && now < endOf(trace, child))) alone += 1;
      }
      expect(self[at]).toBe(alone);
    }
  });
});

describe('the critical path', () => {
  test('explains every instant of the longest root exactly once, by a span that ran then', () => {
    holds(trace => {
      const {pieces, totalNs} = criticalPath(trace);
      const all = [...pieces].flatMap(([span, edges]) => {
        const found: [number, number, number][] = [];
        for (let edge = 0; edge < edges.length; edge += 2) found.push([edges[edge] ?? 0, edges[edge + 1] ?? 0, span]);
        return found;
      });
      all.sort((one, other) => one[0] - other[0]);
      expect(all.reduce((sum, [from, to]) => sum + to - from, 0)).toBe(totalNs);
      for (const [at, [from, to, span]] of all.entries()) {
        expect(from).toBeGreaterThanOrEqual(trace.start[span] ?? 0);
        expect(to).toBeLessThanOrEqual(endOf(trace, span));
        if (at > 0) expect(from).toBe(all[at - 1]?.[1]);
      }
    });
  });

  test('goes through what finished last', () => {
    const trace = traceOf([
      {parent: -1, start: 0, duration: 100},
      {parent: 0, start: 10, duration: 30},
      {parent: 0, start: 20, duration: 70},
    ]);
    expect([...criticalPath(trace).pieces]).toEqual([
      [0, [90, 100, 0, 20]],
      [2, [20, 90]],
    ]);
  });
});

describe('rows', () => {
  test('without a choice are the spans in their order, groups aside', () => {
    holds(trace => {
      const rows = layOutRows(trace, {...CHOICE_DEFAULT, isGrouped: false});
      expect([...rows.span]).toEqual([...trace.parent.keys()]);
      expect([...rows.rowOfSpan]).toEqual([...trace.parent.keys()]);
    });
  });

  test('every span is in exactly one row, its own or one that counts it', () => {
    fc.assert(
      fc.property(traces, fc.uniqueArray(fc.nat(29)), fc.uniqueArray(fc.nat(29)), fc.boolean(), (trace, folds, opens, isFiltered) => {
        const folded = new Set(folds.filter(at => at < trace.count && hasChildren(trace, at)));
        const kept = isFiltered ? keepWithAncestors(trace, at => at % 3 === 0).kept : null;
        const rows = layOutRows(trace, {...CHOICE_DEFAULT, folded, kept, opened: new Set(opens), gapNsMin: 5});
        for (let at = 0; at < trace.count; at += 1) {
          const row = rows.rowOfSpan[at] ?? -1;
          expect(row).toBeGreaterThanOrEqual(0);
          const first = rows.span[row] ?? -1;
          if (first === at) continue;
          if (rows.kind[row] === ROW_SPAN) expect(folded.has(first) && isBelow(trace, at, first)).toBe(true);
          else expect(at > first && at < first + (rows.extra[row] ?? 0)).toBe(true);
        }
        const spanRows = [...rows.kind.keys()].filter(row => rows.kind[row] === ROW_SPAN).map(row => rows.span[row]);
        expect(new Set(spanRows).size).toBe(spanRows.length);
      }),
      {numRuns: 300},
    );
  });

  test('a pruned row says how many and how many of them failed', () => {
    const trace = traceOf([
      {parent: -1, start: 0, duration: 100, label: 'root'},
      {parent: 0, start: 1, duration: 1, label: 'a'},
      {parent: 1, start: 1, duration: 1, label: 'a', isError: true},
      {parent: 0, start: 2, duration: 1, label: 'b'},
      {parent: 0, start: 3, duration: 9, label: 'wanted'},
    ]);
    const {kept, matched} = keepWithAncestors(trace, at => trace.description[at] === 'wanted');
    const rows = layOutRows(trace, {...CHOICE_DEFAULT, kept});
    expect(matched).toBe(1);
    expect([...rows.kind]).toEqual([ROW_SPAN, ROW_PRUNED, ROW_SPAN]);
    expect([rows.extra[1], rows.errors[1]]).toEqual([3, 1]);
    expect([...layOutRows(trace, {...CHOICE_DEFAULT, kept, opened: new Set([1])}).kind]).toEqual(Array.from({length: 5}, () => ROW_SPAN));
  });

  test('like siblings are one row until they are opened, and a gap is seen', () => {
    const like = Array.from({length: 6}, (_, at): SpanDraft => ({parent: 0, start: at * 2, duration: 1, label: 'db same'}));
    const trace = traceOf([{parent: -1, start: 0, duration: 100}, ...like, {parent: 0, start: 50, duration: 5, label: 'late'}]);
    const closed = layOutRows(trace, {...CHOICE_DEFAULT, gapNsMin: 20});
    expect([...closed.kind]).toEqual([ROW_SPAN, ROW_GROUP, ROW_GAP, ROW_SPAN]);
    expect(closed.extra[1]).toBe(6);
    const open = layOutRows(trace, {...CHOICE_DEFAULT, opened: new Set([1])});
    expect(open.count).toBe(9);
    expect([open.depth[1], open.depth[2], open.depth[8]]).toEqual([1, 2, 1]);
  });

  test('revealing shows any span, whatever hides it', () => {
    fc.assert(
      fc.property(traces, fc.nat(29), fc.nat(4), (trace, wanted, depth) => {
        const span = wanted % trace.count;
        const {kept} = keepWithAncestors(trace, at => at % 5 === 0);
        for (const choice of [
          {...CHOICE_DEFAULT, folded: foldedBelow(trace, depth)},
          {...CHOICE_DEFAULT, kept},
        ]) {
          const rows = layOutRows(trace, revealing(trace, choice, span));
          expect(rows.span[rows.rowOfSpan[span] ?? -1]).toBe(span);
        }
      }),
    );
  });
});

describe('the filter', () => {
  const trace = traceOf([
    {parent: -1, start: 0, duration: 9e6, label: 'GET /bets', service: 'web'},
    {parent: 0, start: 1, duration: 2e6, label: 'SELECT wallet', service: 'payments', isError: true},
    {parent: 0, start: 2, duration: 4e6, label: 'SELECT charge', service: 'payments'},
  ]);
  test.each([
    ['service:payments', [1, 2]],
    ['!service:payments', [0]],
    ['status:error', [1]],
    ['duration:>4ms', [0]],
    ['duration:4ms', [0, 2]],
    ['duration:<=4ms select', [1, 2]],
    ['name:*wal*', [1]],
    ['"get /bets"', [0]],
    ['service:pay*', [1, 2]],
    ['service:pay', []],
  ])('%s finds %j', (text, found) => {
    const filter = readFilter(text);
    expect(filter.kind).toBe('terms');
    const matches = filter.kind === 'terms' ? predicateOf(trace, filter.terms) : () => false;
    expect([0, 1, 2].filter(at => matches(at))).toEqual(found);
  });

  test('says what is wrong', () => {
    expect(readFilter('colour:red')).toMatchObject({kind: 'wrong'});
    expect(readFilter('duration:long')).toMatchObject({kind: 'wrong'});
    expect(readFilter('  ')).toEqual({kind: 'none'});
  });

  test('never raises, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const filter = readFilter(text);
        if (filter.kind === 'terms') predicateOf(trace, filter.terms)(0);
      }),
    );
  });
});

test('sums of work count every span and every nanosecond of self time once', () => {
  holds(trace => {
    const self = selfTimes(trace);
    const sums = sumsOfWork(trace, self);
    expect(sums.reduce((sum, each) => sum + each.count, 0)).toBe(trace.count);
    expect(sums.reduce((sum, each) => sum + each.selfNs, 0)).toBe(self.reduce((sum, each) => sum + each, 0));
    expect(sums.reduce((sum, each) => sum + each.errors, 0)).toBe([...trace.flags].filter(flags => flags & IS_ERROR).length);
  });
});

test('a trace compared with itself has no differences, and with another counts all of both', () => {
  fc.assert(
    fc.property(traces, traces, (one, other) => {
      expect(compareTraces(one, one).every(row => row.state === 'same')).toBe(true);
      const rows = compareTraces(one, other);
      expect(rows.reduce((sum, row) => sum + row.one.count, 0)).toBe(one.count);
      expect(rows.reduce((sum, row) => sum + row.other.count, 0)).toBe(other.count);
    }),
    {numRuns: 50},
  );
});

test('zoom and pan stay inside of the trace and keep the anchor', () => {
  const numbers = fc.double({min: 0, max: 1, noNaN: true});
  fc.assert(
    fc.property(numbers, numbers, fc.double({min: 0.2, max: 5, noNaN: true}), numbers, (from, to, factor, share) => {
      const whole = 1e9;
      const window = clampWindow(from * whole, to * whole, whole);
      for (const next of [zoomWindow(window, factor, window.from + share * (window.to - window.from), whole), panWindow(window, share - 0.5, whole)]) {
        expect(next.from).toBeGreaterThanOrEqual(0);
        expect(next.to).toBeLessThanOrEqual(whole * (1 + 1e-9));
        expect(next.to).toBeGreaterThan(next.from);
      }
    }),
  );
});
