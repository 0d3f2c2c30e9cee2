// The time a span spent itself: its duration without the time that any child was running.
import type {Trace} from './trace.ts';

/** One pass through pre-order, where siblings come by start: each adds what reaches further than those before. */
export function selfTimes(trace: Pick<Trace, 'count' | 'parent' | 'start' | 'duration'>): Float64Array {
  const {count, parent, start, duration} = trace;
  const covered = new Float64Array(count);
  const reach = Float64Array.from(start);
  for (let at = 0; at < count; at += 1) {
    const above = parent[at] ?? -1;
    if (above < 0) continue;
    const parentEnd = (start[above] ?? 0) + (duration[above] ?? 0);
    const from = Math.max(start[at] ?? 0, reach[above] ?? 0);
    const to = Math.min((start[at] ?? 0) + (duration[at] ?? 0), parentEnd);
    if (to <= from) continue;
    covered[above] = (covered[above] ?? 0) + to - from;
    reach[above] = to;
  }
  const self = new Float64Array(count);
  for (let at = 0; at < count; at += 1) self[at] = Math.max(0, (duration[at] ?? 0) - (covered[at] ?? 0));
  return self;
}
