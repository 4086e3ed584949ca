package main

import (
	"context"
	"fmt"

	"heed/store"
)

// migrate brings the database up to date.
func (p program) migrate(ctx context.Context, args []string) error {
	if err := p.parse(p.flags("migrate", "migrate"), args); err != nil {
		return err
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	log := newLog(c, p.err)
	data, err := openDatabase(ctx, c, log, false)
	if err != nil {
		return err
	}
	defer data.close(log)
	if err := store.Migrate(ctx, data.db); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "The database is up to date.")
	return nil
}
