package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// noteCaptured is the subject of the note that tells a message's author what became
// of it.
const noteCaptured = "captured"

// linkedNote is added to the version of such a note once it leads to the card.
const linkedNote = 10

type capturedSubject struct {
	Note     string     `json:"note"`
	Evidence EvidenceID `json:"evidence"`
}

// announceSaved puts Heed's mark on a saved message, which makes it a place to vote,
// and tells its author: in the thread, or in private where Heed can't speak there.
func (b *Bot) announceSaved(ctx context.Context, tx Tx, it Item, e Evidence, w Wish) error {
	now := b.clock.Now()
	note := Want{
		Key: fmt.Sprintf("captured:%d", e.ID), Kind: PostNote, Workspace: w.Workspace, Item: it.ID,
		Subject: capturedSubject{noteCaptured, e.ID}, Due: now,
	}
	if w.Saved.Direct {
		if w.Author == 0 || w.Author == w.Saved.SavedBy {
			return nil
		}
		m, err := tx.Member(ctx, it.Board, w.Author)
		if err != nil {
			return fmt.Errorf("author to tell: %w", err)
		}
		note.Account = m.Account
		_, err = tx.WantPost(ctx, it.Board, note)
		return err
	}
	if _, err := tx.WantPost(ctx, it.Board, Want{
		Key: fmt.Sprintf("mark:%d", e.ID), Kind: PostMark, Workspace: w.Workspace, Channel: w.Channel, Thread: w.Saved.Thread, Message: w.Saved.Message, Item: it.ID,
		Subject: capturedSubject{noteCaptured, e.ID}, Due: now,
	}); err != nil {
		return fmt.Errorf("mark a saved message: %w", err)
	}
	if w.Saved.Post {
		own, err := tx.ItemByKey(ctx, it.Board, fmt.Sprintf("%d:%s", w.Workspace, postKey(w.Saved.Thread)))
		if err == nil && own.ID == it.ID { // its card stands right there
			return nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("item of a post: %w", err)
		}
	}
	note.Channel, note.Thread = w.Channel, w.Saved.Thread
	if note.Thread == "" {
		note.Thread = w.Saved.Message
	}
	_, err := tx.WantPost(ctx, it.Board, note)
	return err
}

// capturedNote is what that note says now. Its version moves when the name or the
// whole message is taken back.
func (b *Bot) capturedNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[capturedSubject](p)
	if err != nil {
		return nil, 0, err
	}
	e, err := tx.Evidence(ctx, p.Board, s.Evidence)
	if err != nil {
		return nil, 0, fmt.Errorf("saved message of a note: %w", err)
	}
	if !e.RemovedAt.IsZero() {
		return Note{Doc{Small{Textf("This message is not kept as a request any more.")}}}, 3, nil
	}
	it, err := tx.Item(ctx, p.Board, e.Item)
	if err != nil {
		return nil, 0, fmt.Errorf("item of a note: %w", err)
	}
	if it, err = tx.Item(ctx, p.Board, it.Root); err != nil {
		return nil, 0, fmt.Errorf("root of a note: %w", err)
	}
	readers, err := b.readersOf(ctx, tx, p)
	if err != nil {
		return nil, 0, err
	}
	who := Span{Text: "Someone"}
	if e.SavedBy != 0 {
		m, err := tx.Member(ctx, p.Board, e.SavedBy)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, 0, fmt.Errorf("who saved a message: %w", err)
		}
		if err == nil && m.Name != "" {
			who = memberSpan(m, p.Workspace)
		}
	}
	take := Buttons{
		{Label: "Remove my name", Action: Act("unname", e.ID)},
		{Label: "That's not a request", Action: Act("notrequest", e.ID)},
	}
	version := int64(1)
	if e.Member == 0 {
		take, version = take[1:], 2
	}
	it = it.As(readers)
	if !it.Listed() || !readers.MayRead(it.Audience) {
		return Note{Doc{Para{Textf("%v saved this as feedback. Only the team reads it there.", who)}, take}}, version, nil
	}
	say := Textf("%v saved this as %v. 👍 on the message counts as a vote.", who, title(it))
	if e.SavedBy == e.Member && e.Member != 0 { // said to Heed in front of others
		say, take = Textf("Saved as %v. 👍 on the message counts as a vote.", title(it)), take[1:]
	}
	cards, err := tx.ItemPosts(ctx, p.Board, it.ID, PostCard)
	if err != nil {
		return nil, 0, fmt.Errorf("card of a note: %w", err)
	}
	see := Button{Label: "See it", Action: Act("details", it.Number)}
	for _, card := range cards {
		if card.Permalink != "" && card.Workspace == p.Workspace {
			see = Button{Label: "See the card", URL: card.Permalink}
		}
	}
	if see.URL != "" {
		version += linkedNote
	}
	return Note{Doc{Para{say}, append(Buttons{{Label: "👍 Vote", Action: Act("vote", it.Number)}, see}, take...)}}, version, nil
}

