// The search of traces: entry spans that match, and the counts beside them.
import {keepPreviousData, queryOptions} from '@tanstack/react-query';
import {writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import {getWithHeaders, nextCursor} from './client.ts';
import {numberOf, tableQuery, textOf} from './events_table.ts';
import type {TableAnswer} from './events_table.ts';
import type {Json, ListedTrace, TraceList} from './schema.ts';

export type FoundTrace = {
  readonly traceId: string;
  readonly spanId: string;
  readonly label: string;
  readonly op: string;
  readonly service: string;
  readonly project: string;
  readonly environment: string;
  readonly status: string;
  readonly durationNs: number;
  readonly timestamp: string;
  /** Of whole traces only. */
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly string[];
};

/** Traces that have a span which the query finds, newest first. */
export const tracesQuery = (scope: Scope, asked: {readonly query: string; readonly cursor: string}) =>
  queryOptions({
    queryKey: ['traces', writeScope(scope), asked],
    queryFn: async ({signal}): Promise<FoundTraces> => {
      const {value, headers} = await getWithHeaders<TraceList>(
        '/api/v1/traces',
        {...writeScope(scope), query: inEnvironment(asked.query, scope.environment), cursor: asked.cursor === '' ? undefined : asked.cursor, per_page: TRACES_PER_PAGE},
        signal,
      );
      return {traces: value.traces.map(readTrace), next: nextCursor(headers) ?? ''};
    },
    placeholderData: keepPreviousData,
  });

export type FoundTraces = {readonly traces: readonly FoundTrace[]; readonly next: string};

const FIELDS = ['trace', 'span_id', 'span.description', 'span.name', 'span.op', 'service', 'project', 'environment', 'span.status', 'span.duration', 'timestamp'];
export type Which = 'traces' | 'entries' | 'spans';

/** What facets and the heatmap count: of traces and of entries, the spans at which a service was entered. */
const WHICH: Readonly<Record<Which, string>> = {traces: 'is_transaction:true', entries: 'is_transaction:true', spans: ''};
const PER_PAGE = 100;
const TRACES_PER_PAGE = 50;

export const spansQuery = (organization: {readonly slug: string}, scope: Scope, asked: {readonly which: Which; readonly query: string; readonly sort: string; readonly cursor: string}) => {
  const query = whole(asked.which, asked.query);
  const table = tableQuery(organization, scope, {dataset: 'spans', fields: FIELDS, query, sort: asked.sort, perPage: PER_PAGE, cursor: asked.cursor});
  return {
    ...table,
    select: (answer: TableAnswer): FoundTraces => ({traces: answer.rows.map(readRow), next: answer.next ?? ''}),
  };
};

export const FACETS: readonly (readonly [key: string, name: string])[] = [
  ['service', 'Service'],
  ['span.op', 'Operation'],
  ['span.status', 'Status'],
  ['environment', 'Environment'],
];
const VALUES_MAX = 8;

export const facetQuery = (organization: {readonly slug: string}, scope: Scope, key: string, asked: {readonly which: Which; readonly query: string}) =>
  tableQuery(organization, scope, {dataset: 'spans', fields: [key, 'count()'], query: whole(asked.which, asked.query), sort: '-count()', perPage: VALUES_MAX});

/** The query with what is listed. */
export function whole(which: Which, query: string): string {
  const own = query.trim();
  if (own === '' || WHICH[which] === '') return own || WHICH[which];
  return `${WHICH[which]} (${own})`;
}

function readRow(row: Readonly<Record<string, Json>>): FoundTrace {
  const durationMs = numberOf(row['span.duration']);
  return {
    traceId: textOf(row['trace']),
    spanId: textOf(row['span_id']),
    label: textOf(row['span.description']) || textOf(row['span.name']) || textOf(row['span.op']),
    op: textOf(row['span.op']),
    service: textOf(row['service']),
    project: textOf(row['project']),
    environment: textOf(row['environment']),
    status: textOf(row['span.status']),
    durationNs: durationMs * 1e6,
    timestamp: textOf(row['timestamp']),
    spanCount: 0,
    errorCount: 0,
    services: [],
  };
}

function readTrace(trace: ListedTrace): FoundTrace {
  return {
    traceId: trace.traceId,
    // The span that was looked for, when one was: the trace opens there.
    spanId: trace.matchingSpans[0] ?? '',
    label: trace.root.name,
    op: trace.root.isMissing ? 'begins elsewhere' : trace.root.op,
    service: trace.root.service,
    project: trace.root.project,
    environment: '',
    status: trace.errorCount > 0 ? 'error' : '',
    durationNs: trace.durationNs,
    timestamp: trace.startTimestamp,
    spanCount: trace.spanCount,
    errorCount: trace.errorCount,
    services: trace.services,
  };
}

/** The list of traces knows no environment; a search does. */
function inEnvironment(query: string, environment: string): string {
  if (environment === '') return query;
  const term = `environment:"${environment.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return query.trim() === '' ? term : `${term} (${query})`;
}
