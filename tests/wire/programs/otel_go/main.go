// The same shop watched by OpenTelemetry; prints the ids that the SDK gave.
// Run as `program grpc|http/protobuf`; the rest is said by OpenTelemetry's variables.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otellog "go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

type exporters struct {
	spans  sdktrace.SpanExporter
	logs   log.Exporter
	points sdkmetric.Exporter
}

func main() {
	ctx := context.Background()
	out, err := open(ctx, os.Args[1])
	if err != nil {
		panic(err)
	}
	tracers := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(out.spans), sdktrace.WithResource(resource.Default()))
	loggers := log.NewLoggerProvider(
		log.WithProcessor(log.NewBatchProcessor(out.logs)), log.WithResource(resource.Default()))
	exponential := sdkmetric.Stream{
		Aggregation: sdkmetric.AggregationBase2ExponentialHistogram{MaxSize: 160, MaxScale: 20},
	}
	meters := sdkmetric.NewMeterProvider(
		sdkmetric.WithReader(sdkmetric.NewPeriodicReader(out.points)),
		sdkmetric.WithResource(resource.Default()),
		sdkmetric.WithView(sdkmetric.NewView(sdkmetric.Instrument{Name: "pay.size"}, exponential)))
	facts := checkout(ctx, tracers.Tracer("shop.tracer"),
		loggers.Logger("shop.checkout"), meters.Meter("shop.meter"))
	err = errors.Join(tracers.Shutdown(ctx), loggers.Shutdown(ctx), meters.Shutdown(ctx))
	if err != nil {
		panic(err)
	}
	line, _ := json.Marshal(facts)
	fmt.Println(string(line))
}

func open(ctx context.Context, protocol string) (out exporters, err error) {
	var spansErr, logsErr, pointsErr error
	if protocol == "grpc" {
		out.spans, spansErr = otlptracegrpc.New(ctx)
		out.logs, logsErr = otlploggrpc.New(ctx)
		out.points, pointsErr = otlpmetricgrpc.New(ctx)
	} else {
		out.spans, spansErr = otlptracehttp.New(ctx)
		out.logs, logsErr = otlploghttp.New(ctx)
		out.points, pointsErr = otlpmetrichttp.New(ctx)
	}
	return out, errors.Join(spansErr, logsErr, pointsErr)
}

func checkout(
	ctx context.Context, tracer trace.Tracer, logger otellog.Logger, meter metric.Meter,
) map[string]string {
	ctx, root := tracer.Start(ctx, "checkout")
	payCtx, pay := tracer.Start(ctx, "pay", trace.WithSpanKind(trace.SpanKindClient))
	pay.SetAttributes(attribute.Int("cart.size", 3), attribute.Bool("cart.gift", true),
		attribute.StringSlice("cart.goods", []string{"tea", "cup"}))
	_, query := tracer.Start(payCtx, "SELECT price FROM goods")
	query.SetAttributes(attribute.String("db.system.name", "postgresql"))
	time.Sleep(5 * time.Millisecond)
	query.End()
	pay.RecordError(errors.New("card declined"))
	pay.SetStatus(codes.Error, "card declined")
	pay.End()
	say(ctx, logger, otellog.SeverityWarn, "order o-9 of 3 goods",
		attribute.Bool("paid", false), attribute.Int("goods", 3))
	say(ctx, logger, otellog.SeverityError2, "bank north said no")
	measure(ctx, meter)
	root.End()
	return map[string]string{
		"trace_id": root.SpanContext().TraceID().String(),
		"root":     root.SpanContext().SpanID().String(),
		"pay":      pay.SpanContext().SpanID().String(),
		"query":    query.SpanContext().SpanID().String(),
	}
}

func say(
	ctx context.Context, logger otellog.Logger, severity otellog.Severity, body string,
	attributes ...attribute.KeyValue,
) {
	var record otellog.Record
	record.SetTimestamp(time.Now())
	record.SetSeverity(severity)
	record.SetBody(attribute.StringValue(body))
	record.AddAttributes(attributes...)
	logger.Emit(ctx, record)
}

func measure(ctx context.Context, meter metric.Meter) {
	depth, _ := meter.Float64Gauge("queue.depth")
	depth.Record(ctx, 7.5)
	orders, _ := meter.Int64Counter("orders",
		metric.WithUnit("{order}"), metric.WithDescription("orders taken"))
	orders.Add(ctx, 2, metric.WithAttributes(attribute.String("shop", "north")))
	latency, _ := meter.Float64Histogram("pay.latency", metric.WithUnit("ms"))
	size, _ := meter.Float64Histogram("pay.size", metric.WithUnit("By"))
	for _, value := range []float64{2.5, 10} {
		latency.Record(ctx, value)
		size.Record(ctx, value)
	}
}
