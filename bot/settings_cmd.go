package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	settingsFormID = "settings"
	maxPublicName  = 60 // runes
)

// settingsCommand opens how this board works.
func (b *Bot) settingsCommand(ctx context.Context, c caller, _ Command) (Reply, error) {
	board, err := b.store.Board(ctx, c.Workspace.Board)
	if err != nil {
		return nil, err
	}
	s := board.Settings
	number := func(n, usual int) string {
		if n == 0 {
			n = usual
		}
		return strconv.Itoa(n)
	}
	gap := s.RequestGap
	if gap == 0 {
		gap = b.options.RequestGap
	}
	name := s.PublicName
	if name == "" {
		name = c.Workspace.Name
	}
	all, err := b.store.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces of the board: %w", err)
	}
	sharing := Textf("This board is %s's alone. `/heed link` lets another workspace share it.", workspaceNames(all))
	if len(all) > 1 {
		sharing = Textf("This board is shared by %s. `/heed unlink` leaves it.", workspaceNames(all))
	}
	return Ask{Form{
		ID: settingsFormID, Title: "Settings", Submit: "Save",
		Fields: []Field{
			InfoField{Doc{Small{sharing}}},
			TextField{Name: "name", Label: "What do customers call your product?", Value: name, Max: maxPublicName, Optional: true},
			TextField{Name: "zone", Label: "Time zone, for people whose own I don't know", Value: board.Zone, Hint: "A city will do: Berlin, New York", Max: 60},
			TextField{Name: "per_day", Label: "New requests a day, per community member", Value: number(s.RequestsPerDay, b.options.RequestsPerDay), Max: 4},
			TextField{Name: "gap", Label: "Seconds between two of them", Value: strconv.Itoa(int(gap / time.Second)), Max: 5},
			TextField{Name: "votes", Label: "Votes a person a minute", Value: number(s.VotesPerMinute, votesPerMinute), Max: 4},
		},
	}}, nil
}

// settingsSubmitted keeps it.
func (b *Bot) settingsSubmitted(ctx context.Context, c caller, s Submission) (Reply, error) {
	wrong := map[string]string{}
	whole := func(name string, most int) int {
		n, err := strconv.Atoi(strings.TrimSpace(s.Values[name]))
		if err != nil || n < 1 || n > most {
			wrong[name] = fmt.Sprintf("A whole number from 1 to %d.", most)
		}
		return n
	}
	perDay, gap, votes := whole("per_day", 1000), whole("gap", 86_400), whole("votes", 1000)
	zone, _, err := ParseZone(s.Values["zone"])
	var unclear *Unclear
	switch {
	case errors.As(err, &unclear):
		wrong["zone"] = unclear.Problem
	case err != nil:
		return nil, err
	}
	if len(wrong) > 0 {
		return Fix{wrong}, nil
	}
	err = b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, Command{Verb: VerbSettings}); err != nil {
			return err
		}
		board, err := tx.Board(ctx, c.Workspace.Board)
		if err != nil {
			return err
		}
		board.Zone = zone
		board.Settings.PublicName = Excerpt(oneLine(Clean(s.Values["name"])), maxPublicName)
		board.Settings.RequestsPerDay, board.Settings.VotesPerMinute = perDay, votes
		board.Settings.RequestGap = time.Duration(gap) * time.Second
		return tx.SaveBoard(ctx, board)
	})
	if err != nil {
		return nil, err
	}
	return Sayf("Saved. It holds from now on.").With(Buttons{{Label: "Check my set-up", Action: Act("doctor")}}), nil
}
