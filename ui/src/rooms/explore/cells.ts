// How values of tables are written, by what the answer says they are.
import {formatCount, formatDuration, formatShare} from '../../base/numbers.ts';
import {textOf} from '../../wire/events_table.ts';
import type {Json, TableMeta} from '../../wire/schema.ts';

const NUMBERS: ReadonlySet<string> = new Set(['number', 'integer', 'duration', 'percentage', 'rate', 'rate per minute']);
const NS: Readonly<Record<string, number>> = {nanosecond: 1, microsecond: 1e3, millisecond: 1e6, second: 1e9};
const SMALL = new Intl.NumberFormat('en', {maximumSignificantDigits: 4});
const WHOLE_FROM = 1000;

export function isNumber(meta: TableMeta | undefined, field: string): boolean {
  return NUMBERS.has(meta?.fields[field] ?? '');
}

export function formatCell(meta: TableMeta | undefined, field: string, value: Json | undefined): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'number') return formatNumber(value, meta?.fields[field] ?? '', meta?.units[field] ?? '');
  const text = textOf(value);
  return meta?.fields[field] === 'date' ? text.slice(0, 23).replace('T', ' ') : text;
}

/** `kind` and `unit` as tables and charts name them. */
export function formatNumber(value: number, kind: string, unit: string): string {
  if (kind === 'percentage') return formatShare(value, 1);
  const ns = NS[unit];
  if (kind === 'duration' || ns !== undefined) return formatDuration(value * (ns ?? 1e6));
  if (Number.isInteger(value) || Math.abs(value) >= WHOLE_FROM) return formatCount(value);
  return SMALL.format(value);
}
