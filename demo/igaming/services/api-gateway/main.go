// api-gateway is the only door of the platform: it checks sessions, limits rates, and hands
// requests on with their trace headers.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"github.com/redis/go-redis/v9"

	"demo/igaming/services/kit"
)

func main() {
	if err := run(); err != nil {
		slog.Error("api-gateway ends", "error", err)
		os.Exit(1)
	}
}

func run() error {
	flush, err := kit.StartSentry("api-gateway")
	if err != nil {
		return err
	}
	defer flush()
	store := redis.NewClient(&redis.Options{Addr: kit.Setting("REDIS_ADDRESS", "127.0.0.1:"+kit.Setting("REDIS_PORT", "16379"))})
	defer store.Close()

	mux := http.NewServeMux()
	// Health and faults are not business: they make no traces.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	faults := newForwarder("FAULT_SERVICE", "8086", http.DefaultTransport)
	mux.Handle("GET /api/faults", faults.to("/faults"))
	mux.Handle("PUT /api/faults/{service}/{name}", requireDebugToken(faults.to("/faults/{service}/{name}")))
	mux.Handle("POST /api/faults/{service}/{name}/emitted", requireDebugToken(faults.to("/faults/{service}/{name}/emitted")))
	mux.Handle("POST /api/faults/all-off", requireDebugToken(faults.to("/all-off")))
	mux.Handle("GET /api/effective", faults.to("/effective"))
	mux.Handle("GET /api/scenarios", faults.to("/scenarios"))
	mux.Handle("GET /api/seen/{trace_id}", faults.to("/seen/{trace_id}"))
	mux.Handle("/", kit.Traced(newBusinessRoutes(store)))
	return kit.Serve(context.Background(), "api-gateway", kit.Setting("API_GATEWAY_PORT", "8080"), allowBrowser(mux))
}

// allowBrowser answers the browser's preflight; without the three trace headers in the list the
// browser would refuse to send them and every trace would begin here.
func allowBrowser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers := w.Header()
		headers.Set("Access-Control-Allow-Origin", "*")
		headers.Set("Access-Control-Allow-Headers",
			"authorization, content-type, x-debug-token, sentry-trace, baggage, traceparent, tracestate")
		headers.Set("Access-Control-Allow-Methods", "GET, POST, PUT, OPTIONS")
		headers.Set("Access-Control-Expose-Headers", "X-Trace-Id")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
