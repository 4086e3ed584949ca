package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
)

// votesPerMinute bounds the votes by button and command of one member, unless the
// board says otherwise. Reactions are bounded by the platforms.
const votesPerMinute = 50

// voteRoutes are casting and taking back, following and no longer.
func (b *Bot) voteRoutes(r *routes) {
	r.commands[VerbVote] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		return b.castOne(ctx, c, cmd.Item, PlaceCommand, Support)
	}
	r.commands[VerbUnvote] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		return b.castOne(ctx, c, cmd.Item, PlaceCommand, Retract)
	}
	r.presses["vote"] = func(ctx context.Context, c caller, args []string) (Reply, error) {
		n, ok := numberArg(args, 0)
		if !ok {
			return nil, staleButton()
		}
		return b.castOne(ctx, c, n, PlaceButton, Toggle)
	}
	r.commands[VerbFollow] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		return b.follow(ctx, c, cmd.Item, true)
	}
	r.commands[VerbUnfollow] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		return b.follow(ctx, c, cmd.Item, false)
	}
	r.presses["discuss"] = b.discussPress
	r.presses["follow"] = onItem(b.toggleFollow)
	r.presses["unfollow"] = onItem(func(ctx context.Context, c caller, n int) (Reply, error) { return b.follow(ctx, c, n, false) })
	r.presses["openagain"] = b.openAgainPress
}

// React records reactions. It commits before it returns; an error means that none
// of them is kept and that the platform should deliver them again. A reaction on
// something else than a card or a captured message, or with an emoji that does not
// count there, is no ballot and no error. One that may be on a card of which nobody
// knows yet where it stands is an error, if that does not end within a second.
func (b *Bot) React(ctx context.Context, ballots []Ballot) error {
	for i, x := range ballots {
		b.hears(x.Workspace)
		ballots[i].Audience = memberAudience(x.Workspace.Platform, MemberSeen{})
		ballots[i].Hash = b.accountHash(x.Workspace, x.Account)
		if x.Event == "" {
			ballots[i].Event = EventOf(ctx)
		}
	}
	known := map[string]bool{}
	for looks := 0; ; looks++ {
		casts, err := b.lane.Cast(ctx, ballots...)
		if err != nil {
			return fmt.Errorf("reactions: %w", err)
		}
		for _, c := range casts {
			if c.Changed || c.NewMember {
				b.Wake()
				break
			}
		}
		if ballots, err = b.early(ctx, ballots, casts, known); err != nil || len(ballots) == 0 {
			return err
		}
		if looks == earlyLooks {
			return errEarly
		}
		if err := b.clock.Wait(ctx, b.clock.Now().Add(earlyPause)); err != nil {
			return fmt.Errorf("reactions: %w", err)
		}
	}
}

// Who is quick reacts to a card before its sender has kept where it stands: such a
// reaction waits for that for a second at most, well within what platforms wait for an
// acknowledgement.
const (
	earlyPause = 50 * time.Millisecond
	earlyLooks = 20
)

// errEarly has the platform deliver a reaction again, once the card is known.
var errEarly = errors.New("reactions: a card is under way to the channel")

// early are the ballots without a target that may be for a card which is on its way, or
// which was kept since they were cast. known are the cards of the latter, cast once more:
// where even that finds no target, the item itself takes no votes.
func (b *Bot) early(ctx context.Context, ballots []Ballot, casts []Cast, known map[string]bool) ([]Ballot, error) {
	var out []Ballot
	for i, c := range casts {
		x := ballots[i]
		if c.Outcome != CastNoTarget || x.Message == "" {
			continue
		}
		stands, underWay, err := b.store.CardAt(ctx, x.Workspace, x.Channel, x.Message)
		if err != nil {
			return nil, fmt.Errorf("cards under way: %w", err)
		}
		at := x.Channel + " " + x.Message
		if stands && !known[at] || !stands && underWay {
			out = append(out, x)
		}
		known[at] = known[at] || stands
	}
	return out, nil
}

