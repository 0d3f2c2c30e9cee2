// Paints the bars of the rows that are seen: durations, errors, logs, the critical path, gaps.
import type {Ink} from './ink.ts';
import type {Surface} from './surface.ts';

export type BarRow = {
  /** Pixels from the top of the canvas. */
  readonly top: number;
  /** [from, to] pairs, in the unit of the window: one bar, or the members of a group. */
  readonly bars: readonly number[];
  readonly slot: number;
  readonly isError: boolean;
  readonly isFaint: boolean;
  readonly isGap: boolean;
  /** [from, to] pairs of the critical path. */
  readonly path: readonly number[];
  /** Times of logs. */
  readonly logs: readonly number[];
  /** Beside the bar. */
  readonly label: string;
};

export type BarScale = {readonly from: number; readonly to: number; readonly left: number; readonly right: number; readonly rowHeight: number; readonly ticks: readonly number[]};

const BAR_HEIGHT = 10;
const BAR_WIDTH_MIN = 2;
const LABEL_GAP = 6;

export function paintBars({context, height, width}: Surface, rows: readonly BarRow[], scale: BarScale, ink: Ink): void {
  const {from, to, left, right} = scale;
  const factor = (width - left - right) / Math.max(1e-9, to - from);
  const place = (time: number): number => left + (time - from) * factor;
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  context.fillStyle = ink.grid;
  for (const tick of scale.ticks) context.fillRect(Math.round(place(tick)), 0, 1, height);
  for (const row of rows) paintRow(context, row, {place, width, ink, middle: row.top + scale.rowHeight / 2});
  context.restore();
}

type RowPlace = {readonly place: (time: number) => number; readonly width: number; readonly ink: Ink; readonly middle: number};

function paintRow(context: CanvasRenderingContext2D, row: BarRow, {place, width, ink, middle}: RowPlace): void {
  const top = middle - BAR_HEIGHT / 2 - 1;
  let labelAt = 0;
  context.globalAlpha = row.isFaint ? 0.35 : 1;
  context.fillStyle = ink.services[row.slot] ?? ink.muted;
  for (let at = 0; at < row.bars.length; at += 2) {
    const x = place(row.bars[at] ?? 0);
    const end = place(row.bars[at + 1] ?? 0);
    labelAt = Math.max(labelAt, end);
    if (end < -1 || x > width + 1) continue;
    const shownX = Math.max(-4, x);
    const shownWidth = Math.max(BAR_WIDTH_MIN, Math.min(width + 4, end) - shownX);
    if (row.isGap) paintGap(context, shownX, top, shownWidth, ink);
    else context.fillRect(shownX, top, shownWidth, BAR_HEIGHT);
    if (ink.isForced) context.strokeRect(shownX + 0.5, top + 0.5, shownWidth, BAR_HEIGHT - 1);
  }
  context.globalAlpha = 1;
  context.fillStyle = ink.critical;
  for (let at = 0; at < row.path.length; at += 2) {
    const x = place(row.path[at] ?? 0);
    context.fillRect(x, middle + BAR_HEIGHT / 2, Math.max(1, place(row.path[at + 1] ?? 0) - x), 3);
  }
  if (row.isError) paintError(context, place(row.bars[0] ?? 0), top, ink);
  context.fillStyle = ink.textSecond;
  for (const time of row.logs) paintTick(context, place(time), top - 6);
  if (row.label !== '') paintLabel(context, row.label, {x: labelAt + LABEL_GAP, middle, width, ink});
}

function paintGap(context: CanvasRenderingContext2D, x: number, top: number, width: number, ink: Ink): void {
  context.strokeStyle = ink.edge;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.strokeRect(Math.round(x) + 0.5, Math.round(top) + 0.5, width, BAR_HEIGHT);
  context.setLineDash([]);
}

function paintError(context: CanvasRenderingContext2D, x: number, top: number, ink: Ink): void {
  context.fillStyle = ink.surface;
  context.fillRect(x - 6, top - 1, 12, 12);
  context.fillStyle = ink.error;
  context.fillRect(x - 4.5, top + 0.5, 9, 9);
}

function paintTick(context: CanvasRenderingContext2D, x: number, top: number): void {
  context.beginPath();
  context.moveTo(x - 3.5, top);
  context.lineTo(x + 3.5, top);
  context.lineTo(x, top + 5);
  context.fill();
}

function paintLabel(context: CanvasRenderingContext2D, label: string, {x, middle, width, ink}: {readonly x: number; readonly middle: number; readonly width: number; readonly ink: Ink}): void {
  context.font = `11px ${ink.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = ink.textQuiet;
  const needed = context.measureText(label).width;
  if (x + needed < width) context.fillText(label, Math.max(LABEL_GAP, x), middle);
}
