package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"demo/igaming/services/kit"
)

const (
	roundTopic       = "game.rounds"
	paymentTopic     = "payments"
	deadLetterTopic  = "notification.dead-letters"
	consumerGroup    = "notification-service"
	handleTriesMax   = 3
	pollRecordsMax   = 100
	lagPause         = 500 * time.Millisecond
	unreachablePause = time.Second
)

// consumer reads events, makes a span of each that continues its producer's trace, and notifies.
type consumer struct {
	client *kgo.Client
	faults *kit.Faults
	sender *sender
	logger *slog.Logger
	tracer trace.Tracer
	lag    atomic.Int64
}

func newConsumer(faults *kit.Faults, sender *sender, logger *slog.Logger) (*consumer, error) {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(kit.Setting("KAFKA_ADDRESS", "127.0.0.1:"+kit.Setting("KAFKA_PORT", "19092"))),
		kgo.ConsumerGroup(consumerGroup),
		kgo.ConsumeTopics(roundTopic, paymentTopic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtEnd()), // nobody wants last week's messages
		kgo.FetchMaxWait(100*time.Millisecond),
		kgo.AllowAutoTopicCreation(), // where nobody made the topics before us (containers)
	)
	if err != nil {
		return nil, fmt.Errorf("preparing the Kafka client: %w", err)
	}
	c := &consumer{client: client, faults: faults, sender: sender, logger: logger, tracer: otel.Tracer(serviceName)}
	meter := otel.Meter(serviceName)
	_, err = meter.Int64ObservableGauge("messaging.kafka.consumer.lag", metric.WithUnit("{message}"),
		metric.WithDescription("Messages that wait for this consumer group."),
		metric.WithInt64Callback(func(_ context.Context, observer metric.Int64Observer) error {
			observer.Observe(c.lag.Load(), metric.WithAttributes(attribute.String("messaging.consumer.group.name", consumerGroup)))
			return nil
		}))
	if err != nil {
		return nil, fmt.Errorf("preparing the lag gauge: %w", err)
	}
	return c, nil
}

// run reads until the context ends.
func (c *consumer) run(ctx context.Context) {
	defer c.client.Close()
	for ctx.Err() == nil {
		fetches := c.client.PollRecords(ctx, pollRecordsMax)
		if failures := fetches.Errors(); len(failures) > 0 && ctx.Err() == nil {
			c.logger.WarnContext(ctx, "queue cannot be read", "error", failures[0].Err.Error())
			pause(ctx, unreachablePause)
			continue
		}
		fetches.EachPartition(func(partition kgo.FetchTopicPartition) {
			for _, record := range partition.Records {
				c.lag.Store(partition.HighWatermark - record.Offset - 1)
				c.handle(ctx, record)
			}
		})
	}
}

func (c *consumer) handle(ctx context.Context, record *kgo.Record) {
	ctx = otel.GetTextMapPropagator().Extract(ctx, headers{record})
	ctx, span := c.tracer.Start(ctx, "process "+record.Topic, trace.WithSpanKind(trace.SpanKindConsumer),
		// The link says "caused by"; the parent keeps cause and effect in one trace.
		trace.WithLinks(trace.LinkFromContext(ctx)),
		trace.WithAttributes(
			attribute.String("messaging.system", "kafka"),
			attribute.String("messaging.operation.type", "process"),
			attribute.String("messaging.destination.name", record.Topic),
			attribute.String("messaging.consumer.group.name", consumerGroup),
			attribute.Int64("messaging.kafka.offset", record.Offset),
			attribute.Int64("messaging.kafka.consumer.lag", c.lag.Load()),
			attribute.Int64("messaging.message.receive.latency_ms", time.Since(record.Timestamp).Milliseconds()),
		))
	defer span.End()
	if c.faults.On("consumer-lag") {
		c.faults.Emitted("consumer-lag", span.SpanContext().TraceID().String())
		pause(ctx, lagPause)
	}
	var err error
	for try := 1; try <= handleTriesMax; try++ {
		if err = c.notify(ctx, record); err == nil {
			return
		}
		span.AddEvent("try failed", trace.WithAttributes(attribute.Int("try", try)))
	}
	c.giveUp(ctx, span, record, err)
}

// giveUp reports a message that cannot be handled and sets it aside, so that the next one is read.
func (c *consumer) giveUp(ctx context.Context, span trace.Span, record *kgo.Record, cause error) {
	span.RecordError(cause, trace.WithStackTrace(true))
	span.SetStatus(codes.Error, cause.Error())
	c.logger.ErrorContext(ctx, "message set aside after three tries",
		"exception.type", fmt.Sprintf("%T", cause), "exception.message", cause.Error(),
		"exception.stacktrace", string(debug.Stack()), "messaging.destination.name", record.Topic)
	if err := c.produce(ctx, deadLetterTopic, record.Value); err != nil {
		c.logger.ErrorContext(ctx, "dead letter not stored", "error", err.Error())
	}
}

func (c *consumer) notify(ctx context.Context, record *kgo.Record) error {
	if record.Topic == roundTopic {
		var round gameRound
		if err := json.Unmarshal(record.Value, &round); err != nil {
			return &PoisonMessageError{Topic: record.Topic, Cause: err}
		}
		return c.sender.aboutRound(ctx, round)
	}
	var paid payment
	if err := json.Unmarshal(record.Value, &paid); err != nil {
		return &PoisonMessageError{Topic: record.Topic, Cause: err}
	}
	return c.sender.aboutPayment(ctx, paid)
}

// produce writes a message with the trace context of the caller.
func (c *consumer) produce(ctx context.Context, topic string, value []byte) error {
	ctx, span := c.tracer.Start(ctx, "publish "+topic, trace.WithSpanKind(trace.SpanKindProducer),
		trace.WithAttributes(attribute.String("messaging.system", "kafka"),
			attribute.String("messaging.destination.name", topic)))
	defer span.End()
	record := &kgo.Record{Topic: topic, Value: value}
	otel.GetTextMapPropagator().Inject(ctx, headers{record})
	if err := c.client.ProduceSync(ctx, record).FirstErr(); err != nil {
		span.SetStatus(codes.Error, err.Error())
		return fmt.Errorf("writing to %s: %w", topic, err)
	}
	return nil
}

// PoisonMessageError is a message that nobody can read.
type PoisonMessageError struct {
	Topic string
	Cause error
}

func (e *PoisonMessageError) Error() string { return "a message on " + e.Topic + " cannot be read" }

func (e *PoisonMessageError) Unwrap() error { return e.Cause }

// headers lets the propagator read and write the headers of a Kafka record.
type headers struct{ record *kgo.Record }

func (h headers) Get(key string) string {
	for _, header := range h.record.Headers {
		if header.Key == key {
			return string(header.Value)
		}
	}
	return ""
}

func (h headers) Set(key, value string) {
	h.record.Headers = append(h.record.Headers, kgo.RecordHeader{Key: key, Value: []byte(value)})
}

func (h headers) Keys() []string {
	keys := make([]string, 0, len(h.record.Headers))
	for _, header := range h.record.Headers {
		keys = append(keys, header.Key)
	}
	return keys
}

func pause(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}
