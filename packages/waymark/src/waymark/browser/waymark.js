// Trace a page and its calls without a build step: plain OpenTelemetry spans, sent as OTLP/JSON.
//
//   import {start, tracePageLoad, traceApiCall, tracedFetch} from '/waymark.js';
//   start({serviceName: 'shop-browser', endpoint: '/v1/traces'});
//   tracePageLoad('event page');
//   await traceApiCall('load events', (span) => tracedFetch('/api/events', {parent: span}));

const SPAN_COUNT_MAX = 500; // held while the address cannot be reached; then the newest are counted as dropped
const BATCH_COUNT_MAX = 50;
const SEND_DELAY_MS = 2000; // one request per burst of activity
const BODY_BYTES_MAX = 60_000; // browsers refuse beacons and keepalive requests above 64 KiB
const TEXT_LENGTH_MAX = 1000;
const KIND = {internal: 1, client: 3};
const STATUS = {ok: 1, error: 2};

const state = {
  settings: {serviceName: 'browser', endpoint: null, propagateTo: []},
  finished: [], sending: false, timer: null, pageSpan: null, activeSpan: null, isListening: false,
  counts: {ended: 0, sent: 0, dropped: 0},
};

/** Say who we are and where spans go; without `endpoint` they stay in memory for `bufferedSpans`. */
export function start({serviceName, endpoint = null, propagateTo = []}) {
  state.settings = {serviceName, endpoint, propagateTo};
  if (state.isListening) return;
  state.isListening = true;
  // The last moment that browsers promise, on phones too, is the page becoming hidden.
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendBeacons());
  addEventListener('pagehide', sendBeacons);
}

/** The span of this page view; ends when the page has loaded. Later calls become its children. */
export function tracePageLoad(name) {
  const span = beginSpan(name, {kind: KIND.internal, parent: serverParent(), startMs: performance.timeOrigin});
  span.setAttribute('url.path', location.pathname);
  state.pageSpan = span;
  const finish = () => setTimeout(() => endPageLoad(span), 0); // loadEventEnd is set after the event
  if (document.readyState === 'complete') finish();
  else addEventListener('load', finish, {once: true});
  return span;
}

/** Run `fn(span)` inside a span; what it throws is recorded and thrown on. */
export async function traceApiCall(name, fn, {parent} = {}) {
  const span = beginSpan(name, {kind: KIND.internal, parent});
  const before = state.activeSpan;
  try {
    state.activeSpan = span;
    const running = fn(span); // calls made before the first await find their parent by themselves
    state.activeSpan = before;
    const result = await running;
    span.setOk();
    return result;
  } catch (error) {
    span.setError(error);
    throw error;
  } finally {
    state.activeSpan = before;
    span.end();
  }
}

/** `fetch` with a client span; sends `traceparent` to our own origin and those in `propagateTo`. */
export async function tracedFetch(url, init = {}) {
  const {parent, ...fetchInit} = init;
  const request = new Request(url, fetchInit);
  const target = new URL(request.url);
  const span = beginSpan(`${request.method} ${target.pathname}`, {kind: KIND.client, parent});
  span.setAttribute('http.request.method', request.method);
  span.setAttribute('url.full', target.origin + target.pathname); // queries may hold secrets
  if (mayPropagateTo(target.origin)) request.headers.set('traceparent', span.traceparent);
  try {
    const response = await fetch(request);
    span.setAttribute('http.response.status_code', response.status);
    if (response.status >= 400) span.setError(`HTTP ${response.status}`);
    return response;
  } catch (error) {
    span.setError(error);
    throw error;
  } finally {
    span.end();
  }
}

/** Spans that have ended and are not sent, as OTLP objects. */
export function bufferedSpans() {
  return structuredClone(state.finished);
}

/** `ended = sent + dropped + bufferedSpans().length`, except while a request is under way. */
export function counts() {
  return {...state.counts};
}

/** Send what has ended; resolves when it was sent or given back to the buffer. */
export async function flush() {
  clearTimeout(state.timer);
  state.timer = null;
  if (state.settings.endpoint === null || state.sending) return;
  state.sending = true;
  try {
    while (state.finished.length > 0 && (await sendBatch(takeBatch())));
  } finally {
    state.sending = false;
  }
}

function beginSpan(name, {kind, parent, startMs = nowMs()}) {
  const from = parent ?? state.activeSpan ?? state.pageSpan;
  const span = {
    traceId: from ? from.traceId : randomHex(16), spanId: randomHex(8), name: cut(name), kind,
    startTimeUnixNano: unixNano(startMs), endTimeUnixNano: null, attributes: [], events: [], status: {},
  };
  if (from) span.parentSpanId = from.spanId;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    traceparent: `00-${span.traceId}-${span.spanId}-01`,
    setAttribute(key, value) { span.attributes.push({key, value: anyValue(value)}); },
    addEvent(eventName, attributes = {}) {
      span.events.push({timeUnixNano: unixNano(nowMs()), name: eventName, attributes: keyValues(attributes)});
    },
    setOk() { if (!span.status.code) span.status = {code: STATUS.ok}; },
    setError(error) {
      if (error instanceof Error) {
        this.addEvent('exception', {
          'exception.type': error.name, 'exception.message': error.message,
          'exception.stacktrace': error.stack ?? '',
        });
      }
      span.status = {code: STATUS.error, message: cut(String(error))};
    },
    end(endMs = nowMs()) {
      if (span.endTimeUnixNano !== null) return;
      span.endTimeUnixNano = unixNano(Math.max(endMs, startMs));
      keep(span);
    },
  };
}

