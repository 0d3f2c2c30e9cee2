// fault-service holds which faults are on: one place, one truth, all off by default. State lives in
// memory on purpose: when this process restarts, everything is off.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"demo/igaming/services/kit"
)

func main() {
	if err := run(); err != nil {
		slog.Error("fault-service ends", "error", err)
		os.Exit(1)
	}
}

func run() error {
	root := kit.Setting("PLATFORM_DIR", "../..")
	catalogue, err := readCatalogue(root + "/faults.json")
	if err != nil {
		return err
	}
	scenarios, err := readScenarios(root + "/scenarios")
	if err != nil {
		return err
	}
	mux := newRoutes(newBoard(catalogue), scenarios, newWatcher())
	return kit.Serve(context.Background(), "fault-service", kit.Setting("FAULT_SERVICE_PORT", "8086"), mux)
}

func readCatalogue(path string) ([]Fault, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the fault catalogue: %w", err)
	}
	var catalogue []Fault
	if err := json.Unmarshal(content, &catalogue); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return catalogue, nil
}

// setting is the body of PUT /faults/{service}/{name}.
type setting struct {
	Enabled         bool `json:"enabled"`
	SecondsToLive   int  `json:"seconds_to_live"`
	SurvivesRestart bool `json:"survives_restart"`
}

func newRoutes(board *Board, scenarios []Scenario, watcher *Watcher) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		kit.WriteJSON(w, http.StatusOK, board.All())
	})
	mux.HandleFunc("GET /effective", func(w http.ResponseWriter, r *http.Request) {
		kit.WriteJSON(w, http.StatusOK, board.Effective(r.URL.Query().Get("service")))
	})
	mux.HandleFunc("PUT /faults/{service}/{name}", func(w http.ResponseWriter, r *http.Request) {
		var wanted setting
		if err := kit.ReadJSON(w, r, &wanted); err != nil {
			kit.WriteProblem(w, http.StatusBadRequest, err.Error())
			return
		}
		state, err := board.Set(r.PathValue("service")+"/"+r.PathValue("name"), wanted)
		if err != nil {
			kit.WriteProblem(w, http.StatusNotFound, err.Error())
			return
		}
		kit.WriteJSON(w, http.StatusOK, state)
	})
	mux.HandleFunc("POST /faults/{service}/{name}/emitted", func(w http.ResponseWriter, r *http.Request) {
		board.Emitted(r.PathValue("service")+"/"+r.PathValue("name"), r.URL.Query().Get("trace_id"))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /services/{service}/started", func(w http.ResponseWriter, r *http.Request) {
		board.ServiceStarted(r.PathValue("service"))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /all-off", func(w http.ResponseWriter, _ *http.Request) {
		board.AllOff()
		kit.WriteJSON(w, http.StatusOK, board.All())
	})
	mux.HandleFunc("GET /scenarios", func(w http.ResponseWriter, _ *http.Request) {
		kit.WriteJSON(w, http.StatusOK, scenarios)
	})
	mux.HandleFunc("GET /seen/{trace_id}", watcher.answerSeen)
	return mux
}
