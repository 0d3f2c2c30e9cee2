// Which rows the waterfall has: spans, groups of like siblings, gaps, and what a filter pruned.
import {hasChildren, isError, labelOf} from './trace.ts';
import type {Trace} from './trace.ts';

export const ROW_SPAN = 0;
/** `extra` like siblings from `span` on. */
export const ROW_GROUP = 1;
/** Nothing ran before `span` among its siblings for `extra` nanoseconds. */
export const ROW_GAP = 2;
/** `extra` spans from `span` on do not match; `errors` of them failed. */
export const ROW_PRUNED = 3;

export type Rows = {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly span: Int32Array;
  readonly extra: Float64Array;
  readonly errors: Int32Array;
  readonly depth: Int32Array;
  /** Row by span; of a hidden span the row that it is hidden in; -1 never. */
  readonly rowOfSpan: Int32Array;
};

export type RowChoice = {
  /** Spans whose children are hidden. */
  readonly folded: ReadonlySet<number>;
  /** From the filter; null without one. */
  readonly kept: Uint8Array | null;
  readonly isGrouped: boolean;
  /** Groups and pruned runs that a person opened, by their first span. */
  readonly opened: ReadonlySet<number>;
  /** Shortest gap that gets a row; Infinity for none. */
  readonly gapNsMin: number;
};

export const GROUP_SIZE_MIN = 5;
/** A gap shorter than this part of the trace is not worth a row. */
export const GAP_SHARE_MIN = 0.05;

export const CHOICE_DEFAULT: RowChoice = {folded: new Set(), kept: null, isGrouped: true, opened: new Set(), gapNsMin: Number.POSITIVE_INFINITY};

export function layOutRows(trace: Trace, choice: RowChoice): Rows {
  const rows = new RowsInTheMaking(trace);
  // Groups that are open push their members one level in; they end where their last member does.
  let groupEnd = -1;
  // A pruned run that is open is shown to its end.
  let prunedEnd = -1;
  const reach = new Float64Array(trace.count + 1);
  let at = 0;
  while (at < trace.count) {
    const above = trace.parent[at] ?? -1;
    const hidden = choice.kept !== null && at >= prunedEnd && choice.kept[at] === 0 ? prunedRun(trace, choice.kept, at) : at;
    if (hidden > at) {
      if (!choice.opened.has(at)) {
        rows.addPruned(at, hidden);
        at = hidden;
        continue;
      }
      prunedEnd = hidden;
    }
    const gap = (trace.start[at] ?? 0) - (reach[above + 1] ?? 0);
    if (gap >= choice.gapNsMin && above >= 0 && (reach[above + 1] ?? 0) > 0) rows.add(ROW_GAP, at, gap, trace.depth[at] ?? 0);
    const run = at >= groupEnd && choice.isGrouped && choice.kept === null ? likeRun(trace, at) : at;
    if (run - at >= GROUP_SIZE_MIN) {
      rows.addGroup(at, run, choice.opened.has(at));
      groupEnd = run;
      for (let member = at; member < run; member += 1) noteReach(trace, reach, member);
      if (!choice.opened.has(at)) {
        at = run;
        continue;
      }
    }
    noteReach(trace, reach, at);
    rows.add(ROW_SPAN, at, 0, (trace.depth[at] ?? 0) + (at < groupEnd ? 1 : 0));
    at = choice.folded.has(at) ? rows.hideBelow(at) : at + 1;
  }
  return rows.done();
}

function noteReach(trace: Trace, reach: Float64Array, at: number): void {
  const slot = (trace.parent[at] ?? -1) + 1;
  reach[slot] = Math.max(reach[slot] ?? 0, (trace.start[at] ?? 0) + (trace.duration[at] ?? 0));
}

/** Returns where the run of siblings ends of which nothing is kept. */
function prunedRun(trace: Trace, kept: Uint8Array, first: number): number {
  const above = trace.parent[first] ?? -1;
  const end = above < 0 ? trace.count : (trace.end[above] ?? first + 1);
  let at = first;
  while (at < end && kept[at] === 0) at = trace.end[at] ?? end;
  return at;
}

/** Returns where the run of siblings without children ends that do the same as the first. */
function likeRun(trace: Trace, first: number): number {
  if (hasChildren(trace, first)) return first;
  const above = trace.parent[first] ?? -1;
  if (above < 0) return first;
  const end = trace.end[above] ?? first + 1;
  const label = labelOf(trace, first);
  let at = first + 1;
  while (
    at < end &&
    !hasChildren(trace, at) &&
    trace.parent[at] === above &&
    trace.op.at[at] === trace.op.at[first] &&
    trace.service.at[at] === trace.service.at[first] &&
    labelOf(trace, at) === label
  ) {
    at += 1;
  }
  return at;
}

