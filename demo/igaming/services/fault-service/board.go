package main

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"time"
)

const (
	secondsToLiveDefault = 120
	secondsToLiveMax     = 3600 // a forgotten fault ends within the hour
)

// Fault is one line of the catalogue.
type Fault struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"` // switch, endpoint or browser
	Sentence  string `json:"sentence"`
	DefaultOn bool   `json:"default_on"`
}

// State is a fault and how far its loop has closed: accepted, effective, emitted.
type State struct {
	Fault
	On              bool       `json:"on"`
	Until           *time.Time `json:"until,omitempty"`
	SurvivesRestart bool       `json:"survives_restart"`
	AcceptedAt      *time.Time `json:"accepted_at,omitempty"`
	EffectiveAt     *time.Time `json:"effective_at,omitempty"`
	EmittedAt       *time.Time `json:"emitted_at,omitempty"`
	TraceID         string     `json:"trace_id,omitempty"`
}

// Board is the state of all faults.
type Board struct {
	mutex  sync.Mutex
	states map[string]*State
	now    func() time.Time
}

func newBoard(catalogue []Fault) *Board {
	board := &Board{states: map[string]*State{}, now: time.Now}
	for _, fault := range catalogue {
		board.states[fault.Name] = &State{Fault: fault, On: fault.DefaultOn}
	}
	return board
}

// Set switches a fault and starts its time to live; a new setting forgets the old loop.
func (b *Board) Set(name string, wanted setting) (State, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	state, known := b.states[name]
	if !known {
		return State{}, fmt.Errorf("there is no fault %q", name)
	}
	if wanted.Enabled && state.Kind != "switch" {
		return State{}, fmt.Errorf("fault %q is triggered by a call, it cannot be left on", name)
	}
	*state = State{Fault: state.Fault}
	if wanted.Enabled {
		seconds := wanted.SecondsToLive
		if seconds <= 0 {
			seconds = secondsToLiveDefault
		}
		accepted := b.now()
		until := accepted.Add(time.Duration(min(seconds, secondsToLiveMax)) * time.Second)
		state.On, state.Until, state.AcceptedAt = true, &until, &accepted
		state.SurvivesRestart = wanted.SurvivesRestart
	}
	return *state, nil
}

// Effective names the faults of a service that are on. A service that asks has taken note, so this
// is also the moment from which the fault is in effect.
func (b *Board) Effective(service string) []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.expire()
	names := []string{}
	for name, state := range b.states {
		if !state.On || (service != "" && !strings.HasPrefix(name, service+"/")) {
			continue
		}
		if service != "" && state.EffectiveAt == nil {
			now := b.now()
			state.EffectiveAt = &now
		}
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Emitted notes that a fault showed its effect; the first time counts.
func (b *Board) Emitted(name, traceID string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if state, known := b.states[name]; known && state.EmittedAt == nil {
		now := b.now()
		state.EmittedAt, state.TraceID = &now, traceID
	}
}

// ServiceStarted ends the faults of a service that were not asked to survive its restart.
func (b *Board) ServiceStarted(service string) {
	b.off(func(state *State) bool {
		return strings.HasPrefix(state.Name, service+"/") && !state.SurvivesRestart
	})
}

// AllOff ends every fault.
func (b *Board) AllOff() { b.off(func(*State) bool { return true }) }

// All lists every fault by name.
func (b *Board) All() []State {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.expire()
	all := make([]State, 0, len(b.states))
	for _, state := range b.states {
		all = append(all, *state)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

func (b *Board) off(ends func(*State) bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, state := range b.states {
		if state.On && ends(state) {
			state.On, state.Until = false, nil
		}
	}
}

func (b *Board) expire() {
	now := b.now()
	for _, state := range b.states {
		if state.On && state.Until != nil && now.After(*state.Until) {
			state.On, state.Until = false, nil
		}
	}
}
