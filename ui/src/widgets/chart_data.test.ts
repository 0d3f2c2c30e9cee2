// Charts never hide a value: what is not among the top lines is in the one of all others.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {LINES_MAX, readoutAt, topLines} from './chart_data.ts';

test('the sum over all lines stays the same, and no more than a person can tell apart are drawn', () => {
  const line = fc.array(fc.option(fc.integer({min: 0, max: 1000})), {minLength: 3, maxLength: 3});
  fc.assert(
    fc.property(fc.array(line, {maxLength: 40}), all => {
      const lines = all.map((values, at) => ({name: `line ${at}`, values}));
      const shown = topLines(lines);
      const sum = (some: readonly {readonly values: readonly (number | null)[]}[]): number => some.flatMap(each => each.values).reduce<number>((total, value) => total + (value ?? 0), 0);
      expect(shown.length).toBeLessThanOrEqual(LINES_MAX + 1);
      expect(sum(shown)).toBe(sum(lines));
    }),
  );
});

test('the readout names the time and every value', () => {
  const text = readoutAt({timesMs: [0], format: value => `${value} ms`}, [{name: 'p95', values: [12]}, {name: 'p50', values: [null]}], 0);
  expect(text).toBe('00:00:00 UTC: p95 12 ms, p50 –');
  expect(readoutAt({timesMs: [], format: String}, [], 3)).toBe('');
});
