package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"heed/adapters/slack/slackfake"
	"heed/cmd/internal/scorecard"
	"heed/store"
)

// Of the storm: everybody votes for one request at once.
const (
	stormPlaces   = 3
	stormVotes    = 10_000
	stormSeconds  = 10
	stormPatience = 30 * time.Second // for its cards to show the count
)

// storm has ten thousand people, of whom Heed has never heard, vote for one request. Its
// board is shared by three workspaces, and it has a card in each: the hardest way
// there is, as all votes count on one row and three messages have to follow.
func storm(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	w, err := newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.populate(ctx, peopled{boards: stormPlaces, members: 1, items: 1, cards: true, young: true}); err != nil {
		return nil, err
	}
	if err := w.share(ctx); err != nil {
		return nil, err
	}
	for _, p := range w.places {
		for range stormVotes / stormPlaces * 2 { // half of them stay away
			p.users = append(p.users, p.team.AddUser("m").ID)
		}
	}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	say("%d votes in %d seconds", stormVotes, stormSeconds)
	next := func() reaction {
		n := int(w.voted.Add(1)) - 1
		p := w.places[n%stormPlaces]
		return reaction{team: p.team.ID, account: p.users[n/stormPlaces], channel: p.cards[0].channel, message: p.cards[0].message, n: n}
	}
	began := time.Now()
	took, err := w.openLoop(ctx, stormVotes/stormSeconds, stormSeconds*time.Second, next)
	if err != nil {
		return nil, err
	}
	last := time.Now()
	cast := int(w.voted.Load())
	shown, right := w.allShow(ctx, fmt.Sprintf("%d people", cast), last)
	counted, err := w.count(ctx, `select votes from items where board_id = $1 and item_id = $2`, w.places[0].board, w.places[0].cards[0].item)
	if err != nil {
		return nil, err
	}
	select { // a minute's window of edits, as far as it matters
	case <-time.After(2 * time.Second):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	edits, over := 0, overLimits(w.slack.Calls(""))
	for _, c := range w.slack.Calls("chat.update") {
		if c.OK {
			edits++
		}
	}
	acked := scorecard.Of("votes acknowledged", float64(len(took)), "", scorecard.AtLeast, stormVotes)
	acked.Note = fmt.Sprintf("in %.1f s, p99 %s ms", last.Sub(began).Seconds(), scorecard.Number(took.ms(0.99)))
	count := scorecard.Of("votes missing in the count", float64(len(took)-counted), "", scorecard.AtMost, 0)
	final := scorecard.Of("the final count on all cards after the last vote", shown.Seconds(), "s", scorecard.AtMost, 3)
	if !right {
		final.Values, final.Note = nil, fmt.Sprintf("not within %v", stormPatience)
	}
	limit := scorecard.Of("edits beyond a limit of Slack's", float64(len(over)), "", scorecard.AtMost, 0)
	limit.Note = strings.Join(append([]string{fmt.Sprintf("%d edits", edits)}, over[:min(len(over), 3)]...), "; ")
	return []scorecard.Figure{acked, count, final, limit}, nil
}

// share puts all workspaces on the first board, as linking would have, and the cards of
// the others stand for its request.
func (w *world) share(ctx context.Context) error {
	first := w.places[0]
	for _, p := range w.places[1:] {
		for _, q := range []string{
			`delete from posts where board_id = $2 and $1::bigint > 0 and $3::bigint > 0`,
			`insert into workspaces (board_id, workspace_id, platform, ref, name, state, token, bot_account, scopes, welcomed_at, created_at)
			 select $1, workspace_id, platform, ref || '@', name, state, token, bot_account, scopes, welcomed_at, created_at
			   from workspaces where board_id = $2 and workspace_id = $3`,
			`insert into channels (board_id, workspace_id, channel_ref, name, audience, intake, intake_at, main_intake, member)
			 select $1, workspace_id, channel_ref, name, audience, intake, intake_at, main_intake, member
			   from channels where board_id = $2 and workspace_id = $3`,
			`update workspaces set ref = ref || '@left', state = 'left' where board_id = $2 and workspace_id = $3 and $1::bigint > 0`,
			`update workspaces set ref = rtrim(ref, '@') where board_id = $1 and workspace_id = $3 and $2::bigint > 0`,
		} {
			if err := w.exec(store.Patient(ctx), []any{first.board, p.board, p.workspace}, q); err != nil {
				return err
			}
		}
		if err := w.exec(ctx, []any{first.board, p.workspace, first.cards[0].item, p.cards[0].channel, p.cards[0].message},
			`insert into posts (board_id, key, kind, workspace_id, channel_ref, message_ref, item_id, shown_version, created_at)
			 values ($1, 'card:' || $3::bigint || ':' || $2::bigint || ':' || $4, 'card', $2, $4, $5, $3, 1, now())`); err != nil {
			return err
		}
		p.board = first.board
	}
	return nil
}

// allShow waits until the card of every workspace says words, and answers when the last
// of them began to, after an instant. False: not in time.
func (w *world) allShow(ctx context.Context, words string, after time.Time) (time.Duration, bool) {
	waiting, cancel := context.WithTimeout(ctx, stormPatience)
	defer cancel()
	err := w.slack.WaitFor(waiting, func() bool {
		for _, p := range w.places {
			if m, ok := w.slack.Message(slackfake.Message{Channel: p.team.Channel(p.cards[0].channel), TS: p.cards[0].message}); !ok || !strings.Contains(m.String(), words) {
				return false
			}
		}
		return true
	})
	return time.Since(after), err == nil
}
