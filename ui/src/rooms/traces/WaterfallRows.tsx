// The rows that are seen: names and durations as elements, so that they can be read, found and focused.
import {memo, useSyncExternalStore} from 'react';
import type {ReactElement, RefObject} from 'react';
import {formatCount, formatDuration} from '../../base/numbers.ts';
import type {Store} from '../../base/store.ts';
import {useStore} from '../../base/store.ts';
import {isError, labelOf, wordAt, workOf} from '../../model/trace.ts';
import {ROW_GAP, ROW_GROUP, ROW_PRUNED} from '../../model/trace_rows.ts';
import type {Rows} from '../../model/trace_rows.ts';
import {Icon} from '../../widgets/Icon.tsx';
import {INDENT} from './trace_measures.ts';
import type {TraceView} from './trace_view.ts';

type Props = {
  readonly view: TraceView;
  readonly first: Store<number>;
  readonly seen: number;
  readonly rowHeight: number;
  readonly selected: number;
  readonly find: string;
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly onSelect: (span: number) => void;
};

/** Deeper than this, names begin nearer to the left, so that they keep their room. */
const DEPTH_SHOWN_MAX = 12;

export function WaterfallRows(props: Props): ReactElement {
  const {view, first, seen, rowHeight} = props;
  const top = useSyncExternalStore(first.subscribe, () => Math.floor(first.get()));
  const rows = useStore(view.rows);
  const current = useStore(view.row);
  useStore(view.marks);
  const count = Math.max(0, Math.min(rows.count - top, seen + 2));
  const base = depthBase(rows, top, count);
  const shown = Array.from({length: count}, (_, at) => top + at);
  return (
    <div ref={props.listRef} className="wf-rows" role="presentation">
      {shown.map(row => (
        <Row
          key={row % (seen + 2)}
          view={view}
          rows={rows}
          row={row}
          base={base}
          isCurrent={row === current}
          isSelected={rows.span[row] === props.selected && rows.kind[row] === 0}
          find={props.find}
          rowHeight={rowHeight}
          onSelect={props.onSelect}
        />
      ))}
    </div>
  );
}

type RowProps = {
  readonly view: TraceView;
  readonly rows: Rows;
  readonly row: number;
  readonly base: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly find: string;
  readonly rowHeight: number;
  readonly onSelect: (span: number) => void;
};

const Row = memo(function Row({view, rows, row, base, isCurrent, isSelected, find, rowHeight, onSelect}: RowProps): ReactElement {
  const kind = rows.kind[row];
  const span = rows.span[row] ?? 0;
  const canOpen = view.canOpen(row);
  const isOpen = canOpen && view.isOpen(row);
  const choose = (): void => {
    view.row.set(row);
    if (kind === ROW_PRUNED || kind === ROW_GROUP) view.setOpen(row, !isOpen);
    else if (kind !== ROW_GAP) onSelect(span);
  };
  const className = `wf-row${isCurrent ? ' current' : ''}${kind === ROW_PRUNED ? ' pruned' : ''}${kind === ROW_GAP ? ' gap' : ''}`;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the treegrid takes the keys, and names this row its active descendant
    <div
      id={`row-${row}`}
      role="row"
      className={className}
      style={{height: rowHeight}}
      aria-level={(rows.depth[row] ?? 0) + 1}
      aria-rowindex={row + 1}
      aria-selected={isSelected}
      {...(canOpen ? {'aria-expanded': isOpen} : {})}
      aria-label={sentenceOf(view, rows, row)}
      onClick={choose}
    >
      <div role="gridcell" className="wf-name" style={{paddingLeft: 16 + Math.max(0, (rows.depth[row] ?? 0) - base) * INDENT}}>
        <Toggle canOpen={canOpen} isOpen={isOpen} onToggle={() => view.setOpen(row, !isOpen)} />
        <RowName view={view} rows={rows} row={row} find={find} />
      </div>
      <div role="gridcell" className="wf-bars" />
    </div>
  );
});

