// All spans as a table, by any column.
import {useVirtualizer} from '@tanstack/react-virtual';
import {useMemo, useRef, useState} from 'react';
import type {ReactElement} from 'react';
import {formatDuration} from '../../base/numbers.ts';
import {useStore} from '../../base/store.ts';
import {isError, labelOf, wordAt} from '../../model/trace.ts';
import type {TraceView} from './trace_view.ts';

type Order = 'start' | 'duration' | 'self';
const ORDERS: readonly (readonly [Order, string])[] = [
  ['start', 'Start'],
  ['duration', 'Duration'],
  ['self', 'Self'],
];
const ROW_PX = 28;
const ROWS_MAX = 500_000;

export function ListView({view, selected, onSelect}: {readonly view: TraceView; readonly selected: number; readonly onSelect: (span: number) => void}): ReactElement {
  const [order, setOrder] = useState<Order>('duration');
  const {kept} = useStore(view.choice);
  const place = useRef<HTMLDivElement>(null);
  const {trace} = view;
  const all = useMemo(() => {
    const spans = Uint32Array.from({length: trace.count}, (_, at) => at).filter(at => kept === null || kept[at] === 1);
    const by = {start: trace.start, duration: trace.duration, self: view.self}[order];
    return order === 'start' ? spans.sort((one, other) => (by[one] ?? 0) - (by[other] ?? 0)) : spans.sort((one, other) => (by[other] ?? 0) - (by[one] ?? 0));
  }, [trace, view, kept, order]);
  const count = Math.min(all.length, ROWS_MAX);
  const rows = useVirtualizer({count, getScrollElement: () => place.current, estimateSize: () => ROW_PX, overscan: 8});
  return (
    <div ref={place} className="scroll span-list" tabIndex={0} role="region" aria-label="List of spans">
      <table aria-rowcount={all.length}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Operation</th>
            <th scope="col">Status</th>
            {ORDERS.map(([name, title]) => (
              <th key={name} scope="col" className="right" aria-sort={name === order ? (name === 'start' ? 'ascending' : 'descending') : 'none'}>
                <button type="button" className="sort-by" onClick={() => setOrder(name)}>{title}{name === order ? (name === 'start' ? ' ↑' : ' ↓') : ''}</button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Filler height={rows.getVirtualItems()[0]?.start ?? 0} />
          {rows.getVirtualItems().map(item => {
            const span = all[item.index] ?? 0;
            return (
              <tr key={item.key} aria-rowindex={item.index + 2} className={span === selected ? 'chosen' : ''}>
                <td><span className="row"><span className={`swatch slot-${view.slotOf(span)}`} /><span className="cut">{wordAt(trace.service, span)}</span></span></td>
                <td className="wide"><button type="button" className="as-link cut" onClick={() => onSelect(span)}>{labelOf(trace, span)}</button></td>
                <td className={isError(trace, span) ? 'wf-failed' : 'quiet'}>{trace.statusText[span] || (isError(trace, span) ? 'error' : 'ok')}</td>
                <td className="right">+{formatDuration(trace.start[span] ?? 0)}</td>
                <td className="right">{formatDuration(trace.duration[span] ?? 0)}</td>
                <td className="right">{formatDuration(view.self[span] ?? 0)}</td>
              </tr>
            );
          })}
          <Filler height={rows.getTotalSize() - (rows.getVirtualItems().at(-1)?.end ?? 0)} />
        </tbody>
      </table>
      {all.length > ROWS_MAX && <p className="quiet small state">{ROWS_MAX.toLocaleString('en')} of {all.length.toLocaleString('en')} shown: browsers lay out no more. Filter to see others.</p>}
    </div>
  );
}

function Filler({height}: {readonly height: number}): ReactElement | null {
  return height <= 0 ? null : <tr aria-hidden="true"><td colSpan={6} style={{height, padding: 0, border: 0}} /></tr>;
}
