package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/getsentry/sentry-go"
	"github.com/getsentry/sentry-go/attribute"

	"demo/igaming/services/kit"
)

func (s *service) openSession(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Player string `json:"player"`
	}
	if err := kit.ReadJSON(w, r, &asked); err != nil {
		kit.WriteProblem(w, http.StatusBadRequest, "sign-in needs a player")
		return
	}
	player, err := s.players.find(r.Context(), asked.Player)
	if err != nil {
		s.fail(w, r, err, "sign-in is not possible at the moment")
		return
	}
	if player == nil {
		kit.WriteProblem(w, http.StatusNotFound, "there is no such player")
		return
	}
	token, err := s.sessions.open(r.Context(), player.ID)
	if err != nil {
		s.fail(w, r, err, "sign-in is not possible at the moment")
		return
	}
	s.reportActiveSessions(r)
	kit.WriteJSON(w, http.StatusCreated, map[string]any{"token": token, "player": player})
}

// checkSession answers whose token it is. A token that was presented and is not valid is worth an
// error report: somebody's session ended in the middle of a game, or somebody is guessing.
func (s *service) checkSession(w http.ResponseWriter, r *http.Request) {
	token, presented := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !presented || token == "" {
		kit.WriteProblem(w, http.StatusUnauthorized, "please sign in")
		return
	}
	player, err := s.sessions.playerOf(r.Context(), token)
	var expired *ExpiredSessionError
	if errors.As(err, &expired) {
		kit.Report(r.Context(), err)
		kit.WriteProblem(w, http.StatusUnauthorized, err.Error())
		return
	}
	if err != nil {
		s.fail(w, r, err, "sessions cannot be checked at the moment")
		return
	}
	kit.WriteJSON(w, http.StatusOK, map[string]string{"player": player})
}

func (s *service) countSessions(w http.ResponseWriter, r *http.Request) {
	count, err := s.sessions.activeCount(r.Context())
	if err != nil {
		s.fail(w, r, err, "sessions cannot be counted at the moment")
		return
	}
	kit.WriteJSON(w, http.StatusOK, map[string]int64{"active_sessions": count})
}

func (s *service) reportActiveSessions(r *http.Request) {
	if count, err := s.sessions.activeCount(r.Context()); err == nil {
		sentry.NewMeter(r.Context()).Gauge("business.active_sessions", float64(count))
	}
}

func (s *service) listPlayers(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.ParseInt(r.URL.Query().Get("limit"), 10, 64)
	if err != nil || limit < 1 || limit > playerCountMax {
		limit = 100
	}
	players, err := s.players.list(r.Context(), limit)
	if err != nil {
		s.fail(w, r, err, "players cannot be listed at the moment")
		return
	}
	kit.WriteJSON(w, http.StatusOK, players)
}

func (s *service) showPlayer(w http.ResponseWriter, r *http.Request) {
	player, err := s.players.find(r.Context(), r.PathValue("player"))
	if err != nil {
		s.fail(w, r, err, "the profile cannot be read at the moment")
		return
	}
	if player == nil {
		kit.WriteProblem(w, http.StatusNotFound, "there is no such player")
		return
	}
	kit.WriteJSON(w, http.StatusOK, player)
}

// showBalance asks the ledger, which alone knows; with include_history=true the rounds come along.
func (s *service) showBalance(w http.ResponseWriter, r *http.Request) {
	player := r.PathValue("player")
	var balance struct {
		Balance int64   `json:"balance"`
		History []Round `json:"history,omitempty"`
	}
	if err := s.payments.call(r.Context(), http.MethodGet, "/ledger/"+player+"/balance", player, nil, &balance); err != nil {
		s.fail(w, r, err, "the balance cannot be read at the moment")
		return
	}
	if r.URL.Query().Get("include_history") == "true" {
		rounds, err := s.rounds(r, player)
		if err != nil {
			s.fail(w, r, err, "the history cannot be read at the moment")
			return
		}
		balance.History = rounds
	}
	kit.WriteJSON(w, http.StatusOK, balance)
}

