package bot

import (
	"context"
	"fmt"
	"time"
)

// The news that leave Heed when an item moves: the notes that they are, the kinds of
// notices for people, and the acts in the history, all by the same words.
const (
	newsShipped  = "shipped"
	newsDeclined = "declined"
	newsQuestion = "needs_info"
	newsStatus   = "status"
	newsPlanned  = "promoted"
)

// newsFirstVote is the notice that a first vote counts.
const newsFirstVote = "first_vote"

// newsSubject is what a note or announcement about a moved item is made from.
type newsSubject struct {
	Note     string     `json:"note"`
	Entry    int64      `json:"entry"`              // of the history
	Shipping int64      `json:"shipping,omitempty"` // what was said of it
	Asked    ItemID     `json:"asked,omitempty"`    // the item that was asked for there
	Evidence EvidenceID `json:"evidence,omitempty"` // where it was asked for
}

// reach is who hears of an item's move, by what.
type reach struct {
	Direct   int // people told directly
	Threads  int // conversations answered
	Cards    int // people who want it and see it only by its card
	Channels int // channels that get the announcement
	people   []Supporter
	places   []AskedPlace
	channels []Channel
}

// reachOf finds whom news of a root item goes to: everyone who wants it, unless they
// asked not to hear or made the news themselves; every place that asked; and, with
// channels, those that take announcements and whose readers may read the item.
func reachOf(ctx context.Context, tx Tx, it Item, by PersonID, channels bool) (reach, error) {
	var r reach
	all, err := tx.Supporters(ctx, it.Board, it.ID)
	if err != nil {
		return r, fmt.Errorf("supporters: %w", err)
	}
	for _, p := range all {
		if p.Person != by {
			r.people = append(r.people, p)
		}
	}
	for _, p := range r.people {
		switch {
		case p.ToTell():
			r.Direct++
		case p.Voted || p.Asked:
			r.Cards++
		}
	}
	if r.places, err = tx.AskedPlaces(ctx, it.Board, it.ID); err != nil {
		return r, fmt.Errorf("asked places: %w", err)
	}
	r.Threads = len(r.places)
	if !channels {
		return r, nil
	}
	known, err := tx.Channels(ctx, it.Board, 0)
	if err != nil {
		return r, fmt.Errorf("channels: %w", err)
	}
	workspaces, err := tx.Workspaces(ctx, it.Board)
	if err != nil {
		return r, fmt.Errorf("workspaces: %w", err)
	}
	here := map[WorkspaceID]bool{}
	for _, w := range workspaces {
		here[w.ID] = !w.Gone
	}
	for _, ch := range known {
		if here[ch.Workspace] && ch.Announce && ch.State == "open" && ch.Audience.MayRead(it.Audience) {
			r.channels = append(r.channels, ch)
		}
	}
	r.Channels = len(r.channels)
	return r, nil
}

// Text is the reach in a line: "direct 14 · threads 3 · cards only 212 · channels 2".
func (r reach) Text() Text {
	return Textf("direct *%d* · threads *%d* · cards only *%d* · channels *%d*", r.Direct, r.Threads, r.Cards, r.Channels)
}

// newsKey begins the keys of everything outward that a history entry caused.
func newsKey(entry int64) string { return fmt.Sprintf("news:%d:", entry) }

// answerPlaces wants a note in every place that asked, due at due.
func answerPlaces(ctx context.Context, tx Tx, it Item, places []AskedPlace, s newsSubject, due time.Time) error {
	for _, p := range places {
		s.Asked, s.Evidence = p.Item, p.Evidence
		_, err := tx.WantPost(ctx, it.Board, Want{
			Key:  fmt.Sprintf("%s%d:%s:%s", newsKey(s.Entry), p.Workspace, p.Channel, p.Thread),
			Kind: PostNote, Workspace: p.Workspace, Channel: p.Channel, Thread: p.Thread, Item: it.ID, Subject: s, Due: due,
		})
		if err != nil {
			return fmt.Errorf("want an answer in a thread: %w", err)
		}
	}
	return nil
}

// announce wants the announcement in the channels, due at due.
func announce(ctx context.Context, tx Tx, it Item, channels []Channel, s newsSubject, due time.Time) error {
	for _, ch := range channels {
		_, err := tx.WantPost(ctx, it.Board, Want{
			Key:  fmt.Sprintf("%sannounce:%d:%s", newsKey(s.Entry), ch.Workspace, ch.Ref),
			Kind: PostAnnouncement, Workspace: ch.Workspace, Channel: ch.Ref, Item: it.ID, Subject: s, Due: due,
		})
		if err != nil {
			return fmt.Errorf("want an announcement: %w", err)
		}
	}
	return nil
}

// tellPeople keeps a notice for each of the people that pass.
func tellPeople(ctx context.Context, tx Tx, it Item, people []Supporter, pass func(Supporter) bool, kind string, subject int64, due, now time.Time) error {
	var ns []Notice
	for _, p := range people {
		if pass(p) {
			ns = append(ns, Notice{Person: p.Person, Item: p.Item, Kind: kind, Subject: subject, ByVote: !p.Asked && !p.Follows, Due: due})
		}
	}
	if err := tx.Notify(ctx, it.Board, ns, now); err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	return nil
}

// takeBackNews takes back everything outward that an entry caused and that has not
// gone out.
func (b *Bot) takeBackNews(ctx context.Context, tx Tx, it Item, entry int64, kind string, subject int64) error {
	now := b.clock.Now()
	keys, err := tx.PostKeys(ctx, it.Board, it.ID, newsKey(entry))
	if err != nil {
		return fmt.Errorf("keys of news: %w", err)
	}
	if len(keys) > 0 {
		if _, err := tx.UnwantPosts(ctx, it.Board, keys, now); err != nil {
			return fmt.Errorf("unwant news: %w", err)
		}
	}
	if _, err := tx.DropNotices(ctx, it.Board, kind, subject, now); err != nil {
		return fmt.Errorf("drop notices: %w", err)
	}
	return nil
}
