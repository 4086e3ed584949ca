package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// noteAsk is the subject of a note to a person whom somebody asks to decide.
const noteAsk = "ask"

// askSubject is what a note of noteAsk is made from.
type askSubject struct {
	Note   string   `json:"note"`
	By     MemberID `json:"by"`
	Verb   Verb     `json:"verb"`
	Number int      `json:"number,omitempty"`
}

// askPress is [Ask Ben]: `ask ROLE MEMBER VERB N`. Ben gets a note with a button
// that does it. Asking again the same day sends nothing more.
func (b *Bot) askPress(ctx context.Context, c caller, args []string) (Reply, error) {
	if len(args) < 3 {
		return nil, staleButton()
	}
	role, ok := ParseRole(args[0])
	id, err := strconv.ParseInt(args[1], 10, 64)
	usage, known := UsageOf(Verb(args[2]))
	if !ok || err != nil || !known {
		return nil, staleButton()
	}
	n, _ := numberArg(args, 3)
	var reply Reply
	err = b.store.InTx(ctx, func(tx Tx) error {
		m, err := tx.Member(ctx, c.Workspace.Board, MemberID(id))
		if errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("member to ask: %w", err)
		}
		holds, err := tx.RolesOf(ctx, c.Workspace.Board, m.Person)
		if err != nil {
			return fmt.Errorf("roles of the one to ask: %w", err)
		}
		if !holds.Has(role) || !m.Active {
			return Refuse(Conflict, Sayf("That person no longer decides this. Try again, and I'll say who does."))
		}
		var item ItemID
		if n > 0 {
			it, err := readable(ctx, tx, c, n)
			if err != nil {
				return err
			}
			item = it.ID
		}
		now := b.clock.Now()
		_, err = tx.WantPost(ctx, c.Workspace.Board, Want{
			Key:  fmt.Sprintf("ask:%d:%d:%s:%d:%s", m.ID, c.Member.ID, usage.Verb, n, now.Format(time.DateOnly)),
			Kind: PostNote, Workspace: m.Workspace, Account: m.Account, Item: item,
			Subject: askSubject{Note: noteAsk, By: c.Member.ID, Verb: usage.Verb, Number: n}, Due: now,
		})
		if err != nil {
			return fmt.Errorf("ask to decide: %w", err)
		}
		shown, err := c.acquainted(ctx, tx, []Member{m})
		if err != nil {
			return err
		}
		reply = Sayf("I asked %v. If it isn't done, you can press again tomorrow.", names(shown, c.Workspace.ID))
		return err
	})
	return reply, err
}

// askNote is what the person who is asked reads.
func askNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[askSubject](p)
	if err != nil {
		return nil, 0, err
	}
	by, err := tx.Member(ctx, p.Board, s.By)
	if err != nil {
		return nil, 0, fmt.Errorf("who asks: %w", err)
	}
	cmd := Command{Verb: s.Verb, Item: s.Number}
	if p.Item == 0 {
		return Note{Doc{Para{Textf("%v would like you to %s. Only %s can: `%s`.", memberSpan(by, p.Workspace), deed(s.Verb), roleLabels(cmd.Needs()), exampleOf(s.Verb))}}}, 1, nil
	}
	it, err := tx.Item(ctx, p.Board, p.Item)
	if err != nil {
		return nil, 0, fmt.Errorf("item asked about: %w", err)
	}
	return Note{Doc{
		Para{Textf("%v would like you to %s: %v.", memberSpan(by, p.Workspace), deed(s.Verb), title(it))},
		Buttons{decideButton(s.Verb, it.Number), {Label: "See it", Action: Act("details", it.Number)}},
	}}, 1, nil
}

// decideButton leads to where a command on an item is done.
func decideButton(v Verb, number int) Button {
	switch v {
	case VerbPromote, VerbShip:
		return Button{Label: Command{Verb: v, Item: number}.Label(), Action: Act(string(v), number), Style: Primary}
	}
	return Button{Label: fmt.Sprintf("Manage #%d", number), Action: Act("manage", number), Style: Primary}
}

func exampleOf(v Verb) string {
	u, _ := UsageOf(v)
	return u.Example("")
}
