package main

import (
	"context"
	"fmt"
	"time"

	"heed/cmd/internal/scorecard"
	"heed/store/crowd"
)

// years is what many boards hold after years: about 10,000,000 votes on 1,100,000 items.
var years = crowd.Size{
	Boards: 1000, Items: 1000, People: 300, Votes: 250,
	BigItems: 100_000, BigPeople: 10_000, BigVotes: 4500,
}

// growth measures votes on an empty database and on a full one, and what is read there.
func growth(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	b, err := newBoard(ctx)
	if err != nil {
		return nil, err
	}
	defer b.close()
	clients := []int{16, 64}
	empty, err := b.ratios(ctx, clients, say)
	if err != nil {
		return nil, fmt.Errorf("an empty database: %w", err)
	}
	began := time.Now()
	c, err := crowd.Fill(ctx, b.db, years, say)
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	say("filled in %s", time.Since(began).Round(time.Second))
	var held struct{ Items, Votes float64 }
	if err := b.db.GetContext(ctx, &held, `
		select (select reltuples from pg_class where oid = 'items'::regclass) as items, (select reltuples from pg_class where oid = 'votes'::regclass) as votes`); err != nil {
		return nil, err
	}
	if figures, err = measureReads(ctx, b.db, c, say); err != nil {
		return figures, err
	}
	full, err := b.ratios(ctx, clients, say)
	if err != nil {
		return figures, fmt.Errorf("a full database: %w", err)
	}
	for i, n := range clients {
		f := scorecard.Of(fmt.Sprintf("votes on a full database to an empty one, %d clients", n), full[i]/empty[i], "×", scorecard.AtLeast, 0.9)
		f.Note = fmt.Sprintf("each to pgbench -M simple beside it: %.2f, and %.2f with %.1f million items and %.1f million votes", empty[i], full[i], held.Items/1e6, held.Votes/1e6)
		figures = append(figures, f)
	}
	return figures, nil
}

// ratios are Heed's votes a second to pgbench's, by turns, on 10,000 fresh items.
func (b *board) ratios(ctx context.Context, clients []int, say func(string, ...any)) ([]float64, error) {
	var out []float64
	for _, n := range clients {
		simple, err := b.pgbench(ctx, spreads[0], n, cell, "simple")
		if err != nil {
			return nil, err
		}
		heed, err := b.votes(ctx, spreads[0], n, cell)
		if err != nil {
			return nil, err
		}
		say("%d clients: %.0f votes/s, pgbench %.0f", n, heed, simple)
		out = append(out, heed/simple)
	}
	return out, nil
}
