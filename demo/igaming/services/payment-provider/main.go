// payment-provider stands in for the card company: a separate HTTP service that we do not own, and
// that therefore sends no telemetry. It declines amounts that end in 13, always.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"demo/igaming/services/kit"
)

const slowSecondsMax = 30

type charge struct {
	PaymentID string `json:"payment_id"`
	Kind      string `json:"kind"`
	Amount    int64  `json:"amount"`
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("POST /charges", answerCharge)
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) {
		wait(r, r.URL.Query().Get("seconds"))
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "at last"})
	})
	mux.HandleFunc("GET /maintenance", func(w http.ResponseWriter, _ *http.Request) {
		// What card companies really answer at night, although we asked for JSON.
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>Scheduled maintenance</body></html>"))
	})
	if err := kit.Serve(context.Background(), "payment-provider", kit.Setting("PAYMENT_PROVIDER_PORT", "8087"), mux); err != nil {
		slog.Error("payment-provider ends", "error", err)
		os.Exit(1)
	}
}

func answerCharge(w http.ResponseWriter, r *http.Request) {
	var asked charge
	if err := kit.ReadJSON(w, r, &asked); err != nil || asked.Amount <= 0 {
		kit.WriteProblem(w, http.StatusBadRequest, "a charge has a payment_id and a positive amount")
		return
	}
	wait(r, r.URL.Query().Get("seconds"))
	if asked.Amount%100 == 13 {
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "declined", "reason": "insufficient cover"})
		return
	}
	kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "approved", "reference": "ref-" + asked.PaymentID})
}

// wait is what makes a slow provider slow; it ends early when the caller gives up.
func wait(r *http.Request, seconds string) {
	amount, err := strconv.ParseFloat(seconds, 64)
	if err != nil || amount <= 0 {
		return
	}
	select {
	case <-time.After(time.Duration(min(amount, slowSecondsMax) * float64(time.Second))):
	case <-r.Context().Done():
	}
}
