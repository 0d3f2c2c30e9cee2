// Every row can be scrolled to, in lists of any length.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {contentHeight, HEIGHT_MAX, rowOfScroll, scrollOfRow, showingRow} from './scroll_map.ts';

const maps = fc.record({rowCount: fc.integer({min: 1, max: 3_000_000}), rowHeight: fc.constantFrom(24, 28), viewHeight: fc.integer({min: 100, max: 2000})});

test('going to a row and reading the position back is the same row, as far as the end allows', () => {
  fc.assert(
    fc.property(maps, fc.double({min: 0, max: 1, noNaN: true}), (map, share) => {
      const last = Math.max(0, map.rowCount - map.viewHeight / map.rowHeight);
      const row = share * last;
      expect(rowOfScroll(map, scrollOfRow(map, row))).toBeCloseTo(row, 3);
      expect(contentHeight(map)).toBeLessThanOrEqual(HEIGHT_MAX);
    }),
  );
});

test('the last row is seen at the lowest position', () => {
  fc.assert(
    fc.property(maps, map => {
      const first = rowOfScroll(map, contentHeight(map));
      expect(first + map.viewHeight / map.rowHeight).toBeGreaterThanOrEqual(map.rowCount - 0.01);
    }),
  );
});

test('showing a row moves only as far as needed', () => {
  const map = {rowCount: 100, rowHeight: 20, viewHeight: 200};
  expect(showingRow(map, 10, 12)).toBe(10);
  expect(showingRow(map, 10, 5)).toBe(5);
  expect(showingRow(map, 10, 20)).toBe(11);
});
