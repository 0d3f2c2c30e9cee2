// Where the nodes of a service map stand: callers on the left, whom they call on their right.

export type MapEdgeLike = {readonly from: string; readonly to: string};
export type Placed = {readonly id: string; readonly column: number; readonly row: number};

/** Columns by the longest way from a node that nobody calls; ways that come back do not count. */
export function placeNodes(ids: readonly string[], edges: readonly MapEdgeLike[]): readonly Placed[] {
  const column = new Map<string, number>(ids.map(id => [id, 0]));
  const forward = withoutReturns(ids, edges);
  // As many rounds as the longest way could have nodes: without circles it ends before.
  for (let round = 0; round < ids.length; round += 1) {
    let hasMoved = false;
    for (const {from, to} of forward) {
      const wanted = (column.get(from) ?? 0) + 1;
      if ((column.get(to) ?? 0) < wanted) {
        column.set(to, wanted);
        hasMoved = true;
      }
    }
    if (!hasMoved) break;
  }
  const filled = new Map<number, number>();
  return ids.map(id => {
    const at = column.get(id) ?? 0;
    const row = filled.get(at) ?? 0;
    filled.set(at, row + 1);
    return {id, column: at, row};
  });
}

function withoutReturns(ids: readonly string[], edges: readonly MapEdgeLike[]): readonly MapEdgeLike[] {
  const known = new Set(ids);
  const next = new Map<string, MapEdgeLike[]>();
  for (const edge of edges) {
    if (edge.from !== edge.to && known.has(edge.from) && known.has(edge.to)) next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  }
  const state = new Map<string, 'open' | 'done'>();
  const kept: MapEdgeLike[] = [];
  for (const start of ids) {
    const stack: {id: string; at: number}[] = state.has(start) ? [] : [{id: start, at: 0}];
    if (stack.length > 0) state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as {id: string; at: number};
      const edge = next.get(top.id)?.[top.at];
      if (edge === undefined) {
        state.set(top.id, 'done');
        stack.pop();
        continue;
      }
      top.at += 1;
      if (state.get(edge.to) === 'open') continue;
      kept.push(edge);
      if (!state.has(edge.to)) {
        state.set(edge.to, 'open');
        stack.push({id: edge.to, at: 0});
      }
    }
  }
  return kept;
}
