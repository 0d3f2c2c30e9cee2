// Round units of time, so that one cell of the time rule is something a person can count in.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS_MS: readonly number[] = [
  SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY,
];
const CELLS_MAX = 200;

/** Returns where cells of a round length begin that cover the range, about as many as wanted. */
export function roundSteps(startMs: number, endMs: number, wanted: number): {readonly cells: readonly number[]; readonly stepMs: number} {
  const span = Math.max(1, endMs - startMs);
  const stepMs = STEPS_MS.find(step => span / step <= wanted * 1.5) ?? STEPS_MS.at(-1) ?? DAY;
  const cells: number[] = [];
  for (let at = Math.floor(startMs / stepMs) * stepMs; at < endMs && cells.length < CELLS_MAX; at += stepMs) cells.push(at);
  return {cells, stepMs};
}

/** Returns a round step for `wanted` ticks over a span of any unit: 1, 2 or 5 times a power of ten. */
export function decimalStep(span: number, wanted: number): number {
  if (!(span > 0)) return 1;
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = [1, 2, 5, 10].find(each => each * power >= rough) ?? 10;
  return times * power;
}
