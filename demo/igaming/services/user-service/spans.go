package main

import (
	"context"
	"strings"
	"sync"

	"github.com/getsentry/sentry-go"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
)

// mongoSpans makes a span of every command that the driver sends inside a traced request. The SDK
// has no integration for this driver; its command monitor is all that is needed.
type mongoSpans struct {
	running sync.Map // request id of the driver -> *sentry.Span
}

func newMongoSpans() *mongoSpans { return &mongoSpans{} }

func (m *mongoSpans) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: m.started,
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
			m.finish(e.RequestID, sentry.SpanStatusOK)
		},
		Failed: func(_ context.Context, e *event.CommandFailedEvent) {
			m.finish(e.RequestID, sentry.SpanStatusInternalError)
		},
	}
}

func (m *mongoSpans) started(ctx context.Context, e *event.CommandStartedEvent) {
	parent := sentry.SpanFromContext(ctx)
	if parent == nil {
		return
	}
	collection, _ := e.Command.Lookup(e.CommandName).StringValueOK()
	span := parent.StartChild("db", sentry.WithDescription(describe(e.CommandName, collection, e.Command)))
	span.SetData("db.system", "mongodb")
	span.SetData("db.operation", e.CommandName)
	span.SetData("db.collection.name", collection)
	span.SetData("db.name", e.DatabaseName)
	m.running.Store(e.RequestID, span)
}

func (m *mongoSpans) finish(requestID int64, status sentry.SpanStatus) {
	if found, ok := m.running.LoadAndDelete(requestID); ok {
		span := found.(*sentry.Span)
		span.Status = status
		span.Finish()
	}
}

// describe names a query by its shape; values stay out of it, so that like queries look alike.
func describe(command, collection string, body bson.Raw) string {
	words := []string{command, collection}
	for _, place := range []string{"filter", "query"} {
		if filter, ok := body.Lookup(place).DocumentOK(); ok {
			if elements, err := filter.Elements(); err == nil {
				for _, element := range elements {
					words = append(words, element.Key()+"=?")
				}
			}
		}
	}
	return strings.Join(words, " ")
}
