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
	work, err := p.task(ctx)
	if err != nil {
		return err
	}
	defer work.end()
	if err := store.Migrate(ctx, work.data.db); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "The database is up to date.")
	return nil
}
