// How many spans there were, and how long they took, over time.
import {useQuery} from '@tanstack/react-query';
import type {ReactElement} from 'react';
import {formatCount, formatDuration} from '../../base/numbers.ts';
import {Chart} from '../../widgets/Chart.tsx';
import {useScope, useSetSearch} from '../../widgets/use_scope.ts';
import {useOrganization} from '../../wire/session.ts';
import {seriesQuery} from '../../wire/timeseries.ts';

const KINDS = {
  durations: {name: 'Duration', axes: ['p50(span.duration)', 'p95(span.duration)'], sentence: 'The middle and the slowest twentieth of spans.', format: (ms: number) => formatDuration(ms * 1e6)},
  counts: {name: 'Spans', axes: ['count()'], sentence: 'How many spans there were in each step.', format: formatCount},
} as const;

export function SpanCharts({kind, query}: {readonly kind: keyof typeof KINDS; readonly query: string}): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const setSearch = useSetSearch();
  const {name, axes, sentence, format} = KINDS[kind];
  const found = useQuery(seriesQuery(organization, scope, {dataset: 'spans', query, yAxis: axes}));
  if (found.isError) return <p className="small quiet list-foot">No chart: {found.error.message}</p>;
  if (found.data === undefined) return <div className="heatmap" />;
  const zoom = (fromMs: number, toMs: number): void => setSearch({start: iso(fromMs), end: iso(toMs), statsPeriod: '', cursor: ''});
  return <Chart name={name} sentence={sentence} timesMs={found.data.timesMs} lines={found.data.lines} format={format} heightPx={120} onZoom={zoom} />;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
