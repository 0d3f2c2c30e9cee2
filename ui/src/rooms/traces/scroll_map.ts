// Between scroll positions and rows: one to one, and mapped where elements may not be that high.

/** Browsers cap the height of elements, the lowest at 17.9 million pixels. */
export const HEIGHT_MAX = 16_000_000;

export type ScrollMap = {
  readonly rowCount: number;
  readonly rowHeight: number;
  readonly viewHeight: number;
};

export function contentHeight({rowCount, rowHeight}: ScrollMap): number {
  return Math.min(HEIGHT_MAX, rowCount * rowHeight);
}

/** Returns the first row that is seen, with a fraction. */
export function rowOfScroll(map: ScrollMap, scrollTop: number): number {
  return Math.min(maxRow(map), Math.max(0, scrollTop * scale(map)));
}

export function scrollOfRow(map: ScrollMap, row: number): number {
  return Math.min(maxRow(map), Math.max(0, row)) / scale(map);
}

/** Returns the first row with which `row` is seen, as near to `first` as can be. */
export function showingRow(map: ScrollMap, first: number, row: number): number {
  const seen = Math.max(1, Math.floor(map.viewHeight / map.rowHeight));
  if (row < first) return row;
  if (row + 1 > first + seen) return Math.min(maxRow(map), row + 1 - map.viewHeight / map.rowHeight);
  return first;
}

function maxRow({rowCount, rowHeight, viewHeight}: ScrollMap): number {
  return Math.max(0, rowCount - viewHeight / rowHeight);
}

/** Rows per pixel of scrolling. */
function scale(map: ScrollMap): number {
  const way = contentHeight(map) - map.viewHeight;
  return way <= 0 ? 1 / map.rowHeight : Math.max(maxRow(map) / way, 1e-12);
}