// castOne is one person's vote by button or command, answered in private.
func (b *Bot) castOne(ctx context.Context, c caller, number int, place string, act BallotAct) (Reply, error) {
	if err := b.votesBound(ctx, c); err != nil {
		return nil, err
	}
	it, err := readable(ctx, b.store, c, number)
	if RefusedWith(err) == NotFound && !c.known() {
		it, err = b.pressedOn(ctx, c, number, err)
	}
	if err != nil {
		return nil, err
	}
	fresh := place == PlaceCommand && !c.Timed
	if fresh { // it would stand over everything: a request that is sent again must not
		first, err := b.store.Once(ctx, it.Board, "vote:"+c.key(), b.clock.Now().Add(onceFor))
		if err != nil {
			return nil, fmt.Errorf("vote once: %w", err)
		}
		if !first {
			return Sayf("That is taken in already: %v.", title(it)).With(Buttons{{Label: "Details", Action: Act("details", it.Number)}}), nil
		}
	}
	casts, err := b.lane.Cast(ctx, Ballot{
		Workspace: c.Workspace.Ref, Account: c.Member.Account, Hash: b.accountHash(c.Workspace.Ref, c.Member.Account),
		Item: it.Number, Place: place, Act: act, At: c.At, Fresh: fresh, Audience: c.Member.Audience, Event: EventOf(ctx),
	})
	if err != nil {
		return nil, fmt.Errorf("vote: %w", err)
	}
	cast := casts[0]
	if cast.Outcome == CastNoTarget {
		return nil, noSuchItem(number)
	}
	cast.Title = it.Title
	if cast.Item != it.ID {
		root, err := b.store.Item(ctx, it.Board, cast.Item)
		if err != nil {
			return nil, fmt.Errorf("root that was voted on: %w", err)
		}
		if !c.audience().MayRead(root.Audience) { // what it was merged into is not for these eyes
			return blindVoteReply(it, cast), nil
		}
		cast.Title = root.As(c.audience()).Title
	}
	return voteReply(it, cast, c.hearsByVote()), nil
}

// pressedOn is the item whose card somebody pressed of whom the platform has not said
// who they are: they see the card, as with a reaction on it. refused is the answer
// where it was no card of that item.
func (b *Bot) pressedOn(ctx context.Context, c caller, number int, refused error) (Item, error) {
	it, err := b.store.ItemByNumber(ctx, c.Workspace.Board, number)
	if errors.Is(err, ErrNotFound) || err == nil && (!it.GoneAt.IsZero() || !it.HiddenAt.IsZero()) {
		return it, refused
	}
	if err != nil {
		return it, fmt.Errorf("item by number: %w", err)
	}
	cards, err := b.store.ItemPosts(ctx, it.Board, it.ID, PostCard)
	if err != nil {
		return it, fmt.Errorf("cards of an item: %w", err)
	}
	for _, p := range cards {
		if p.Workspace == c.Workspace.ID && p.Channel == c.Channel.Ref && p.Message == c.Message && p.Message != "" {
			return it, nil
		}
	}
	return it, refused
}

// blindVoteReply says what a vote came to where the item lives on in one that the
// person may not see.
func blindVoteReply(asked Item, cast Cast) Reply {
	if cast.Supports {
		return Sayf("👍 Counted for %v.", title(asked)).With(Buttons{{Label: "Take it back", Action: Act("vote", asked.Number)}})
	}
	return Sayf("%v has no vote of yours.", title(asked)).With(Buttons{{Label: "👍 Vote", Action: Act("vote", asked.Number)}})
}

// hearsByVote tells whether a vote alone has the caller written to: not on Discord.
func (c caller) hearsByVote() bool { return c.Workspace.Ref.Platform != Discord }

