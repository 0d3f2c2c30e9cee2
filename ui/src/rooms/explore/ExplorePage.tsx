// Explore: one question over spans, logs, errors or metrics, as chart, rows, groups, facets and differences.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useCallback, useMemo, useState} from 'react';
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {rangeMs} from '../../base/scope.ts';
import {Button, Segments, Tag} from '../../widgets/Button.tsx';
import {QueryBox} from '../../widgets/QueryBox.tsx';
import type {QueryBoxProps} from '../../widgets/query_box_props.ts';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {TimeRule} from '../../widgets/TimeRule.tsx';
import {useScope, useSetSearch} from '../../widgets/use_scope.ts';
import {WireError} from '../../wire/client.ts';
import {numberOf, tableQuery} from '../../wire/events_table.ts';
import type {TableAnswer} from '../../wire/events_table.ts';
import {useOrganization} from '../../wire/session.ts';
import {DATASETS, datasetOf} from './datasets.ts';
import {ExploreChart} from './ExploreChart.tsx';
import {ExportButtons} from './ExportButtons.tsx';
import {fieldsOf, FORGOTTEN, useExploreView} from './explore_view.ts';
import type {ExploreView} from './explore_view.ts';
import {FieldFacets} from './FieldFacets.tsx';
import {LogLines} from './LogLines.tsx';
import {QuestionBar} from './QuestionBar.tsx';
import {ResultTable} from './ResultTable.tsx';
import {SidePanel} from './SidePanel.tsx';
import {suggestionsFor} from './suggestions.ts';
import './explore.css';

const PER_PAGE = 500;
const GROUPS_MAX = 200;

export default function ExplorePage(): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const setSearch = useSetSearch();
  const view = useExploreView();
  const {dataset, query, sort, cursor} = view;
  const found = useQuery(tableQuery(organization, scope, {dataset: dataset.name, fields: fieldsOf(view), query, sort, cursor, perPage: view.isGrouped ? GROUPS_MAX : PER_PAGE}));
  const total = useQuery(tableQuery(organization, scope, {dataset: dataset.name, fields: ['count()'], query}));
  const nowMs = Math.ceil((found.dataUpdatedAt || Date.now()) / 60_000) * 60_000;
  const [startMs, endMs] = rangeMs(scope.range, nowMs);
  const ask = useCallback((text: string): void => setSearch({query: text, cursor: ''}), [setSearch]);
  // What another question answered stays until the new answer is there, unless it is of other columns.
  const isOld = found.isPlaceholderData && fieldsOf(view).some(field => found.data?.meta.fields[field] === undefined);
  const table = isOld || found.isError ? undefined : found.data;
  return (
    <div className="page">
      <TimeRule startMs={startMs} endMs={endMs} />
      <div className="head">
        <h1>Explore</h1>
        <Segments label="What is explored" value={dataset.name} choices={DATASETS.map(each => [each.name, each.title] as const)} onChoose={name => setSearch({...FORGOTTEN, query: '', dataset: name === 'spans' ? '' : name})} />
        <span className="grow" />
        <ExportButtons view={view} table={table} />
      </div>
      <Question view={view} error={found.error} onAsk={ask} />
      <QuestionBar view={view} />
      <div className="explore-body">
        <FieldFacets view={view} onAsk={ask} />
        <div className="explore-middle">
          <ExploreChart view={view} />
          {found.isError && <Failure what={`${dataset.title} could not be searched`} error={found.error} onRetry={() => void found.refetch()} />}
          {table === undefined && !found.isError && <Loading what={dataset.noun} rows={16} />}
          {table && <Results view={view} table={table} onAsk={ask} />}
        </div>
        <SidePanel view={view} />
      </div>
      <Foot keys={[['/', 'query'], ['?', 'all keys']]}>
        {table && <Counts view={view} table={table} total={numberOf(total.data?.rows[0]?.['count()'])} />}
        {found.data?.next && <Button look="quiet" onClick={() => setSearch({cursor: found.data?.next ?? ''})}>Next page</Button>}
        {cursor !== '' && <Button look="quiet" onClick={() => setSearch({cursor: ''})}>First page</Button>}
      </Foot>
    </div>
  );
}

function Question({view, error, onAsk}: {readonly view: ExploreView; readonly error: Error | null; readonly onAsk: (text: string) => void}): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const queries = useQueryClient();
  const {dataset, query} = view;
  const [written, setWritten] = useState({of: query, text: query});
  const suggest = useCallback<QueryBoxProps['suggest']>(place => suggestionsFor(queries, organization, scope, datasetOf(dataset.name), place), [queries, organization, scope, dataset.name]);
  const wrong = useMemo(() => (error instanceof WireError && error.position !== null ? {position: error.position, message: error.message} : undefined), [error]);
  return (
    <div className="bar" role="search">
      <QueryBox
        key={`${dataset.name} ${query}`}
        query={query}
        placeholder={dataset.example}
        wrong={wrong}
        suggest={suggest}
        onAsk={onAsk}
        onWrite={text => setWritten({of: query, text})}
      />
      <Button look="primary" onClick={() => onAsk((written.of === query ? written.text : query).trim())}>Search</Button>
    </div>
  );
}

function Results({view, table, onAsk}: {readonly view: ExploreView; readonly table: TableAnswer; readonly onAsk: (text: string) => void}): ReactElement {
  if (table.rows.length === 0) {
    return (
      <Empty title={view.query === '' ? `No ${view.dataset.noun} in this time` : `No ${view.dataset.noun} match`}>
        {view.query === '' ? 'Look at a longer time, at other projects, or send some.' : <Button onClick={() => onAsk('')}>Remove the query</Button>}
      </Empty>
    );
  }
  // Another answer is another list: no line stays open or scrolled.
  const key = `${view.query} ${view.cursor} ${view.sort}`;
  if (view.dataset.name === 'logs' && !view.isGrouped) return <LogLines key={key} rows={table.rows} />;
  return <ResultTable key={key} view={view} table={table} />;
}

function Counts({view, table, total}: {readonly view: ExploreView; readonly table: TableAnswer; readonly total: number}): ReactElement {
  const shown = table.rows.length;
  const rates = (table.meta.accuracy?.samplingRate ?? []).flatMap(row => Object.values(row)).filter(rate => rate !== null);
  const isSampled = rates.some(rate => rate < 1);
  return (
    <>
      {view.isGrouped ? (
        <span><b>{formatCount(shown)}</b> groups shown{table.next === null ? ', these are all' : ', there are more'}, of <b>{formatCount(total)}</b> {view.dataset.noun}</span>
      ) : (
        <span><b>{formatCount(shown)}</b> of <b>{formatCount(total)}</b> {view.dataset.noun} shown</span>
      )}
      {isSampled && <Tag tone="warn" title={table.meta.accuracy?.measure ?? ''}>figures are estimated: only a part was kept</Tag>}
    </>
  );
}
