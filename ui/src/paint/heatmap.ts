// Paints counts over time and size: one hue, darker where there is more, empty cells as ground.
import type {Ink} from './ink.ts';
import type {Surface} from './surface.ts';

export type HeatCell = {readonly column: number; readonly row: number; readonly count: number};

export type HeatGrid = {
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly HeatCell[];
  readonly most: number;
};

export type HeatFrame = {readonly column: number; readonly row: number; readonly toColumn: number; readonly toRow: number};

const STEPS = 5;

/** Which of five steps a count is: by the logarithm, for one in a thousand is worth seeing. */
export function heatStep(count: number, most: number): number {
  if (count <= 0 || most <= 0) return 0;
  return 1 + Math.min(STEPS - 1, Math.floor((Math.log1p(count) / Math.log1p(most)) * STEPS * 0.999));
}

export function paintHeatmap({context, width, height}: Surface, grid: HeatGrid, frame: HeatFrame | null, ink: Ink): void {
  const cellWidth = width / Math.max(1, grid.columns);
  const cellHeight = height / Math.max(1, grid.rows);
  for (const cell of grid.cells) {
    context.fillStyle = ink.heat[heatStep(cell.count, grid.most)] ?? ink.muted;
    // The first row is the lowest.
    context.fillRect(cell.column * cellWidth, height - (cell.row + 1) * cellHeight, Math.max(1, cellWidth - 1), Math.max(1, cellHeight - 1));
  }
  if (frame === null) return;
  context.strokeStyle = ink.text;
  context.lineWidth = 1.5;
  const left = Math.min(frame.column, frame.toColumn) * cellWidth;
  const right = (Math.max(frame.column, frame.toColumn) + 1) * cellWidth;
  const top = height - (Math.max(frame.row, frame.toRow) + 1) * cellHeight;
  const bottom = height - Math.min(frame.row, frame.toRow) * cellHeight;
  context.strokeRect(left + 0.75, top + 0.75, Math.max(2, right - left - 1.5), Math.max(2, bottom - top - 1.5));
}
