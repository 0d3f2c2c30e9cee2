// notification-service tells players by mail, SMS and push what happened. It speaks OpenTelemetry,
// not Sentry, and reads its work from Kafka: both SDK families meet in one trace.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"demo/igaming/services/kit"
)

func main() {
	if err := run(); err != nil {
		slog.Error("notification-service ends", "error", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	logger, stopTelemetry, err := startTelemetry(ctx)
	if err != nil {
		return err
	}
	defer stopTelemetry()
	faults := kit.WatchFaults(ctx, "notification-service")
	sender := newSender(faults)
	queue, err := newConsumer(faults, sender, logger)
	if err != nil {
		return err
	}
	consumed := make(chan struct{})
	go func() { defer close(consumed); queue.run(ctx) }()
	defer func() { cancel(); <-consumed }()

	mux := http.NewServeMux()
	mux.HandleFunc("POST /debug/poison-message", func(w http.ResponseWriter, r *http.Request) {
		if err := queue.produce(r.Context(), paymentTopic, []byte("{this is not JSON")); err != nil {
			kit.WriteProblem(w, http.StatusServiceUnavailable, "Kafka cannot be reached")
			return
		}
		kit.WriteJSON(w, http.StatusAccepted, map[string]string{"status": "a poison message is on its way"})
	})
	outer := http.NewServeMux()
	outer.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := queue.client.Ping(r.Context()); err != nil {
			kit.WriteProblem(w, http.StatusServiceUnavailable, "Kafka cannot be reached")
			return
		}
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	outer.Handle("/", otelhttp.NewHandler(mux, "notification-service"))
	return kit.Serve(ctx, "notification-service", kit.Setting("NOTIFICATION_SERVICE_PORT", "8085"), outer)
}
