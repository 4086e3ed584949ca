package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// linkRoutes are what joins: workspaces on one board, accounts of one person.
func (b *Bot) linkRoutes(r *routes) {
	r.commands[VerbLink] = b.linkCommand
	r.commands[VerbUnlink] = b.unlinkCommand
	r.presses["linkboard"] = b.linkPress
	r.presses["leaveboard"] = b.leavePress
	r.presses["sendask"] = b.sendAskPress
	r.presses["sendaway"] = b.sendAwayPress
	r.presses["linknot"] = func(context.Context, caller, []string) (Reply, error) {
		return Say{Doc: Doc{Para{Textf("Good. Nothing has changed.")}}, Replace: true}, nil
	}
	r.commands[VerbLinkMe] = b.linkMeCommand
	r.presses["linkme"] = b.linkMePress
}

// What the history keeps of a workspace that came or went.
const (
	actBoardJoined = "board_joined" // on the board that it came to
	actBoardMoved  = "board_moved"  // on the board that it left
)

// boardData says which workspace went where, with how much.
type boardData struct {
	Workspace WorkspaceID `json:"workspace"`
	From      BoardID     `json:"from"`
	To        BoardID     `json:"to"`
	Freight   Freight     `json:"freight"`
}

// linkCommand is `/heed link`: a code; with a code, what it would do; off, leave.
func (b *Bot) linkCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	switch {
	case cmd.Choice == ChoiceOff:
		return b.leaveAsk(ctx, c)
	case cmd.Code != "":
		return b.joinAsk(ctx, c, cmd.Code)
	}
	var code string
	err := b.store.InTx(ctx, func(tx Tx) error {
		var err error
		if err = b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		if code, err = b.giveCode(ctx, tx, c, LinkBoard); err != nil {
			return err
		}
		_, err = tx.AddHistory(ctx, c.Workspace.Board, Entry{Member: c.Member.ID, Act: "link_code", At: b.clock.Now()})
		return err
	})
	if err != nil {
		return nil, err
	}
	return Sayf("Here is a code that lets another workspace share this board: *%s*", code).With(
		Para{Textf("There, an admin says `/heed link %s` within 15 minutes. I show what happens and ask before anything changes.", code)},
		Para{Textf("*What you open:* the admins and product people of the other workspace decide on this board together with yours, and read all of it, also what only the team sees. You can leave later, `/heed unlink`; they keep what is on this board by then.")},
		Small{Textf("It works once. Give it only to whom you want in; a new code ends this one.")}), nil
}

// joinAsk says what the code would do, and asks.
func (b *Bot) joinAsk(ctx context.Context, c caller, code string) (Reply, error) {
	if err := b.may(ctx, b.store, c, Command{Verb: VerbLink}); err != nil {
		return nil, err
	}
	found, err := b.takeCode(ctx, c, LinkBoard, code)
	if err != nil {
		return nil, err
	}
	what, err := b.joining(ctx, b.store, c, found)
	if err != nil {
		return nil, err
	}
	goes, err := b.store.Freight(ctx, what)
	if err != nil {
		return nil, fmt.Errorf("what would go: %w", err)
	}
	others, err := b.store.Workspaces(ctx, found.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces of the other board: %w", err)
	}
	doc := Doc{
		Heading{"Share a board with " + workspaceNames(others) + "?"},
		Para{Textf("*What goes along:* %s. Requests get new numbers; cards follow, and an old number or button still leads to the right one.", goes)},
		Para{Textf("*Who reads what:* %s", readersThere(c.Workspace, others))},
		Para{Textf("*Who decides:* roles hold on the whole board. The admins and product people of both sides decide together, and read all of it. Where a Discord server joins a team's chat, of its admins only whoever links it: the others run its channels, until somebody gives them a role.")},
		Para{Textf("*One person, one vote:* who has an account on both sides joins them with `/heed link me`.")},
		Para{Textf("*And back:* `/heed unlink` at any time takes what you brought to a board of your own again. The shared board keeps its copy, so what its people may read stays readable there.")},
		Buttons{{Label: "Share the board", Action: Act("linkboard", found.ID), Style: Primary}, {Label: "Not now", Action: "linknot"}},
		Small{Textf("The settings and time zone of the shared board hold then. The code works until %s UTC.", found.ExpiresAt.UTC().Format("15:04"))},
	}
	return Say{Doc: doc}, nil
}

