// The shop as a page, watched by @sentry/browser; leaves the ids that the SDK gave in `window.told`.
import * as Sentry from '@sentry/browser';

class PaymentError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'PaymentError';
  }
}

const settings = new URLSearchParams(location.search);
const dsn = settings.get('dsn');

const replay = Sentry.replayIntegration({minReplayDuration: 0});
Sentry.init({
  dsn,
  tunnel: settings.get('tunnel') || undefined,
  release: 'shop@1.2.3',
  environment: 'wire',
  tracesSampleRate: 1,
  enableLogs: true,
  replaysSessionSampleRate: 1,
  integrations: [Sentry.browserTracingIntegration(), replay],
});
Sentry.setUser({id: 'u-7', email: 'buyer@example.test', username: 'buyer'});
Sentry.setTag('till', '4');

const idOf = (span) => span.spanContext().spanId;

function pay(facts) {
  return Sentry.startSpan({op: 'payment', name: 'pay'}, async (span) => {
    facts.pay = idOf(span);
    span.setAttributes({'cart.size': 3, 'cart.gift': true});
    const query = Sentry.startInactiveSpan({op: 'db', name: 'SELECT price FROM goods', parentSpan: span});
    facts.query = idOf(query);
    query.setAttribute('db.system', 'postgresql');
    facts.error_id = Sentry.captureException(
      new PaymentError('card declined', {cause: new TypeError('no card')}),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    query.end();
    span.setStatus({code: 2, message: 'deadline_exceeded'});
  });
}

function measure() {
  const attributes = {paid: false, order: 'o-9', goods: 3};
  Sentry.logger.warn(Sentry.logger.fmt`order ${'o-9'} of ${3} goods`, attributes);
  Sentry.logger.error('bank north said no');
  Sentry.metrics.count('orders', 2, {attributes: {shop: 'north'}});
  Sentry.metrics.gauge('queue.depth', 7.5);
  Sentry.metrics.distribution('pay.latency', 12.5, {unit: 'millisecond'});
}

async function knock(headers) {
  // What the server says to a page of another origin: a project whose quota of attachments is none.
  const {origin, username, pathname} = new URL(dsn);
  const url = `${origin}/api${pathname}/envelope/?sentry_key=${username}`;
  const body = '{}\n{"type":"attachment","length":2,"filename":"a"}\nhi';
  const answer = await fetch(url, {method: 'POST', body, headers});
  return {
    status: answer.status,
    limits: answer.headers.get('x-sentry-rate-limits'),
    retry: answer.headers.get('retry-after'),
  };
}

async function main() {
  const facts = {};
  await Sentry.startNewTrace(() =>
    Sentry.startSpan({op: 'task', name: 'checkout', parentSpan: null}, async (root) => {
      facts.trace_id = root.spanContext().traceId;
      facts.root = idOf(root);
      // The browser forgets the active span at an await, so what belongs to it comes first.
      measure();
      await Sentry.withActiveSpan(root, () => pay(facts));
    }),
  );
  facts.message_id = Sentry.captureMessage('stock is low', 'warning');
  await replay.flush();
  await Sentry.flush(5000);
  const simple = await knock({});
  const asked = await knock({'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${new URL(dsn).username}`});
  window.told = JSON.stringify({facts, simple, asked});
}

main().catch((problem) => {
  window.told = JSON.stringify({problem: String(problem.stack)});
});
