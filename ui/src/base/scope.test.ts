// Links made on one screen open the same view on another.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {rangeMs, readScope, writeScope} from './scope.ts';
import type {Scope} from './scope.ts';
import {readSearch, writeSearch} from './search_record.ts';

const scopes: fc.Arbitrary<Scope> = fc.record({
  projects: fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), {maxLength: 3}),
  environment: fc.string({maxLength: 12}),
  range: fc.oneof(
    fc.constantFrom('15m', '1h', '24h', '14d').map(period => ({kind: 'last' as const, period})),
    fc.constant({kind: 'between' as const, start: '2026-05-04T10:00:00', end: '2026-05-04T11:00:00'}),
  ),
});

test('reading what was written gives the same scope', () => {
  fc.assert(
    fc.property(scopes, scope => {
      expect(readScope(readSearch(writeSearch(writeScope(scope))))).toEqual(scope);
    }),
  );
});

test('reading never raises and always gives a usable range', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const [start, end] = rangeMs(readScope(readSearch(text)).range, 1e12);
      expect(Number.isFinite(start) && Number.isFinite(end)).toBe(true);
    }),
  );
});

test('nonsense in the address falls back to the default', () => {
  expect(readScope(readSearch('?statsPeriod=forever&start=x')).range).toEqual({kind: 'last', period: '24h'});
});
