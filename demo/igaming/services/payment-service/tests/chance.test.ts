import assert from 'node:assert/strict';
import {test} from 'node:test';
import {seededChance} from '../src/chance.ts';

test('the same seed gives the same failures', () => {
  const [first, second] = [seededChance(7), seededChance(7)];
  for (let count = 0; count < 100; count += 1) assert.equal(first(), second());
});

test('one in ten is about one in ten', () => {
  const chance = seededChance(20261);
  const failures = Array.from({length: 10_000}, chance).filter((value) => value < 0.1).length;
  assert.ok(failures > 900 && failures < 1100, `${failures} of 10000`);
});