func (s *service) showHistory(w http.ResponseWriter, r *http.Request) {
	if s.faults.On("slow-query") {
		s.faults.Emitted("slow-query", kit.TraceIDOf(r.Context()))
		if _, err := s.players.searchNotes(r.Context(), "support"); err != nil {
			s.fail(w, r, err, "the history cannot be searched at the moment")
			return
		}
	}
	rounds, err := s.rounds(r, r.PathValue("player"))
	if err != nil {
		s.fail(w, r, err, "the history cannot be read at the moment")
		return
	}
	kit.WriteJSON(w, http.StatusOK, rounds)
}

func (s *service) rounds(r *http.Request, player string) ([]Round, error) {
	if !s.faults.On("n-plus-one") {
		return s.players.history(r.Context(), player)
	}
	s.faults.Emitted("n-plus-one", kit.TraceIDOf(r.Context()))
	if hub := sentry.GetHubFromContext(r.Context()); hub != nil {
		hub.Scope().SetTag("antipattern", "n_plus_one")
		hub.Scope().SetTag("performance.issue", "n_plus_one")
	}
	return s.players.historyOneByOne(r.Context(), player)
}

// spin hands the bet to the game engine and writes the result into the history.
func (s *service) spin(w http.ResponseWriter, r *http.Request) {
	player := r.Header.Get("X-User-Id")
	var asked struct {
		Game         string `json:"game"`
		Bet          int64  `json:"bet"`
		CPUIntensive bool   `json:"cpu_intensive"`
	}
	if err := kit.ReadJSON(w, r, &asked); err != nil {
		kit.WriteProblem(w, http.StatusBadRequest, "a spin needs a game and a bet")
		return
	}
	var result struct {
		RoundID string   `json:"round_id"`
		Game    string   `json:"game"`
		Reels   []string `json:"reels"`
		Bet     int64    `json:"bet"`
		Win     int64    `json:"win"`
		Balance int64    `json:"balance"`
	}
	if err := s.games.call(r.Context(), http.MethodPost, "/rounds", player, asked, &result); err != nil {
		s.fail(w, r, err, "the game cannot be played at the moment")
		return
	}
	round := Round{
		ID: result.RoundID, Player: player, Game: result.Game, Bet: result.Bet, Win: result.Win,
		At: time.Now().UTC().Format(time.RFC3339Nano), Note: noteTextOrdinary,
	}
	if err := s.players.addRound(r.Context(), round); err != nil {
		// The money is booked; a gap in the history must not take the win away.
		kit.Report(r.Context(), err)
	}
	sentry.NewMeter(r.Context()).Count("business.bet_volume", result.Bet,
		sentry.WithAttributes(attribute.String("game", result.Game)))
	kit.WriteJSON(w, http.StatusOK, result)
}

func (s *service) storeDocument(w http.ResponseWriter, r *http.Request) {
	player := r.PathValue("player")
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, documentBytesMax))
	if err != nil || len(content) == 0 {
		kit.WriteProblem(w, http.StatusBadRequest, "a document has at most 512 KiB and is not empty")
		return
	}
	name := fmt.Sprintf("%s/%d", player, time.Now().UnixNano())
	if err := s.documents.put(r.Context(), name, bytes.NewReader(content), int64(len(content))); err != nil {
		s.fail(w, r, err, "the document cannot be stored at the moment")
		return
	}
	if err := s.players.addDocument(r.Context(), player); err != nil {
		s.fail(w, r, err, "the document was stored, but the profile could not be updated")
		return
	}
	kit.WriteJSON(w, http.StatusCreated, map[string]string{"document": name})
}

// fail answers what went wrong. What a neighbour refused is passed on and was reported there;
// everything else is reported here.
func (s *service) fail(w http.ResponseWriter, r *http.Request, err error, sentence string) {
	var refused *RefusedError
	if errors.As(err, &refused) {
		kit.WriteProblem(w, refused.Status, refused.Sentence)
		return
	}
	kit.Report(r.Context(), err)
	kit.WriteProblem(w, http.StatusServiceUnavailable, sentence)
}
