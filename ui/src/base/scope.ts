// What every page looks at: projects, environment and time, as the address says them.
import {allOf, oneOf} from './search_record.ts';
import type {SearchRecord} from './search_record.ts';

export type TimeRange =
  | {readonly kind: 'last'; readonly period: string}
  | {readonly kind: 'between'; readonly start: string; readonly end: string};

export type Scope = {
  /** Slugs; none means all. */
  readonly projects: readonly string[];
  /** Empty means all. */
  readonly environment: string;
  readonly range: TimeRange;
};

export const PERIODS: readonly (readonly [period: string, label: string])[] = [
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['14d', 'Last 14 days'],
  ['30d', 'Last 30 days'],
  ['90d', 'Last 90 days'],
];
export const PERIOD_DEFAULT = '24h';

const PERIOD = /^(\d{1,4})([smhdw])$/;
const UNIT_MS: Readonly<Record<string, number>> = {s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3, w: 604_800e3};
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/;

export function readScope(search: SearchRecord): Scope {
  const start = oneOf(search, 'start');
  const end = oneOf(search, 'end');
  const period = oneOf(search, 'statsPeriod');
  const isBetween = ISO.test(start) && ISO.test(end);
  return {
    projects: allOf(search, 'project'),
    environment: oneOf(search, 'environment'),
    range: isBetween
      ? {kind: 'between', start, end}
      : {kind: 'last', period: PERIOD.test(period) ? period : PERIOD_DEFAULT},
  };
}

/** The scope as search parameters, for links and for the API: both use the same words. */
export function writeScope(scope: Scope): SearchRecord {
  const {range} = scope;
  return {
    ...(scope.projects.length > 0 ? {project: scope.projects} : {}),
    ...(scope.environment === '' ? {} : {environment: scope.environment}),
    ...(range.kind === 'between' ? {start: range.start, end: range.end} : {statsPeriod: range.period}),
  };
}

export const SCOPE_NAMES: readonly string[] = ['project', 'environment', 'statsPeriod', 'start', 'end'];

/** Returns the range in milliseconds since 1970. */
export function rangeMs(range: TimeRange, nowMs: number): readonly [startMs: number, endMs: number] {
  if (range.kind === 'between') return [Date.parse(asUtc(range.start)), Date.parse(asUtc(range.end))];
  const [, count, unit] = PERIOD.exec(range.period) ?? ['', '24', 'h'];
  return [nowMs - Number(count) * (UNIT_MS[unit ?? 'h'] ?? 3_600e3), nowMs];
}

export function describeRange(range: TimeRange): string {
  if (range.kind === 'between') return `${range.start.slice(0, 16).replace('T', ' ')} – ${range.end.slice(0, 16).replace('T', ' ')} UTC`;
  return PERIODS.find(([period]) => period === range.period)?.[1] ?? `Last ${range.period}`;
}

function asUtc(iso: string): string {
  return iso.endsWith('Z') ? iso : `${iso}Z`;
}