// voteReply says what a vote came to. hears: those who vote are told when it moves.
func voteReply(asked Item, cast Cast, hears bool) Reply {
	what := Textf("*#%d %s*%v", cast.Number, cast.Title, partOf(asked.Number, Item{Number: cast.Number}))
	undo := Button{Label: "Take it back", Action: Act("vote", cast.Number)}
	details := Button{Label: "Details", Action: Act("details", cast.Number)}
	switch {
	case cast.Supports && !cast.Status.Open():
		return Sayf("Noted for %v. Voting is closed there (%s); your voice is kept.", what, cast.Status.Label()).
			With(Buttons{details})
	case cast.FirstVote && cast.Changed && !hears:
		return Sayf("Counted for %v: %s now. Shall I tell you when it moves? I write to nobody unasked.", what, people(cast.Votes)).With(Buttons{
			{Label: "🔔 Tell me", Action: Act("follow", cast.Number)}, {Label: "Why do you need it?", Action: Act("why", cast.Number)}, undo,
		})
	case cast.FirstVote && cast.Changed:
		return Sayf("Counted. You'll hear when %v moves.", what).With(Buttons{
			{Label: "Why do you need it?", Action: Act("why", cast.Number)},
			{Label: "Don't tell me", Action: Act("unfollow", cast.Number)}, undo,
		})
	case cast.Supports && cast.Changed:
		return Sayf("👍 Counted for %v: %s now.", what, people(cast.Votes)).With(Buttons{undo, details})
	case cast.Supports:
		return Sayf("Your 👍 for %v is counted already: %s.", what, people(cast.Votes)).With(Buttons{undo, details})
	case cast.Changed:
		return Sayf("Taken back. %v: 👍 %d now.", what, cast.Votes).
			With(Buttons{{Label: "👍 Vote", Action: Act("vote", cast.Number)}, details})
	default:
		return Sayf("You have no vote on %v, so nothing has changed.", what).
			With(Buttons{{Label: "👍 Vote", Action: Act("vote", cast.Number)}, details})
	}
}

// people counts people as a sentence does.
func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// votesBound refuses a member who votes faster than people do.
func (b *Bot) votesBound(ctx context.Context, c caller) error {
	board, err := b.store.Board(ctx, c.Workspace.Board)
	if err != nil {
		return err
	}
	most := board.Settings.VotesPerMinute
	if most == 0 {
		most = votesPerMinute
	}
	n, err := b.store.BallotsSince(ctx, board.ID, c.Member.ID, c.At.Add(-time.Minute))
	if err != nil {
		return fmt.Errorf("votes of the last minute: %w", err)
	}
	if n < most {
		return nil
	}
	return Refuse(Limited, Sayf("That's %d votes in a minute, which is all I take. The ones before are counted; please go on in a minute.", n))
}

// toggleFollow is 🔔, `follow N`: the opposite of what the person said last.
func (b *Bot) toggleFollow(ctx context.Context, c caller, number int) (Reply, error) {
	it, err := readable(ctx, b.store, c, number)
	if err != nil {
		return nil, err
	}
	on, _, err := b.store.Follows(ctx, it.Board, c.Member.Person, it.Root)
	if err != nil {
		return nil, fmt.Errorf("own follow: %w", err)
	}
	return b.follow(ctx, c, number, !on)
}

// follow says that a person wants to hear of an item, or no longer.
func (b *Bot) follow(ctx context.Context, c caller, number int, on bool) (Reply, error) {
	var it Item
	err := b.store.InTx(ctx, func(tx Tx) error {
		var err error
		if it, err = readable(ctx, tx, c, number); err != nil {
			return err
		}
		if on && c.Member.Closed { // they ask to be written to: one more try
			if err := tx.OpenDirect(ctx, it.Board, c.Member.ID); err != nil {
				return err
			}
		}
		return tx.Follow(ctx, it.Board, c.Member.ID, it.Root, on, c.At)
	})
	if err != nil {
		return nil, err
	}
	if on {
		return Sayf("You'll hear when %v moves.", title(it)).With(Buttons{{Label: "Stop", Action: Act("unfollow", it.Number)}}), nil
	}
	return Sayf("I won't write to you about %v. Your vote stays as it is.", title(it)).
		With(Buttons{{Label: "Tell me after all", Action: Act("follow", it.Number)}}), nil
}

// accountHash is the keyed hash by which an account that asked to be forgotten is
// recognized: 32 bytes that say nothing without the key.
func (b *Bot) accountHash(w WorkspaceRef, account string) []byte {
	h := hmac.New(sha256.New, b.options.HashKey)
	fmt.Fprintf(h, "heed account\x00%s\x00%s\x00%s", w.Platform, w.Ref, account)
	return h.Sum(nil)
}
