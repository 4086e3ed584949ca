package bot

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
)

// AckLevel is how loud the line is that something of a kind was kept. Votes have lines of
// their own, see sayVotes; what platforms tell of people and channels is much, and little of
// it is ever looked for.
func AckLevel(kind string) slog.Level {
	switch kind {
	case "vote", "event", "autocomplete":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// sayVotes writes one line for the ballots that one commit kept: with the event and the
// item of each, so that who looks for one vote finds it, and a busy minute costs a line a
// commit and not a line a vote. What was on nothing of Heed's is not worth one.
func (b *Bot) sayVotes(ctx context.Context, ballots []Ballot, casts []Cast) {
	if !b.log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	var events, items []string
	changed, last := 0, -1
	for i, c := range casts {
		if c.Outcome == CastNoTarget || c.Outcome == CastOwn {
			continue
		}
		if c.Changed {
			changed++
		}
		events, items, last = append(events, ballots[i].Event), append(items, fmt.Sprintf("%d/%d", c.Board, c.Item)), i
	}
	switch len(events) {
	case 0:
	case 1:
		c := casts[last]
		b.log.InfoContext(WithEvent(ctx, events[0]), "vote kept", "board", c.Board, "item", c.Item, "outcome", c.Outcome, "changed", c.Changed)
	default:
		b.log.InfoContext(WithEvent(ctx, ""), "votes kept", "ballots", len(events), "changed", changed,
			"events", strings.Join(events, " "), "items", strings.Join(items, " "))
	}
}

// sayShown writes the line that ends what an event began: a message shows what it should.
// How is posted, edited, deleted, marked, or unchanged where it showed that already; see
// CardShown for pressed.
func (b *Bot) sayShown(ctx context.Context, c Claim, to Destination, content Content, version int64, sent Sent) {
	how := "edited"
	switch {
	case c.Kind == PostMark:
		how = "marked"
	case content == nil:
		how = "deleted"
	case c.quiet(content, version):
		how = "unchanged"
	case sent.Message != "":
		how = "posted"
	}
	b.log.InfoContext(ctx, "post shown", "platform", to.Workspace.Ref.Platform, "board", c.Board, "post", c.ID, "kind", c.Kind,
		"item", c.Item, "version", version, "how", how)
}