// joining is the carriage that a code stands for, if it may be: the one who asked for
// the code is still an admin, and the caller's board is theirs alone.
func (b *Bot) joining(ctx context.Context, tx Tx, c caller, code LinkCode) (Carriage, error) {
	what := Carriage{From: c.Workspace.Board, To: code.Board, Whole: true, Giver: code.Member, Given: code.ExpiresAt.Add(-codeLife)}
	if code.Board == c.Workspace.Board {
		return what, Refuse(Invalid, Sayf("That code is for this very board. Say it in the workspace that should join. Nothing has changed."))
	}
	by, err := tx.Member(ctx, code.Board, code.Member)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return what, fmt.Errorf("who gave the code: %w", err)
	}
	roles, err := tx.RolesOf(ctx, code.Board, by.Person)
	if err != nil {
		return what, fmt.Errorf("roles of who gave the code: %w", err)
	}
	if !roles.Has(Admin) {
		return what, deadCode()
	}
	mine, err := tx.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return what, fmt.Errorf("workspaces of the board: %w", err)
	}
	for _, w := range mine {
		if w.ID != c.Workspace.ID && !w.Gone {
			return what, Refuse(Conflict, Sayf("This workspace shares a board with %s already, and a workspace is on one board. Leave that one first: `/heed unlink`. Nothing has changed.", workspaceName(w)))
		}
		what.Workspaces = append(what.Workspaces, w.ID)
	}
	return what, nil
}

// linkPress is [Share the board]: once, by whom the code was shown to.
func (b *Bot) linkPress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	return b.carry(ctx, c, func(ctx context.Context, tx Tx) (Carriage, error) {
		if err := b.may(ctx, tx, c, Command{Verb: VerbLink}); err != nil {
			return Carriage{}, err
		}
		code, err := tx.UseLinkCode(ctx, int64(id), c.Workspace, c.Member.ID, b.clock.Now())
		if errors.Is(err, ErrNotFound) || err == nil && code.Kind != LinkBoard {
			return Carriage{}, deadCode()
		}
		if err != nil {
			return Carriage{}, fmt.Errorf("use a link code: %w", err)
		}
		return b.joining(ctx, tx, c, code)
	})
}

// leaveAsk says what leaving the shared board means, and asks.
func (b *Bot) leaveAsk(ctx context.Context, c caller) (Reply, error) {
	if err := b.may(ctx, b.store, c, Command{Verb: VerbUnlink}); err != nil {
		return nil, err
	}
	what, err := b.leaving(ctx, b.store, c)
	if err != nil {
		return nil, err
	}
	goes, err := b.store.Freight(ctx, what)
	if err != nil {
		return nil, fmt.Errorf("what would go: %w", err)
	}
	all, err := b.store.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces of the board: %w", err)
	}
	doc := Doc{Heading{"Leave the shared board?"}}
	if hostOf(all).ID == c.Workspace.ID { // leaving would hand the board to whom they want to be rid of
		doc = append(doc, Para{Textf("*To be rid of somebody,* don't leave: this workspace is the board's own, and `/heed unlink` with another's name sends that one away.")})
	}
	doc = append(doc,
		Para{Textf("*What comes with you,* as a copy: %s. That is what was asked here and what this workspace brought, with what its people said and voted.", goes)},
		Para{Textf("*What stays:* the shared board keeps all of it too, and everything of the others. Whoever decides there goes on reading it, also what only the team sees. Cards of their requests are taken out of the channels here.")},
		Para{Textf("*What is theirs:* quotes, votes and stories of the others' people do not come along, also where the request does.")},
		Para{Textf("*From then on* each side has its own votes, statuses and news. Requests that you brought have their old numbers again.")},
		Para{Textf("*And back:* a new code of theirs joins you again. What is on both boards is one again then, not double.")},
		Buttons{{Label: "Leave the shared board", Action: "leaveboard", Style: Danger}, {Label: "Stay", Action: "linknot"}},
	)
	return Say{Doc: doc}, nil
}

