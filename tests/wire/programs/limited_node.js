// Five errors and a trace, one by one: @sentry/node is told at the third that there were enough.
const Sentry = require('@sentry/node');

Sentry.init({dsn: process.argv[2], tracesSampleRate: 1});

async function main() {
  for (let number = 0; number < 5; number += 1) {
    Sentry.captureMessage(`problem ${number}`, 'error');
    await Sentry.flush(10_000);
  }
  Sentry.startSpan({op: 'task', name: 'still heard'}, () => {});
  await Sentry.flush(10_000);
}

main();