// linkNotes makes the notes about saved messages due whose card stands now: they may
// have been sent before it, without a way there.
func (b *Bot) linkNotes(ctx context.Context, card Claim) error {
	err := b.store.InTx(ctx, func(tx Tx) error {
		notes, err := tx.ItemPosts(ctx, card.Board, card.Item, PostNote)
		if err != nil {
			return err
		}
		for _, p := range notes {
			s, err := subject[capturedSubject](p)
			if err != nil || s.Note != noteCaptured {
				continue
			}
			if err := b.renote(ctx, tx, Item{ID: card.Item, Board: card.Board}, s.Evidence); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("link notes to a card: %w", err)
	}
	return nil
}

// readersOf is the audience of whoever reads a post: its channel's, or its person's.
func (b *Bot) readersOf(ctx context.Context, tx Tx, p Post) (Audience, error) {
	if p.Account != "" {
		m, err := tx.MemberByAccount(ctx, p.Board, p.Workspace, p.Account)
		if errors.Is(err, ErrNotFound) {
			return Community, nil
		}
		return m.Audience, err
	}
	ch, err := tx.Channel(ctx, p.Board, p.Workspace, p.Channel)
	if errors.Is(err, ErrNotFound) {
		return Community, nil
	}
	return ch.Audience, err
}

// saidPress finds the saved message of a button for somebody who may decide about it.
func (b *Bot) onSaid(ctx context.Context, c caller, args []string, do func(Tx, Evidence, Item, bool) (Reply, error)) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		e, err := tx.Evidence(ctx, c.Workspace.Board, EvidenceID(id))
		if errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("saved message: %w", err)
		}
		locked, err := tx.LockItems(ctx, c.Workspace.Board, e.Item)
		if err != nil {
			return err
		}
		if e, err = tx.Evidence(ctx, c.Workspace.Board, e.ID); err != nil { // as it is under the lock
			return fmt.Errorf("saved message: %w", err)
		}
		own := false
		if e.Member != 0 {
			m, err := tx.Member(ctx, c.Workspace.Board, e.Member)
			if err != nil {
				return fmt.Errorf("whose message: %w", err)
			}
			own = m.Person == c.Member.Person
		}
		reply, err = do(tx, e, locked[e.Item], own)
		return err
	})
	return reply, err
}

// unnamePress is [Remove my name], `unname EVIDENCE`: its author's alone.
func (b *Bot) unnamePress(ctx context.Context, c caller, args []string) (Reply, error) {
	return b.onSaid(ctx, c, args, func(tx Tx, e Evidence, it Item, own bool) (Reply, error) {
		if e.Member == 0 {
			return Sayf("There's no name on it any more."), nil
		}
		if !own {
			return nil, Refuse(Forbidden, Sayf("Only the person who wrote the message can take their name off. Nothing has changed."))
		}
		now := b.clock.Now()
		member := e.Member
		e.Member, e.Permalink = 0, ""
		if err := tx.SaveEvidence(ctx, it.Board, e); err != nil {
			return nil, fmt.Errorf("take a name off: %w", err)
		}
		if it.Author == member {
			it.Author = 0
			if err := tx.SaveItem(ctx, it, 0); err != nil {
				return nil, fmt.Errorf("take a name off: %w", err)
			}
		}
		if err := b.noted(ctx, tx, it, e, "unnamed", 0); err != nil {
			return nil, err
		}
		return Sayf("Done: your name and the link to your message are off #%d. Your vote still counts; `/heed unvote %d` takes it back.", it.Number, it.Number), tx.TouchItem(ctx, it.Board, it.ID, now)
	})
}

