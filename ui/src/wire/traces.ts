// Questions about single traces: all spans as columns, one span whole, its errors and logs.
import {queryOptions} from '@tanstack/react-query';
import {get, getWithHeaders, nextCursor} from './client.ts';
import {ofOrganization} from './session.ts';
import type {ColumnarTrace, SpanDetails, TableForm} from './schema.ts';

/** A trace that is done does not change; a late span is seen after a reload. */
const TRACE_STALE_MS = 60_000;
const MARKS_MAX = 1_000;
/** As far as anything is kept: a trace is found by its id, whatever time the page looks at. */
const LOOK_BACK = '90d';

export const traceAnswer = (traceId: string, signal?: AbortSignal): Promise<ColumnarTrace> =>
  get<ColumnarTrace>(`/api/v1/traces/${encodeURIComponent(traceId)}`, {statsPeriod: LOOK_BACK}, signal);

export const spanQuery = (traceId: string, spanId: string) =>
  queryOptions({
    queryKey: ['span', traceId, spanId],
    queryFn: ({signal}) => get<SpanDetails>(`/api/v1/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`, {}, signal),
    staleTime: TRACE_STALE_MS,
  });

/** An error or a log on a span. */
export type TraceMark = {
  readonly kind: 'error' | 'log';
  readonly id: string;
  readonly spanId: string;
  readonly title: string;
  readonly level: string;
  /** Nanoseconds since 1970, as exact as it was sent. */
  readonly timeNs: bigint;
  readonly timestamp: string;
  readonly project: string;
};

export type TraceMarks = {readonly marks: readonly TraceMark[]; readonly isCut: boolean};

export const traceMarksQuery = (organization: {readonly slug: string}, traceId: string) =>
  queryOptions({
    queryKey: ['trace-marks', organization.slug, traceId],
    queryFn: async ({signal}): Promise<TraceMarks> => {
      const [errors, logs] = await Promise.all([
        marksOf(organization, traceId, 'errors', signal),
        marksOf(organization, traceId, 'logs', signal),
      ]);
      return {marks: [...errors.marks, ...logs.marks], isCut: errors.isCut || logs.isCut};
    },
    staleTime: TRACE_STALE_MS,
  });

async function marksOf(organization: {readonly slug: string}, traceId: string, dataset: 'errors' | 'logs', signal: AbortSignal): Promise<TraceMarks> {
  const isErrors = dataset === 'errors';
  const words = isErrors ? ['title', 'level'] : ['message', 'severity'];
  const {value, headers} = await getWithHeaders<TableForm>(
    ofOrganization(organization, 'events/'),
    {dataset, field: ['id', 'span_id', ...words, 'timestamp', 'timestamp_precise', 'project'], query: `trace:${traceId}`, statsPeriod: LOOK_BACK, sort: 'timestamp', per_page: MARKS_MAX},
    signal,
  );
  const marks = value.data.map((row): TraceMark => ({
    kind: isErrors ? 'error' : 'log',
    id: String(row['id'] ?? ''),
    spanId: String(row['span_id'] ?? ''),
    title: String(row[words[0] ?? ''] ?? ''),
    level: String(row[words[1] ?? ''] ?? ''),
    timeNs: wholeNumber(row['timestamp_precise']),
    timestamp: String(row['timestamp'] ?? ''),
    project: String(row['project'] ?? ''),
  }));
  return {marks, isCut: nextCursor(headers) !== null};
}

function wholeNumber(value: unknown): bigint {
  try {
    return BigInt(value as string | number);
  } catch {
    return 0n;
  }
}
