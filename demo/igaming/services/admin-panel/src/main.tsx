// Reads what only the environment knows, starts the SDK, then the application.

import React from 'react';
import ReactDOM from 'react-dom'; // React 17: no createRoot yet
import * as Sentry from '@sentry/react';
import {App} from './app';
import {readConfig} from './api';

readConfig()
  .then((config) => {
    if (config.dsn !== '') {
      Sentry.init({
        dsn: config.dsn,
        environment: config.environment,
        release: config.release,
        initialScope: {tags: {service: 'admin-panel'}},
        tracesSampleRate: 1,
        tracePropagationTargets: [config.gateway_url],
        propagateTraceparent: true,
        integrations: [
          Sentry.browserTracingIntegration({shouldCreateSpanForRequest: (url) => !/\/api\/(effective|faults)/.test(url)}),
        ],
        beforeSend(event) {
          event.contexts = {
            ...event.contexts,
            runtime_state: {framework: `React ${React.version}`, element_count: document.getElementsByTagName('*').length},
          };
          return event;
        },
      });
    }
    ReactDOM.render(<App />, document.getElementById('root'));
  })
  .catch((error: unknown) => {
    document.body.textContent = `The back office is closed: ${String(error)}`;
  });
