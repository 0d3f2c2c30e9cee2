// What a trace's time went into: spans that do the same, summed.
import {isError, labelOf, wordAt} from './trace.ts';
import type {Trace} from './trace.ts';

export type WorkSum = {
  readonly service: string;
  readonly label: string;
  readonly op: string;
  readonly count: number;
  readonly errors: number;
  readonly totalNs: number;
  readonly selfNs: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly longest: number;
};

export function sumsOfWork(trace: Trace, self: Float64Array): readonly WorkSum[] {
  const groups = new Map<string, number[]>();
  for (let at = 0; at < trace.count; at += 1) {
    const key = `${trace.service.at[at]} ${trace.op.at[at]} ${labelOf(trace, at)}`;
    const known = groups.get(key);
    if (known) known.push(at);
    else groups.set(key, [at]);
  }
  return [...groups.values()].map(spans => sumOf(trace, self, spans)).sort((one, other) => other.selfNs - one.selfNs);
}

function sumOf(trace: Trace, self: Float64Array, spans: readonly number[]): WorkSum {
  const first = spans[0] ?? 0;
  const durations = Float64Array.from(spans, at => trace.duration[at] ?? 0).sort();
  const quantile = (share: number): number => durations[Math.min(durations.length - 1, Math.ceil(share * durations.length) - 1)] ?? 0;
  let longest = first;
  let selfNs = 0;
  let errors = 0;
  for (const at of spans) {
    if ((trace.duration[at] ?? 0) > (trace.duration[longest] ?? 0)) longest = at;
    selfNs += self[at] ?? 0;
    if (isError(trace, at)) errors += 1;
  }
  return {
    service: wordAt(trace.service, first),
    label: labelOf(trace, first),
    op: wordAt(trace.op, first),
    count: spans.length,
    errors,
    totalNs: durations.reduce((sum, each) => sum + each, 0),
    selfNs,
    p50Ns: quantile(0.5),
    p95Ns: quantile(0.95),
    longest,
  };
}
