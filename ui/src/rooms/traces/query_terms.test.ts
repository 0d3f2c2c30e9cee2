// A facet that is clicked twice leaves the query as it was.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {hasTerm, toggleTerm} from './query_terms.ts';

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
