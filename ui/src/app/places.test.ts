// The palette finds places by words in any order, and understands pasted ids.
import {expect, test} from 'vitest';
import {placesFor} from './places.ts';

const known = {
  rooms: [{name: 'traces', title: 'Traces', start: '/traces', places: [{title: 'Compare two traces', to: '/traces/compare'}]}],
  projects: ['web', 'payments'],
};
const keys = (text: string): readonly string[] => placesFor(text, known).map(each => each.key);

test('without a text everything is offered', () => {
  expect(keys('')).toEqual(['room traces', 'place /traces/compare', 'project web', 'project payments', 'theme']);
});

test('all words must be in the name, in any order', () => {
  expect(keys('traces compare')).toEqual(['place /traces/compare']);
  expect(keys('nothing')).toEqual([]);
});

test('a pasted trace id is offered first, with or without dashes', () => {
  expect(keys('7C1E04B9-D2A8-5F36-7C1E-04B9D2A85F36')).toEqual(['trace 7c1e04b9d2a85f367c1e04b9d2a85f36']);
});
