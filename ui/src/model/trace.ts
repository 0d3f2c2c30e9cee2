// A trace as typed arrays in pre-order: what a million spans can still be drawn from.
import type {ColumnarTrace, Dictionary} from '../wire/schema.ts';

/** A column of few different values. */
export type Words = {readonly values: readonly string[]; readonly at: Uint32Array};

export type Trace = {
  readonly id: string;
  readonly startIso: string;
  /** Nanoseconds since 1970; a float could not hold them. */
  readonly startNs: bigint;
  readonly durationNs: number;
  readonly count: number;
  /** How many spans the trace has; `count` may be fewer. */
  readonly total: number;
  /** Place of the parent, -1 for roots. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Place behind the last span below: [at, end[at]) is the subtree. */
  readonly end: Int32Array;
  /** Nanoseconds from the start of the trace: exact in a float for 104 days. */
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly flags: Uint8Array;
  /** Bits of what is odd about a span. */
  readonly marks: Uint8Array;
  readonly spanId: readonly string[];
  readonly description: readonly string[];
  readonly statusText: readonly string[];
  readonly statusMessage: readonly string[];
  readonly name: Words;
  readonly op: Words;
  readonly service: Words;
  readonly kind: Words;
  readonly release: Words;
  readonly environment: Words;
  readonly projectId: readonly number[];
  readonly projects: Readonly<Record<string, string>>;
};

export const IS_SEGMENT = 1;
export const IS_ORPHAN = 2;
export const IS_ERROR = 4;

export function readTrace(answer: ColumnarTrace): Trace {
  const {columns} = answer;
  const count = columns.spanId.length;
  const parent = Int32Array.from(columns.parent);
  const status = words(columns.status);
  const flags = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    flags[at] =
      (columns.isSegment[at] ? IS_SEGMENT : 0) |
      (columns.isOrphan[at] ? IS_ORPHAN : 0) |
      (status.values[status.at[at] ?? 0] === 'error' ? IS_ERROR : 0);
  }
  return {
    id: answer.traceId,
    startIso: answer.startTimestamp,
    startNs: BigInt(answer.startNs),
    durationNs: answer.durationNs,
    count,
    total: answer.total,
    parent,
    depth: Int32Array.from(columns.depth),
    end: subtreeEnds(parent),
    start: Float64Array.from(columns.startNs),
    duration: Float64Array.from(columns.durationNs),
    flags,
    marks: Uint8Array.from(columns.marks),
    spanId: columns.spanId,
    description: columns.description,
    statusText: columns.statusText,
    statusMessage: columns.statusMessage,
    name: words(columns.name),
    op: words(columns.op),
    service: words(columns.service),
    kind: words(columns.kind),
    release: words(columns.release),
    environment: words(columns.environment),
    projectId: columns.projectId,
    projects: answer.projects,
  };
}

/** Backwards through pre-order: a span's subtree ends where its last child's does. */
export function subtreeEnds(parent: Int32Array): Int32Array {
  const end = new Int32Array(parent.length);
  for (let at = parent.length - 1; at >= 0; at -= 1) {
    if ((end[at] ?? 0) === 0) end[at] = at + 1;
    const above = parent[at] ?? -1;
    if (above >= 0 && (end[above] ?? 0) === 0) end[above] = end[at] ?? at + 1;
  }
  return end;
}

export function wordAt(column: Words, at: number): string {
  return column.values[column.at[at] ?? 0] ?? '';
}

export function isError(trace: Trace, at: number): boolean {
  return ((trace.flags[at] ?? 0) & IS_ERROR) !== 0;
}

export function hasChildren(trace: Trace, at: number): boolean {
  return (trace.end[at] ?? 0) > at + 1;
}

/** What a span is called: what it did, or what it is. */
export function labelOf(trace: Trace, at: number): string {
  const description = trace.description[at] ?? '';
  const name = wordAt(trace.name, at);
  const op = wordAt(trace.op, at);
  return description || name || op || (trace.spanId[at] ?? '');
}

/** The kind of work, when the label does not begin with it. */
export function workOf(trace: Trace, at: number): string {
  const op = wordAt(trace.op, at);
  return op === '' || op === 'default' || labelOf(trace, at).startsWith(op) ? '' : op;
}

export function endNs(trace: Trace, at: number): number {
  return (trace.start[at] ?? 0) + (trace.duration[at] ?? 0);
}

export function placeOfSpan(trace: Trace, spanId: string): number {
  return trace.spanId.indexOf(spanId);
}

export function errorCount(trace: Trace): number {
  let count = 0;
  for (const flags of trace.flags) if ((flags & IS_ERROR) !== 0) count += 1;
  return count;
}

export type TraceFaults = {
  /** They name a parent that is not there. */
  readonly orphans: number;
  readonly repeated: number;
  /** They arrived more than a minute after their end. */
  readonly late: number;
  /** Clocks disagree. */
  readonly skewed: number;
  /** Their parents lead back to themselves. */
  readonly circular: number;
};

/** What a person should know before believing what they see, as the server marked it. */
export function traceFaults(trace: Pick<Trace, 'marks'>): TraceFaults {
  const count = (bit: number): number => {
    let sum = 0;
    for (const marks of trace.marks) if ((marks & bit) !== 0) sum += 1;
    return sum;
  };
  return {orphans: count(1), repeated: count(2), late: count(4), skewed: count(8), circular: count(16)};
}

function words(column: Dictionary): Words {
  return {values: column.values, at: Uint32Array.from(column.indexes)};
}
