// Paints nested boxes: icicles of traces, flame graphs of profiles. Any number; what is smaller than a pixel is merged.
import type {Ink} from './ink.ts';
import type {Surface} from './surface.ts';

/** Boxes in pre-order as columns, so that a million cost no objects. */
export type Boxes = {
  readonly count: number;
  readonly start: Float64Array;
  readonly size: Float64Array;
  readonly depth: Int32Array;
  readonly slot: (at: number) => number;
  readonly label: (at: number) => string;
  readonly isError: (at: number) => boolean;
  readonly isFaint: (at: number) => boolean;
};

export type BoxScale = {
  readonly from: number;
  readonly to: number;
  /** Pixels that are scrolled away at the top. */
  readonly scrolled: number;
  readonly boxHeight: number;
  readonly current: number;
};

const LABEL_WIDTH_MIN = 28;

export function paintBoxes({context, width, height}: Surface, boxes: Boxes, scale: BoxScale, ink: Ink): void {
  const factor = width / Math.max(1e-9, scale.to - scale.from);
  // Of each depth, up to which pixel it is painted: what falls on a painted pixel is not seen.
  const painted: number[] = [];
  context.textBaseline = 'middle';
  context.font = `11px ${ink.font}`;
  const depthMin = Math.floor(scale.scrolled / scale.boxHeight);
  const depthMax = Math.ceil((scale.scrolled + height) / scale.boxHeight);
  for (let at = 0; at < boxes.count; at += 1) {
    const depth = boxes.depth[at] ?? 0;
    if (depth < depthMin || depth > depthMax) continue;
    const x = ((boxes.start[at] ?? 0) - scale.from) * factor;
    const end = x + (boxes.size[at] ?? 0) * factor;
    if (end < 0 || x > width) continue;
    const isCurrent = at === scale.current;
    const done = painted[depth] ?? -1;
    if (end <= done && !isCurrent && !boxes.isError(at)) continue;
    const boxWidth = Math.max(1, end - x - 1);
    painted[depth] = Math.max(done, x + Math.max(1, end - x));
    paintBox(context, boxes, at, {x, top: depth * scale.boxHeight - scale.scrolled, boxWidth, boxHeight: scale.boxHeight - 1, isCurrent, ink});
  }
}

type BoxPlace = {readonly x: number; readonly top: number; readonly boxWidth: number; readonly boxHeight: number; readonly isCurrent: boolean; readonly ink: Ink};

function paintBox(context: CanvasRenderingContext2D, boxes: Boxes, at: number, {x, top, boxWidth, boxHeight, isCurrent, ink}: BoxPlace): void {
  context.globalAlpha = boxes.isFaint(at) ? 0.25 : 1;
  // A swatch at the left says whose box it is; the text stands on the surface, where its contrast is known.
  context.fillStyle = ink.services[boxes.slot(at)] ?? ink.muted;
  if (boxWidth < LABEL_WIDTH_MIN) {
    context.fillRect(x, top, boxWidth, boxHeight);
  } else {
    context.globalAlpha *= 0.28;
    context.fillRect(x, top, boxWidth, boxHeight);
    context.globalAlpha = boxes.isFaint(at) ? 0.25 : 1;
    context.fillRect(x, top, 3, boxHeight);
    paintText(context, boxes.label(at), {x: Math.max(x, 0) + 8, middle: top + boxHeight / 2, width: x + boxWidth - Math.max(x, 0) - 12, ink});
  }
  if (boxes.isError(at)) {
    context.fillStyle = ink.error;
    context.fillRect(x, top + boxHeight - 3, boxWidth, 3);
  }
  context.globalAlpha = 1;
  if (isCurrent) {
    context.strokeStyle = ink.text;
    context.lineWidth = 2;
    context.strokeRect(x + 1, top + 1, Math.max(2, boxWidth - 2), boxHeight - 2);
  }
}

function paintText(context: CanvasRenderingContext2D, label: string, {x, middle, width, ink}: {readonly x: number; readonly middle: number; readonly width: number; readonly ink: Ink}): void {
  if (width < 12) return;
  context.fillStyle = ink.text;
  // Six pixels a letter is close enough to decide where to cut; measuring each would cost more than painting.
  const room = Math.floor(width / 6);
  context.fillText(label.length <= room ? label : `${label.slice(0, Math.max(1, room - 1))}…`, x, middle);
}

/** Returns the box at a point; -1 if there is none. */
export function boxAt(boxes: Boxes, scale: BoxScale, width: number, point: {readonly x: number; readonly y: number}): number {
  const depth = Math.floor((point.y + scale.scrolled) / scale.boxHeight);
  const time = scale.from + (point.x / Math.max(1, width)) * (scale.to - scale.from);
  const slack = (scale.to - scale.from) / Math.max(1, width);
  let found = -1;
  for (let at = 0; at < boxes.count; at += 1) {
    if (boxes.depth[at] !== depth) continue;
    const start = boxes.start[at] ?? 0;
    if (start <= time && time <= start + Math.max(slack, boxes.size[at] ?? 0)) found = at;
  }
  return found;
}
