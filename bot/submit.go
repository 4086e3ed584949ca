package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// heldFor is how long words wait for their author's choice.
const heldFor = 15 * time.Minute

// feedback is /feedback and the text after it, by the rule of ReadFeedback. A
// command that the person may not run, or that comes to nothing, may have been a
// wish: its words are held and can be sent as one.
func (b *Bot) feedback(ctx context.Context, c caller, text string) (Reply, error) {
	return b.understand(ctx, c, text, c.wish())
}

// understand is feedback for words of which w is known.
func (b *Bot) understand(ctx context.Context, c caller, text string, w Wish) (Reply, error) {
	switch said := ReadFeedback(text).(type) {
	case IntentFeedback:
		// Quote marks around the whole say only that it is no command.
		return b.offer(ctx, c, c.key(), unquote(said.Words), w)
	case IntentAsk:
		return b.askWhich(ctx, c, said.Words, w)
	case IntentCommand:
		reply, err := b.run(ctx, c, said.Command)
		var refusal *Refusal
		if errors.As(err, &refusal) {
			return b.orFeedback(ctx, c, said.Words, w, refusal.Reply)
		}
		return reply, err
	}
	return c.giveForm(""), nil
}

// key names the act of a call on its board.
func (c caller) key() string {
	if c.Call.Key == "" {
		return fmt.Sprintf("%d:%d:%d", c.Workspace.ID, c.Member.ID, c.At.UnixNano())
	}
	return fmt.Sprintf("%d:%s", c.Workspace.ID, c.Call.Key)
}

// wish is what is known of the caller's words before they are read. They are as
// open as the channel they are typed in; in a direct conversation as their author.
func (c caller) wish() Wish {
	w := Wish{Author: c.Member.ID, Audience: c.Channel.Audience, Workspace: c.Workspace.ID, Channel: c.Channel.Ref, Asked: c.At}
	if c.Channel.Ref == "" || c.Channel.Kind == DirectChannel {
		w.Audience = c.Member.Audience
	}
	return w
}

// offer is the way of every wish: taken in once by its key, within the bounds, held
// when something similar is there, else made an item at once.
func (b *Bot) offer(ctx context.Context, c caller, key, words string, w Wish) (Reply, error) {
	words = Clean(spoken(words))
	if err := CheckWords(words); err != nil {
		return nil, err
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := tx.LockMember(ctx, c.Workspace.Board, c.Member.ID); err != nil {
			return fmt.Errorf("lock member: %w", err)
		}
		var err error
		if reply, err = b.taken(ctx, tx, c, key); reply != nil || err != nil {
			return err
		}
		if reply, err = b.bounded(ctx, tx, c, key, words, w); reply != nil || err != nil {
			return err
		}
		near, err := b.similar(ctx, tx, c, words, w)
		if err != nil {
			return err
		}
		if len(near) == 0 {
			reply, err = b.admitOrHold(ctx, tx, c, Held{Board: c.Workspace.Board, Member: c.Member.ID, Key: key, Words: words, Wish: w})
			return err
		}
		w.Offered = near
		now := b.clock.Now()
		h, _, err := tx.Hold(ctx, Held{Board: c.Workspace.Board, Member: c.Member.ID, Key: key, Why: HeldSimilar, Words: words, Wish: w, Until: now.Add(heldFor), CreatedAt: now})
		if err == nil {
			reply, err = b.choice(ctx, tx, c, h)
		}
		return err
	})
	return reply, err
}

// admitOrHold makes an item of words, with its receipt, or keeps them until a
// moderator has looked.
func (b *Bot) admitOrHold(ctx context.Context, tx Tx, c caller, h Held) (Reply, error) {
	looks, err := b.wishLooksFirst(ctx, tx, h.Board, h.Member, h.Wish)
	if err != nil {
		return nil, err
	}
	if looks {
		if err := b.mayWait(ctx, tx, c, h.Words); err != nil {
			return nil, err
		}
		if h, err = b.toReview(ctx, tx, h); err != nil {
			return nil, err
		}
		return b.heldReply(ctx, tx, c, h)
	}
	var it Item
	if h.ID != 0 {
		it, err = b.release(ctx, tx, h)
	} else {
		it, err = b.file(ctx, tx, h.Board, h.Key, h.Words, h.Wish, 0)
	}
	if err != nil {
		return nil, err
	}
	return b.receipt(ctx, tx, c, it)
}

