package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// noteHello is the note in which Heed introduces itself to a channel.
const noteHello = "hello"

// wantHello wants the one hello of a channel.
func (b *Bot) wantHello(ctx context.Context, tx Tx, w Workspace, ch Channel, now time.Time) error {
	_, err := tx.WantPost(ctx, w.Board, Want{
		Key: fmt.Sprintf("hello:%d:%s", w.ID, ch.Ref), Kind: PostNote, Workspace: w.ID, Channel: ch.Ref,
		Subject: noteSubject{noteHello}, Due: now,
	})
	if err != nil {
		return fmt.Errorf("want hello: %w", err)
	}
	return nil
}

// helloNote is what a channel reads first. Who reads its words, and when, is told as
// far as it is known by then.
func (b *Bot) helloNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	board, err := tx.Board(ctx, p.Board)
	if err != nil {
		return nil, 0, err
	}
	w, err := tx.WorkspaceByID(ctx, p.Board, p.Workspace)
	if err != nil {
		return nil, 0, fmt.Errorf("workspace of a hello: %w", err)
	}
	name := board.Settings.PublicName
	if name == "" {
		name = w.Name
	}
	if name == "" {
		name = "what we make"
	}
	reads, err := whoReads(ctx, tx, p)
	if err != nil {
		return nil, 0, err
	}
	return Note{Doc{
		Para{Textf("Hello, I'm Heed. What would make %s better for you?", name)},
		Para{Textf("• `/feedback` and your words, anywhere")},
		Para{Textf("• on a message, threads too: %s", saveWay(w.Ref.Platform))},
		Para{Textf("• 👍 what you want too")},
		Para{Textf("%s You hear back when it ships or when the answer is no.", reads)},
		Buttons{{Label: "Give feedback", Action: Act("give"), Style: Primary}, {Label: "See the top 10", Action: Act("top")}},
	}}, 1, nil
}

// whoReads is "Ana reads all of it every Monday." with what is known. Names of the
// team are not for the community.
func whoReads(ctx context.Context, tx Tx, p Post) (string, error) {
	ch, err := tx.Channel(ctx, p.Board, p.Workspace, p.Channel)
	if err != nil {
		return "", fmt.Errorf("channel of a hello: %w", err)
	}
	who := "The team"
	if ch.Audience == Team {
		pms, err := tx.Holders(ctx, p.Board, PM)
		if err != nil {
			return "", fmt.Errorf("product managers: %w", err)
		}
		var names []string
		for _, m := range pms {
			if m.Name != "" && len(names) < maxAsked {
				names = append(names, m.Name)
			}
		}
		if len(names) == 1 {
			return names[0] + " reads all of it.", nil
		}
		if len(names) > 1 {
			return andList(names) + " read all of it.", nil
		}
	}
	return who + " reads all of it.", nil
}

// noteWelcome is the note in which Heed asks an admin the first questions.
const noteWelcome = "welcome"

// Welcome asks an account the first three questions in private, once a workspace: who
// installed Heed, where the platform says who that was.
func (b *Bot) Welcome(ctx context.Context, ref WorkspaceRef, account string) error {
	err := b.store.InTx(ctx, func(tx Tx) error {
		w, err := tx.Workspace(ctx, ref)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return b.wantWelcome(ctx, tx, w, account)
	})
	if err != nil {
		return fmt.Errorf("welcome: %w", err)
	}
	b.Wake()
	return nil
}

// welcomeFirst asks the first admin who speaks to Heed, where nobody was asked yet. A
// failure is logged only: what they came for is done.
func (b *Bot) welcomeFirst(ctx context.Context, c caller) {
	if !c.Workspace.WelcomedAt.IsZero() || !c.Member.Admin || !c.Roles.Has(Admin) {
		return
	}
	err := b.store.InTx(ctx, func(tx Tx) error { return b.wantWelcome(ctx, tx, c.Workspace, c.Member.Account) })
	if err != nil {
		b.log.WarnContext(ctx, "admin not welcomed", "board", c.Workspace.Board, "error", err)
	}
}

// wantWelcome wants the note, if nobody was asked yet. Where cards live already there
// is nothing to ask.
func (b *Bot) wantWelcome(ctx context.Context, tx Tx, w Workspace, account string) error {
	now := b.clock.Now()
	first, err := tx.MarkWelcomed(ctx, w, now)
	if err != nil || !first {
		return err
	}
	main, err := mainIntake(ctx, tx, w)
	if err != nil || main.Ref != "" {
		return err
	}
	_, err = tx.WantPost(ctx, w.Board, Want{
		Key: fmt.Sprintf("welcome:%d", w.ID), Kind: PostNote, Workspace: w.ID, Account: account, Subject: noteSubject{noteWelcome}, Due: now,
	})
	return err
}

// welcomeNote is what the admin reads.
func (b *Bot) welcomeNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	hi := "Hi, Heed is in."
	m, err := tx.MemberByAccount(ctx, p.Board, p.Workspace, p.Account)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, 0, fmt.Errorf("admin of a welcome: %w", err)
	}
	if m.Name != "" {
		hi = "Hi " + m.Name + ", Heed is in."
	}
	return Note{Doc{
		Para{Textf("%s Three questions, one minute.", hi)},
		Para{Textf("*1* Where do requests live?")},
		Para{Textf("*2* Who decides what gets built, and who gets it delivered? May be one person.")},
		Para{Textf("*3* When and where does the weekly summary come?")},
		Buttons{
			{Label: "Answer and say hello", Action: Act("welcome"), Style: Primary},
			{Label: "Paste requests you already have", Action: Act("paste")},
			{Label: "Check my set-up", Action: Act("doctor")},
		},
		Small{Textf("I read commands, 👍 on my cards and messages that someone saves. Nothing else.")},
	}}, 1, nil
}
