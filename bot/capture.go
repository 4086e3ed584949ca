package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

const (
	saveForm = "save"
	// fieldRunes is what a form's field takes (Slack: 3,000).
	fieldRunes = 3000
	// openForm is how long the whole text behind an open form is kept.
	openForm = 24 * time.Hour
)

// Save is "Save as feedback" on a message: a form prefilled with it, its author kept
// as the requester. A message that is saved already gets the caller's vote instead.
func (b *Bot) Save(ctx context.Context, call Call, heard Heard) (Reply, error) {
	return b.serve(ctx, call, heard.Words, func(ctx context.Context, c caller) (Reply, error) {
		if heard.Author.Account == c.Workspace.BotAccount && c.Workspace.BotAccount != "" {
			return Sayf("That's a message of mine. To say that you want what it's about, press 👍 Vote on its card. For a new request: `/feedback` and your words."), nil
		}
		var reply Reply
		err := b.store.InTx(ctx, func(tx Tx) error {
			h, err := tx.HeldByKey(ctx, c.Workspace.Board, c.key())
			if err == nil && !h.SettledAt.IsZero() { // the same act again
				reply, err = b.heldReply(ctx, tx, c, h)
				return err
			}
			if err != nil && !errors.Is(err, ErrNotFound) {
				return fmt.Errorf("held of an act: %w", err)
			}
			if reply, err = b.savedAlready(ctx, tx, c, ChannelAt{c.Workspace.ID, c.Channel.Ref}, heard.Message); reply != nil || err != nil {
				return err
			}
			if !c.maySave(heard) {
				reply = Sayf("Only moderators save other people's messages here. You can say it yourself.").
					With(Small{Textf("Nothing was saved, and nobody is told.")}, Buttons{{Label: "Give feedback", Action: "give", Style: Primary}})
				return nil
			}
			w, err := b.savedWish(ctx, tx, c, heard)
			if err != nil {
				return err
			}
			now := b.clock.Now()
			h, _, err = tx.Hold(ctx, Held{
				Board: c.Workspace.Board, Member: c.Member.ID, Key: c.key(), Why: HeldSaving, Words: Clean(spoken(heard.Words)), Wish: w,
				Until: now.Add(openForm), CreatedAt: now,
			})
			switch {
			case err != nil:
			case h.Wish.Saved == nil: // the same act came before, as another one
				reply, err = b.heldReply(ctx, tx, c, h)
			default:
				reply, err = b.saveFormOf(ctx, tx, c, h)
			}
			return err
		})
		return reply, err
	})
}

// maySave tells whether the caller may save a message: their own, or any where others'
// words are theirs to save.
func (c caller) maySave(heard Heard) bool {
	return len(c.Roles) > 0 || heard.Author.Account == c.Member.Account || c.Channel.Saves() == SavingEveryone
}

// savedAlready votes for the caller when the message is evidence already, and says
// so; nil when it is not.
func (b *Bot) savedAlready(ctx context.Context, tx Tx, c caller, at ChannelAt, message string) (Reply, error) {
	e, err := tx.EvidenceByMessage(ctx, c.Workspace.Board, at, message)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("saved message: %w", err)
	}
	it, err := tx.Item(ctx, c.Workspace.Board, e.Item)
	if err != nil {
		return nil, fmt.Errorf("item of a saved message: %w", err)
	}
	if it, err = tx.Item(ctx, it.Board, it.Root); err != nil {
		return nil, fmt.Errorf("root of a saved message: %w", err)
	}
	if !it.Listed() || !c.audience().MayRead(it.Audience) {
		return Sayf("That message has been saved already. Thank you for looking after it."), nil
	}
	ballot, err := b.ballotOf(ctx, tx, it, c.Member.ID, PlaceButton, c.At)
	if err != nil {
		return nil, err
	}
	ballot.Fresh = !c.Timed
	if _, err := tx.CastVotes(ctx, b.clock.Now(), []Ballot{ballot}); err != nil {
		return nil, fmt.Errorf("vote instead of a double: %w", err)
	}
	if it, err = tx.Item(ctx, it.Board, it.ID); err != nil {
		return nil, err
	}
	it = it.As(c.audience())
	return Sayf("That message is *#%d %s* already, so I counted your 👍 instead: %d now · %s", it.Number, it.Title, it.Votes, it.Status.Label()).
		With(Buttons{{Label: "See it", Action: Act("details", it.Number)}}), nil
}

