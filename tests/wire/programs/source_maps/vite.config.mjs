// Builds the page with Sentry's plugin, which uploads the source maps.
import {sentryVitePlugin} from '@sentry/vite-plugin';

export default {
  logLevel: 'warn',
  build: {sourcemap: 'hidden', minify: true},
  plugins: [
    sentryVitePlugin({
      org: process.env.SENTRY_ORG,
      project: process.env.SENTRY_PROJECT,
      authToken: process.env.SENTRY_AUTH_TOKEN,
      url: process.env.SENTRY_URL,
      release: {name: process.env.SHOP_RELEASE, setCommits: false},
      telemetry: false,
      debug: true,
      errorHandler(problem) {
        throw problem;
      },
    }),
  ],
};
