// user-service knows the players: sessions (Redis), profiles and game history (MongoDB), identity
// documents (object storage). It takes spins from the gateway and hands them to the game engine.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"demo/igaming/services/kit"
)

func main() {
	if err := run(); err != nil {
		slog.Error("user-service ends", "error", err)
		os.Exit(1)
	}
}

// service is everything a handler may need.
type service struct {
	faults    *kit.Faults
	sessions  *sessionStore
	players   *playerStore
	documents *documentStore
	games     *neighbour
	payments  *neighbour
}

func run() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	flush, err := kit.StartSentry("user-service")
	if err != nil {
		return err
	}
	defer flush()
	cache := redis.NewClient(&redis.Options{Addr: kit.Setting("REDIS_ADDRESS", "127.0.0.1:"+kit.Setting("REDIS_PORT", "16379"))})
	defer cache.Close()
	players, err := openPlayerStore(ctx, kit.Setting("MONGODB_URL", "mongodb://127.0.0.1:"+kit.Setting("MONGODB_PORT", "17017")))
	if err != nil {
		return err
	}
	documents, err := openDocumentStore()
	if err != nil {
		return err
	}
	s := &service{
		faults:    kit.WatchFaults(ctx, "user-service"),
		sessions:  &sessionStore{cache: cache, now: time.Now},
		players:   players,
		documents: documents,
		games:     newNeighbour("GAME_ENGINE", "8082"),
		payments:  newNeighbour("PAYMENT_SERVICE", "8083"),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.answerHealth)
	mux.Handle("/", kit.Traced(s.routes()))
	return kit.Serve(ctx, "user-service", kit.Setting("USER_SERVICE_PORT", "8081"), mux)
}

func (s *service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sessions", s.openSession)
	mux.HandleFunc("GET /sessions/check", s.checkSession)
	mux.HandleFunc("GET /sessions/active", s.countSessions)
	mux.HandleFunc("GET /players", s.listPlayers)
	mux.HandleFunc("GET /players/{player}", s.showPlayer)
	mux.HandleFunc("GET /balance/{player}", s.showBalance)
	mux.HandleFunc("GET /history/{player}", s.showHistory)
	mux.HandleFunc("POST /spins", s.spin)
	mux.HandleFunc("POST /kyc-documents/{player}", s.storeDocument)
	mux.HandleFunc("POST /debug/{name}", s.debug)
	return mux
}

// answerHealth says whether the service can work: it cannot without its stores, and says which.
func (s *service) answerHealth(w http.ResponseWriter, r *http.Request) {
	stores := map[string]error{
		"redis":   s.sessions.ping(r.Context()),
		"mongodb": s.players.ping(r.Context()),
	}
	for name, err := range stores {
		if err != nil {
			kit.WriteProblem(w, http.StatusServiceUnavailable, fmt.Sprintf("%s cannot be reached", name))
			return
		}
	}
	kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}