// savedWish is what is known of a message that the caller saves. Where only few can
// follow its permalink it is left out, and the words start as the team's.
func (b *Bot) savedWish(ctx context.Context, tx Tx, c caller, heard Heard) (Wish, error) {
	w := c.wish()
	closed := c.Channel.Kind == PrivateChannel || c.Channel.Kind == DirectChannel || c.Channel.Ref == ""
	w.Saved = &SavedMessage{
		Message: heard.Message, Thread: heard.Thread, Permalink: heard.Permalink, Pictures: heard.Pictures, SavedBy: c.Member.ID,
		Direct: c.Channel.Kind == DirectChannel || c.Channel.Kind == PrivateChannel && !c.Channel.Joined, Said: heard.At, Votes: c.counting(heard.Votes),
	}
	if w.Saved.Said.IsZero() {
		w.Saved.Said = c.At
	}
	if closed {
		w.Audience, w.Saved.Permalink = Team, ""
	}
	a := heard.Author
	if a.Account == "" || a.Bot || a.Account == c.Member.Account {
		return w, nil
	}
	gone, err := tx.Forgotten(ctx, c.Workspace.Board, b.accountHash(c.Workspace.Ref, a.Account), w.Saved.Said)
	if err != nil {
		return w, fmt.Errorf("forgotten author: %w", err)
	}
	w.Author = 0
	if !gone {
		m, err := tx.MeetMember(ctx, c.Workspace.Board, c.Workspace.ID, a, memberAudience(c.Workspace.Ref.Platform, a), b.clock.Now())
		if err != nil {
			return w, fmt.Errorf("author of a message: %w", err)
		}
		w.Author = m.ID
		if m.Bot {
			w.Author = c.Member.ID
		}
	}
	return w, nil
}

// counting are the reactions that are votes in the caller's channel: not Heed's own,
// not those with another emoji.
func (c caller) counting(all []Reacted) []Reacted {
	emoji := c.Channel.Emoji
	if len(emoji) == 0 {
		emoji = []string{"+1"}
	}
	var out []Reacted
	for _, r := range all {
		if r.Account != c.Workspace.BotAccount && slices.Contains(emoji, BaseEmoji(r.Emoji)) {
			out = append(out, r)
		}
	}
	return out
}

// reactors counts who reacted; two skin tones of one person are one.
func reactors(all []Reacted) int {
	accounts := map[string]bool{}
	for _, r := range all {
		accounts[r.Account] = true
	}
	return len(accounts)
}

// saveFormOf is the form for a message whose whole text is held.
func (b *Bot) saveFormOf(ctx context.Context, tx Tx, c caller, h Held) (Reply, error) {
	f := Form{ID: saveForm, State: strconv.FormatInt(int64(h.ID), 10), Title: "Save as feedback", Submit: "Save"}
	if h.Wish.Author != 0 && h.Wish.Author != c.Member.ID {
		author, err := tx.Member(ctx, h.Board, h.Wish.Author)
		if err != nil {
			return nil, fmt.Errorf("author of a message: %w", err)
		}
		told := "They'll be told in the thread."
		if h.Wish.Saved.Direct {
			told = "They'll be told in private."
		}
		f.Fields = append(f.Fields, InfoField{Doc{Para{Textf("In the name of %v. %s", memberSpan(author, c.Workspace.ID), told)}}})
	}
	shown := Excerpt(h.Words, fieldRunes)
	field := TextField{Name: "words", Label: "What is asked for?", Value: shown, Lines: true, Max: fieldRunes}
	if shown != h.Words {
		field.Hint = "The message is longer than fits here. Leave this as it is, and I keep all of it."
	}
	audience := ChoiceField{Name: "audience", Label: "Who may see it?", Value: string(h.Wish.Audience), Options: []Option{{string(Team), "Only the team"}}}
	mayOpen, err := b.mayOpen(ctx, tx, c, h)
	if err != nil {
		return nil, err
	}
	if mayOpen {
		audience.Options = append(audience.Options, Option{string(Community), "Everyone"})
	}
	f.Fields = append(f.Fields, field, audience)
	if n := reactors(h.Wish.Saved.Votes); n > 0 {
		f.Fields = append(f.Fields, CheckField{Name: "count", Label: "Votes", Text: fmt.Sprintf("Count the %d 👍 already there", n), On: true})
	}
	return Ask{f}, nil
}

