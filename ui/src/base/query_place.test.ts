// Where in a search somebody writes.
import {expect, test} from 'vitest';
import {placeInQuery} from './query_place.ts';

const at = (text: string) => placeInQuery(text, text.length);

test('a word without a colon is the beginning of a key, behind "!" and parentheses too', () => {
  expect(at('span.op:db serv')).toEqual({kind: 'key', from: 11, part: 'serv'});
  expect(at('(!serv')).toEqual({kind: 'key', from: 2, part: 'serv'});
  expect(at('')).toEqual({kind: 'key', from: 0, part: ''});
});

test('behind the colon is a value, quoted or in a list', () => {
  expect(at('service:pay')).toEqual({kind: 'value', from: 8, key: 'service', part: 'pay'});
  expect(at('message:"could not')).toEqual({kind: 'value', from: 8, key: 'message', part: 'could not'});
  expect(at('span.op:[db,ht')).toEqual({kind: 'value', from: 12, key: 'span.op', part: 'ht'});
  expect(at('duration:>10')).toEqual({kind: 'value', from: 10, key: 'duration', part: '10'});
});

test('quoted words belong to no key', () => {
  expect(at('"could no')).toBeNull();
});
