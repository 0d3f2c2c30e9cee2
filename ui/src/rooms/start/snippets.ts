// What to paste into a service, for each platform.

export type Address = {
  readonly dsn: string;
  /** Where OTLP over HTTP goes, without the signal's path. */
  readonly otlp: string;
  readonly key: string;
};

export type Snippet = {
  readonly id: string;
  readonly title: string;
  readonly install: string;
  readonly code: (address: Address) => string;
  /** Sends one event from a shell. */
  readonly tryOut: (address: Address) => string;
};

/** Returns the text as a literal of JavaScript, Python and Go: the three agree on what JSON escapes. */
const quote = (text: string): string => JSON.stringify(text);
/** Returns the text as one word of a POSIX shell. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export const SNIPPETS: readonly Snippet[] = [
  {
    id: 'python',
    title: 'Python',
    install: 'pip install sentry-sdk',
    code: ({dsn}) => `import sentry_sdk

sentry_sdk.init(
    dsn=${quote(dsn)},
    environment="production",
    release="my-service@1.0.0",
    traces_sample_rate=1.0,
    enable_logs=True,
)
`,
    tryOut: ({dsn}) => `python -c ${shellWord(`import sentry_sdk as s; s.init(${quote(dsn)}); s.capture_message("hello"); s.flush()`)}`,
  },
  {
    id: 'node',
    title: 'Node',
    install: 'npm install @sentry/node',
    code: ({dsn}) => `// instrument.js: load it first, with node --import ./instrument.js
import * as Sentry from '@sentry/node';

Sentry.init({
  dsn: ${quote(dsn)},
  environment: 'production',
  release: 'my-service@1.0.0',
  tracesSampleRate: 1.0,
});
`,
    tryOut: ({dsn}) => `node -e ${shellWord(`const S = require("@sentry/node"); S.init({dsn: ${quote(dsn)}}); S.captureMessage("hello"); S.flush()`)}`,
  },
  {
    id: 'browser',
    title: 'Browser',
    install: 'npm install @sentry/browser',
    code: ({dsn}) => `import * as Sentry from '@sentry/browser';

Sentry.init({
  dsn: ${quote(dsn)},
  release: 'my-page@1.0.0',
  integrations: [Sentry.browserTracingIntegration()],
  tracesSampleRate: 1.0,
});
`,
    tryOut: () => 'Sentry.captureMessage("hello")  // in the browser\'s console',
  },
  {
    id: 'go',
    title: 'Go',
    install: 'go get github.com/getsentry/sentry-go',
    code: ({dsn}) => `err := sentry.Init(sentry.ClientOptions{
	Dsn:              ${quote(dsn)},
	Environment:      "production",
	Release:          "my-service@1.0.0",
	EnableTracing:    true,
	TracesSampleRate: 1.0,
})
if err != nil {
	log.Fatal(err)
}
defer sentry.Flush(2 * time.Second)
`,
    tryOut: () => 'sentry.CaptureMessage("hello"); sentry.Flush(2 * time.Second)',
  },
  {
    id: 'java',
    title: 'Java',
    install: 'implementation("io.sentry:sentry:8.+")',
    code: ({dsn}) => `Sentry.init(options -> {
    options.setDsn(${quote(dsn)});
    options.setEnvironment("production");
    options.setRelease("my-service@1.0.0");
    options.setTracesSampleRate(1.0);
});
`,
    tryOut: () => 'Sentry.captureMessage("hello");',
  },
  {
    id: 'otel',
    title: 'OpenTelemetry',
    install: 'Any OpenTelemetry SDK or collector; nothing else is needed',
    code: ({otlp, key}) => `export OTEL_EXPORTER_OTLP_ENDPOINT=${shellWord(otlp)}
export OTEL_EXPORTER_OTLP_HEADERS=${shellWord(`x-vedette-key=${key}`)}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_SERVICE_NAME=my-service
`,
    tryOut: ({otlp, key}) => `curl -sS ${shellWord(`${otlp}/v1/logs`)} -H ${shellWord(`x-vedette-key: ${key}`)} -H 'content-type: application/json' -d '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"}}]}]}]}'`,
  },
];

/** The same for an agent: what to do, in words, with the snippet. */
export function forAgent(snippet: Snippet, address: Address): string {
  return `Add error and performance monitoring to this service.
1. Install: ${snippet.install}
2. Start it before anything else runs:
${snippet.code(address)}
3. Prove it by sending one event: ${snippet.tryOut(address)}
Keep the existing code as it is otherwise.
`;
}