// leaving is the carriage to a board of one's own: the one that the workspace came from,
// or a new one (To 0).
func (b *Bot) leaving(ctx context.Context, tx Tx, c caller) (Carriage, error) {
	all, err := tx.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return Carriage{}, fmt.Errorf("workspaces of the board: %w", err)
	}
	if len(all) < 2 {
		return Carriage{}, Refuse(Conflict, Sayf("This workspace has a board of its own: there's nothing to leave. `/heed link` lets another share it."))
	}
	return homeward(ctx, tx, c.Workspace.Board, c.Workspace.ID)
}

// leavePress is [Leave the shared board].
func (b *Bot) leavePress(ctx context.Context, c caller, _ []string) (Reply, error) {
	return b.carry(ctx, c, func(ctx context.Context, tx Tx) (Carriage, error) {
		if err := b.may(ctx, tx, c, Command{Verb: VerbUnlink}); err != nil {
			return Carriage{}, err
		}
		what, err := b.leaving(ctx, tx, c)
		if err == nil && what.To == 0 {
			what.To, err = tx.NewBoard(ctx, what.From, c.Workspace.Name, b.clock.Now())
		}
		return what, err
	})
}

// carry runs a carriage in one transaction, with its record on both boards. One that
// takes longer than an answer may goes on, and its end is told in a direct message; if
// the process dies meanwhile, nothing has changed.
func (b *Bot) carry(ctx context.Context, c caller, decide func(context.Context, Tx) (Carriage, error)) (Reply, error) {
	type outcome struct {
		reply Reply
		err   error
	}
	done, late := make(chan outcome), make(chan struct{})
	// No act of its own: it takes the workspace away, for which acts hold it.
	going := context.WithoutCancel(context.WithValue(ctx, standingKey{}, nil))
	go func() {
		reply, err := b.carryNow(going, c, decide)
		select {
		case done <- outcome{reply, err}:
		case <-late:
			b.tellCarried(going, c, err)
		}
	}()
	soon := time.NewTimer(b.options.Patience) // the machine's time: so is the platform's
	defer soon.Stop()
	select {
	case o := <-done:
		return o.reply, o.err
	case <-soon.C:
		close(late)
		return Say{Replace: true, Doc: Doc{Para{Textf("I'm at it; with this many requests it takes a moment. I'll write to you when it's done. Until then nothing has changed.")}}}, nil
	}
}

func (b *Bot) carryNow(ctx context.Context, c caller, decide func(context.Context, Tx) (Carriage, error)) (Reply, error) {
	var what Carriage
	var goes Freight
	var all []Workspace
	moved := c.Workspace
	err := b.store.InTx(ctx, func(tx Tx) error {
		var err error
		if what, err = decide(ctx, tx); err != nil {
			return err
		}
		if goes, err = tx.Freight(ctx, what); err != nil {
			return fmt.Errorf("what goes: %w", err)
		}
		if c.sentAway(what) {
			if moved, err = tx.WorkspaceByID(ctx, what.From, what.Workspaces[0]); err != nil {
				return fmt.Errorf("who is sent away: %w", err)
			}
		}
		now := b.clock.Now()
		if err := tx.Carry(ctx, what, now); err != nil {
			return err
		}
		for _, m := range []MemberID{what.Giver, c.Member.ID} {
			if err := b.staysAdmin(ctx, tx, what, m, now); err != nil {
				return err
			}
		}
		if err := b.tellJoined(ctx, tx, c, what, now); err != nil {
			return err
		}
		by := map[BoardID]MemberID{what.From: c.Member.ID, what.To: c.Member.ID}
		if c.sentAway(what) { // there they know nobody of the team
			by[what.To] = 0
			if err := b.tellSentAway(ctx, tx, c, what, now); err != nil {
				return err
			}
		}
		data := boardData{moved.ID, what.From, what.To, goes}
		for board, act := range map[BoardID]string{what.From: actBoardMoved, what.To: actBoardJoined} {
			if _, err := tx.AddHistory(ctx, board, Entry{Member: by[board], Act: act, Data: data, At: now}); err != nil {
				return fmt.Errorf("history of a move: %w", err)
			}
		}
		all, err = tx.Workspaces(ctx, what.To)
		return err
	})
	if err != nil {
		return nil, err
	}
	b.log.InfoContext(ctx, "workspace moved", "workspace", moved.ID, "by", c.Workspace.ID, "from", what.From, "to", what.To, "items", goes.Items)
	b.Wake()
	check := Buttons{{Label: "Check my set-up", Action: Act("doctor")}}
	if c.sentAway(what) {
		return Say{Replace: true, Doc: Doc{
			Para{Textf("Done. *%s* has a board of its own again, with %s. This board keeps all of it, and its admins there are told.", workspaceName(moved), goes)},
			Para{Textf("Changed your mind? `/heed link` gives you a new code for them.")}, check}}, nil
	}
	if !what.Whole {
		return Say{Replace: true, Doc: Doc{
			Para{Textf("Done. This workspace has a board of its own again, with %s. The shared board keeps its copies.", goes)},
			Para{Textf("Cards follow within a few minutes. Changed your mind? A code of theirs and `/heed link CODE` joins you again.")}, check}}, nil
	}
	return Say{Replace: true, Doc: Doc{
		Para{Textf("Done. On one board now: %s. %s came along.", workspaceNames(all), goes)},
		Para{Textf("Cards follow within a few minutes, with their new numbers. Changed your mind? `/heed unlink` takes what you brought back to a board of your own.")}, check}}, nil
}

