// A number for every step of a time, those too in which nothing was seen.
import type {ServiceStep} from '../../wire/schema.ts';

type Course = {readonly start: string; readonly end: string; readonly intervalS: number};

const STEPS_MAX = 2_000;

export function stepCounts(course: Course | undefined, steps: readonly ServiceStep[], read: (step: ServiceStep) => number): readonly number[] {
  if (course === undefined || course.intervalS <= 0) return steps.map(read);
  const length = course.intervalS * 1_000;
  const first = Math.floor(Date.parse(course.start) / length);
  const count = Math.min(STEPS_MAX, Math.max(1, Math.ceil(Date.parse(course.end) / length) - first));
  const counts = Array.from({length: count}, () => 0);
  for (const step of steps) {
    const at = Math.floor(Date.parse(step.timestamp) / length) - first;
    if (at >= 0 && at < count) counts[at] = read(step);
  }
  return counts;
}