// taken is the answer to an act that was taken in before, nil when it was not.
func (b *Bot) taken(ctx context.Context, tx Tx, c caller, key string) (Reply, error) {
	h, err := tx.HeldByKey(ctx, c.Workspace.Board, key)
	if err == nil {
		return b.heldReply(ctx, tx, c, h)
	}
	if !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("held of an act: %w", err)
	}
	it, err := tx.ItemByKey(ctx, c.Workspace.Board, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("item of an act: %w", err)
	}
	return b.receipt(ctx, tx, c, it)
}

// file makes an item of words, with the words as evidence, the votes that come with
// them, its history and its card. With maybeSame it is marked for triage. The same
// key again answers the item that is there.
func (b *Bot) file(ctx context.Context, tx Tx, board BoardID, key, words string, w Wish, maybeSame ItemID) (Item, error) {
	now := b.clock.Now()
	title := TitleFrom(w.Title)
	if Empty(title) {
		title = Title(words)
	}
	it := Item{
		Board: board, Title: title, Body: words, Status: StatusNew, Audience: w.Audience, Author: w.Author,
		Triage: maybeSame != 0, MaybeSame: maybeSame, AskedIn: ChannelAt{w.Workspace, w.Channel}, CreatedAt: now, StatusAt: now,
	}
	if w.Saved != nil {
		it.Pictures = w.Saved.Pictures
	}
	it, fresh, err := tx.AddItem(ctx, it, key)
	if err != nil {
		return it, fmt.Errorf("new item: %w", err)
	}
	if !fresh {
		return it, nil
	}
	if _, err := tx.AddHistory(ctx, board, Entry{Item: it.ID, Member: w.Author, Act: "submitted", At: now}); err != nil {
		return it, fmt.Errorf("history of a new item: %w", err)
	}
	if _, err := b.support(ctx, tx, it, EvidenceWords, words, w); err != nil {
		return it, err
	}
	if err := attachPicture(ctx, tx, board, key, it.ID, now); err != nil {
		return it, err
	}
	if _, _, err := wantCard(ctx, tx, it, now); err != nil {
		return it, fmt.Errorf("card of a new item: %w", err)
	}
	return tx.Item(ctx, board, it.ID)
}

// support adds words to an item as evidence, with their author's vote and those that
// stood on them, and answers it. The item must be locked or new.
func (b *Bot) support(ctx context.Context, tx Tx, it Item, kind EvidenceKind, words string, w Wish) (Evidence, error) {
	now := b.clock.Now()
	e := Evidence{Item: it.ID, Kind: kind, Member: w.Author, Quote: words, Audience: w.Audience, At: ChannelAt{w.Workspace, w.Channel}, CreatedAt: now}
	if w.Saved != nil {
		e.Kind, e.SavedBy, e.Permalink, e.Pictures = EvidenceMessage, w.Saved.SavedBy, w.Saved.Permalink, w.Saved.Pictures
		e.Message, e.Thread, e.CreatedAt = w.Saved.Message, w.Saved.Thread, w.Saved.Said
	}
	e, fresh, err := tx.AddEvidence(ctx, it.Board, e)
	if err != nil {
		return e, fmt.Errorf("evidence: %w", err)
	}
	var ballots []Ballot
	if w.Author != 0 {
		author, err := b.ballotOf(ctx, tx, it, w.Author, PlaceAsked, w.Asked)
		if err != nil {
			return e, err
		}
		ballots = append(ballots, author)
	}
	if w.Saved != nil && fresh { // else somebody saved the message meanwhile, with its votes
		there, err := b.standing(ctx, tx, it.Board, w)
		if err != nil {
			return e, err
		}
		ballots = append(ballots, there...)
		if err := b.announceSaved(ctx, tx, it, e, w); err != nil {
			return e, err
		}
	}
	if _, err := tx.CastVotes(ctx, now, ballots); err != nil {
		return e, fmt.Errorf("votes of a request: %w", err)
	}
	return e, nil
}

// ballotOf is a member's support of an item, where no reaction tells it.
func (b *Bot) ballotOf(ctx context.Context, tx Tx, it Item, member MemberID, place string, at time.Time) (Ballot, error) {
	m, err := tx.Member(ctx, it.Board, member)
	if err != nil {
		return Ballot{}, fmt.Errorf("member of a vote: %w", err)
	}
	w, err := tx.WorkspaceByID(ctx, it.Board, m.Workspace)
	if err != nil {
		return Ballot{}, fmt.Errorf("workspace of a vote: %w", err)
	}
	return Ballot{Workspace: w.Ref, Account: m.Account, Hash: b.accountHash(w.Ref, m.Account), Item: it.Number, Place: place, Act: Support, At: at}, nil
}
