package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// The subjects of the notes about words under review: to their author, what was
// decided, and that they are blocked; to the moderators, that something waits.
const (
	noteDecided = "decided"
	noteBlocked = "blocked"
	noteWaiting = "review"
)

// waitingAfter is how long words wait before the moderators are told: several come in
// one note.
const waitingAfter = 5 * time.Minute

// decidedKey names the one note about what was decided of some words.
func decidedKey(h Held) string { return fmt.Sprintf("decided:%d", h.ID) }

// tellDecided wants the note to their author about what was decided of words, unless
// they want none.
func (b *Bot) tellDecided(ctx context.Context, tx Tx, h Held, due time.Time) error {
	m, err := tx.Member(ctx, h.Board, h.Member)
	if err != nil {
		return fmt.Errorf("whose held words: %w", err)
	}
	if m.Muted {
		return nil
	}
	_, err = tx.WantPost(ctx, h.Board, Want{
		Key: decidedKey(h), Kind: PostNote, Workspace: m.Workspace, Account: m.Account, Subject: heldSubject{noteDecided, h.ID}, Due: due,
	})
	if err != nil {
		return fmt.Errorf("tell what was decided: %w", err)
	}
	return nil
}

// untellDecided takes that note back; one that was read already says that a moderator
// looks again.
func (b *Bot) untellDecided(ctx context.Context, tx Tx, h Held) error {
	if _, err := tx.UnwantPosts(ctx, h.Board, []string{decidedKey(h)}, b.clock.Now()); err != nil {
		return fmt.Errorf("take a note back: %w", err)
	}
	return b.retell(ctx, tx, h.Board, h.ID)
}

// retell makes the note about what was decided of words due, where it stands.
func (b *Bot) retell(ctx context.Context, tx Tx, board BoardID, id HeldID) error {
	p, err := tx.PostByKey(ctx, board, decidedKey(Held{ID: id}))
	if errors.Is(err, ErrNotFound) || err == nil && p.Shown == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note of a decision: %w", err)
	}
	_, err = tx.WantPost(ctx, board, Want{
		Key: p.Key, Kind: p.Kind, Workspace: p.Workspace, Channel: p.Channel, Account: p.Account, Subject: heldSubject{noteDecided, id}, Due: b.clock.Now(),
	})
	return err
}

// The versions of that note.
const (
	decidedIn = iota + 1
	decidedOut
	decidedAgain
	decidedGone
)

// decidedNote is what the author of words reads of what was decided.
func (b *Bot) decidedNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[heldSubject](p)
	if err != nil {
		return nil, 0, err
	}
	h, err := tx.Held(ctx, p.Board, s.Held)
	if errors.Is(err, ErrNotFound) {
		return nil, decidedGone, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("held words of a note: %w", err)
	}
	switch {
	case h.SettledAt.IsZero():
		return Note{Doc{Para{Textf("A moderator is looking at your words once more. You'll hear from me again.")}}}, decidedAgain, nil
	case h.Item == 0 && h.Words == "": // let go, or long ago
		return nil, decidedGone, nil
	case h.Item == 0:
		return Note{b.hiddenDoc(h)}, decidedOut, nil
	}
	it, err := tx.Item(ctx, p.Board, h.Item)
	if err != nil {
		return nil, 0, fmt.Errorf("item of a note: %w", err)
	}
	if !it.HiddenAt.IsZero() || !it.GoneAt.IsZero() {
		return Note{Doc{Para{Textf("*#%d* is out of sight by now. You can ask a product manager why.", it.Number)}}}, decidedGone, nil
	}
	see := Buttons{{Label: "See it", Action: Act("details", it.Number)}}
	switch r := h.Wish.Review; {
	case r == nil && h.Wish.Author == h.Member:
		return Note{Doc{Para{Textf("A moderator looked, and it's in: *#%d %s*, with your 👍. I'll tell you when it moves.", it.Number, it.Title)}, see}}, decidedIn, nil
	case r == nil:
		return Note{Doc{Para{Textf("A moderator looked, and the message you saved is in: %v.", title(it))}, see}}, decidedIn, nil
	case r.For == ReviewEdit:
		return Note{Doc{Para{Textf("A moderator looked, and your change is in: %v.", title(it))}, see}}, decidedIn, nil
	}
	return Note{Doc{Para{Textf("A moderator looked, and your words stand with %v now.", title(it))}, see}}, decidedIn, nil
}

// hiddenDoc tells the author of hidden words what happened, kindly, with the words.
func (b *Bot) hiddenDoc(h Held) Doc {
	doc := Doc{Para{Textf("A moderator looked at what you sent and didn't put it on the board.")}}
	if h.Reason != "" {
		doc = append(doc, Para{Textf("*Why:* %s", h.Reason)})
	}
	words := Textf("Nobody else has seen it. Here are your words, in case you want to say it another way:")
	if h.Wish.Saved != nil { // said in front of others before it came here
		words = Textf("Here are the words, in case you want to say it another way:")
	}
	return append(doc, Para{words},
		Quote{Literal(spoken(Excerpt(h.Words, shownWords)))},
		Buttons{{Label: "Say it another way", Action: "give"}})
}

// blockedSubject is what the note to a blocked person is made from.
type blockedSubject struct {
	Note  string    `json:"note"`
	Entry int64     `json:"entry"`
	Until time.Time `json:"until"`
	Held  []HeldID  `json:"held"`
}

// blockedKey names the note to a person whom an entry of the history blocked.
func blockedKey(entry int64) string { return fmt.Sprintf("blocked:%d", entry) }

