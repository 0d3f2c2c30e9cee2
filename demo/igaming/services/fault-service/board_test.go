package main

import (
	"slices"
	"testing"
	"time"
)

func testBoard() (*Board, *time.Time) {
	board := newBoard([]Fault{
		{Name: "game-engine/cpu-spike", Kind: "switch"},
		{Name: "payment-service/random-failures", Kind: "switch"},
		{Name: "game-engine/crash", Kind: "endpoint"},
	})
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	board.now = func() time.Time { return now }
	return board, &now
}

func TestAFaultEndsWithItsTimeToLive(t *testing.T) {
	board, now := testBoard()
	if _, err := board.Set("game-engine/cpu-spike", setting{Enabled: true, SecondsToLive: 10}); err != nil {
		t.Fatal(err)
	}
	if got := board.Effective("game-engine"); !slices.Equal(got, []string{"game-engine/cpu-spike"}) {
		t.Fatalf("effective: %v", got)
	}
	*now = now.Add(11 * time.Second)
	if got := board.Effective("game-engine"); len(got) != 0 {
		t.Fatalf("still effective after its time: %v", got)
	}
}

func TestARestartEndsOnlyFaultsThatWereNotAskedToSurvive(t *testing.T) {
	board, _ := testBoard()
	for name, survives := range map[string]bool{"game-engine/cpu-spike": false, "payment-service/random-failures": true} {
		if _, err := board.Set(name, setting{Enabled: true, SurvivesRestart: survives}); err != nil {
			t.Fatal(err)
		}
	}
	board.ServiceStarted("game-engine")
	board.ServiceStarted("payment-service")
	if got := board.Effective(""); !slices.Equal(got, []string{"payment-service/random-failures"}) {
		t.Fatalf("effective: %v", got)
	}
}

func TestTheLoopClosesInOrder(t *testing.T) {
	board, now := testBoard()
	accepted, _ := board.Set("game-engine/cpu-spike", setting{Enabled: true})
	if accepted.EffectiveAt != nil {
		t.Fatal("effective before the service asked")
	}
	*now = now.Add(time.Second)
	board.Effective("game-engine")
	board.Emitted("game-engine/cpu-spike", "abc")
	board.Emitted("game-engine/cpu-spike", "later")
	state := board.All()[0]
	if state.EffectiveAt == nil || state.EmittedAt == nil || state.TraceID != "abc" {
		t.Fatalf("loop: %+v", state)
	}
}

func TestUnknownAndOneShotFaultsCannotBeSwitchedOn(t *testing.T) {
	board, _ := testBoard()
	for _, name := range []string{"nobody/nothing", "game-engine/crash"} {
		if _, err := board.Set(name, setting{Enabled: true}); err == nil {
			t.Errorf("%s was switched on", name)
		}
	}
}

func TestAllOffIsOneCall(t *testing.T) {
	board, _ := testBoard()
	if _, err := board.Set("game-engine/cpu-spike", setting{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	board.AllOff()
	if got := board.Effective(""); len(got) != 0 {
		t.Fatalf("effective: %v", got)
	}
}
