// The critical path: what, made shorter, would have made the whole trace shorter.
import type {Trace} from './trace.ts';

export type CriticalPath = {
  /** Pieces by span: [from, to] pairs in nanoseconds from the start of the trace. */
  readonly pieces: ReadonlyMap<number, readonly number[]>;
  readonly totalNs: number;
};

/**
 * From the end of the longest root backwards: what finished last before now was waited for; between
 * such children the parent itself worked. Children are cut to their parent: nobody waits for more.
 */
export function criticalPath(trace: Pick<Trace, 'count' | 'parent' | 'start' | 'duration' | 'end'>): CriticalPath {
  const pieces = new Map<number, number[]>();
  const root = longestRoot(trace);
  if (root < 0) return {pieces, totalNs: 0};
  const add = (span: number, from: number, to: number): void => {
    if (to <= from) return;
    const known = pieces.get(span);
    if (known) known.push(from, to);
    else pieces.set(span, [from, to]);
  };
  const rootStart = trace.start[root] ?? 0;
  const stack: Visit[] = [openVisit(trace, root, rootStart, rootStart + (trace.duration[root] ?? 0))];
  for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
    const child = nextChild(trace, visit);
    if (child < 0) {
      add(visit.span, visit.from, visit.now);
      stack.pop();
      continue;
    }
    const to = Math.min((trace.start[child] ?? 0) + (trace.duration[child] ?? 0), visit.to);
    const from = Math.max(trace.start[child] ?? 0, visit.from);
    add(visit.span, to, visit.now);
    visit.now = from;
    stack.push(openVisit(trace, child, from, to));
  }
  return {pieces, totalNs: trace.duration[root] ?? 0};
}

type Visit = {
  readonly span: number;
  readonly from: number;
  readonly to: number;
  /** Everything after this is explained. */
  now: number;
  /** Children by their end, latest first. */
  readonly children: readonly number[];
  next: number;
};

function openVisit(trace: Pick<Trace, 'start' | 'duration' | 'end'>, span: number, from: number, to: number): Visit {
  const children: number[] = [];
  const end = trace.end[span] ?? span + 1;
  for (let child = span + 1; child < end; child = trace.end[child] ?? end) children.push(child);
  const endOf = (child: number): number => Math.min((trace.start[child] ?? 0) + (trace.duration[child] ?? 0), to);
  children.sort((one, other) => endOf(other) - endOf(one) || (trace.start[one] ?? 0) - (trace.start[other] ?? 0));
  return {span, from, to, now: to, children, next: 0};
}

/** Returns the child that was waited for last before `now`; -1 if the span itself worked. */
function nextChild(trace: Pick<Trace, 'start' | 'duration'>, visit: Visit): number {
  while (visit.next < visit.children.length) {
    const child = visit.children[visit.next] ?? -1;
    visit.next += 1;
    const from = Math.max(trace.start[child] ?? 0, visit.from);
    const to = Math.min((trace.start[child] ?? 0) + (trace.duration[child] ?? 0), visit.to);
    // One that still ran when a later one began was not what that one waited for.
    if (from < to && to <= visit.now) return child;
  }
  return -1;
}

function longestRoot(trace: Pick<Trace, 'count' | 'parent' | 'duration'>): number {
  let longest = -1;
  for (let at = 0; at < trace.count; at += 1) {
    if ((trace.parent[at] ?? -1) >= 0) continue;
    if (longest < 0 || (trace.duration[at] ?? 0) > (trace.duration[longest] ?? 0)) longest = at;
  }
  return longest;
}
