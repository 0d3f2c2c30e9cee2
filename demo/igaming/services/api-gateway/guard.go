package main

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"demo/igaming/services/kit"
)

const debugRequestsPerSecond = 5

// limiter counts requests per caller and second in Redis, so that several gateways share the count.
type limiter struct {
	store     *redis.Client
	purpose   string
	perSecond int64
}

func newLimiter(store *redis.Client, purpose string, perSecond int64) *limiter {
	return &limiter{store: store, purpose: purpose, perSecond: perSecond}
}

func (l *limiter) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowed, err := l.allows(r.Context(), callerOf(r))
		if err != nil {
			// Without Redis we rather serve than refuse: the limit protects, it is not the business.
			slog.Warn("rate limit not checked", "error", err)
		} else if !allowed {
			refuseTooMany(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (l *limiter) allows(ctx context.Context, caller string) (bool, error) {
	key := fmt.Sprintf("rate:%s:%s:%d", l.purpose, caller, time.Now().Unix())
	counted := l.store.TxPipeline()
	count := counted.Incr(ctx, key)
	counted.Expire(ctx, key, 2*time.Second)
	if _, err := counted.Exec(ctx); err != nil {
		return false, fmt.Errorf("counting requests: %w", err)
	}
	return count.Val() <= l.perSecond, nil
}

func refuseTooMany(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	kit.WriteProblem(w, http.StatusTooManyRequests, "too many requests; please wait a second")
}

func callerOf(r *http.Request) string {
	if token := r.Header.Get("Authorization"); token != "" {
		return token
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func rateLimitSetting() int64 {
	perSecond, err := strconv.ParseInt(kit.Setting("RATE_LIMIT_PER_SECOND", "50"), 10, 64)
	if err != nil || perSecond < 1 {
		return 50
	}
	return perSecond
}

// sessions asks user-service whose session a request carries.
type sessions struct {
	baseURL string
	client  *http.Client
}

func newSessions() *sessions {
	return &sessions{
		baseURL: kit.URLOf("USER_SERVICE", "8081"),
		client:  &http.Client{Transport: kit.NewTracedTransport(), Timeout: 5 * time.Second},
	}
}

// require lets only players with a valid session pass, and tells the services behind who it is.
func (s *sessions) require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		player, status, sentence := s.check(r)
		if status != http.StatusOK {
			kit.WriteProblem(w, status, sentence)
			return
		}
		r.Header.Set("X-User-Id", player)
		setUser(r.Context(), player)
		next.ServeHTTP(w, r)
	})
}

func (s *sessions) check(r *http.Request) (player string, status int, sentence string) {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, s.baseURL+"/sessions/check", nil)
	if err != nil {
		return "", http.StatusInternalServerError, "the session could not be checked"
	}
	request.Header.Set("Authorization", r.Header.Get("Authorization"))
	response, err := s.client.Do(request)
	if err != nil {
		kit.Report(r.Context(), &UpstreamUnreachableError{Service: "user-service", Cause: err})
		return "", http.StatusBadGateway, "the session could not be checked; please try again in a moment"
	}
	defer response.Body.Close()
	var answer struct {
		Player string `json:"player"`
		Error  string `json:"error"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", http.StatusBadGateway, "the session check answered something unreadable"
	}
	return answer.Player, response.StatusCode, answer.Error
}

// requireDebugToken keeps the faults for those who were given the token.
func requireDebugToken(next http.Handler) http.Handler {
	token := []byte(kit.Setting("DEBUG_TOKEN", "let-me-break-it"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare(token, []byte(r.Header.Get("X-Debug-Token"))) != 1 {
			kit.WriteProblem(w, http.StatusForbidden, "the header X-Debug-Token is missing or wrong")
			return
		}
		next.ServeHTTP(w, r)
	})
}
