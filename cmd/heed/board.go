package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"heed/bot"
	"heed/store"
)

// board finds the board that was named, or the only one there is. A name that several
// have, or none, is wrong use, and the boards are listed; so they can be named by their id.
func (p program) board(ctx context.Context, s *store.Store, named string) (bot.Board, error) {
	all, err := s.Boards(ctx)
	if err != nil {
		return bot.Board{}, fmt.Errorf("list the boards: %w", err)
	}
	if len(all) == 0 {
		return bot.Board{}, fmt.Errorf("there is no board yet. Run `heed serve` or connect a chat first: each workspace brings one")
	}
	for _, same := range []func(bot.Board) bool{
		func(b bot.Board) bool { return b.Name == named || named == "" },
		func(b bot.Board) bool { return strings.EqualFold(b.Name, named) },
		func(b bot.Board) bool { return strconv.FormatInt(int64(b.ID), 10) == named },
	} {
		var found []bot.Board
		for _, b := range all {
			if same(b) {
				found = append(found, b)
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
		if len(found) > 1 {
			break
		}
	}
	if named == "" {
		fmt.Fprintf(p.err, "heed: there are %d boards; say which with --board, by name or number.\n", len(all))
	} else {
		fmt.Fprintf(p.err, "heed: --board %q names no one board. These are there, by number and name:\n", named)
	}
	for _, b := range all {
		fmt.Fprintf(p.err, "  %d  %s\n", b.ID, b.Name)
	}
	return bot.Board{}, errUse
}