function Toggle({canOpen, isOpen, onToggle}: {readonly canOpen: boolean; readonly isOpen: boolean; readonly onToggle: () => void}): ReactElement {
  if (!canOpen) return <span className="wf-toggle" />;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the row says whether it is open, and the arrow keys open it
    <span
      className="wf-toggle can"
      aria-hidden="true"
      onClick={event => {
        event.stopPropagation();
        onToggle();
      }}
    >
      <Icon name={isOpen ? 'down' : 'right'} />
    </span>
  );
}

function RowName({view, rows, row, find}: {readonly view: TraceView; readonly rows: Rows; readonly row: number; readonly find: string}): ReactElement {
  const {trace} = view;
  const kind = rows.kind[row];
  const span = rows.span[row] ?? 0;
  const errors = rows.errors[row] ?? 0;
  if (kind === ROW_GAP) return <span className="small quiet cut">gap, not instrumented</span>;
  if (kind === ROW_PRUNED) {
    return (
      <>
        <span className="small wf-link">{formatCount(rows.extra[row] ?? 0)} {rows.extra[row] === 1 ? 'span' : 'spans'} pruned</span>
        <span className={`small cut ${errors > 0 ? 'wf-failed' : 'quiet'}`}>by the filter, {errors === 0 ? 'no errors inside' : `${formatCount(errors)} ${errors === 1 ? 'error' : 'errors'} inside`}</span>
      </>
    );
  }
  const hasFailed = isError(trace, span) || view.marks.get().errors.has(span);
  const below = kind === ROW_GROUP ? `×${formatCount(rows.extra[row] ?? 0)}` : belowOf(view, span);
  return (
    <>
      {below !== '' && <span className="wf-count">{below}</span>}
      {errors > 0 && !view.isOpen(row) && <span className="wf-count failed">{formatCount(errors)}</span>}
      <span className={`swatch slot-${view.slotOf(span)}`} />
      <span className="small cut wf-text"><span className="second">{wordAt(trace.service, span)}</span> {workOf(trace, span) !== '' && <span className="quiet">{workOf(trace, span)} </span>}<Found text={labelOf(trace, span)} find={find} /></span>
      <span className={`wf-duration${hasFailed ? ' failed' : ''}`}>{kind === ROW_GROUP ? '' : formatDuration(trace.duration[span] ?? 0)}</span>
    </>
  );
}

/** How many spans are below a span, shown beside what opens it. */
function belowOf(view: TraceView, span: number): string {
  const below = (view.trace.end[span] ?? 0) - span - 1;
  return below === 0 ? '' : formatCount(below);
}

function Found({text, find}: {readonly text: string; readonly find: string}): ReactElement {
  const at = find === '' ? -1 : text.toLowerCase().indexOf(find.toLowerCase());
  if (at < 0) return <>{text}</>;
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + find.length)}</mark>{text.slice(at + find.length)}</>;
}

/** The row in words: "payment POST /charge, 240 ms, error, on critical path". */
function sentenceOf(view: TraceView, rows: Rows, row: number): string {
  const {trace} = view;
  const span = rows.span[row] ?? 0;
  const extra = rows.extra[row] ?? 0;
  switch (rows.kind[row]) {
    case ROW_GAP:
      return `gap of ${formatDuration(extra)}, not instrumented`;
    case ROW_PRUNED:
      return `${formatCount(extra)} spans pruned by the filter, ${rows.errors[row] ?? 0} errors inside`;
    case ROW_GROUP:
      return `${formatCount(extra)} times ${wordAt(trace.service, span)} ${labelOf(trace, span)}`;
    default: {
      const parts = [`${wordAt(trace.service, span)} ${labelOf(trace, span)}`.trim(), formatDuration(trace.duration[span] ?? 0)];
      if (isError(trace, span) || view.marks.get().errors.has(span)) parts.push('error');
      if (view.path.pieces.has(span)) parts.push('on critical path');
      return parts.join(', ');
    }
  }
}

function depthBase(rows: Rows, top: number, count: number): number {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let row = top; row < top + count; row += 1) {
    least = Math.min(least, rows.depth[row] ?? 0);
    most = Math.max(most, rows.depth[row] ?? 0);
  }
  return most <= DEPTH_SHOWN_MAX ? 0 : Math.max(0, least - 1);
}
