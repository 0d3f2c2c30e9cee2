// The state of an open trace, outside of React: what is folded, shown, found and looked at.
import {createStore} from '../../base/store.ts';
import type {Store} from '../../base/store.ts';
import {knowServices, slotOf} from '../../base/service_slots.ts';
import {criticalPath} from '../../model/critical_path.ts';
import type {CriticalPath} from '../../model/critical_path.ts';
import {selfTimes} from '../../model/self_time.ts';
import {clampWindow} from '../../model/time_window.ts';
import type {TimeWindow} from '../../model/time_window.ts';
import {hasChildren, isError} from '../../model/trace.ts';
import type {Trace} from '../../model/trace.ts';
import {keepWithAncestors, predicateOf, readFilter} from '../../model/trace_filter.ts';
import {CHOICE_DEFAULT, firstFolds, foldedBelow, GAP_SHARE_MIN, layOutRows, revealing, ROW_GAP, ROW_GROUP, ROW_PRUNED} from '../../model/trace_rows.ts';
import type {RowChoice, Rows} from '../../model/trace_rows.ts';

export type ViewFlags = {readonly isPathShown: boolean; readonly areLogsShown: boolean};
export type Marks = {readonly errors: ReadonlyMap<number, number>; readonly logs: ReadonlyMap<number, readonly number[]>};

const NO_MARKS: Marks = {errors: new Map(), logs: new Map()};
/** More rows than this are not opened at once: a person could not read them. */
const FIRST_ROWS_MAX = 2_000;
const GAP_NS_MIN = 1e6;

export class TraceView {
  readonly trace: Trace;
  readonly self: Float64Array;
  readonly path: CriticalPath;
  /** Slot by place in the dictionary of services. */
  readonly slots: readonly number[];
  readonly choice: Store<RowChoice>;
  readonly rows: Store<Rows>;
  readonly window: Store<TimeWindow>;
  /** The current row; the one stop of the tab key. */
  readonly row: Store<number>;
  readonly flags: Store<ViewFlags> = createStore<ViewFlags>({isPathShown: true, areLogsShown: true});
  readonly hits: Store<readonly number[]> = createStore<readonly number[]>([]);
  readonly filterFault: Store<string> = createStore('');
  readonly matched: Store<number>;
  readonly marks: Store<Marks> = createStore(NO_MARKS);

  constructor(trace: Trace) {
    this.trace = trace;
    this.self = selfTimes(trace);
    this.path = criticalPath(trace);
    knowServices(trace.service.values);
    this.slots = trace.service.values.map(slotOf);
    const gapNsMin = Math.max(GAP_NS_MIN, trace.durationNs * GAP_SHARE_MIN);
    this.choice = createStore<RowChoice>({...CHOICE_DEFAULT, folded: firstFolds(trace, FIRST_ROWS_MAX), gapNsMin});
    this.rows = createStore(layOutRows(trace, this.choice.get()));
    this.window = createStore(clampWindow(0, trace.durationNs, trace.durationNs));
    this.row = createStore(0);
    this.matched = createStore(trace.count);
    this.choice.subscribe(() => this.layOut());
  }

  slotOf = (span: number): number => this.slots[this.trace.service.at[span] ?? 0] ?? 0;

  /** The span of the current row; of a group or pruned row the first in it. */
  currentSpan(): number {
    return this.rows.get().span[this.row.get()] ?? 0;
  }

  isOpen(row: number): boolean {
    const {kind, span} = this.rows.get();
    const at = span[row] ?? 0;
    if (kind[row] === ROW_GROUP || kind[row] === ROW_PRUNED) return this.choice.get().opened.has(at);
    return !this.choice.get().folded.has(at);
  }

  canOpen(row: number): boolean {
    const {kind, span} = this.rows.get();
    if (kind[row] === ROW_GAP) return false;
    return kind[row] !== 0 || hasChildren(this.trace, span[row] ?? 0);
  }

  setOpen(row: number, isOpen: boolean): void {
    const {kind, span} = this.rows.get();
    const at = span[row] ?? 0;
    const isRun = kind[row] === ROW_GROUP || kind[row] === ROW_PRUNED;
    this.choice.set(before => {
      const opened = new Set(before.opened);
      const folded = new Set(before.folded);
      if (isRun) {
        if (isOpen) opened.add(at);
        else opened.delete(at);
      } else if (isOpen) folded.delete(at);
      else folded.add(at);
      return {...before, opened, folded};
    });
  }

  /** Shows nothing below this depth; Infinity shows all. */
  setDepth(depth: number): void {
    this.choice.set(before => ({...before, folded: Number.isFinite(depth) ? foldedBelow(this.trace, depth) : new Set()}));
  }

  setGrouped(isGrouped: boolean): void {
    this.choice.set(before => ({...before, isGrouped}));
  }

  setFilter(text: string): void {
    const filter = readFilter(text);
    this.filterFault.set(filter.kind === 'wrong' ? filter.why : '');
    if (filter.kind === 'wrong') return;
    if (filter.kind === 'none') {
      this.matched.set(this.trace.count);
      if (this.choice.get().kept !== null) this.choice.set(before => ({...before, kept: null, opened: new Set()}));
      return;
    }
    const {kept, matched} = keepWithAncestors(this.trace, predicateOf(this.trace, filter.terms));
    this.matched.set(matched);
    // Matches must be seen: what a filter keeps is not folded away.
    this.choice.set(before => ({...before, kept, opened: new Set(), folded: matched > FIRST_ROWS_MAX ? before.folded : new Set()}));
  }

  setFind(text: string): void {
    const filter = readFilter(text);
    if (filter.kind !== 'terms') {
      this.hits.set([]);
      return;
    }
    const matches = predicateOf(this.trace, filter.terms);
    const hits: number[] = [];
    for (let at = 0; at < this.trace.count; at += 1) if (matches(at)) hits.push(at);
    this.hits.set(hits);
  }

  /** Makes a span's row the current one, opening what hides it. */
  reveal(span: number): void {
    const rows = this.rows.get();
    if (rows.span[rows.rowOfSpan[span] ?? -1] !== span) this.choice.set(before => revealing(this.trace, before, span));
    const shown = this.rows.get();
    this.row.set(shown.rowOfSpan[span] ?? 0);
  }

  /** The next span after the current one for which this holds; goes round. */
  nextSpan(holds: (span: number) => boolean, step: 1 | -1 = 1): number {
    const {count} = this.trace;
    const from = this.currentSpan();
    for (let away = 1; away <= count; away += 1) {
      const span = (((from + step * away) % count) + count) % count;
      if (holds(span)) return span;
    }
    return -1;
  }

  nextError(): number {
    return this.nextSpan(span => isError(this.trace, span) || this.marks.get().errors.has(span));
  }

  nextHit(step: 1 | -1): number {
    const hits = new Set(this.hits.get());
    return this.nextSpan(span => hits.has(span), step);
  }

  private layOut(): void {
    const span = this.currentSpan();
    const rows = layOutRows(this.trace, this.choice.get());
    const row = rows.rowOfSpan[span] ?? 0;
    this.rows.set(rows);
    this.row.set(Math.max(0, row));
  }
}
