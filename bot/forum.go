package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Paused is why a conversation takes no reactions now.
type Paused string

// The reasons; "" is none: it is open.
const (
	PausedArchived Paused = "archived" // closed for its age, or by somebody
	PausedLocked   Paused = "locked"   // by a moderator, who decides when it opens again
)

// A ForumPost is a post as it stands in a forum.
type ForumPost struct {
	Thread string
	Title  string
	Author MemberSeen
	At     time.Time // when it was begun
	Paused Paused
	First  Heard // its first message; zero words where Heed may not read them
}

// ForumReader is what a Messenger may do besides: list what stands in a forum.
type ForumReader interface {
	// ForumPosts lists the posts of a forum that were begun since an instant, the oldest
	// first, with their first messages; and of these others, by their conversation,
	// whether they are paused. One that is gone is not in the answer.
	ForumPosts(ctx context.Context, w Workspace, channel string, since time.Time, others []string) ([]ForumPost, map[string]Paused, error)
}

// Reopener is what a Messenger may do besides: open a conversation again.
type Reopener interface {
	// Reopen opens the conversation to.Thread. One that is open is no error. FaultFull:
	// there are too many open ones.
	Reopen(ctx context.Context, to Destination) error
}

// postKey names the act of a post, whoever tells of it and however often.
func postKey(thread string) string { return "post:" + thread }

// Posted takes in a post that somebody began in a forum: where the forum is an intake
// it is a request, its author the requester. call is their act, in the forum's
// channel; its key is not needed. The same post again changes nothing. An error means
// that nothing was kept and that it should be told again.
func (b *Bot) Posted(ctx context.Context, call Call, p ForumPost) error {
	call.Key, call.Thread, call.Message, call.At = postKey(p.Thread), p.Thread, p.Thread, p.At
	call.Member = p.Author
	c, err := b.meet(ctx, call)
	if err != nil {
		return fmt.Errorf("post in a forum: %w", err)
	}
	if !c.Channel.Intake || c.Channel.State != "open" || c.Member.Bot || p.Author.Account == c.Workspace.BotAccount ||
		p.At.Before(c.Channel.IntakeAt.Add(-postMargin)) { // begun when nobody could know of it
		return nil
	}
	words := Clean(spoken(p.First.Words))
	if Empty(words) {
		words = Clean(p.Title)
	}
	if CheckWords(words) != nil {
		return nil // a post of nothing but a picture and an invisible title
	}
	w := c.wish()
	w.Title = p.Title
	w.Saved = &SavedMessage{
		Message: p.Thread, Thread: p.Thread, Permalink: p.First.Permalink, Pictures: p.First.Pictures, SavedBy: c.Member.ID,
		Said: p.At, Votes: c.counting(p.First.Votes), Post: true,
	}
	if c.Channel.Kind == PrivateChannel {
		w.Saved.Permalink = ""
	}
	if err := b.store.InTx(ctx, func(tx Tx) error { return b.takePost(ctx, tx, c, words, w) }); err != nil {
		return fmt.Errorf("post in a forum: %w", err)
	}
	b.Wake()
	return b.ThreadChanged(ctx, c.Call.Workspace, c.Channel.Ref, p.Thread, p.Paused)
}

// takePost makes a post a request, or keeps it until it may be one. Its author was asked
// nothing and typed nothing to Heed: so nothing is refused, and what waits is told
// in the post.
func (b *Bot) takePost(ctx context.Context, tx Tx, c caller, words string, w Wish) error {
	board, key := c.Workspace.Board, c.key()
	if err := tx.LockMember(ctx, board, c.Member.ID); err != nil {
		return fmt.Errorf("lock member: %w", err)
	}
	known, err := b.postKnown(ctx, tx, c, key, w)
	if known || err != nil {
		return err
	}
	why, err := b.postWaits(ctx, tx, c, w)
	if err != nil {
		return err
	}
	now := b.clock.Now()
	if why != "" {
		h := Held{Board: board, Member: c.Member.ID, Key: key, Why: why, Words: words, Wish: w, Until: now.Add(keptFor), CreatedAt: now}
		if why == HeldReview {
			h, err = b.toReview(ctx, tx, h)
		} else {
			h, _, err = tx.Hold(ctx, h)
		}
		if err != nil {
			return fmt.Errorf("post that waits: %w", err)
		}
		_, err = tx.WantPost(ctx, board, Want{
			Key: fmt.Sprintf("waits:%d", h.ID), Kind: PostNote, Workspace: w.Workspace, Channel: w.Channel, Thread: w.Saved.Thread,
			Subject: waitsSubject{noteWaits, h.ID}, Due: now,
		})
		return err
	}
	near, err := b.similar(ctx, tx, c, words, w)
	if err != nil {
		return err
	}
	var same ItemID
	if len(near) > 0 {
		same = near[0]
	}
	_, err = b.file(ctx, tx, board, key, words, w, same)
	return err
}

// postKnown tells whether a post was taken in before, or saved as feedback meanwhile.
func (b *Bot) postKnown(ctx context.Context, tx Tx, c caller, key string, w Wish) (bool, error) {
	for _, look := range []func() error{
		func() error { _, err := tx.HeldByKey(ctx, c.Workspace.Board, key); return err },
		func() error { _, err := tx.ItemByKey(ctx, c.Workspace.Board, key); return err },
		func() error {
			_, err := tx.EvidenceByMessage(ctx, c.Workspace.Board, ChannelAt{w.Workspace, w.Channel}, w.Saved.Message)
			return err
		},
	} {
		if err := look(); err == nil || !errors.Is(err, ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// ThreadChanged says whether a conversation takes reactions: cards in it say so. It is
// safe to tell what is known.
func (b *Bot) ThreadChanged(ctx context.Context, ref WorkspaceRef, channel, thread string, paused Paused) error {
	return b.signal(ctx, ref, "conversation changed", func(tx Tx, w Workspace) error {
		return b.pauseThread(ctx, tx, w, channel, thread, paused)
	})
}

func (b *Bot) pauseThread(ctx context.Context, tx Tx, w Workspace, channel, thread string, paused Paused) error {
	cards, err := tx.CardsInThread(ctx, w.Board, w.ID, channel, thread)
	if err != nil || len(cards) == 0 {
		return err
	}
	ids := make([]ItemID, len(cards))
	for i, p := range cards {
		ids[i] = p.Item
	}
	locked, err := tx.LockItems(ctx, w.Board, ids...)
	if err != nil {
		return err
	}
	n, err := tx.PauseThread(ctx, w.Board, w.ID, channel, thread, paused)
	if err != nil || n == 0 {
		return err
	}
	for _, it := range locked {
		if it.Status.Open() { // on a closed one there is nothing to pause
			if err := tx.TouchItem(ctx, w.Board, it.ID, b.clock.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// ThreadGone says that a conversation was deleted with all that stood in it. The
// requests stay; a card of theirs comes back when somebody asks.
func (b *Bot) ThreadGone(ctx context.Context, ref WorkspaceRef, channel, thread string) error {
	if channel == "" || thread == "" {
		return nil
	}
	return b.signal(ctx, ref, "conversation gone", func(tx Tx, w Workspace) error {
		return tx.DropThread(ctx, w.Board, w.ID, channel, thread, b.clock.Now())
	})
}
