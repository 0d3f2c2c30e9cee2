package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	seedPlayerCount  = 200
	seedRoundCount   = 12000 // enough that a search without an index takes its time
	historyLength    = 25
	historyKeptMax   = 200 // above this a reader cuts the history to what is shown
	playerCountMax   = 5000
	storeTimeout     = 5 * time.Second
	seedBatchSize    = 1000
	roundsOfOneSeed  = seedRoundCount / seedPlayerCount
	seedBetCents     = 100
	noteEveryTenth   = 10
	noteText         = "player asked support about this round"
	noteTextOrdinary = "ordinary round"
)

// Player is a profile document.
type Player struct {
	ID        string `bson:"_id" json:"id"`
	Name      string `bson:"name" json:"name"`
	Mail      string `bson:"mail" json:"mail"`
	Phone     string `bson:"phone" json:"phone"`
	KYC       string `bson:"kyc" json:"kyc"`
	Documents int    `bson:"documents" json:"documents"`
}

// Round is one line of the game history.
type Round struct {
	ID     string `bson:"_id" json:"round_id"`
	Player string `bson:"player" json:"player"`
	Game   string `bson:"game" json:"game"`
	Bet    int64  `bson:"bet" json:"bet"`
	Win    int64  `bson:"win" json:"win"`
	At     string `bson:"at" json:"at"`
	Note   string `bson:"note" json:"note"`
}

type playerStore struct {
	client  *mongo.Client
	players *mongo.Collection
	rounds  *mongo.Collection
	// One document for each player: the last rounds, oldest first.
	histories *mongo.Collection
}

func openPlayerStore(ctx context.Context, url string) (*playerStore, error) {
	client, err := mongo.Connect(options.Client().ApplyURI(url).SetMonitor(newMongoSpans().monitor()).
		SetServerSelectionTimeout(storeTimeout))
	if err != nil {
		return nil, fmt.Errorf("connecting to MongoDB: %w", err)
	}
	database := client.Database("users")
	store := &playerStore{client: client, players: database.Collection("players"), rounds: database.Collection("rounds"), histories: database.Collection("histories")}
	return store, store.seed(ctx)
}

// seed makes players and rounds once, the same ones every time.
func (s *playerStore) seed(ctx context.Context) error {
	count, err := s.players.EstimatedDocumentCount(ctx)
	if err != nil || count > 0 {
		return err
	}
	rounds := make([]any, 0, seedBatchSize)
	histories := make([]any, 0, seedPlayerCount)
	var recent []Round
	for number := range seedRoundCount {
		note := noteTextOrdinary
		if number%noteEveryTenth == 0 {
			note = noteText
		}
		round := Round{
			ID: fmt.Sprintf("seed-%06d", number), Player: playerID(number / roundsOfOneSeed), Game: "fruits",
			Bet: seedBetCents, Win: int64(number%5) * 20, At: "2026-01-01T00:00:00Z", Note: note,
		}
		rounds, recent = append(rounds, round), append(recent, round)
		if len(recent) == roundsOfOneSeed {
			last := recent[len(recent)-historyLength:]
			histories = append(histories, bson.D{{Key: "_id", Value: round.Player}, {Key: "rounds", Value: last}})
			recent = nil
		}
		if len(rounds) == seedBatchSize {
			if _, err := s.rounds.InsertMany(ctx, rounds); err != nil {
				return fmt.Errorf("seeding rounds: %w", err)
			}
			rounds = rounds[:0]
		}
	}
	if _, err := s.histories.InsertMany(ctx, histories); err != nil {
		return fmt.Errorf("seeding histories: %w", err)
	}
	players := make([]any, 0, seedPlayerCount)
	for number := range seedPlayerCount {
		players = append(players, Player{
			ID: playerID(number), Name: fmt.Sprintf("Player %d", number), KYC: "none",
			Mail: fmt.Sprintf("player%d@players.example", number), Phone: fmt.Sprintf("+00-555-%04d", number),
		})
	}
	if _, err := s.players.InsertMany(ctx, players); err != nil {
		return fmt.Errorf("seeding players: %w", err)
	}
	return nil
}