class RowsInTheMaking {
  private readonly trace: Trace;
  private count = 0;
  private readonly kind: Uint8Array;
  private readonly span: Int32Array;
  private readonly extra: Float64Array;
  private readonly errors: Int32Array;
  private readonly depth: Int32Array;
  private readonly rowOfSpan: Int32Array;

  constructor(trace: Trace) {
    this.trace = trace;
    // A span brings at most its own row, a gap before it, and a group or pruned row that begins with it.
    const most = trace.count * 3;
    this.kind = new Uint8Array(most);
    this.span = new Int32Array(most);
    this.extra = new Float64Array(most);
    this.errors = new Int32Array(most);
    this.depth = new Int32Array(most);
    this.rowOfSpan = new Int32Array(trace.count).fill(-1);
  }

  add(kind: number, span: number, extra: number, depth: number): void {
    this.kind[this.count] = kind;
    this.span[this.count] = span;
    this.extra[this.count] = extra;
    this.depth[this.count] = depth;
    if (kind !== ROW_GAP) this.rowOfSpan[span] = this.count;
    this.count += 1;
  }

  addGroup(first: number, end: number, isOpen: boolean): void {
    this.add(ROW_GROUP, first, end - first, this.trace.depth[first] ?? 0);
    if (!isOpen) this.hide(first, end);
    this.errors[this.count - 1] = this.errorsIn(first, end);
  }

  addPruned(first: number, end: number): void {
    this.add(ROW_PRUNED, first, end - first, this.trace.depth[first] ?? 0);
    this.hide(first, end);
    this.errors[this.count - 1] = this.errorsIn(first, end);
  }

  /** Returns where the tree goes on. */
  hideBelow(span: number): number {
    const end = this.trace.end[span] ?? span + 1;
    this.hide(span + 1, end);
    this.errors[this.count - 1] = this.errorsIn(span + 1, end);
    return end;
  }

  done(): Rows {
    const {count} = this;
    return {
      count,
      kind: this.kind.subarray(0, count),
      span: this.span.subarray(0, count),
      extra: this.extra.subarray(0, count),
      errors: this.errors.subarray(0, count),
      depth: this.depth.subarray(0, count),
      rowOfSpan: this.rowOfSpan,
    };
  }

  private hide(from: number, to: number): void {
    this.rowOfSpan.fill(this.count - 1, from, to);
  }

  private errorsIn(from: number, to: number): number {
    let errors = 0;
    for (let at = from; at < to; at += 1) if (isError(this.trace, at)) errors += 1;
    return errors;
  }
}

/** Spans to fold so that nothing below a depth is shown. */
export function foldedBelow(trace: Trace, depth: number): ReadonlySet<number> {
  const folded = new Set<number>();
  for (let at = 0; at < trace.count; at += 1) if ((trace.depth[at] ?? 0) === depth - 1 && hasChildren(trace, at)) folded.add(at);
  return folded;
}

/** How deep a trace is opened at first: all of it while that is few rows, else the top levels. */
export function firstFolds(trace: Trace, rowCountMax: number): ReadonlySet<number> {
  if (trace.count <= rowCountMax) return new Set();
  const perDepth: number[] = [];
  for (let at = 0; at < trace.count; at += 1) perDepth[trace.depth[at] ?? 0] = (perDepth[trace.depth[at] ?? 0] ?? 0) + 1;
  let shown = 0;
  let depth = 0;
  while (depth < perDepth.length && shown + (perDepth[depth] ?? 0) <= rowCountMax) {
    shown += perDepth[depth] ?? 0;
    depth += 1;
  }
  return foldedBelow(trace, Math.max(2, depth));
}

/** Unfolds and opens whatever hides a span. */
export function revealing(trace: Trace, choice: RowChoice, span: number): RowChoice {
  const folded = new Set(choice.folded);
  for (let at = trace.parent[span] ?? -1; at >= 0; at = trace.parent[at] ?? -1) folded.delete(at);
  const shown = {...choice, folded};
  const rows = layOutRows(trace, shown);
  const row = rows.rowOfSpan[span] ?? -1;
  if (row < 0 || rows.span[row] === span) return shown;
  return {...shown, opened: new Set([...choice.opened, rows.span[row] ?? span])};
}
