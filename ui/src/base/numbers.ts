// How numbers, durations, sizes and ages are written: unit in every value, ns kept.

const counts = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const NONE = '–';

/** 12,804 */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? counts.format(count) : NONE;
}

const UNITS: readonly (readonly [unit: string, ns: number])[] = [
  ['d', 86_400e9],
  ['h', 3_600e9],
  ['min', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];

/** 402 ms, 1.284 s, 12.5 µs: four digits at most, so that columns stay narrow. */
export function formatDuration(ns: number): string {
  if (!Number.isFinite(ns)) return NONE;
  if (ns < 0) return `−${formatDuration(-ns)}`;
  if (ns === 0) return '0 ms';
  let at = UNITS.findIndex(([, size]) => ns >= size);
  if (at < 0) at = UNITS.length - 1;
  const [unit, size] = UNITS[at] ?? ['ns', 1];
  const value = ns / size;
  const digits = unit === 'ns' || value >= 100 ? 0 : value >= 10 ? 1 : unit === 's' ? 3 : 2;
  return `${trimZeros(value.toFixed(digits))} ${unit}`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** 99.8 % stays 99.8 %; 1 of 9,880 is not 0 %. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return NONE;
  const percent = (part / whole) * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9) return '> 99.9 %';
  return `${percent < 10 || percent > 99 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** 1.2 MB */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return NONE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let value = bytes;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

const AGES: readonly (readonly [unit: string, seconds: number])[] = [
  ['yr', 31_536_000],
  ['mo', 2_592_000],
  ['wk', 604_800],
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** 4 s, 26 min, 7 wk */
export function formatAge(then: string | number, nowMs: number): string {
  const thenMs = typeof then === 'number' ? then : Date.parse(then);
  if (!Number.isFinite(thenMs)) return NONE;
  const seconds = Math.max(0, Math.floor((nowMs - thenMs) / 1000));
  for (const [unit, size] of AGES) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return '0 s';
}

/** 14:59:54.928, in UTC or in the browser's zone. */
export function formatClock(iso: string, options: {readonly isUtc: boolean; readonly digits?: 0 | 3}): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return NONE;
  const text = options.isUtc ? time.toISOString() : new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString();
  return text.slice(11, options.digits === 3 ? 23 : 19);
}

/** 2026-05-04 14:59:54 */
export function formatMoment(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? NONE : time.toISOString().slice(0, 19).replace('T', ' ');
}
