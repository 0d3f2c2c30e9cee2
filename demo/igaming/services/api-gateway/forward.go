package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"demo/igaming/services/kit"
)

// upstreamTimeout is above the slowest honest answer (a slow aggregation takes up to 15 s).
const upstreamTimeout = 25 * time.Second

// UpstreamTimeoutError says which neighbour did not answer in time.
type UpstreamTimeoutError struct{ Service string }

func (e *UpstreamTimeoutError) Error() string { return e.Service + " did not answer in time" }

// UpstreamUnreachableError says which neighbour could not be reached.
type UpstreamUnreachableError struct {
	Service string
	Cause   error
}

func (e *UpstreamUnreachableError) Error() string { return e.Service + " cannot be reached" }

func (e *UpstreamUnreachableError) Unwrap() error { return e.Cause }

// forwarder hands requests on to one neighbour.
type forwarder struct {
	service   string
	base      *url.URL
	transport http.RoundTripper
}

func newForwarder(name, port string, transport http.RoundTripper) *forwarder {
	base, err := url.Parse(kit.URLOf(name, port))
	if err != nil {
		panic(err) // a wrong address in the settings: nothing could work
	}
	service := strings.ToLower(strings.ReplaceAll(name, "_", "-"))
	return &forwarder{service: service, base: base, transport: transport}
}

// to forwards to a path of the neighbour; {words} are filled from the matched route or, for
// {player}, with the player whose session was checked.
func (f *forwarder) to(path string) http.Handler {
	proxy := &httputil.ReverseProxy{
		Transport:    f.transport,
		ErrorHandler: f.answerFailure,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(f.base)
			r.Out.URL.Path = fill(path, r.In)
			// The transport writes the trace headers of its own span; left here they would be twice.
			for _, header := range []string{"sentry-trace", "baggage", "traceparent", "X-Debug-Token"} {
				r.Out.Header.Del(header)
			}
		},
		ModifyResponse: func(response *http.Response) error {
			// The gateway alone speaks to browsers about origins.
			response.Header.Del("Access-Control-Allow-Origin")
			return nil
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" { // a WebSocket lives as long as the page
			proxy.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), upstreamTimeout)
		defer cancel()
		proxy.ServeHTTP(w, r.WithContext(ctx))
	})
}

func fill(path string, r *http.Request) string {
	words := strings.Split(path, "/")
	for i, word := range words {
		if name, isWord := strings.CutPrefix(word, "{"); isWord {
			name = strings.TrimSuffix(name, "}")
			if name == "player" {
				words[i] = r.Header.Get("X-User-Id")
			} else {
				words[i] = r.PathValue(name)
			}
		}
	}
	return strings.Join(words, "/")
}

func (f *forwarder) answerFailure(w http.ResponseWriter, r *http.Request, cause error) {
	if errors.Is(cause, context.Canceled) { // the player went away; nobody's fault
		return
	}
	if errors.Is(cause, context.DeadlineExceeded) {
		err := &UpstreamTimeoutError{Service: f.service}
		kit.Report(r.Context(), err)
		kit.WriteProblem(w, http.StatusGatewayTimeout, err.Error())
		return
	}
	err := &UpstreamUnreachableError{Service: f.service, Cause: cause}
	slog.Warn("neighbour unreachable", "service", f.service, "error", cause)
	kit.Report(r.Context(), err)
	kit.WriteProblem(w, http.StatusBadGateway, err.Error()+"; please try again in a moment")
}