// mayOpen tells whether the caller may open a held message to everyone: what was said
// among few opens up only by those it belongs to, whatever a form sent may say.
func (b *Bot) mayOpen(ctx context.Context, tx Tx, c caller, h Held) (bool, error) {
	if h.Wish.Author == c.Member.ID || c.Roles.Has(PM) {
		return true, nil
	}
	if h.Wish.Channel == "" {
		return false, nil
	}
	ch, err := tx.Channel(ctx, h.Board, h.Wish.Workspace, h.Wish.Channel)
	if err != nil {
		return false, fmt.Errorf("channel of a message: %w", err)
	}
	return ch.Kind != PrivateChannel && ch.Kind != DirectChannel, nil
}

// saveSubmitted is the form sent. Sent twice it is one request.
func (b *Bot) saveSubmitted(ctx context.Context, c caller, s Submission) (Reply, error) {
	return b.onHeld(ctx, c, []string{s.State}, func(tx Tx, h Held) (Reply, error) {
		if h.Why != HeldSaving || h.Wish.Saved == nil {
			return b.heldReply(ctx, tx, c, h)
		}
		h.Words = whole(h.Words, s.Values["words"])
		if Empty(h.Words) {
			return Fix{map[string]string{"words": "A few words, please: what is asked for?"}}, nil
		}
		at := ChannelAt{h.Wish.Workspace, h.Wish.Channel}
		if reply, err := b.savedAlready(ctx, tx, c, at, h.Wish.Saved.Message); reply != nil || err != nil {
			return reply, err
		}
		if reply, err := b.boundedHeld(ctx, tx, c, h); reply != nil || err != nil {
			return reply, err
		}
		mayOpen, err := b.mayOpen(ctx, tx, c, h)
		if err != nil {
			return nil, err
		}
		if a := Audience(s.Values["audience"]); a == Team || a == Community && mayOpen {
			h.Wish.Audience = a
		}
		if s.Values["count"] == "" {
			h.Wish.Saved.Votes = nil
		}
		if h.Wish.Offered, err = b.similar(ctx, tx, c, h.Words, h.Wish); err != nil {
			return nil, err
		}
		if len(h.Wish.Offered) > 0 {
			h.Why, h.Until = HeldSimilar, b.clock.Now().Add(heldFor)
			if err := tx.SaveHeld(ctx, h); err != nil {
				return nil, fmt.Errorf("hold a saved message: %w", err)
			}
			return b.choice(ctx, tx, c, h)
		}
		return b.admitOrHold(ctx, tx, c, h)
	})
}

// whole is the text that a person meant when a field showed kept, cut to fit: kept
// itself when they left the field alone, else what they typed.
func whole(kept, typed string) string {
	typed = Clean(typed)
	if typed == Clean(Excerpt(kept, fieldRunes)) {
		return kept
	}
	return Clean(spoken(typed))
}

// standing are the votes that stood on a saved message, to be counted where they are.
func (b *Bot) standing(ctx context.Context, tx Tx, board BoardID, w Wish) ([]Ballot, error) {
	ws, err := tx.WorkspaceByID(ctx, board, w.Workspace)
	if err != nil {
		return nil, fmt.Errorf("workspace of a saved message: %w", err)
	}
	var out []Ballot
	for _, r := range w.Saved.Votes {
		out = append(out, Ballot{
			Workspace: ws.Ref, Account: r.Account, Hash: b.accountHash(ws.Ref, r.Account), Channel: w.Channel, Message: w.Saved.Message,
			Emoji: r.Emoji, Act: Support, At: w.Asked, Reconcile: true, Audience: memberAudience(ws.Ref.Platform, MemberSeen{}),
		})
	}
	return out, nil
}
