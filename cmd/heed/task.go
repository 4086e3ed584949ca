package main

import (
	"context"
	"log/slog"

	"heed/store"
)

// task is what a command that ends by itself works with.
type task struct {
	config config
	log    *slog.Logger
	data   *database
	store  *store.Store
}

// task reads the configuration and opens the database, whatever state it is in. It has
// to be ended.
func (p program) task(ctx context.Context) (*task, error) {
	c, err := readConfig(p.environ)
	if err != nil {
		return nil, err
	}
	return p.taskOf(ctx, c)
}

// taskOf is task with a configuration that was read already.
func (p program) taskOf(ctx context.Context, c config) (*task, error) {
	log := newLog(c, p.err)
	data, err := openDatabase(ctx, c, log, false)
	if err != nil {
		return nil, err
	}
	return &task{c, log, data, store.New(data.db)}, nil
}

// ready fails with the first thing that has to be mended before a command can work on
// what the database holds.
func (t *task) ready(ctx context.Context) error {
	status, err := store.Check(ctx, t.data.db)
	if err == nil && len(status.Problems) > 0 {
		err = status.Problems[0]
	}
	return err
}

// end closes the database.
func (t *task) end() { t.data.close(t.log) }
