// A shop watched by sentry-go of years ago (0.29); prints the ids that the SDK gave.
// Run as `program DSN`.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/getsentry/sentry-go"
)

type PaymentError struct{ cause error }

func (problem *PaymentError) Error() string { return "card declined" }
func (problem *PaymentError) Unwrap() error { return problem.cause }

func main() {
	err := sentry.Init(sentry.ClientOptions{
		Dsn:              os.Args[1],
		Release:          "shop@1.2.3",
		Environment:      "wire",
		ServerName:       "till-1",
		EnableTracing:    true,
		TracesSampleRate: 1,
		AttachStacktrace: true,
	})
	if err != nil {
		panic(err)
	}
	sentry.ConfigureScope(func(scope *sentry.Scope) {
		scope.SetUser(sentry.User{ID: "u-7", Email: "buyer@example.test", Username: "buyer"})
		scope.SetTag("till", "4")
	})
	facts := checkout()
	sentry.WithScope(func(scope *sentry.Scope) {
		scope.SetLevel(sentry.LevelWarning)
		facts["message_id"] = string(*sentry.CaptureMessage("stock is low"))
	})
	sentry.CaptureCheckIn(&sentry.CheckIn{MonitorSlug: "nightly", Status: sentry.CheckInStatusOK}, nil)
	sentry.Flush(10 * time.Second)
	line, _ := json.Marshal(facts)
	fmt.Println(string(line))
}

func checkout() map[string]string {
	ctx := sentry.SetHubOnContext(context.Background(), sentry.CurrentHub().Clone())
	root := sentry.StartTransaction(ctx, "checkout", sentry.WithOpName("task"))
	pay := root.StartChild("payment", sentry.WithDescription("pay"))
	pay.SetData("cart.size", 3)
	pay.SetData("cart.gift", true)
	query := pay.StartChild("db", sentry.WithDescription("SELECT price FROM goods"))
	query.SetData("db.system", "postgresql")
	time.Sleep(5 * time.Millisecond)
	query.Finish()
	hub := sentry.GetHubFromContext(pay.Context())
	hub.Scope().SetSpan(pay)
	errorID := hub.CaptureException(&PaymentError{fmt.Errorf("no card")})
	pay.Status = sentry.SpanStatusDeadlineExceeded
	pay.Finish()
	root.Finish()
	return map[string]string{
		"trace_id": root.TraceID.String(),
		"root":     root.SpanID.String(),
		"pay":      pay.SpanID.String(),
		"query":    query.SpanID.String(),
		"error_id": string(*errorID),
	}
}
