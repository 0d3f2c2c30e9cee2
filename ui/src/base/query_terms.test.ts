// A facet that is clicked twice leaves the query as it was.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {hasTerm, toggleTerm, withDuration} from './query_terms.ts';

test('twice is as before, once has it', () => {
  fc.assert(
    fc.property(fc.constantFrom('', 'status:error', 'text "two words"'), fc.constantFrom('service', 'span.op'), fc.string({minLength: 1}), (query, key, value) => {
      const once = toggleTerm(query, key, value);
      expect(hasTerm(once, key, value)).toBe(true);
      expect(toggleTerm(once, key, value)).toBe(query);
    }),
  );
});

test('a longer term is another one', () => {
  expect(hasTerm('service:api-gateway', 'service', 'api')).toBe(false);
  expect(hasTerm('!service:api', 'service', 'api')).toBe(false);
});

test('a range of durations replaces the one before', () => {
  const once = withDuration('service:api', 10, 20.5);
  expect(once).toBe('service:api span.duration:>=10ms span.duration:<20.5ms');
  expect(withDuration(once, 0.001, Number.POSITIVE_INFINITY)).toBe('service:api span.duration:>=0.001ms');
});
