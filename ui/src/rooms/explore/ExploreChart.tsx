// The chosen figures over time, of all or of the top groups, beside the period before; or durations as a heatmap.
import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {rangeMs} from '../../base/scope.ts';
import {slotOf} from '../../base/service_slots.ts';
import {Tag} from '../../widgets/Button.tsx';
import {Chart} from '../../widgets/Chart.tsx';
import type {ChartExemplar, ChartLine} from '../../widgets/chart_data.ts';
import {Heatmap} from '../../widgets/Heatmap.tsx';
import type {HeatmapPart} from '../../widgets/Heatmap.tsx';
import {useScope, useSetSearch} from '../../widgets/use_scope.ts';
import {exemplarsQuery} from '../../wire/behind_figures.ts';
import {numberOf, textOf} from '../../wire/events_table.ts';
import {heatmapQuery} from '../../wire/heatmap.ts';
import {useOrganization} from '../../wire/session.ts';
import {seriesQuery} from '../../wire/timeseries.ts';
import type {SeriesAnswer, SeriesLine} from '../../wire/timeseries.ts';
import {formatNumber} from './cells.ts';
import type {ExploreView} from './explore_view.ts';

const HEIGHT_PX = 150;
/** Figures of different units do not share an axis: each gets its chart, a few at most. */
const CHARTS_MAX = 3;

export function ExploreChart({view}: {readonly view: ExploreView}): ReactElement {
  if (view.chart === 'heatmap') return <DurationsChart view={view} />;
  return (
    <div className="explore-charts">
      {view.figures.slice(0, CHARTS_MAX).map(figure => <FigureChart key={figure} view={view} figure={figure} />)}
      {view.figures.length > CHARTS_MAX && <p className="small quiet list-foot">{CHARTS_MAX} of {view.figures.length} figures are drawn; the table has all of them.</p>}
    </div>
  );
}

function FigureChart({view, figure}: {readonly view: ExploreView; readonly figure: string}): ReactElement {
  const scope = useScope();
  const setSearch = useSetSearch();
  const isGrouped = view.groupBy.length > 0;
  const [startMs, endMs] = rangeMs(scope.range, Date.now());
  const found = useQuery(
    seriesQuery(useOrganization(), scope, {
      dataset: view.dataset.name,
      query: view.query,
      yAxis: [figure],
      ...(isGrouped ? {groupBy: view.groupBy, topEvents: view.top, sort: `-${figure}`} : {}),
      ...(view.isCompared ? {comparisonDelta: Math.round((endMs - startMs) / 1000)} : {}),
    }),
  );
  const samples = useQuery({...exemplarsQuery(scope, {dataset: view.dataset.name, query: view.query, yAxis: figure}), enabled: view.dataset.name === 'spans' && /\(span\.duration/.test(figure)});
  const exemplars = useMemo(() => (samples.data?.data ?? []).map(asExemplar), [samples.data]);
  const lines = useMemo(() => (found.data ? linesOf(found.data, view) : []), [found.data, view]);
  // The table below says what is wrong with a question: once is enough.
  if (found.isError) return <p className="small quiet list-foot">No chart: {found.error.message}</p>;
  if (found.data === undefined) return <div className="chart" style={{height: HEIGHT_PX + 60}} />;
  const [first] = found.data.lines;
  const isDoubtful = found.data.lines.some(line => line.isDoubtful);
  return (
    <div className="explore-chart">
      <Chart
        name={figure}
        sentence={sentenceOf(view)}
        timesMs={found.data.timesMs}
        lines={lines}
        format={value => formatNumber(value, first?.kind ?? '', first?.unit ?? '')}
        heightPx={HEIGHT_PX}
        group="explore"
        exemplars={exemplars}
        onZoom={(fromMs, toMs) => setSearch({start: isoOf(fromMs), end: isoOf(toMs), statsPeriod: '', cursor: ''})}
      />
      {isDoubtful && <p className="small list-foot"><Tag tone="warn">rough</Tag> Some steps have too few kept rows for a sure figure.</p>}
    </div>
  );
}

function linesOf(answer: SeriesAnswer, view: ExploreView): readonly ChartLine[] {
  const isOfServices = view.groupBy.length === 1 && (view.groupBy[0] === 'service' || view.groupBy[0] === 'service.name');
  return answer.lines.flatMap((line): ChartLine[] => {
    const name = line.isOther ? 'all others' : nameOf(line);
    const own: ChartLine = {name, values: line.values, isOther: line.isOther, ...(isOfServices && !line.isOther ? {slot: slotOf(name)} : {})};
    return view.isCompared ? [own, {name: `${name}, before`, values: line.before, isOther: true, isUnnamed: view.groupBy.length > 0}] : [own];
  });
}

function nameOf(line: SeriesLine): string {
  return line.name.trim() === '' ? '(empty)' : line.name;
}

function sentenceOf(view: ExploreView): string {
  const of = view.groupBy.length > 0 ? `the top ${view.top} by ${view.groupBy.join(', ')}` : `all ${view.dataset.noun} found`;
  return `Of ${of}${view.isCompared ? ', grey the period before' : ''}. Drag to look at a part.`;
}

function asExemplar(row: Readonly<Record<string, unknown>>): ChartExemplar {
  const trace = textOf(row['trace'] as never);
  const name = textOf(row['span.description'] as never) || textOf(row['span.op'] as never);
  const value = numberOf(row['span.duration'] as never);
  return {timeMs: Date.parse(textOf(row['timestamp'] as never)), value, name: `${formatNumber(value, 'duration', 'millisecond')} ${name}`, href: `/traces/${encodeURIComponent(trace)}?span=${encodeURIComponent(textOf(row['id'] as never))}`};
}

function DurationsChart({view}: {readonly view: ExploreView}): ReactElement {
  const setSearch = useSetSearch();
  const found = useQuery(heatmapQuery(useScope(), {dataset: 'spans', query: view.query, field: 'span.duration'}));
  if (found.isError) return <p className="small quiet list-foot">No heatmap: {found.error.message}</p>;
  if (found.data === undefined) return <div className="heatmap" />;
  if (found.data.cells.count.length === 0) return <p className="small quiet list-foot">No spans to draw.</p>;
  return <Heatmap heatmap={found.data} does="see what differs there" onChoose={part => setSearch({selection: selectionOf(part)})} />;
}

function selectionOf(part: HeatmapPart): string {
  const upper = Number.isFinite(part.toMs) ? ` span.duration:<${plain(part.toMs)}ms` : '';
  return `span.duration:>=${plain(part.fromMs)}ms${upper} timestamp:>=${isoOf(part.startMs)} timestamp:<${isoOf(part.endMs)}`;
}

/** Without an exponent, which searches do not know. */
function plain(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
