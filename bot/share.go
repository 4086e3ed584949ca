package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// noteList is the subject of a list that somebody shared in a channel.
const noteList = "list"

// listSubject says what was shared; the channel's readers get their own view of it.
type listSubject struct {
	Note string   `json:"note"`
	List string   `json:"list"` // top, roadmap, items, item
	Args []string `json:"args,omitempty"`
	By   MemberID `json:"by"`
	For  Audience `json:"for,omitempty"` // what its sharer may read: nobody shows a channel more than they know
}

// sharePress is [Share here], `share LIST …`: the list is posted in this channel, as
// its readers may see it.
func (b *Bot) sharePress(ctx context.Context, c caller, args []string) (Reply, error) {
	if len(args) == 0 || !slices.Contains([]string{"top", "roadmap", "items", "item"}, args[0]) {
		return nil, staleButton()
	}
	for i := range args[1:] { // numbers are all that a list is named by
		if _, ok := numberArg(args, i+1); !ok && args[i+1] != "0" {
			return nil, staleButton()
		}
	}
	if !c.eyes().shares {
		return Sayf("This is between us, so there's nobody to share it with. In a channel the same button posts it."), nil
	}
	_, err := b.store.WantPost(ctx, c.Workspace.Board, Want{
		Key: "share:" + c.key(), Kind: PostNote, Workspace: c.Workspace.ID, Channel: c.Channel.Ref, Thread: c.Thread,
		Subject: listSubject{noteList, args[0], args[1:], c.Member.ID, c.audience()}, Due: b.clock.Now(),
	})
	if err != nil {
		return nil, fmt.Errorf("share a list: %w", err)
	}
	if c.Channel.Audience == Community {
		return Sayf("Shared. What's only for the team was left out."), nil
	}
	return Sayf("Shared."), nil
}

// listNote is what was shared, for the readers of its channel. It is a picture of the
// moment it is posted: its version never moves.
func (b *Bot) listNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[listSubject](p)
	if err != nil {
		return nil, 0, err
	}
	a, err := b.readersOf(ctx, tx, p)
	if err != nil {
		return nil, 0, fmt.Errorf("readers of a list: %w", err)
	}
	if s.For == Community {
		a = Community
	}
	r := eyes{board: p.Board, audience: a}
	var doc Doc
	switch s.List {
	case "top":
		offset, _ := numberArg(s.Args, 0)
		doc, err = b.top(ctx, tx, r, Page{listSize, offset})
	case "roadmap":
		doc, err = b.roadmap(ctx, tx, r)
	case "items":
		doc, err = b.numbered(ctx, tx, r, s.Args)
	case "item":
		n, _ := numberArg(s.Args, 0)
		doc, err = b.itemNote(ctx, tx, r, p.Workspace, n)
	}
	if err != nil {
		return nil, 0, err
	}
	m, err := tx.Member(ctx, p.Board, s.By)
	if err == nil && m.Name != "" {
		doc = append(doc, Small{Textf("Shared by %v", memberSpan(m, p.Workspace))})
	} else if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, 0, fmt.Errorf("who shared: %w", err)
	}
	return Note{doc}, 1, nil
}

// itemNote is one request as a channel may see it.
func (b *Bot) itemNote(ctx context.Context, tx Tx, r eyes, w WorkspaceID, number int) (Doc, error) {
	it, err := tx.ItemByNumber(ctx, r.board, number)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("shared item: %w", err)
	}
	if err != nil || !it.GoneAt.IsZero() || !it.HiddenAt.IsZero() || !r.audience.MayRead(it.Audience) {
		return Doc{Para{Textf("There's nothing of this to see here.")}}, nil
	}
	doc, root, err := b.about(ctx, tx, r, w, it)
	if err != nil {
		return nil, err
	}
	buttons := Buttons{{Label: "Details", Action: Act("details", it.Number)}}
	if root.Status.Open() {
		buttons = append(Buttons{{Label: "👍 Vote", Action: Act("vote", root.Number), Style: Primary}}, buttons...)
	}
	return append(doc, buttons), nil
}
