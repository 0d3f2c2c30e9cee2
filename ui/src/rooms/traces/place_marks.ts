// Puts errors and logs on the spans that they belong to.
import type {Trace} from '../../model/trace.ts';
import type {TraceMark} from '../../wire/traces.ts';
import type {Marks} from './trace_view.ts';

export function placeMarks(trace: Trace, marks: readonly TraceMark[]): Marks {
  const wanted = new Set(marks.map(mark => mark.spanId));
  const places = new Map<string, number>();
  for (const [at, id] of trace.spanId.entries()) if (wanted.has(id) && !places.has(id)) places.set(id, at);
  const errors = new Map<number, number>();
  const logs = new Map<number, number[]>();
  for (const mark of marks) {
    const span = places.get(mark.spanId);
    if (span === undefined) continue;
    if (mark.kind === 'error') errors.set(span, (errors.get(span) ?? 0) + 1);
    else {
      const time = Number(mark.timeNs - trace.startNs);
      const known = logs.get(span);
      if (known) known.push(time);
      else logs.set(span, [time]);
    }
  }
  return {errors, logs};
}
