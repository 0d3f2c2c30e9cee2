// Values of tables.
import {expect, test} from 'vitest';
import {formatCell, formatNumber} from './cells.ts';

const META = {fields: {'span.duration': 'duration', 'failure_rate()': 'percentage', timestamp: 'date'}, units: {'span.duration': 'millisecond', 'failure_rate()': null, timestamp: null}, dataset: 'spans', dataScanned: 'full', isMetricsData: false};

test('durations have units, shares per cent, times a clock', () => {
  expect(formatCell(META, 'span.duration', 1284)).toBe('1.284 s');
  expect(formatCell(META, 'failure_rate()', 0.0001)).toBe('< 0.1 %');
  expect(formatCell(META, 'timestamp', '2026-05-04T14:59:54.928123Z')).toBe('2026-05-04 14:59:54.928');
});

test('what is missing is a dash, nought is nought, small numbers keep four digits', () => {
  expect(formatCell(META, 'other', null)).toBe('–');
  expect(formatCell(META, 'other', 0)).toBe('0');
  expect(formatNumber(0.012345, 'number', '')).toBe('0.01235');
  expect(formatNumber(12_804, 'integer', '')).toBe('12,804');
});
