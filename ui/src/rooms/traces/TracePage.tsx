// One trace: its head, its views, and the drawer of the chosen span.
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {useCallback, useEffect, useMemo} from 'react';
import type {ReactElement} from 'react';
import {useKeys} from '../../base/keys.ts';
import {oneOf} from '../../base/search_record.ts';
import {panWindow, zoomWindow} from '../../model/time_window.ts';
import {placeOfSpan, readTrace} from '../../model/trace.ts';
import {Failure, Loading} from '../../widgets/States.tsx';
import {useSearchRecord, useSetSearch} from '../../widgets/use_scope.ts';
import {traceAnswer, traceMarksQuery} from '../../wire/traces.ts';
import type {TraceMarks} from '../../wire/traces.ts';
import {useOrganization} from '../../wire/session.ts';
import {FlameView} from './FlameView.tsx';
import {JourneyView} from './JourneyView.tsx';
import {ListView} from './ListView.tsx';
import {LogsView} from './LogsView.tsx';
import {placeMarks} from './place_marks.ts';
import {SpanDrawer} from './SpanDrawer.tsx';
import {StatisticsView} from './StatisticsView.tsx';
import {TraceBar} from './TraceBar.tsx';
import {TraceFoot} from './TraceFoot.tsx';
import {TraceHead} from './TraceHead.tsx';
import {TraceView} from './trace_view.ts';
import {Waterfall} from './Waterfall.tsx';
import './traces.css';

const PAN = 0.15;
const ZOOM = 1.5;

export default function TracePage(): ReactElement {
  const {traceId} = useParams({strict: false}) as {traceId: string};
  const found = useQuery({
    queryKey: ['trace', traceId],
    queryFn: async ({signal}) => new TraceView(readTrace(await traceAnswer(traceId, signal))),
    staleTime: 60_000,
    // A million spans are not compared with the million before.
    structuralSharing: false,
  });
  if (found.isError) return <Failure what={`Trace ${traceId.slice(0, 8)} could not be read`} error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what="the trace" rows={20} />;
  return <OpenTrace view={found.data} key={traceId} />;
}

function OpenTrace({view}: {readonly view: TraceView}): ReactElement {
  const search = useSearchRecord();
  const setSearch = useSetSearch();
  const organization = useOrganization();
  const marks = useQuery(traceMarksQuery(organization, view.trace.id));
  const shown = oneOf(search, 'view') || 'waterfall';
  const find = oneOf(search, 'find');
  const filter = oneOf(search, 'filter');
  const spanId = oneOf(search, 'span');
  const selected = useMemo(() => (spanId === '' ? -1 : placeOfSpan(view.trace, spanId)), [view, spanId]);

  useEffect(() => view.setFilter(filter), [view, filter]);
  useEffect(() => view.setFind(find), [view, find]);
  useEffect(() => {
    if (selected >= 0) view.reveal(selected);
  }, [view, selected]);
  useEffect(() => {
    if (marks.data) view.marks.set(placeMarks(view.trace, marks.data.marks));
  }, [view, marks.data]);

  const onSelect = useCallback(
    (span: number) => setSearch({span: view.trace.spanId[span] ?? ''}, {replace: true}),
    [setSearch, view],
  );
  useTraceKeys(view, onSelect, useCallback(() => setSearch({span: ''}, {replace: true}), [setSearch]));
  return (
    <div className="page trace-page">
      <TraceHead view={view} shown={shown} logs={marks.data?.marks.filter(each => each.kind === 'log').length} />
      <TraceBar view={view} shown={shown} find={find} filter={filter} onSelect={onSelect} />
      <div className={`trace-body${spanId === '' ? '' : ' with-drawer'}`}>
        <div className="trace-view" id="trace-view">
          <Shown name={shown} view={view} selected={selected} find={find} marks={marks.data} onSelect={onSelect} />
        </div>
        {spanId !== '' && <SpanDrawer view={view} span={selected} spanId={spanId} marks={marks.data} onClose={() => setSearch({span: ''}, {replace: true})} />}
      </div>
      <TraceFoot view={view} marks={marks.data} />
    </div>
  );
}

type ShownProps = {
  readonly name: string;
  readonly view: TraceView;
  readonly selected: number;
  readonly find: string;
  readonly marks: TraceMarks | undefined;
  readonly onSelect: (span: number) => void;
};

function Shown({name, view, selected, find, marks, onSelect}: ShownProps): ReactElement {
  switch (name) {
    case 'flame':
      return <FlameView view={view} selected={selected} onSelect={onSelect} />;
    case 'list':
      return <ListView view={view} selected={selected} onSelect={onSelect} />;
    case 'statistics':
      return <StatisticsView view={view} onSelect={onSelect} />;
    case 'journey':
      return <JourneyView traceId={view.trace.id} />;
    case 'logs':
      return <LogsView view={view} marks={marks} onSelect={onSelect} />;
    default:
      return <Waterfall view={view} selected={selected} find={find} onSelect={onSelect} />;
  }
}

function useTraceKeys(view: TraceView, onSelect: (span: number) => void, onClose: () => void): void {
  const keys = useMemo(() => {
    const group = 'Trace';
    const {durationNs} = view.trace;
    const anchor = (): number => {
      const at = view.currentSpan();
      const {from, to} = view.window.get();
      const middle = (view.trace.start[at] ?? 0) + (view.trace.duration[at] ?? 0) / 2;
      return middle >= from && middle <= to ? middle : (from + to) / 2;
    };
    const go = (span: number): void => {
      if (span < 0) return;
      view.reveal(span);
      onSelect(span);
    };
    const zoom = (factor: number) => (): void => view.window.set(before => zoomWindow(before, factor, anchor(), durationNs));
    const pan = (share: number) => (): void => view.window.set(before => panWindow(before, share, durationNs));
    return [
      {keys: ['w'], does: 'Zoom in', group, run: zoom(1 / ZOOM)},
      {keys: ['s'], does: 'Zoom out', group, run: zoom(ZOOM)},
      {keys: ['a'], does: 'Pan left', group, run: pan(-PAN)},
      {keys: ['d'], does: 'Pan right', group, run: pan(PAN)},
      {keys: ['0'], does: 'Show all of the time', group, run: () => view.window.set({from: 0, to: durationNs})},
      {keys: ['p'], does: 'Show or hide the critical path', group, run: () => view.flags.set(before => ({...before, isPathShown: !before.isPathShown}))},
      {keys: ['l'], does: 'Show or hide logs', group, run: () => view.flags.set(before => ({...before, areLogsShown: !before.areLogsShown}))},
      {keys: ['!'], does: 'Next error', group, run: () => go(view.nextError())},
      {keys: ['n'], does: 'Next hit of the search', group, run: () => go(view.nextHit(1))},
      {keys: ['N'], does: 'Hit before', group, run: () => go(view.nextHit(-1))},
      {keys: ['['], does: 'Fold all', group, run: () => view.setDepth(1)},
      {keys: [']'], does: 'Unfold all', group, run: () => view.setDepth(Number.POSITIVE_INFINITY)},
      {keys: ['Escape'], does: 'Close the span', group, run: onClose},
    ];
  }, [view, onSelect, onClose]);
  useKeys(keys);
}
