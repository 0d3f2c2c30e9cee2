package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"demo/igaming/services/kit"
)

const (
	serviceName    = "notification-service"
	spanBatchDelay = time.Second // shorter than the default of 5 s: people watch this demo live
	metricInterval = 5 * time.Second
	stopTimeout    = 3 * time.Second
)

// startTelemetry sets up traces, metrics and logs. Address and key come from the standard variables
// OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS; without an address nothing is sent.
func startTelemetry(ctx context.Context) (*slog.Logger, func(), error) {
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" {
		return slog.Default(), func() {}, nil
	}
	traces, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("preparing the span exporter: %w", err)
	}
	metrics, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("preparing the metric exporter: %w", err)
	}
	logs, err := otlploghttp.New(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("preparing the log exporter: %w", err)
	}
	origin := resource.NewSchemaless(
		attribute.String("service.name", serviceName),
		attribute.String("service.version", kit.Setting("SENTRY_RELEASE", "1.0.0")),
		attribute.String("deployment.environment.name", kit.Setting("SENTRY_ENVIRONMENT", "demo")),
	)
	tracing := sdktrace.NewTracerProvider(sdktrace.WithResource(origin),
		sdktrace.WithBatcher(traces, sdktrace.WithBatchTimeout(spanBatchDelay)))
	measuring := sdkmetric.NewMeterProvider(sdkmetric.WithResource(origin),
		sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics, sdkmetric.WithInterval(metricInterval))))
	logging := sdklog.NewLoggerProvider(sdklog.WithResource(origin),
		sdklog.WithProcessor(sdklog.NewBatchProcessor(logs, sdklog.WithExportInterval(spanBatchDelay))))
	otel.SetTracerProvider(tracing)
	otel.SetMeterProvider(measuring)
	stop := func() {
		stopping, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		for _, shutdown := range []func(context.Context) error{tracing.Shutdown, measuring.Shutdown, logging.Shutdown} {
			if err := shutdown(stopping); err != nil {
				slog.Warn("telemetry was not sent whole", "error", err)
			}
		}
	}
	return otelslog.NewLogger(serviceName, otelslog.WithLoggerProvider(logging)), stop, nil
}
