// How much of the trace is shown, and why not all of it.
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {useStore} from '../../base/store.ts';
import {Foot} from '../../widgets/States.tsx';
import type {TraceMarks} from '../../wire/traces.ts';
import type {TraceView} from './trace_view.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓', 'row'],
  ['← →', 'fold'],
  ['w s', 'zoom'],
  ['a d', 'pan'],
  ['p', 'critical path'],
  ['?', 'all keys'],
];

export function TraceFoot({view, marks}: {readonly view: TraceView; readonly marks: TraceMarks | undefined}): ReactElement {
  const {trace} = view;
  const rows = useStore(view.rows);
  const matched = useStore(view.matched);
  const isFiltered = useStore(view.choice).kept !== null;
  const cut = trace.count < trace.total ? `, ${formatCount(trace.total - trace.count)} more than are read at once` : '';
  return (
    <Foot keys={KEYS}>
      <span><b>{formatCount(trace.count)}</b> of <b>{formatCount(trace.total)}</b> spans in {formatCount(rows.count)} rows{cut}</span>
      {isFiltered && <span><b>{formatCount(matched)}</b> match the filter</span>}
      {marks?.isCut && <span>the first 1,000 logs and errors are marked</span>}
    </Foot>
  );
}
