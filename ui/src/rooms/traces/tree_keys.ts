// Moving through the tree by keys, as the pattern for tree grids says.
import type {TraceView} from './trace_view.ts';

/** Does what a key means; returns whether it means anything. */
export function moveByKey(view: TraceView, key: string, pageRows: number): boolean {
  const rows = view.rows.get();
  const row = view.row.get();
  const go = (to: number): boolean => {
    view.row.set(Math.min(rows.count - 1, Math.max(0, to)));
    return true;
  };
  switch (key) {
    case 'ArrowDown':
      return go(row + 1);
    case 'ArrowUp':
      return go(row - 1);
    case 'PageDown':
      return go(row + pageRows);
    case 'PageUp':
      return go(row - pageRows);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.count - 1);
    case 'ArrowRight':
      if (view.canOpen(row) && !view.isOpen(row)) view.setOpen(row, true);
      else if (view.canOpen(row)) go(row + 1);
      return true;
    case 'ArrowLeft':
      if (view.canOpen(row) && view.isOpen(row)) view.setOpen(row, false);
      else go(rowAbove(view, row));
      return true;
    default:
      return false;
  }
}

function rowAbove(view: TraceView, row: number): number {
  const {depth} = view.rows.get();
  for (let above = row - 1; above >= 0; above -= 1) if ((depth[above] ?? 0) < (depth[row] ?? 0)) return above;
  return row;
}
