// The one place that asks the server: same origin, JSON, every failure a WireError.
import {writeSearch} from '../base/search_record.ts';

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What went wrong, in the server's words where it said any. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** 0 when no answer came. */
  readonly status: number;
  readonly asked: string;
  /** Where in a search it went wrong, in characters from 0. */
  readonly position: number | null;

  constructor(status: number, detail: string, asked: string, position: number | null = null) {
    super(detail);
    this.status = status;
    this.asked = asked;
    this.position = position;
  }
}

export type Answer<Value> = {readonly value: Value; readonly headers: Headers};

export async function get<Value>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<Value> {
  return (await getWithHeaders<Value>(path, parameters, signal)).value;
}

/** For lists, whose Link header names the next page. */
export async function getWithHeaders<Value>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<Answer<Value>> {
  return ask<Value>(path + writeSearch(parameters), {method: 'GET', ...(signal ? {signal} : {})});
}

export async function send<Value>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, parameters: Parameters = {}): Promise<Value> {
  const init: RequestInit = {method};
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = {'Content-Type': 'application/json'};
  }
  return (await ask<Value>(path + writeSearch(parameters), init)).value;
}

/** Returns the cursor of the next page from a Link header; null if this was the last. */
export function nextCursor(headers: Headers): string | null {
  for (const part of (headers.get('link') ?? '').split(',')) {
    if (/rel="next"/.test(part) && /results="true"/.test(part)) return /cursor="([^"]*)"/.exec(part)?.[1] ?? null;
  }
  return null;
}

async function ask<Value>(address: string, init: RequestInit): Promise<Answer<Value>> {
  let response: Response;
  try {
    response = await fetch(address, {...init, credentials: 'same-origin'});
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new WireError(0, 'The server did not answer. It may be restarting, or the network is down.', address);
  }
  if (!response.ok) {
    const {detail, position} = await refusalOf(response);
    throw new WireError(response.status, detail, address, position);
  }
  const value = (response.status === 204 ? null : await response.json()) as Value;
  return {value, headers: response.headers};
}

type Refusal = {readonly detail: string; readonly position: number | null};

async function refusalOf(response: Response): Promise<Refusal> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'detail' in body) {
      return {
        detail: typeof body.detail === 'string' ? body.detail : JSON.stringify(body.detail),
        position: 'position' in body && typeof body.position === 'number' ? body.position : null,
      };
    }
  } catch {
    // Not ours: a proxy between us and the server.
  }
  return {detail: `The server answered ${response.status} ${response.statusText}.`, position: null};
}
