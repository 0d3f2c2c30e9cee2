// Numbers keep their meaning when they are written.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {formatAge, formatBytes, formatDuration, formatShare} from './numbers.ts';

const SIZE: Record<string, number> = {ns: 1, 'µs': 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9, d: 86_400e9};

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [1, '1 ns'],
    [999, '999 ns'],
    [1_500, '1.5 µs'],
    [402e6, '402 ms'],
    [1.284e9, '1.284 s'],
    [90e9, '1.5 min'],
    [-5e6, '−5 ms'],
    [Number.NaN, '–'],
  ])('%d ns is written %s', (ns, text) => {
    expect(formatDuration(ns)).toBe(text);
  });

  test('what is written is within one percent of what was meant', () => {
    fc.assert(
      fc.property(fc.double({min: 1, max: 1e17, noNaN: true}), ns => {
        const [value, unit] = formatDuration(ns).split(' ');
        const read = Number(value) * (SIZE[unit ?? ''] ?? Number.NaN);
        expect(Math.abs(read - ns)).toBeLessThanOrEqual(Math.max(0.5, ns * 0.01));
      }),
    );
  });
});

test.each([
  [1, 9880, '< 0.1 %'],
  [998, 1000, '99.8 %'],
  [0, 5, '0 %'],
  [5, 5, '100 %'],
  [1, 0, '–'],
  [99_999, 100_000, '> 99.9 %'],
])('%d of %d is %s', (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});

test('ages and sizes name their unit', () => {
  expect(formatAge('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:26:30Z'))).toBe('26 min');
  expect(formatAge('nonsense', 0)).toBe('–');
  expect(formatBytes(1_234_567)).toBe('1.2 MB');
  expect(formatBytes(999)).toBe('999 B');
});
