// Reads what only the environment knows, starts the SDK, then the application: in this order, so
// that the page load is the root of the first trace.

import {ErrorHandler, inject, provideAppInitializer, provideZonelessChangeDetection} from '@angular/core';
import {bootstrapApplication} from '@angular/platform-browser';
import {provideRouter, Router, type Routes} from '@angular/router';
import * as Sentry from '@sentry/angular';
import {App} from './app/app';
import {readConfig, type Config} from './app/config';
import {DebugPanel} from './app/debug-panel';
import {SlotMachine} from './app/slot-machine';

const routes: Routes = [
  {path: '', component: SlotMachine, title: 'Three Reels'},
  {path: 'debug', component: DebugPanel, title: 'Debug Panel · Three Reels'},
  {path: '**', redirectTo: ''},
];

// Asked every second or two by the panel itself: not what players do.
const NOT_BUSINESS = /\/api\/(faults|effective|seen|scenarios)/;

function startSentry(config: Config): void {
  Sentry.init({
    dsn: config.dsn,
    environment: config.environment,
    release: config.release,
    initialScope: {tags: {service: 'frontend'}},
    tracesSampleRate: 1,
    tracePropagationTargets: [config.gateway_url],
    propagateTraceparent: true, // services that speak OpenTelemetry read this one
    replaysSessionSampleRate: 1,
    replaysOnErrorSampleRate: 1,
    profileSessionSampleRate: 1,
    profileLifecycle: 'trace',
    integrations: [
      Sentry.browserTracingIntegration({shouldCreateSpanForRequest: (url) => !NOT_BUSINESS.test(url)}),
      Sentry.browserProfilingIntegration(),
      Sentry.replayIntegration({maskAllText: true, maskAllInputs: true, blockAllMedia: true}),
      Sentry.feedbackIntegration({colorScheme: 'dark', autoInject: true}),
    ],
    beforeSend(event) {
      event.contexts = {...event.contexts, runtime_state: runtimeState()};
      return event;
    },
  });
}

/** What an error report says about the page at that moment. */
function runtimeState(): Record<string, unknown> {
  const memory = (performance as {memory?: {usedJSHeapSize: number}}).memory;
  return {
    framework: 'Angular 22',
    heap_bytes: memory?.usedJSHeapSize ?? null,
    processor_count: navigator.hardwareConcurrency,
    element_count: document.getElementsByTagName('*').length,
    page_age_ms: Math.round(performance.now()),
  };
}

readConfig()
  .then((config) => {
    if (config.dsn !== '') startSentry(config);
    return bootstrapApplication(App, {
      providers: [
        provideZonelessChangeDetection(),
        provideRouter(routes),
        {provide: ErrorHandler, useValue: Sentry.createErrorHandler({showDialog: false})},
        {provide: Sentry.TraceService, deps: [Router]},
        provideAppInitializer(() => {
          inject(Sentry.TraceService);
        }),
      ],
    });
  })
  .catch((error: unknown) => {
    document.body.textContent = `The casino is closed: ${String(error)}`;
  });
