// Calls to the gateway. The SDK adds the trace headers to every one of them.

import {config} from './config';

/** The gateway refused; the sentence is for the player. */
export class HttpError extends Error {
  override name = 'HttpError';

  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

let token = '';

export function signInWith(newToken: string): void {
  token = newToken;
}

export interface Answer<T> {
  readonly body: T;
  readonly traceId: string;
}

export async function ask<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer<T>> {
  const headers: Record<string, string> = {'X-Debug-Token': config().debug_token};
  if (token !== '') headers['Authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(config().gateway_url + path, {
    method,
    headers,
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
  });
  const read = (await answer.json().catch(() => ({}))) as T & {error?: string};
  if (!answer.ok) throw new HttpError(answer.status, read.error ?? `the casino answered ${answer.status}`);
  return {body: read, traceId: answer.headers.get('X-Trace-Id') ?? ''};
}

const PLAYER_OF_THE_PANEL = 'player-0001';

/** The Debug Panel plays too; a player who is signed in already stays who they are. */
export async function ensureSignedIn(): Promise<void> {
  if (token !== '') return;
  const {body} = await ask<{token: string}>('POST', '/api/sessions', {player: PLAYER_OF_THE_PANEL});
  signInWith(body.token);
}
