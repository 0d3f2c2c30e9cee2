// What the painter is told about the rows that are seen.
import {formatDuration} from '../../base/numbers.ts';
import {endNs, isError} from '../../model/trace.ts';
import {ROW_GAP, ROW_GROUP, ROW_PRUNED} from '../../model/trace_rows.ts';
import type {BarRow} from '../../paint/bars.ts';
import type {TraceView} from './trace_view.ts';

const GROUP_BARS_MAX = 2_000;

export function barRows(view: TraceView, first: number, seen: number, rowHeight: number): BarRow[] {
  const rows = view.rows.get();
  const flags = view.flags.get();
  const {errors, logs} = view.marks.get();
  const painted: BarRow[] = [];
  const from = Math.floor(first);
  const to = Math.min(rows.count, from + seen + 2);
  for (let row = from; row < to; row += 1) {
    const span = rows.span[row] ?? 0;
    const kind = rows.kind[row];
    if (kind === ROW_PRUNED) continue;
    const isGap = kind === ROW_GAP;
    painted.push({
      top: (row - first) * rowHeight,
      bars: isGap ? [(view.trace.start[span] ?? 0) - (rows.extra[row] ?? 0), view.trace.start[span] ?? 0] : barsOf(view, span, kind === ROW_GROUP ? (rows.extra[row] ?? 1) : 1),
      slot: view.slotOf(span),
      isError: !isGap && (kind === ROW_GROUP ? (rows.errors[row] ?? 0) > 0 : isError(view.trace, span) || errors.has(span)),
      isFaint: false,
      isGap,
      path: flags.isPathShown && !isGap && kind !== ROW_GROUP ? (view.path.pieces.get(span) ?? []) : [],
      logs: flags.areLogsShown && !isGap ? (logs.get(span) ?? []) : [],
      label: isGap ? `${formatDuration(rows.extra[row] ?? 0)} gap` : '',
    });
  }
  return painted;
}

function barsOf(view: TraceView, first: number, count: number): number[] {
  const bars: number[] = [];
  for (let at = first; at < first + Math.min(count, GROUP_BARS_MAX); at += 1) bars.push(view.trace.start[at] ?? 0, endNs(view.trace, at));
  return bars;
}
