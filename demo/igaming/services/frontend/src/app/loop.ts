// The closing loop of one trigger: accepted → emitted → seen in the server, with the seconds it took.

import {signal, type WritableSignal} from '@angular/core';
import {ask} from './api';

const POLL_MS = 400;
const WATCH_MS_MAX = 30_000;

export interface Loop {
  readonly name: string;
  readonly traceId: string;
  readonly accepted: string;
  readonly answer: string;
  readonly seen: string;
  readonly link: string;
}

export type LoopSignal = WritableSignal<Loop>;

export function newLoop(name: string): LoopSignal {
  return signal({name, traceId: '', accepted: new Date().toLocaleTimeString(), answer: '…', seen: '…', link: ''});
}

/** Asks until the server has the trace; says how long that took, or why it cannot be known. */
export async function watchUntilSeen(loop: LoopSignal, startedAt: number): Promise<void> {
  const {traceId} = loop();
  if (traceId === '') {
    loop.update((old) => ({...old, seen: 'no trace to look for'}));
    return;
  }
  while (performance.now() - startedAt < WATCH_MS_MAX) {
    const {body} = await ask<{known: boolean; seen: boolean; link?: string; why?: string}>('GET', `/api/seen/${traceId}`);
    if (!body.known) {
      loop.update((old) => ({...old, seen: body.why ?? 'not known'}));
      return;
    }
    if (body.seen) {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      loop.update((old) => ({...old, seen: `after ${seconds} s`, link: body.link ?? ''}));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  loop.update((old) => ({...old, seen: `not within ${WATCH_MS_MAX / 1000} s`}));
}