func playerID(number int) string { return fmt.Sprintf("player-%04d", number) }

func (s *playerStore) ping(ctx context.Context) error { return s.client.Ping(ctx, nil) }

// find returns nil for a player that nobody knows.
func (s *playerStore) find(ctx context.Context, id string) (*Player, error) {
	var player Player
	err := s.players.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&player)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("finding player %s: %w", id, err)
	}
	return &player, nil
}

func (s *playerStore) list(ctx context.Context, limit int64) ([]Player, error) {
	cursor, err := s.players.Find(ctx, bson.D{}, options.Find().SetLimit(limit).SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("listing players: %w", err)
	}
	players := []Player{}
	return players, cursor.All(ctx, &players)
}

func (s *playerStore) addDocument(ctx context.Context, id string) error {
	change := bson.D{{Key: "$inc", Value: bson.D{{Key: "documents", Value: 1}}},
		{Key: "$set", Value: bson.D{{Key: "kyc", Value: "documents received"}}}}
	_, err := s.players.UpdateByID(ctx, id, change)
	return err
}

// addRound keeps a round, and notes it in the player's history.
func (s *playerStore) addRound(ctx context.Context, round Round) error {
	if _, err := s.rounds.InsertOne(ctx, round); err != nil {
		return fmt.Errorf("adding round %s: %w", round.ID, err)
	}
	note := bson.D{{Key: "$push", Value: bson.D{{Key: "rounds", Value: round}}}}
	if _, err := s.histories.UpdateByID(ctx, round.Player, note, options.UpdateOne().SetUpsert(true)); err != nil {
		return fmt.Errorf("noting round %s in the history: %w", round.ID, err)
	}
	return nil
}

// history fetches the last rounds with one query, newest first. They lie in one document for each
// player: a search by anything but the id reads every document in FerretDB.
func (s *playerStore) history(ctx context.Context, player string) ([]Round, error) {
	var history struct {
		Rounds []Round `bson:"rounds"`
	}
	err := s.histories.FindOne(ctx, bson.D{{Key: "_id", Value: player}}).Decode(&history)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return nil, fmt.Errorf("reading the history of %s: %w", player, err)
	}
	rounds := history.Rounds
	recent := slices.Clone(rounds[max(0, len(rounds)-historyLength):])
	slices.Reverse(recent)
	if len(rounds) > historyKeptMax {
		cut := bson.D{{Key: "$set", Value: bson.D{{Key: "rounds", Value: rounds[len(rounds)-historyLength:]}}}}
		if _, err := s.histories.UpdateByID(ctx, player, cut); err != nil {
			return nil, fmt.Errorf("cutting the history of %s: %w", player, err)
		}
	}
	return append([]Round{}, recent...), nil
}

// historyOneByOne is the N+1 antipattern: one query for the ids, one more for each round.
func (s *playerStore) historyOneByOne(ctx context.Context, player string) ([]Round, error) {
	noted, err := s.history(ctx, player)
	if err != nil {
		return nil, err
	}
	rounds := []Round{}
	for _, known := range noted {
		var round Round
		if err := s.rounds.FindOne(ctx, bson.D{{Key: "_id", Value: known.ID}}).Decode(&round); err != nil {
			return nil, fmt.Errorf("reading round %s: %w", known.ID, err)
		}
		rounds = append(rounds, round)
	}
	return rounds, nil
}

// searchNotes is the slow query: free text without an index, so every document is read.
func (s *playerStore) searchNotes(ctx context.Context, text string) (int64, error) {
	filter := bson.D{{Key: "note", Value: bson.D{{Key: "$regex", Value: ".*" + text + ".*"}}}}
	count, err := s.rounds.CountDocuments(ctx, filter)
	if err != nil {
		return 0, fmt.Errorf("searching notes: %w", err)
	}
	return count, nil
}
