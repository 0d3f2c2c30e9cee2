package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	sessionLifetime  = 30 * time.Minute
	activeSessionSet = "sessions:active" // sorted by the moment each session ends
)

// ExpiredSessionError is a session that existed once, or a token that never was one.
type ExpiredSessionError struct{ Player string }

func (e *ExpiredSessionError) Error() string { return "the session has expired or the token is wrong" }

type sessionStore struct {
	cache *redis.Client
	now   func() time.Time
}

func (s *sessionStore) ping(ctx context.Context) error { return s.cache.Ping(ctx).Err() }

// open begins a session and returns its token.
func (s *sessionStore) open(ctx context.Context, player string) (string, error) {
	token := rand.Text()
	both := s.cache.TxPipeline()
	both.Set(ctx, "session:"+token, player, sessionLifetime)
	both.ZAdd(ctx, activeSessionSet, redis.Z{Score: float64(s.now().Add(sessionLifetime).Unix()), Member: token})
	if _, err := both.Exec(ctx); err != nil {
		return "", fmt.Errorf("storing the session: %w", err)
	}
	return token, nil
}

// playerOf returns whose session a token is.
func (s *sessionStore) playerOf(ctx context.Context, token string) (string, error) {
	player, err := s.cache.Get(ctx, "session:"+token).Result()
	if errors.Is(err, redis.Nil) {
		return "", &ExpiredSessionError{}
	}
	if err != nil {
		return "", fmt.Errorf("looking up the session: %w", err)
	}
	return player, nil
}

// activeCount forgets ended sessions and counts the rest.
func (s *sessionStore) activeCount(ctx context.Context) (int64, error) {
	now := strconv.FormatInt(s.now().Unix(), 10)
	if err := s.cache.ZRemRangeByScore(ctx, activeSessionSet, "-inf", now).Err(); err != nil {
		return 0, fmt.Errorf("forgetting ended sessions: %w", err)
	}
	count, err := s.cache.ZCard(ctx, activeSessionSet).Result()
	if err != nil {
		return 0, fmt.Errorf("counting sessions: %w", err)
	}
	return count, nil
}
