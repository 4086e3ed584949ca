package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"heed/bot"
	"heed/store"
)

const (
	// awaitEvery is how often a database that is away is asked again.
	awaitEvery = time.Second
	// awaitSaid is how often the log says so.
	awaitSaid = 30 * time.Second
)

// prepare has the database ready to be worked on, and answers the key of hashes that is
// kept there. One that is away is waited for, not ready and as long as it takes: in
// containers nobody knows who starts first. What waiting won't mend (a wrong password, a
// database that was never made) is an error at once.
func (s *system) prepare(ctx context.Context, key []byte) ([]byte, error) {
	var said time.Time
	for {
		hash, err := s.bringUp(ctx, key)
		if err == nil || s.data.server != nil || ctx.Err() != nil || !store.Passing(err) {
			return hash, err
		}
		s.front.begin("the database does not answer")
		if time.Since(said) > awaitSaid {
			said = time.Now()
			s.log.WarnContext(ctx, "waiting for the database", "why", whyAway(err))
		}
		if err := (bot.SystemClock{}).Wait(ctx, time.Now().Add(awaitEvery)); err != nil {
			return nil, err
		}
	}
}

// bringUp migrates the database and reads what Heed needs of it from the start.
func (s *system) bringUp(ctx context.Context, key []byte) ([]byte, error) {
	if err := s.data.reach(ctx); err != nil {
		return nil, err
	}
	s.front.begin("migrations are running")
	if err := store.Migrate(ctx, s.data.db); err != nil {
		return nil, err
	}
	s.front.begin("Heed is starting")
	id, err := s.store.KeepInstance(ctx, strings.ToLower(rand.Text()))
	if err != nil {
		return nil, err
	}
	s.instance.Store(id)
	if err := s.tellTime(ctx); err != nil {
		return nil, err
	}
	return hashKey(ctx, s.store, key, s.log)
}

// instanceNow is what this installation is called; "" before that is read.
func (s *system) instanceNow() string {
	id, _ := s.instance.Load().(string)
	return id
}

// whyAway is what a person is told of it.
func whyAway(err error) string {
	var told *store.Problem
	if errors.As(err, &told) {
		return told.Sentence
	}
	return "Postgres answers, but can't be written to yet: it starts, stops, or is a standby."
}