// notRequestPress is [That's not a request], `notrequest EVIDENCE`: for the message's
// author, who saved it, and product managers. The quote goes. A request that was made
// of it goes too; where others want it by now only its title stays, for a product
// manager to reword.
func (b *Bot) notRequestPress(ctx context.Context, c caller, args []string) (Reply, error) {
	return b.onSaid(ctx, c, args, func(tx Tx, e Evidence, it Item, own bool) (Reply, error) {
		if !own && e.SavedBy != c.Member.ID && !c.Roles.Has(PM) {
			return nil, Refuse(Forbidden, Sayf("Only the person who wrote it, who saved it or a product manager can say so. Nothing has changed."))
		}
		now := b.clock.Now()
		first, err := tx.RemoveEvidence(ctx, it.Board, e.ID, now)
		if err != nil {
			return nil, fmt.Errorf("remove a saved message: %w", err)
		}
		if !first {
			return Sayf("It's not kept as a request any more."), nil
		}
		say := Sayf("Done: the message is off #%d.", it.Number)
		asked := it.As(Team)
		if asked.Body == e.Quote && it.GoneAt.IsZero() {
			author, err := b.personOf(ctx, tx, it.Board, e.Member)
			if err != nil {
				return nil, err
			}
			others, err := tx.OthersFor(ctx, it.Board, it.Root, author)
			if err != nil {
				return nil, fmt.Errorf("others who want it: %w", err)
			}
			if err := b.unsupport(ctx, tx, it, e.Member, c.At); err != nil {
				return nil, err
			}
			it.Author = 0
			if others == 0 && it.Into == 0 {
				it.GoneAt = now
				say = Sayf("Done: it's not a request, and nothing of it is shown any more.")
			} else {
				it.reword(asked.Title, asked.Title)
				it.Triage = true
				say = Sayf("Done: your words are off #%d. %s it by now, so its title stays; a product manager will reword it.", it.Number, want(others))
				if !own {
					say = Sayf("Done: the message is off #%d. %s it by now, so its title stays; please reword it: `/heed retitle %d …`", it.Number, want(others), it.Number)
				}
			}
			if err := tx.SaveItem(ctx, it, 0); err != nil {
				return nil, fmt.Errorf("take back a saved request: %w", err)
			}
		}
		if err := b.noted(ctx, tx, it, e, "not_a_request", c.Member.ID); err != nil {
			return nil, err
		}
		if err := tx.TouchTops(ctx, it.Board, now); err != nil {
			return nil, fmt.Errorf("live tops: %w", err)
		}
		return say, tx.TouchItem(ctx, it.Board, it.ID, now)
	})
}

// unsupport takes back the vote that a member had for having asked, if any.
func (b *Bot) unsupport(ctx context.Context, tx Tx, it Item, member MemberID, at time.Time) error {
	if member == 0 {
		return nil
	}
	ballot, err := b.ballotOf(ctx, tx, it, member, PlaceAsked, at)
	if err != nil {
		return err
	}
	ballot.Act, ballot.Fresh = Retract, true
	if _, err := tx.CastVotes(ctx, b.clock.Now(), []Ballot{ballot}); err != nil {
		return fmt.Errorf("take a vote back: %w", err)
	}
	return nil
}

// want counts people as the subject of a sentence: "1 other person wants".
func want(n int) string {
	if n == 1 {
		return "1 other person wants"
	}
	return fmt.Sprintf("%d others want", n)
}

// personOf is whose account a member is; 0 for no member.
func (b *Bot) personOf(ctx context.Context, tx Tx, board BoardID, member MemberID) (PersonID, error) {
	if member == 0 {
		return 0, nil
	}
	m, err := tx.Member(ctx, board, member)
	if err != nil {
		return 0, fmt.Errorf("whose account: %w", err)
	}
	return m.Person, nil
}

// noted keeps in the history what was decided about a saved message, and makes the
// note about it due.
func (b *Bot) noted(ctx context.Context, tx Tx, it Item, e Evidence, act string, by MemberID) error {
	now := b.clock.Now()
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: by, Act: act, At: now}); err != nil {
		return fmt.Errorf("history of a saved message: %w", err)
	}
	return b.renote(ctx, tx, it, e.ID)
}

// renote makes the note about a saved message due, where there is one.
func (b *Bot) renote(ctx context.Context, tx Tx, it Item, id EvidenceID) error {
	key := fmt.Sprintf("captured:%d", id)
	p, err := tx.PostByKey(ctx, it.Board, key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note about a saved message: %w", err)
	}
	_, err = tx.WantPost(ctx, it.Board, Want{
		Key: key, Kind: PostNote, Workspace: p.Workspace, Channel: p.Channel, Account: p.Account, Thread: p.Thread, Item: it.ID,
		Subject: capturedSubject{noteCaptured, id}, Due: b.clock.Now(),
	})
	return err
}
