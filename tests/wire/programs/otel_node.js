// The same shop watched by OpenTelemetry; prints the ids that the SDK gave.
// Run as `node otel_node.js grpc|http/protobuf|http/json`; the rest is said by OpenTelemetry's variables.
const {SeverityNumber, SpanKind, SpanStatusCode, context} = require('@opentelemetry/api');
const {AsyncLocalStorageContextManager} = require('@opentelemetry/context-async-hooks');
const {defaultResource, detectResources, envDetector} = require('@opentelemetry/resources');
const {BatchLogRecordProcessor, LoggerProvider} = require('@opentelemetry/sdk-logs');
const {AggregationType, MeterProvider, PeriodicExportingMetricReader} = require('@opentelemetry/sdk-metrics');
const {BatchSpanProcessor, TracerProvider} = require('@opentelemetry/sdk-trace');

const way = {grpc: 'grpc', 'http/protobuf': 'proto', 'http/json': 'http'}[process.argv[2]];
const {OTLPTraceExporter} = require(`@opentelemetry/exporter-trace-otlp-${way}`);
const {OTLPLogExporter} = require(`@opentelemetry/exporter-logs-otlp-${way}`);
const {OTLPMetricExporter} = require(`@opentelemetry/exporter-metrics-otlp-${way}`);

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const resource = defaultResource().merge(detectResources({detectors: [envDetector]}));
const spanProcessor = new BatchSpanProcessor({exporter: new OTLPTraceExporter()});
const tracers = new TracerProvider({resource, spanProcessors: [spanProcessor]});
const logProcessor = new BatchLogRecordProcessor({exporter: new OTLPLogExporter()});
const loggers = new LoggerProvider({resource, processors: [logProcessor]});
const meters = new MeterProvider({
  resource,
  readers: [new PeriodicExportingMetricReader({exporter: new OTLPMetricExporter(), exportIntervalMillis: 600_000})],
  views: [{instrumentName: 'pay.size', aggregation: {type: AggregationType.EXPONENTIAL_HISTOGRAM}}],
});
const tracer = tracers.getTracer('shop.tracer');
const logger = loggers.getLogger('shop.checkout');
const meter = meters.getMeter('shop.meter');
const facts = {};

function during(name, options, work) {
  return tracer.startActiveSpan(name, options, async (span) => {
    await work(span);
    span.end();
  });
}

async function pay(span) {
  facts.pay = span.spanContext().spanId;
  span.setAttributes({'cart.size': 3, 'cart.gift': true, 'cart.goods': ['tea', 'cup']});
  await during('SELECT price FROM goods', {}, async (query) => {
    facts.query = query.spanContext().spanId;
    query.setAttribute('db.system.name', 'postgresql');
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  const problem = new Error('card declined');
  problem.name = 'PaymentError';
  span.recordException(problem);
  span.setStatus({code: SpanStatusCode.ERROR, message: 'card declined'});
}

function measure() {
  const attributes = {paid: false, goods: 3};
  logger.emit({severityNumber: SeverityNumber.WARN, severityText: 'WARN', body: 'order o-9 of 3 goods', attributes});
  logger.emit({severityNumber: SeverityNumber.ERROR, severityText: 'ERROR', body: 'bank north said no'});
  meter.createObservableGauge('queue.depth').addCallback((result) => result.observe(7.5));
  meter.createCounter('orders', {unit: '{order}', description: 'orders taken'}).add(2, {shop: 'north'});
  const latency = meter.createHistogram('pay.latency', {unit: 'ms'});
  const size = meter.createHistogram('pay.size', {unit: 'By'});
  for (const value of [2.5, 10]) {
    latency.record(value);
    size.record(value);
  }
}

async function main() {
  await during('checkout', {}, async (root) => {
    facts.trace_id = root.spanContext().traceId;
    facts.root = root.spanContext().spanId;
    await during('pay', {kind: SpanKind.CLIENT}, pay);
    measure();
  });
  await Promise.all([tracers.shutdown(), loggers.shutdown(), meters.shutdown()]);
  console.log(JSON.stringify(facts));
}

main();
