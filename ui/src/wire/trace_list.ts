// The search of traces: entry spans that match, and the counts beside them.
import type {Scope} from '../base/scope.ts';
import {numberOf, tableQuery, textOf} from './events_table.ts';
import type {TableAnswer} from './events_table.ts';
import type {Json} from './schema.ts';

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
};

export type FoundTraces = {readonly traces: readonly FoundTrace[]; readonly next: string | null};

const FIELDS = ['trace', 'span_id', 'span.description', 'span.name', 'span.op', 'service', 'project', 'environment', 'span.status', 'span.duration', 'timestamp'];
export type Which = 'traces' | 'entries' | 'spans';

/** Roots stand for their traces; entries are where a service was entered. */
const WHICH: Readonly<Record<Which, string>> = {traces: '!has:parent_span', entries: 'is_transaction:true', spans: ''};
const PER_PAGE = 100;

export const tracesQuery = (organization: {readonly slug: string}, scope: Scope, asked: {readonly which: Which; readonly query: string; readonly sort: string; readonly cursor: string}) => {
  const query = whole(asked.which, asked.query);
  const table = tableQuery(organization, scope, {dataset: 'spans', fields: FIELDS, query, sort: asked.sort, perPage: PER_PAGE, cursor: asked.cursor});
  return {
    ...table,
    select: (answer: TableAnswer): FoundTraces => ({traces: answer.rows.map(readRow), next: answer.next}),
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
  };
}
