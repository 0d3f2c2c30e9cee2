package kit

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/getsentry/sentry-go"
	sentryhttp "github.com/getsentry/sentry-go/http"
	sentryhttpclient "github.com/getsentry/sentry-go/httpclient"
)

const flushTimeout = 2 * time.Second

// StartSentry prepares the SDK. The returned function sends what is still queued.
func StartSentry(service string) (flush func(), err error) {
	err = sentry.Init(sentry.ClientOptions{
		Dsn:                  os.Getenv("SENTRY_DSN"),
		Environment:          Setting("SENTRY_ENVIRONMENT", "demo"),
		Release:              service + "@" + Setting("SENTRY_RELEASE", "1.0.0"),
		ServerName:           service,
		EnableTracing:        true,
		TracesSampleRate:     1,
		AttachStacktrace:     true,
		PropagateTraceparent: true, // neighbours that speak OpenTelemetry read this one
		Tags:                 map[string]string{"service": service},
		BeforeSend: func(event *sentry.Event, _ *sentry.EventHint) *sentry.Event {
			event.Contexts["runtime_state"] = runtimeState()
			hideKitFrames(event)
			return event
		},
	})
	if err != nil {
		return nil, fmt.Errorf("starting the Sentry SDK: %w", err)
	}
	return func() { sentry.Flush(flushTimeout) }, nil
}

// hideKitFrames marks our helpers as not of the application, so that the frame on top is the place
// that reported, and errors of different places do not look alike.
func hideKitFrames(event *sentry.Event) {
	for _, exception := range event.Exception {
		if exception.Stacktrace == nil {
			continue
		}
		for position := range exception.Stacktrace.Frames {
			frame := &exception.Stacktrace.Frames[position]
			if strings.HasSuffix(frame.Module, "/services/kit") {
				frame.InApp = false
			}
		}
	}
}

// runtimeState is what an error report says about the process at that moment.
func runtimeState() sentry.Context {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return sentry.Context{
		"language":        "Go " + strings.TrimPrefix(runtime.Version(), "go"),
		"framework":       "net/http",
		"goroutines":      runtime.NumGoroutine(),
		"heap_bytes":      memory.HeapAlloc,
		"system_bytes":    memory.Sys,
		"processor_count": runtime.NumCPU(),
		"collections":     memory.NumGC,
	}
}

// Traced wraps a handler: it continues the caller's trace, reports panics with user and fault, and
// turns them into an honest 500.
func Traced(next http.Handler) http.Handler {
	sentryHandler := sentryhttp.New(sentryhttp.Options{Repanic: true})
	return withW3CParent(answerPanic(sentryHandler.Handle(withCaller(next))))
}

// withW3CParent lets a caller that only knows W3C trace context be the parent: the SDK reads
// sentry-trace alone.
func withW3CParent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(sentry.SentryTraceHeader) == "" {
			// 00-<trace>-<span>-<flags>
			parts := strings.Split(r.Header.Get(sentry.TraceparentHeader), "-")
			if len(parts) == 4 && len(parts[1]) == 32 && len(parts[2]) == 16 {
				r.Header.Set(sentry.SentryTraceHeader, parts[1]+"-"+parts[2]+"-1")
			}
		}
		next.ServeHTTP(w, r)
	})
}

// withCaller tells the SDK who is served and which fault was asked for.
func withCaller(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hub := sentry.GetHubFromContext(r.Context()); hub != nil {
			if player := r.Header.Get("X-User-Id"); player != "" {
				hub.Scope().SetUser(sentry.User{ID: player})
			}
			if fault := r.Header.Get("X-Fault-Id"); fault != "" {
				hub.Scope().SetTag("fault.id", fault)
			}
		}
		next.ServeHTTP(w, r)
	})
}

func answerPanic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if cause := recover(); cause != nil {
				slog.Error("handler panicked", "path", r.URL.Path, "cause", fmt.Sprint(cause))
				WriteProblem(w, http.StatusInternalServerError, fmt.Sprintf("the service panicked: %v", cause))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// Report sends an error with the request's hub, so that user, fault and trace are on it.
func Report(ctx context.Context, err error) {
	if hub := sentry.GetHubFromContext(ctx); hub != nil {
		hub.CaptureException(err)
		return
	}
	sentry.CaptureException(err)
}

// TraceIDOf is the id that the answer of a debug endpoint names.
func TraceIDOf(ctx context.Context) string {
	if span := sentry.SpanFromContext(ctx); span != nil {
		return span.TraceID.String()
	}
	return ""
}

// NewTracedTransport makes an http.client span per call and writes all three trace headers.
func NewTracedTransport() http.RoundTripper {
	return sentryhttpclient.NewSentryRoundTripper(http.DefaultTransport.(*http.Transport).Clone())
}
