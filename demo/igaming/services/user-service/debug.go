package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/getsentry/sentry-go"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"demo/igaming/services/kit"
)

const (
	leakedGoroutineCount = 100
	leakLifetime         = time.Minute // a demonstration may leak, but not for ever
	poolSearchCount      = 8
	poolWaitTimeout      = 400 * time.Millisecond
	loopCountMax         = 1_000_000
)

// debug triggers one fault: POST /debug/<name>.
func (s *service) debug(w http.ResponseWriter, r *http.Request) {
	triggers := map[string]http.HandlerFunc{
		"panic":               panicOnPurpose,
		"unauthorized":        s.refuseExpired,
		"nil-dereference":     s.useMissingPlayer,
		"nil-map-write":       writeIntoNilMap,
		"index-out-of-range":  readTenthOfThree,
		"goroutine-panic":     panicInBackground,
		"goroutine-leak":      leakGoroutines,
		"slow-query-once":     s.searchOnce,
		"n-plus-one-once":     s.oneByOneOnce,
		"pool-exhaustion":     s.exhaustPool,
		"infinite-loop-guard": loopWithoutEnd,
	}
	trigger, known := triggers[r.PathValue("name")]
	if !known {
		kit.WriteProblem(w, http.StatusNotFound, "there is no such debug endpoint")
		return
	}
	trigger(w, r)
}

func panicOnPurpose(http.ResponseWriter, *http.Request) {
	panic(errors.New("the loyalty programme is broken"))
}

func (s *service) refuseExpired(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("Authorization", "Bearer expired-"+r.Header.Get("X-Fault-Id"))
	s.checkSession(w, r)
}

func (s *service) useMissingPlayer(w http.ResponseWriter, r *http.Request) {
	player, err := s.players.find(r.Context(), "nobody")
	if err != nil {
		s.fail(w, r, err, "the profile cannot be read at the moment")
		return
	}
	kit.WriteJSON(w, http.StatusOK, player.Name) // the missing check for nil is the fault
}

func writeIntoNilMap(http.ResponseWriter, *http.Request) {
	var limits map[string]int
	limits["daily"] = 100
}

func readTenthOfThree(w http.ResponseWriter, r *http.Request) {
	documents := []string{"passport", "bill", "selfie"}
	position := len(r.Header.Get("X-Fault-Id")) // 16: not known at compile time
	kit.WriteJSON(w, http.StatusOK, documents[position])
}

// panicInBackground shows what a goroutine must do itself: nobody else recovers its panic.
func panicInBackground(w http.ResponseWriter, r *http.Request) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if cause := recover(); cause != nil {
				sentry.GetHubFromContext(r.Context()).RecoverWithContext(r.Context(), cause)
			}
		}()
		panic(errors.New("the nightly bonus job found no players"))
	}()
	<-done
	kit.WriteJSON(w, http.StatusAccepted, map[string]string{"status": "the background job has panicked"})
}

// GoroutineLeakError is how the service's own watch reports a leak.
type GoroutineLeakError struct{ Count int }

func (e *GoroutineLeakError) Error() string {
	return "goroutines wait for a channel that nobody will close"
}

func leakGoroutines(w http.ResponseWriter, r *http.Request) {
	never := make(chan struct{})
	for range leakedGoroutineCount {
		go func() {
			select {
			case <-never:
			case <-time.After(leakLifetime):
			}
		}()
	}
	kit.Report(r.Context(), &GoroutineLeakError{Count: leakedGoroutineCount})
	kit.WriteJSON(w, http.StatusAccepted, map[string]int{"leaked_goroutines": leakedGoroutineCount})
}

func (s *service) searchOnce(w http.ResponseWriter, r *http.Request) {
	count, err := s.players.searchNotes(r.Context(), "support")
	if err != nil {
		s.fail(w, r, err, "notes cannot be searched at the moment")
		return
	}
	kit.WriteJSON(w, http.StatusOK, map[string]int64{"found": count})
}

func (s *service) oneByOneOnce(w http.ResponseWriter, r *http.Request) {
	rounds, err := s.players.historyOneByOne(r.Context(), r.Header.Get("X-User-Id"))
	if err != nil {
		s.fail(w, r, err, "the history cannot be read at the moment")
		return
	}
	kit.WriteJSON(w, http.StatusOK, map[string]int{"rounds": len(rounds)})
}

// PoolExhaustedError says that requests waited in vain for a database connection.
type PoolExhaustedError struct {
	Waiting int
	Cause   error
}

func (e *PoolExhaustedError) Error() string { return "no free connection to MongoDB in time" }

func (e *PoolExhaustedError) Unwrap() error { return e.Cause }

// exhaustPool lets several slow searches share a pool of one connection.
func (s *service) exhaustPool(w http.ResponseWriter, r *http.Request) {
	address := kit.Setting("MONGODB_URL", "mongodb://127.0.0.1:"+kit.Setting("MONGODB_PORT", "17017"))
	small, err := mongo.Connect(options.Client().ApplyURI(address).SetMaxPoolSize(1).SetMonitor(newMongoSpans().monitor()))
	if err != nil {
		s.fail(w, r, err, "the small pool could not be made")
		return
	}
	defer small.Disconnect(context.WithoutCancel(r.Context()))
	failures := searchAllAtOnce(r.Context(), small.Database("users").Collection("rounds"))
	if len(failures) == 0 {
		kit.WriteJSON(w, http.StatusOK, map[string]string{"status": "every search found a connection in time"})
		return
	}
	exhausted := &PoolExhaustedError{Waiting: len(failures), Cause: failures[0]}
	kit.Report(r.Context(), exhausted)
	kit.WriteProblem(w, http.StatusServiceUnavailable, fmt.Sprintf("%s (%d of %d gave up)", exhausted, len(failures), poolSearchCount))
}

func searchAllAtOnce(ctx context.Context, rounds *mongo.Collection) []error {
	var (
		group    sync.WaitGroup
		mutex    sync.Mutex
		failures []error
	)
	for range poolSearchCount {
		group.Go(func() {
			waiting, cancel := context.WithTimeout(ctx, poolWaitTimeout)
			defer cancel()
			_, err := rounds.CountDocuments(waiting, bson.D{{Key: "note", Value: bson.D{{Key: "$regex", Value: ".*support.*"}}}})
			if err != nil {
				mutex.Lock()
				defer mutex.Unlock()
				failures = append(failures, err)
			}
		})
	}
	group.Wait()
	return failures
}

// EndlessLoopError is what the guard reports instead of a processor that is busy for ever.
type EndlessLoopError struct{ Rounds int }

func (e *EndlessLoopError) Error() string {
	return "a loop did not come to its end and was stopped by its guard"
}

func loopWithoutEnd(w http.ResponseWriter, r *http.Request) {
	balance := 1
	for count := 1; balance != 0; count++ { // the condition that never comes true is the fault
		balance = balance*3%1_000_003 + 1
		if count == loopCountMax {
			err := &EndlessLoopError{Rounds: count}
			kit.Report(r.Context(), err)
			kit.WriteProblem(w, http.StatusInternalServerError, err.Error())
			return
		}
	}
	kit.WriteJSON(w, http.StatusOK, map[string]int{"balance": balance})
}
