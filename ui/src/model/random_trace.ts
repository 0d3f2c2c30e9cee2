// Traces for tests and measurements: random ones, and large ones of a given size.
import type {ColumnarTrace} from '../wire/schema.ts';
import {readTrace} from './trace.ts';
import type {Trace} from './trace.ts';

export type SpanDraft = {
  /** Place of the parent among the drafts before it; -1 for a root. */
  readonly parent: number;
  readonly start: number;
  readonly duration: number;
  readonly label?: string;
  readonly service?: string;
  readonly isError?: boolean;
};

/** Brings drafts into pre-order, siblings by start, as the server does. */
export function traceOf(drafts: readonly SpanDraft[]): Trace {
  return readTrace(answerOf(drafts));
}

export function answerOf(drafts: readonly SpanDraft[]): ColumnarTrace {
  const below = new Map<number, number[]>();
  for (const [at, draft] of drafts.entries()) {
    const siblings = below.get(draft.parent);
    if (siblings) siblings.push(at);
    else below.set(draft.parent, [at]);
  }
  for (const each of below.values()) each.sort((one, other) => (drafts[one]?.start ?? 0) - (drafts[other]?.start ?? 0) || one - other);
  const order: number[] = [];
  const depth: number[] = [];
  const parent: number[] = [];
  const stack = [...(below.get(-1) ?? [])].reverse().map(draft => ({draft, above: -1, level: 0}));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const place = order.length;
    order.push(top.draft);
    depth.push(top.level);
    parent.push(top.above);
    for (const child of [...(below.get(top.draft) ?? [])].reverse()) stack.push({draft: child, above: place, level: top.level + 1});
  }
  const of = <Value>(read: (draft: SpanDraft, at: number) => Value): Value[] => order.map(at => read(drafts[at] as SpanDraft, at));
  const dictionary = (read: (draft: SpanDraft) => string): {values: string[]; indexes: number[]} => {
    const values: string[] = [];
    const places = new Map<string, number>();
    const indexes = of(draft => {
      const word = read(draft);
      const place = places.get(word) ?? values.push(word) - 1;
      places.set(word, place);
      return place;
    });
    return {values, indexes};
  };
  const none = dictionary(() => '');
  return {
    traceId: '7c1e04b9d2a85f367c1e04b9d2a85f36',
    startTimestamp: '2026-05-04T14:59:54.928Z',
    startNs: '1777906794928000000',
    durationNs: drafts.reduce((most, draft) => Math.max(most, draft.start + draft.duration), 0),
    shown: order.length,
    total: order.length,
    gapCount: 0,
    gaps: {parent: [], before: [], startNs: [], durationNs: []},
    projects: {'1': 'default'},
    columns: {
      selfNs: of(() => 0),
      criticalNs: of(() => 0),
      skewNs: of(() => 0),
      marks: of(() => 0),
      depth,
      parent,
      startNs: of(draft => draft.start),
      durationNs: of(draft => draft.duration),
      isSegment: of(draft => draft.parent < 0),
      isOrphan: of(() => false),
      projectId: of(() => 1),
      spanId: of((_, at) => at.toString(16).padStart(16, '0')),
      description: of(draft => draft.label ?? ''),
      statusText: of(() => ''),
      statusMessage: of(() => ''),
      name: none,
      op: dictionary(draft => (draft.label ?? '').split(' ')[0] ?? ''),
      service: dictionary(draft => draft.service ?? 'shop'),
      kind: none,
      status: dictionary(draft => (draft.isError ? 'error' : 'ok')),
      environment: none,
      release: none,
      protocol: none,
      origin: none,
    },
  };
}

const SERVICES = ['frontend', 'api-gateway', 'user-service', 'game-engine', 'payment-service', 'ledger'];
const LABELS = ['GET /bets', 'POST /charge', 'db SELECT wallet', 'db UPDATE charge', 'cache get', 'publish bet.settled'];

/** A trace of this many spans, always the same: deep in places, wide in others, some errors. */
export function largeTrace(count: number): ColumnarTrace {
  let seed = 42;
  const dice = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const drafts: SpanDraft[] = [{parent: -1, start: 0, duration: 10e9, label: 'GET /', service: 'frontend'}];
  for (let at = 1; at < count; at += 1) {
    const parent = dice() < 0.6 ? Math.max(0, at - 1 - Math.floor(dice() * 8)) : Math.floor(dice() * at);
    const above = drafts[parent] as SpanDraft;
    const start = Math.floor(above.start + above.duration * dice() * 0.8);
    const duration = Math.floor(Math.max(1, (above.start + above.duration - start) * dice()));
    const which = Math.floor(dice() * LABELS.length);
    drafts.push({
      parent,
      start,
      duration,
      label: LABELS[which] ?? '',
      service: dice() < 0.7 ? (above.service ?? '') : (SERVICES[Math.floor(dice() * SERVICES.length)] ?? ''),
      isError: dice() < 0.01,
    });
  }
  return answerOf(drafts);
}
