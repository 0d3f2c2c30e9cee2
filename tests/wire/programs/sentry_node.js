// A shop watched by @sentry/node 8 and later; prints the ids that the SDK gave.
// Run as `node sentry_node.js DSN [TUNNEL]`.
const Sentry = require('@sentry/node');

class PaymentError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'PaymentError';
  }
}

Sentry.init({
  dsn: process.argv[2],
  tunnel: process.argv[3],
  release: 'shop@1.2.3',
  environment: 'wire',
  serverName: 'till-1',
  tracesSampleRate: 1,
  enableLogs: true,
  beforeSend: (event) => (event.logger === 'shop.noise' ? null : event),
});
Sentry.setUser({id: 'u-7', email: 'buyer@example.test', username: 'buyer'});
Sentry.setTag('till', '4');

const idOf = (span) => span.spanContext().spanId;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function pay(facts) {
  await Sentry.startSpan({op: 'payment', name: 'pay'}, async (span) => {
    facts.pay = idOf(span);
    span.setAttributes({'cart.size': 3, 'cart.gift': true});
    await Sentry.startSpan({op: 'db', name: 'SELECT price FROM goods'}, async (query) => {
      facts.query = idOf(query);
      query.setAttribute('db.system', 'postgresql');
      await pause(5);
    });
    facts.error_id = Sentry.captureException(
      new PaymentError('card declined', {cause: new TypeError('no card')}),
    );
    span.setStatus({code: 2, message: 'deadline_exceeded'});
  });
}

function measure() {
  if (!Sentry.logger) return;
  const attributes = {paid: false, order: 'o-9', goods: 3};
  Sentry.logger.warn(Sentry.logger.fmt`order ${'o-9'} of ${3} goods`, attributes);
  Sentry.logger.error('bank north said no');
  Sentry.metrics.count('orders', 2, {attributes: {shop: 'north'}});
  Sentry.metrics.gauge('queue.depth', 7.5);
  Sentry.metrics.distribution('pay.latency', 12.5, {unit: 'millisecond'});
}

async function main() {
  const facts = {};
  Sentry.startSession();
  await Sentry.startSpan({op: 'task', name: 'checkout'}, async (root) => {
    facts.trace_id = root.spanContext().traceId;
    facts.root = idOf(root);
    await pay(facts);
    measure();
  });
  Sentry.endSession();
  Sentry.withScope((scope) => {
    // Bodies above 32 KiB go out compressed.
    scope.setExtra('goods', Array.from({length: 1500}, (_, at) => `a thing of the shop, number ${at}`).join());
    facts.message_id = Sentry.captureMessage('stock is low', 'warning');
  });
  Sentry.captureEvent({message: 'dropped by the app, and counted by the SDK', logger: 'shop.noise'});
  Sentry.captureCheckIn({monitorSlug: 'nightly', status: 'ok'});
  // Not closed: client reports leave when the process ends by itself.
  await Sentry.flush(10_000);
  console.log(JSON.stringify(facts));
}

main();
