// The state of the explorer, all of it in the address.
import {useMemo} from 'react';
import {allOf, oneOf} from '../../base/search_record.ts';
import type {SearchRecord} from '../../base/search_record.ts';
import {useSearchRecord} from '../../widgets/use_scope.ts';
import {datasetOf} from './datasets.ts';
import type {ExploredDataset} from './datasets.ts';

export type ExploreView = {
  readonly dataset: ExploredDataset;
  readonly query: string;
  /** Figures that are drawn, and shown of groups. */
  readonly figures: readonly string[];
  readonly groupBy: readonly string[];
  readonly columns: readonly string[];
  readonly isGrouped: boolean;
  readonly top: number;
  readonly isCompared: boolean;
  readonly chart: 'lines' | 'heatmap';
  readonly sort: string;
  readonly cursor: string;
  /** A search whose rows are held against all others. */
  readonly selection: string;
};

export const TOP_CHOICES: readonly number[] = [5, 10, 20];
const TOP_DEFAULT = 5;

/** What an own part of the address is when a dataset is changed: names of one are not those of another. */
export const FORGOTTEN: SearchRecord = {figure: '', by: '', column: '', sort: '', cursor: '', selection: '', chart: '', rows: ''};

export function readView(search: SearchRecord): ExploreView {
  const dataset = datasetOf(oneOf(search, 'dataset'));
  const groupBy = filled(allOf(search, 'by'));
  const figures = filled(allOf(search, 'figure'));
  const columns = filled(allOf(search, 'column'));
  const shown = figures.length > 0 ? figures : dataset.figures.slice(0, 1);
  const isGrouped = oneOf(search, 'rows') === '' ? groupBy.length > 0 : oneOf(search, 'rows') === 'groups';
  return {
    dataset,
    query: oneOf(search, 'query').trim(),
    figures: shown,
    groupBy,
    columns: columns.length > 0 ? columns : dataset.columns,
    isGrouped,
    top: TOP_CHOICES.find(each => String(each) === oneOf(search, 'top')) ?? TOP_DEFAULT,
    isCompared: oneOf(search, 'compare') === '1',
    chart: dataset.name === 'spans' && oneOf(search, 'chart') === 'heatmap' ? 'heatmap' : 'lines',
    sort: oneOf(search, 'sort') || (isGrouped ? `-${shown[0] ?? 'count()'}` : '-timestamp'),
    cursor: oneOf(search, 'cursor'),
    selection: oneOf(search, 'selection').trim(),
  };
}

export function useExploreView(): ExploreView {
  const search = useSearchRecord();
  return useMemo(() => readView(search), [search]);
}

/** Needed beside the columns to link a row, tell it apart and open it. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  spans: ['trace', 'span_id'],
  logs: ['id', 'trace', 'span_id', 'severity'],
  errors: ['id', 'trace', 'group.hash', 'level'],
  tracemetrics: ['trace', 'span_id'],
};

export function fieldsOf(view: ExploreView): readonly string[] {
  if (view.isGrouped) return [...view.groupBy, ...view.figures];
  return [...new Set([...view.columns, ...(NEEDED[view.dataset.name] ?? [])])];
}

/** The columns that a person sees. */
export function titlesOf(view: ExploreView): readonly string[] {
  return view.isGrouped ? [...view.groupBy, ...view.figures] : view.columns;
}

function filled(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter(text => text.trim() !== ''))];
}
