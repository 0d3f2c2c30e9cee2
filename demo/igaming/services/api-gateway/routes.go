package main

import (
	"context"
	"net/http"

	"github.com/getsentry/sentry-go"
	"github.com/redis/go-redis/v9"

	"demo/igaming/services/kit"
)

// newBusinessRoutes lists every public path and where it leads.
func newBusinessRoutes(store *redis.Client) http.Handler {
	transport := kit.NewTracedTransport()
	users := newForwarder("USER_SERVICE", "8081", transport)
	games := newForwarder("GAME_ENGINE", "8082", transport)
	payments := newForwarder("PAYMENT_SERVICE", "8083", transport)
	analytics := newForwarder("ANALYTICS_SERVICE", "8084", transport)
	notifications := newForwarder("NOTIFICATION_SERVICE", "8085", transport)
	player := newSessions().require

	mux := http.NewServeMux()
	mux.Handle("POST /api/sessions", users.to("/sessions"))
	mux.Handle("GET /api/profile", player(users.to("/players/{player}")))
	mux.Handle("GET /api/balance", player(users.to("/balance/{player}")))
	mux.Handle("GET /api/history", player(users.to("/history/{player}")))
	mux.Handle("POST /api/spins", player(users.to("/spins")))
	mux.Handle("POST /api/kyc-documents", player(users.to("/kyc-documents/{player}")))
	mux.Handle("POST /api/deposits", player(payments.to("/deposits")))
	mux.Handle("POST /api/withdrawals", player(payments.to("/withdrawals")))
	mux.Handle("GET /api/live", games.to("/live"))
	mux.Handle("GET /api/games", games.to("/games"))
	mux.Handle("GET /api/analytics/daily-stats", analytics.to("/api/v1/analytics/daily-stats"))
	mux.Handle("GET /api/analytics/business", analytics.to("/api/v1/analytics/business"))
	mux.Handle("GET /api/analytics/player-metrics/{user_id}", analytics.to("/api/v1/analytics/player-metrics/{user_id}"))
	mux.Handle("GET /api/admin/players", users.to("/players"))
	mux.Handle("GET /api/admin/payments", payments.to("/payments"))
	mux.Handle("GET /api/admin/summary", payments.to("/summary"))
	mux.Handle("POST /api/admin/reports", analytics.to("/api/v1/analytics/reports"))

	debug := newDebugRoutes(store, map[string]*forwarder{
		"user-service": users, "game-engine": games, "payment-service": payments,
		"analytics-service": analytics, "notification-service": notifications,
	})
	mux.Handle("POST /api/debug/{service}/{name}", requireDebugToken(debug))
	return greet(newLimiter(store, "all", rateLimitSetting()).limit(mux))
}

// greet tells the caller the trace of its request, so that a player can name it to support, and
// drops the headers by which services tell each other who is served: nobody outside may set them.
func greet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("X-User-Id")
		r.Header.Del("X-Fault-Id")
		w.Header().Set("X-Trace-Id", kit.TraceIDOf(r.Context()))
		next.ServeHTTP(w, r)
	})
}

func setUser(ctx context.Context, player string) {
	if hub := sentry.GetHubFromContext(ctx); hub != nil {
		hub.Scope().SetUser(sentry.User{ID: player})
	}
}
