package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"demo/igaming/services/kit"
)

const (
	watcherTimeout       = 3 * time.Second
	watcherBodyBytesMax  = 4 << 20
	traceIDLengthInHex   = 32
	traceWithoutSpansMax = 2 // bytes of "[]": a trace that the server does not know yet
)

// Watcher asks the monitoring server whether a trace has arrived, so that the Debug Panel can show
// the loop closing. The server's token stays here; the browser never sees it.
type Watcher struct {
	baseURL, token, organization string
	client                       *http.Client
}

func newWatcher() *Watcher {
	return &Watcher{
		baseURL:      kit.Setting("VEDETTE_URL", ""),
		token:        kit.Setting("VEDETTE_TOKEN", ""),
		organization: kit.Setting("VEDETTE_ORGANIZATION", "default"),
		client:       &http.Client{Timeout: watcherTimeout},
	}
}

// seen is the answer: known says whether we may ask at all.
type seen struct {
	Known bool   `json:"known"`
	Seen  bool   `json:"seen"`
	Link  string `json:"link,omitempty"`
	Why   string `json:"why,omitempty"`
}

func (w *Watcher) answerSeen(writer http.ResponseWriter, r *http.Request) {
	traceID := r.PathValue("trace_id")
	if len(traceID) != traceIDLengthInHex {
		kit.WriteProblem(writer, http.StatusBadRequest, "a trace id has 32 hexadecimal digits")
		return
	}
	if w.baseURL == "" || w.token == "" {
		kit.WriteJSON(writer, http.StatusOK, seen{Why: "VEDETTE_URL and VEDETTE_TOKEN are not set"})
		return
	}
	arrived, err := w.hasTrace(r, traceID)
	if err != nil {
		kit.WriteJSON(writer, http.StatusOK, seen{Why: err.Error()})
		return
	}
	link := fmt.Sprintf("%s/traces/%s", w.baseURL, traceID)
	kit.WriteJSON(writer, http.StatusOK, seen{Known: true, Seen: arrived, Link: link})
}

func (w *Watcher) hasTrace(r *http.Request, traceID string) (bool, error) {
	address := fmt.Sprintf("%s/api/0/organizations/%s/trace/%s/", w.baseURL, w.organization, traceID)
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, address, nil)
	if err != nil {
		return false, fmt.Errorf("asking for the trace: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+w.token)
	response, err := w.client.Do(request)
	if err != nil {
		return false, fmt.Errorf("asking for the trace: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, watcherBodyBytesMax))
	if err != nil {
		return false, fmt.Errorf("reading the trace: %w", err)
	}
	return response.StatusCode == http.StatusOK && len(body) > traceWithoutSpansMax, nil
}
