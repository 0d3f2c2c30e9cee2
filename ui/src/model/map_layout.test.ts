// Where the nodes of a service map stand.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {placeNodes} from './map_layout.ts';

describe('a service map', () => {
  it('has callers on the left of whom they call', () => {
    const placed = placeNodes(['web', 'api', 'db'], [{from: 'web', to: 'api'}, {from: 'api', to: 'db'}, {from: 'web', to: 'db'}]);
    expect(placed.map(each => each.column)).toEqual([0, 1, 2]);
  });
  it('puts every node at a place of its own, circles or not', () => {
    const node = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.array(fc.record({from: node, to: node}), {maxLength: 20}), edges => {
        const placed = placeNodes(['a', 'b', 'c', 'd', 'e'], edges);
        expect(new Set(placed.map(each => `${each.column} ${each.row}`)).size).toBe(5);
        expect(Math.max(...placed.map(each => each.column))).toBeLessThan(5);
      }),
    );
  });
});
