// Package kit is what every Go service of the platform needs and none wants to write twice:
// a server that stops gracefully, JSON answers, the fault client, and the Sentry set-up.
package kit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	// RequestBodyBytesMax bounds what a service reads of one request.
	RequestBodyBytesMax = 1 << 20
	shutdownTimeout     = 4 * time.Second
	headerTimeout       = 5 * time.Second
)

// Setting reads one environment variable; an empty one counts as not set.
func Setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// URLOf is the address of a neighbour: <NAME>_URL when set (containers), else loopback and its port.
func URLOf(name, port string) string {
	return Setting(name+"_URL", "http://127.0.0.1:"+Setting(name+"_PORT", port))
}

// Serve answers until SIGTERM or SIGINT, then lets running requests end.
func Serve(ctx context.Context, name, port string, handler http.Handler) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server := &http.Server{
		Addr:              Setting("LISTEN_HOST", "127.0.0.1") + ":" + port,
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	slog.Info("service listens", "service", name, "address", server.Addr)
	select {
	case err := <-failed:
		return fmt.Errorf("serving %s: %w", name, err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stopping %s: %w", name, err)
	}
	return nil
}

// WriteJSON answers with a status and a body.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		slog.Warn("answer could not be written", "error", err)
	}
}

// WriteProblem answers with one sentence that a player or operator can read.
func WriteProblem(w http.ResponseWriter, status int, sentence string) {
	WriteJSON(w, status, map[string]string{"error": sentence})
}

// ReadJSON decodes a bounded body.
func ReadJSON(w http.ResponseWriter, r *http.Request, into any) error {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, RequestBodyBytesMax)).Decode(into); err != nil {
		return fmt.Errorf("reading the request body: %w", err)
	}
	return nil
}
