// Loaded before everything else (node --import), so that the SDK can wrap express, pg and kafkajs.

import {monitorEventLoopDelay} from 'node:perf_hooks';
import * as Sentry from '@sentry/node';
import {nodeProfilingIntegration} from '@sentry/profiling-node';
import {setting} from './settings.ts';

const NANOSECONDS_PER_MILLISECOND = 1_000_000;
const SESSION_FLUSH_MS = 3000;
const eventLoopDelay = monitorEventLoopDelay();
eventLoopDelay.enable();

Sentry.init({
  ...(process.env['SENTRY_DSN'] ? {dsn: process.env['SENTRY_DSN']} : {}),
  environment: setting('SENTRY_ENVIRONMENT', 'demo'),
  release: `payment-service@${setting('SENTRY_RELEASE', '1.0.0')}`,
  serverName: 'payment-service',
  initialScope: {tags: {service: 'payment-service'}},
  tracesSampleRate: 1,
  profileSessionSampleRate: 1,
  profileLifecycle: 'trace',
  propagateTraceparent: true, // neighbours that speak OpenTelemetry read this one
  integrations: [
    nodeProfilingIntegration(),
    Sentry.httpIntegration({
      ignoreIncomingRequests: (path) => path === '/healthz', // not business
      sessionFlushingDelayMS: SESSION_FLUSH_MS, // the health of a release is told within seconds, not a minute
    }),
    // What the player did wrong is no error of ours and is not reported.
    Sentry.expressIntegration({shouldHandleError: (error) => error.name !== 'RefusedError'}),
  ],
  beforeSend(event) {
    event.contexts = {...event.contexts, runtime_state: runtimeState()};
    return event;
  },
});

/** What an error report says about the process at that moment. */
function runtimeState(): Record<string, unknown> {
  const memory = process.memoryUsage();
  const processor = process.cpuUsage();
  return {
    language: `Node ${process.versions.node}`,
    framework: 'express 5.3.0',
    memory_bytes: memory.rss,
    heap_bytes: memory.heapUsed,
    cpu_microseconds_user: processor.user,
    cpu_microseconds_system: processor.system,
    event_loop_lag_ms_p99: eventLoopDelay.percentile(99) / NANOSECONDS_PER_MILLISECOND,
    active_handles: process.getActiveResourcesInfo().length,
  };
}
