// A shop watched by @sentry/node 7; prints the ids that the SDK gave.
// Run as `node sentry_node_old.js DSN`.
const Sentry = require('@sentry/node');
require('@sentry/tracing');

class PaymentError extends Error {
  constructor(message) {
    super(message);
    this.name = 'PaymentError';
  }
}

Sentry.init({
  dsn: process.argv[2],
  release: 'shop@1.2.3',
  environment: 'wire',
  serverName: 'till-1',
  tracesSampleRate: 1,
});
Sentry.setUser({id: 'u-7', email: 'buyer@example.test', username: 'buyer'});
Sentry.setTag('till', '4');

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function main() {
  const facts = {};
  Sentry.getCurrentHub().startSession();
  const root = Sentry.startTransaction({op: 'task', name: 'checkout'});
  facts.trace_id = root.traceId;
  facts.root = root.spanId;
  const pay = root.startChild({op: 'payment', description: 'pay'});
  facts.pay = pay.spanId;
  Sentry.configureScope((scope) => scope.setSpan(pay));
  pay.setData('cart.size', 3);
  pay.setData('cart.gift', true);
  const query = pay.startChild({op: 'db', description: 'SELECT price FROM goods'});
  facts.query = query.spanId;
  query.setData('db.system', 'postgresql');
  await pause(5);
  query.finish();
  facts.error_id = Sentry.captureException(new PaymentError('card declined'));
  pay.setStatus('deadline_exceeded');
  pay.finish();
  root.finish();
  Sentry.getCurrentHub().endSession();
  Sentry.withScope((scope) => {
    // Bodies above 32 KiB go out compressed.
    scope.setExtra('goods', Array.from({length: 1500}, (_, at) => `a thing of the shop, number ${at}`).join());
    facts.message_id = Sentry.captureMessage('stock is low', 'warning');
  });
  await Sentry.close(10_000);
  console.log(JSON.stringify(facts));
}

main();
