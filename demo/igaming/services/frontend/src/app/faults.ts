// Which faults of the front end are on: asked every two seconds, off when nobody answers.

import {signal} from '@angular/core';
import {ask} from './api';

const POLL_MS = 2000;

export const activeFaults = signal<ReadonlySet<string>>(new Set());

export function isOn(name: string): boolean {
  return activeFaults().has(`frontend/${name}`);
}

export function emitted(name: string, traceId = ''): void {
  void ask('POST', `/api/faults/frontend/${name}/emitted?trace_id=${traceId}`).catch(() => undefined);
}

export function watchFaults(): () => void {
  const poll = async (): Promise<void> => {
    try {
      const {body} = await ask<string[]>('GET', '/api/effective?service=frontend');
      activeFaults.set(new Set(body));
    } catch {
      activeFaults.set(new Set());
    }
  };
  void poll();
  const timer = setInterval(() => void poll(), POLL_MS);
  return () => clearInterval(timer);
}

/** Faults that happen in the page itself, one call each. */
export const BROWSER_TRIGGERS: Readonly<Record<string, () => unknown>> = {
  'frontend/type-error': () => {
    const jackpot = JSON.parse('{}') as {winner: {name: string}};
    return jackpot.winner.name.toUpperCase(); // the missing check is the fault
  },
  'frontend/unhandled-rejection': () => {
    void Promise.reject(new Error('the bonus could not be fetched and nobody listened'));
  },
  'frontend/http-error': () => ask('POST', '/api/spins', {game: 'no such game', bet: -1}),
  'frontend/chunk-load-error': () => {
    const chunk = `/chunk-${'gone'}.js`; // assembled, so that the bundler does not look for it
    return import(/* @vite-ignore */ chunk);
  },
};
