package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"demo/igaming/services/kit"
)

// neighbourTimeout is above the intensive calculation of the game engine (5-10 s).
const neighbourTimeout = 20 * time.Second

// RefusedError is what a neighbour answered instead of a result; its sentence is for the player.
type RefusedError struct {
	Status   int
	Sentence string
}

func (e *RefusedError) Error() string { return e.Sentence }

// neighbour is another service, called with our trace headers.
type neighbour struct {
	baseURL string
	client  *http.Client
}

func newNeighbour(name, port string) *neighbour {
	return &neighbour{baseURL: kit.URLOf(name, port), client: &http.Client{Transport: kit.NewTracedTransport(), Timeout: neighbourTimeout}}
}

// call sends JSON and reads JSON; the player travels in a header.
func (n *neighbour) call(ctx context.Context, method, path, player string, body, into any) error {
	var content io.Reader = http.NoBody
	if body != nil {
		written, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("writing the request to %s: %w", path, err)
		}
		content = bytes.NewReader(written)
	}
	request, err := http.NewRequestWithContext(ctx, method, n.baseURL+path, content)
	if err != nil {
		return fmt.Errorf("preparing the request to %s: %w", path, err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-User-Id", player)
	response, err := n.client.Do(request)
	if err != nil {
		return fmt.Errorf("calling %s: %w", path, err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		var problem struct {
			Error string `json:"error"`
		}
		_ = json.NewDecoder(response.Body).Decode(&problem) // no sentence is an answer too
		return &RefusedError{Status: response.StatusCode, Sentence: problem.Error}
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("reading the answer of %s: %w", path, err)
	}
	return nil
}