// staysAdmin gives the role to those who joined two workspaces where they lose it by
// that: a Discord server's admins are not those of a board that a team's chat shares.
func (b *Bot) staysAdmin(ctx context.Context, tx Tx, what Carriage, id MemberID, now time.Time) error {
	if !what.Whole || id == 0 {
		return nil
	}
	m, err := tx.Member(ctx, what.To, id)
	if err != nil {
		return fmt.Errorf("who joined a workspace: %w", err)
	}
	roles, err := tx.RolesOf(ctx, what.To, m.Person)
	if err != nil || roles.Has(Admin) {
		return err
	}
	if err := tx.Grant(ctx, what.To, id, Admin, true, what.Giver, now); err != nil {
		return fmt.Errorf("admin of a shared board: %w", err)
	}
	_, err = tx.AddHistory(ctx, what.To, Entry{Member: what.Giver, Act: "role", Data: roleData{id, Admin, true}, At: now})
	return err
}

// noteLeft is a card of a request that stayed on a board which its workspace left: it
// should not be there.
const noteLeft = "left"

// noteCarried is the note by which who asked hears of a carriage that took its time.
const noteCarried = "carried"

type carriedSubject struct {
	Note   string `json:"note"`
	Failed bool   `json:"failed,omitempty"`
}

// tellCarried wants that note, on whichever board the workspace is now.
func (b *Bot) tellCarried(ctx context.Context, c caller, failed error) {
	err := b.store.InTx(ctx, func(tx Tx) error {
		w, err := tx.Workspace(ctx, c.Workspace.Ref)
		if err != nil {
			return err
		}
		_, err = tx.WantPost(ctx, w.Board, Want{
			Key: "carried:" + c.key(), Kind: PostNote, Workspace: w.ID, Account: c.Member.Account,
			Subject: carriedSubject{noteCarried, failed != nil}, Due: b.clock.Now(),
		})
		return err
	})
	if failed != nil {
		b.log.WarnContext(ctx, "workspace not moved", "workspace", c.Workspace.ID, "error", failed)
	}
	if err != nil {
		b.log.WarnContext(ctx, "outcome of a move not told", "workspace", c.Workspace.ID, "error", err)
	}
	b.Wake()
}

// carriedNote is what they read.
func carriedNote(p Post) (Content, int64, error) {
	s, err := subject[carriedSubject](p)
	if err != nil {
		return nil, 0, err
	}
	check := Buttons{{Label: "Check my set-up", Action: Act("doctor")}}
	if s.Failed {
		return Note{Doc{Para{Textf("The board was not changed: something went wrong on the way, and everything is as it was. Please try again; a code that has run out needs a new one.")}, check}}, 1, nil
	}
	return Note{Doc{Para{Textf("Done: the requests are on their new board. Cards follow within a few minutes.")}, check}}, 1, nil
}
