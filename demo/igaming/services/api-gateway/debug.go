package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/getsentry/sentry-go"
	"github.com/redis/go-redis/v9"

	"demo/igaming/services/kit"
)

const (
	// impatience is how long the upstream-timeout fault waits for a provider that takes seconds.
	impatience          = 300 * time.Millisecond
	debugPlayerFallback = "player-0001"
)

// debugAnswer is what every debug endpoint says, whatever happened to the service behind it.
type debugAnswer struct {
	Fault   string          `json:"fault"`
	FaultID string          `json:"fault_id"`
	TraceID string          `json:"trace_id"`
	Status  int             `json:"service_status"`
	Answer  json.RawMessage `json:"answer"`
}

// newDebugRoutes triggers one fault per call: POST /api/debug/<service>/<name>.
func newDebugRoutes(store *redis.Client, services map[string]*forwarder) http.Handler {
	own := map[string]http.HandlerFunc{
		"panic":            panicOnPurpose,
		"upstream-timeout": giveUpOnProvider,
		"rate-limit":       exceedRateLimit(store),
	}
	return newLimiter(store, "debug", debugRequestsPerSecond).limit(http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			service, name := r.PathValue("service"), r.PathValue("name")
			faultID := newFaultID()
			prepareDebugRequest(r, faultID)
			recorder := httptest.NewRecorder() // the service's answer goes inside ours
			if handler, isOwn := own[name]; service == "api-gateway" && isOwn {
				answerOwnFault(recorder, r, handler)
			} else if behind, known := services[service]; known {
				behind.to("/debug/{name}").ServeHTTP(recorder, r)
			} else {
				kit.WriteProblem(w, http.StatusNotFound, fmt.Sprintf("there is no debug endpoint %s/%s", service, name))
				return
			}
			kit.WriteJSON(w, http.StatusOK, debugAnswer{
				Fault: service + "/" + name, FaultID: faultID, TraceID: kit.TraceIDOf(r.Context()),
				Status: recorder.Code, Answer: asJSON(recorder.Body.Bytes()),
			})
		}))
}

func prepareDebugRequest(r *http.Request, faultID string) {
	r.Header.Set("X-Fault-Id", faultID)
	player := r.URL.Query().Get("player")
	if player == "" {
		player = debugPlayerFallback
	}
	r.Header.Set("X-User-Id", player)
	setUser(r.Context(), player)
	if hub := sentry.GetHubFromContext(r.Context()); hub != nil {
		hub.Scope().SetTag("fault.id", faultID)
	}
}

// answerOwnFault reports a panic of a fault of the gateway itself and still answers the caller.
func answerOwnFault(w http.ResponseWriter, r *http.Request, handler http.HandlerFunc) {
	defer func() {
		if cause := recover(); cause != nil {
			if hub := sentry.GetHubFromContext(r.Context()); hub != nil {
				hub.RecoverWithContext(r.Context(), cause)
			}
			kit.WriteProblem(w, http.StatusInternalServerError, fmt.Sprintf("the gateway panicked: %v", cause))
		}
	}()
	handler(w, r)
}

func panicOnPurpose(http.ResponseWriter, *http.Request) {
	panic(errors.New("the gateway's routing table is broken"))
}

func giveUpOnProvider(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), impatience)
	defer cancel()
	address := kit.URLOf("PAYMENT_PROVIDER", "8087") + "/slow?seconds=5"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		kit.WriteProblem(w, http.StatusInternalServerError, err.Error())
		return
	}
	response, err := (&http.Client{Transport: kit.NewTracedTransport()}).Do(request)
	if err == nil {
		response.Body.Close()
		kit.WriteProblem(w, http.StatusInternalServerError, "the provider was faster than expected")
		return
	}
	timeout := &UpstreamTimeoutError{Service: "payment-provider"}
	kit.Report(r.Context(), timeout)
	kit.WriteProblem(w, http.StatusGatewayTimeout, timeout.Error())
}

// RateLimitExceededError is reported by the debug endpoint only: in daily business a 429 is normal.
type RateLimitExceededError struct{ RequestCount int }

func (e *RateLimitExceededError) Error() string {
	return "a caller was refused: more requests in one second than allowed"
}

func exceedRateLimit(store *redis.Client) http.HandlerFunc {
	strict := newLimiter(store, "demonstration", 3)
	const requestCountMax = 10
	return func(w http.ResponseWriter, r *http.Request) {
		for count := 1; count <= requestCountMax; count++ {
			allowed, err := strict.allows(r.Context(), "demonstration")
			if err != nil {
				kit.WriteProblem(w, http.StatusServiceUnavailable, "the rate limiter's store cannot be reached")
				return
			}
			if !allowed {
				kit.Report(r.Context(), &RateLimitExceededError{RequestCount: count})
				refuseTooMany(w)
				return
			}
		}
		kit.WriteProblem(w, http.StatusInternalServerError, "the limiter refused nobody")
	}
}

func newFaultID() string {
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		panic(err) // the system has no randomness: nothing can go on
	}
	return hex.EncodeToString(id[:])
}

// asJSON keeps JSON as it is and quotes everything else.
func asJSON(body []byte) json.RawMessage {
	if json.Valid(body) {
		return bytes.TrimSpace(body)
	}
	quoted, err := json.Marshal(string(body))
	if err != nil {
		return json.RawMessage(`""`)
	}
	return quoted
}