function endPageLoad(span) {
  const [timing] = performance.getEntriesByType('navigation');
  if (timing) {
    span.setAttribute('browser.response_start_ms', timing.responseStart);
    span.setAttribute('browser.dom_interactive_ms', timing.domInteractive);
    span.setAttribute('browser.load_ms', timing.loadEventEnd);
  }
  span.setOk();
  span.end();
}

function serverParent() {
  // A server that wants its own span to be the parent writes <meta name="traceparent" content="…">.
  const content = document.querySelector('meta[name=traceparent]')?.content ?? '';
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(content);
  return match && !/^0+$/.test(match[1]) && !/^0+$/.test(match[2]) ? {traceId: match[1], spanId: match[2]} : null;
}

function mayPropagateTo(origin) {
  return origin === location.origin || state.settings.propagateTo.includes(origin);
}

function keep(span) {
  state.counts.ended += 1;
  if (state.finished.length >= SPAN_COUNT_MAX) { state.counts.dropped += 1; return; }
  state.finished.push(span);
  if (state.settings.endpoint === null) return;
  if (document.visibilityState === 'hidden') sendBeacons();
  else state.timer ??= setTimeout(flush, SEND_DELAY_MS);
}

/** Take as many spans as fit into one body; a span that is too large alone is dropped. */
function takeBatch() {
  const batch = [];
  let bytes = byteLength(body([]));
  while (batch.length < BATCH_COUNT_MAX && state.finished.length > 0) {
    const size = byteLength(JSON.stringify(state.finished[0])) + 1;
    if (batch.length > 0 && bytes + size > BODY_BYTES_MAX) break;
    const span = state.finished.shift();
    if (bytes + size > BODY_BYTES_MAX) { state.counts.dropped += 1; continue; }
    batch.push(span);
    bytes += size;
  }
  return batch;
}

async function sendBatch(batch) {
  if (batch.length === 0) return true;
  const text = body(batch);
  // With keepalive a request outlives its page, but all of them together may hold 64 KiB at a time.
  const response = (await post(text, {keepalive: true})) ?? (await post(text, {keepalive: false}));
  if (response?.ok) { state.counts.sent += batch.length; return true; }
  if (response && response.status < 500 && response.status !== 429) { state.counts.dropped += batch.length; return true; }
  giveBack(batch);
  return false;
}

async function post(text, {keepalive}) {
  const headers = {'content-type': 'application/json'};
  try {
    return await fetch(state.settings.endpoint, {method: 'POST', headers, body: text, keepalive});
  } catch {
    return null; // unreachable: the spans go back and the next span tries again
  }
}

function sendBeacons() {
  while (state.settings.endpoint !== null && state.finished.length > 0) {
    const batch = takeBatch();
    if (batch.length === 0) continue;
    const blob = new Blob([body(batch)], {type: 'application/json'});
    // False means that the browser's own queue is full: keep them, the page may come back.
    if (!navigator.sendBeacon(state.settings.endpoint, blob)) { giveBack(batch); return; }
    state.counts.sent += batch.length;
  }
}

function giveBack(batch) {
  const room = SPAN_COUNT_MAX - state.finished.length;
  state.counts.dropped += Math.max(0, batch.length - room);
  state.finished.unshift(...batch.slice(0, Math.max(0, room)));
}

function body(spans) {
  return JSON.stringify({resourceSpans: [{
    resource: {attributes: keyValues({'service.name': state.settings.serviceName})},
    scopeSpans: [{scope: {name: 'waymark'}, spans}],
  }]});
}

function keyValues(values) {
  return Object.entries(values).map(([key, value]) => ({key, value: anyValue(value)}));
}

function anyValue(value) {
  if (typeof value === 'boolean') return {boolValue: value};
  if (Number.isSafeInteger(value)) return {intValue: String(value)};
  if (typeof value === 'number' && Number.isFinite(value)) return {doubleValue: value};
  return {stringValue: cut(String(value))};
}

function randomHex(byteCount) {
  const bytes = crypto.getRandomValues(new Uint8Array(byteCount));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const nowMs = () => performance.timeOrigin + performance.now();
const unixNano = (ms) => `${Math.round(ms * 1000)}000`; // microseconds are as far as a double reaches
const byteLength = (text) => new TextEncoder().encode(text).length;
const cut = (text) => String(text).slice(0, TEXT_LENGTH_MAX);
