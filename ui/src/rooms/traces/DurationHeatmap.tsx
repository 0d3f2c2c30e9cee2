// Durations over time as a heatmap that leads to a part of it.
import {useQuery} from '@tanstack/react-query';
import type {ReactElement} from 'react';
import {withDuration} from '../../base/query_terms.ts';
import {Heatmap} from '../../widgets/Heatmap.tsx';
import {useScope, useSetSearch} from '../../widgets/use_scope.ts';
import {heatmapQuery} from '../../wire/heatmap.ts';

type Props = {readonly query: string; readonly shownQuery: string};

/** `query` is what is drawn, `shownQuery` what the person wrote and a selection is added to. */
export function DurationHeatmap({query, shownQuery}: Props): ReactElement | null {
  const scope = useScope();
  const setSearch = useSetSearch();
  const found = useQuery(heatmapQuery(scope, {dataset: 'spans', query, field: 'span.duration'}));
  // The list below says what is wrong with a search: once is enough.
  if (found.isError) return <p className="small quiet list-foot">No heatmap: {found.error.message}</p>;
  if (found.data === undefined) return <div className="heatmap" />;
  if (found.data.cells.count.length === 0) return null;
  return (
    <Heatmap
      heatmap={found.data}
      does="look at a part"
      onChoose={part => setSearch({query: withDuration(shownQuery, part.fromMs, part.toMs), start: isoOf(part.startMs), end: isoOf(part.endMs), statsPeriod: '', cursor: ''})}
    />
  );
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