// blockedNote tells a person once that they are blocked, with the words that waited.
func (b *Bot) blockedNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[blockedSubject](p)
	if err != nil {
		return nil, 0, err
	}
	e, err := tx.Entry(ctx, p.Board, s.Entry)
	if err != nil {
		return nil, 0, fmt.Errorf("entry of a block: %w", err)
	}
	if !e.UndoneAt.IsZero() {
		return Note{Doc{Para{Textf("That was taken back: you can send feedback here as before, and a moderator looks at your words again.")}}}, 2, nil
	}
	m, err := tx.MemberByAccount(ctx, p.Board, p.Workspace, p.Account)
	if err != nil {
		return nil, 0, fmt.Errorf("who is blocked: %w", err)
	}
	doc := Doc{Para{Textf("A moderator looked at what you sent and didn't put it on the board. You can't send feedback here until %s. You can still read and vote, and your votes count.", b.when(s.Until, m.Zone))}}
	const most = 5
	for i, id := range s.Held {
		h, err := tx.Held(ctx, p.Board, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, 0, fmt.Errorf("held words of a note: %w", err)
		}
		if err != nil || h.Words == "" {
			continue
		}
		if i == 0 {
			doc = append(doc, Small{Textf("What wasn't put on the board:")})
		}
		if i == most {
			doc = append(doc, Small{Textf("The rest is listed under `/heed mine`.")})
			break
		}
		doc = append(doc, Quote{Literal(spoken(Excerpt(h.Words, shownWords/most)))})
	}
	return Note{doc}, 1, nil
}

// untellBlocked takes that note back; one that was read already says so.
func (b *Bot) untellBlocked(ctx context.Context, tx Tx, m Member, entry int64) error {
	now := b.clock.Now()
	if _, err := tx.UnwantPosts(ctx, m.Board, []string{blockedKey(entry)}, now); err != nil {
		return fmt.Errorf("take a note back: %w", err)
	}
	p, err := tx.PostByKey(ctx, m.Board, blockedKey(entry))
	if errors.Is(err, ErrNotFound) || err == nil && p.Shown == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note of a block: %w", err)
	}
	_, err = tx.WantPost(ctx, m.Board, Want{Key: p.Key, Kind: p.Kind, Workspace: p.Workspace, Channel: p.Channel, Account: p.Account, Due: now})
	return err
}

// maxTold is how many moderators are told where no channel of the team gets a digest.
const maxTold = 3

// tellModerators wants the day's note that words wait: in the channel where the team
// gets its digest, else to those who decide, in private. Wanted again the same day it
// is the same note.
func (b *Bot) tellModerators(ctx context.Context, tx Tx, board BoardID, now time.Time) error {
	day := now.UTC().Format(time.DateOnly)
	note := Want{Kind: PostNote, Subject: noteSubject{noteWaiting}, Due: now.Add(waitingAfter)}
	all, err := tx.Schedules(ctx, board)
	if err != nil {
		return fmt.Errorf("schedules: %w", err)
	}
	for _, s := range all {
		if s.NextAt.IsZero() {
			continue
		}
		ch, err := tx.Channel(ctx, board, s.Workspace, s.Channel)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("channel of a digest: %w", err)
		}
		if err != nil || ch.State != "open" || ch.Audience != Team {
			continue
		}
		note.Key, note.Workspace, note.Channel = fmt.Sprintf("review:%d:%s:%s", ch.Workspace, ch.Ref, day), ch.Workspace, ch.Ref
		if _, err := tx.WantPost(ctx, board, note); err != nil {
			return fmt.Errorf("tell moderators: %w", err)
		}
		return nil
	}
	who, err := moderators(ctx, tx, board)
	if err != nil {
		return err
	}
	for _, m := range who[:min(len(who), maxTold)] {
		note.Key, note.Workspace, note.Account = fmt.Sprintf("review:%d:%s", m.ID, day), m.Workspace, m.Account
		if _, err := tx.WantPost(ctx, board, note); err != nil {
			return fmt.Errorf("tell a moderator: %w", err)
		}
	}
	return nil
}

// moderators are the people to tell: the product managers, else the admins, without
// those who want no notes.
func moderators(ctx context.Context, tx Tx, board BoardID) ([]Member, error) {
	for _, r := range []Role{PM, Admin} {
		who, err := tx.Holders(ctx, board, r)
		if err != nil {
			return nil, fmt.Errorf("holders of %s: %w", r, err)
		}
		who = slices.DeleteFunc(who, func(m Member) bool { return m.Muted })
		if len(who) > 0 {
			return who, nil
		}
	}
	return nil, nil
}

// waitingNote tells the moderators how much waits, and nothing of what it says.
func (b *Bot) waitingNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	oldest, n, err := tx.HeldForReview(ctx, p.Board, Page{1, 0})
	if err != nil {
		return nil, 0, fmt.Errorf("words for a moderator: %w", err)
	}
	if n == 0 {
		return nil, 1, nil
	}
	waits := "wait"
	if n == 1 {
		waits = "waits"
	}
	return Note{Doc{
		Para{Textf("*%s %s for a moderator*, the oldest came %s. Nobody else sees it before one of you has looked.", plural(n, "text"), waits, ago(b.clock.Now(), oldest[0].CreatedAt))},
		Buttons{{Label: "Look at it", Action: "review", Style: Primary}},
		Small{Textf("I say so once a day at most. `/heed held` shows it any time.")},
	}}, 1, nil
}
