// Paints the whole trace small: every span as a line at its depth, most visible ones last.
import type {Ink} from './ink.ts';
import type {Surface} from './surface.ts';

export type MinimapSpans = {
  readonly count: number;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly depth: Int32Array;
  readonly slot: (at: number) => number;
  readonly isError: (at: number) => boolean;
};

const LINE_MAX = 6;
const LINE_MIN = 1;

export function paintMinimap({context, width, height}: Surface, spans: MinimapSpans, durationNs: number, ink: Ink): void {
  let deepest = 0;
  for (let at = 0; at < spans.count; at += 1) deepest = Math.max(deepest, spans.depth[at] ?? 0);
  const line = Math.min(LINE_MAX, Math.max(LINE_MIN, height / (deepest + 1)));
  const factor = width / Math.max(1, durationNs);
  // One pixel is painted once per depth: more would only cover what is there.
  const rows = Math.max(1, Math.floor(height / line));
  const painted = new Float64Array(rows).fill(-1);
  for (let at = 0; at < spans.count; at += 1) {
    const row = Math.min(rows - 1, Math.floor(((spans.depth[at] ?? 0) / (deepest + 1)) * rows));
    const x = (spans.start[at] ?? 0) * factor;
    const end = Math.max(x + 1, x + (spans.duration[at] ?? 0) * factor);
    const isError = spans.isError(at);
    if (end <= (painted[row] ?? -1) && !isError) continue;
    painted[row] = Math.max(painted[row] ?? -1, end);
    context.fillStyle = isError ? ink.error : (ink.services[spans.slot(at)] ?? ink.muted);
    context.fillRect(x, row * line, isError ? Math.max(3, Math.min(6, end - x)) : end - x, Math.max(1, line - 1));
    if (isError && end - x > 6) {
      context.fillStyle = ink.services[spans.slot(at)] ?? ink.muted;
      context.fillRect(x + 6, row * line, end - x - 6, Math.max(1, line - 1));
    }
  }
}
