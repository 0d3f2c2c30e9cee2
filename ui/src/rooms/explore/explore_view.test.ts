// The state of the explorer in the address.
import {expect, test} from 'vitest';
import {fieldsOf, readView, titlesOf} from './explore_view.ts';

test('an empty address shows the newest spans and counts them', () => {
  const view = readView({});
  expect([view.dataset.name, view.isGrouped, view.figures, view.sort, view.chart]).toEqual(['spans', false, ['count()'], '-timestamp', 'lines']);
  expect(fieldsOf(view)).toContain('trace');
  expect(titlesOf(view)).not.toContain('trace');
});

test('groups are sorted by their first figure until something else is chosen', () => {
  const view = readView({by: 'service', figure: ['p95(span.duration)', 'count()']});
  expect([view.isGrouped, view.sort]).toEqual([true, '-p95(span.duration)']);
  expect(fieldsOf(view)).toEqual(['service', 'p95(span.duration)', 'count()']);
  expect(readView({by: 'service', rows: 'rows'}).isGrouped).toBe(false);
});

test('what no address of ours says falls back', () => {
  const view = readView({dataset: 'nothing', top: '1000000', chart: 'pie', by: ['', 'service', 'service']});
  expect([view.dataset.name, view.top, view.chart, view.groupBy]).toEqual(['spans', 5, 'lines', ['service']]);
});
