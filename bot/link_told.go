package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// noteJoined tells who let a workspace in that it is there: whoever got hold of their
// code is noticed by that.
const noteJoined = "joined"

// mostToldAdmins bounds how many admins hear of a workspace that came or was sent away.
const mostToldAdmins = 10

type joinedSubject struct {
	Note      string      `json:"note"`
	Workspace WorkspaceID `json:"workspace"`
	By        MemberID    `json:"by"`
	Giver     MemberID    `json:"giver"`
	Given     time.Time   `json:"given"`
}

// tellJoined wants a note for the giver of the code that was used, and for the other
// admins of the giver's workspace. Not for who used it: both may be one person.
func (b *Bot) tellJoined(ctx context.Context, tx Tx, c caller, what Carriage, now time.Time) error {
	if what.Giver == 0 {
		return nil
	}
	giver, err := tx.Member(ctx, what.To, what.Giver)
	if err != nil {
		return fmt.Errorf("who gave the code: %w", err)
	}
	told, err := adminsOf(ctx, tx, what.To, giver.Workspace)
	if err != nil {
		return err
	}
	if !holdsRole(told, giver.Person) {
		told = append(told, giver)
	}
	by, err := tx.Member(ctx, what.To, c.Member.ID)
	if err != nil {
		return fmt.Errorf("who used the code: %w", err)
	}
	subject := joinedSubject{noteJoined, c.Workspace.ID, c.Member.ID, what.Giver, what.Given}
	for _, m := range told {
		if m.Person == giver.Person {
			m = giver
		}
		if m.Person == by.Person {
			continue
		}
		if err := wantAdminNote(ctx, tx, m, fmt.Sprintf("joined:%s:%d", c.key(), m.ID), subject, now); err != nil {
			return err
		}
	}
	return nil
}

// adminsOf are admins of a board in one of its workspaces, at most mostToldAdmins.
func adminsOf(ctx context.Context, tx Tx, board BoardID, w WorkspaceID) ([]Member, error) {
	admins, err := tx.Holders(ctx, board, Admin)
	if err != nil {
		return nil, fmt.Errorf("admins: %w", err)
	}
	var out []Member
	for _, m := range admins {
		if m.Workspace == w && len(out) < mostToldAdmins {
			out = append(out, m)
		}
	}
	return out, nil
}

// wantAdminNote wants a direct message of what happened to an admin's board.
func wantAdminNote(ctx context.Context, tx Tx, m Member, key string, subject any, now time.Time) error {
	_, err := tx.WantPost(ctx, m.Board, Want{Key: key, Kind: PostNote, Workspace: m.Workspace, Account: m.Account, Subject: subject, Due: now})
	if err != nil {
		return fmt.Errorf("want a note for an admin: %w", err)
	}
	return nil
}

// joinedNote is what they read. Nil where the reader, or their workspace, is no longer
// on that board.
func joinedNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[joinedSubject](p)
	if err != nil {
		return nil, 0, err
	}
	joined, err := tx.WorkspaceByID(ctx, p.Board, s.Workspace)
	if errors.Is(err, ErrNotFound) {
		return nil, 1, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("who joined: %w", err)
	}
	reader, err := tx.MemberByAccount(ctx, p.Board, p.Workspace, p.Account)
	if errors.Is(err, ErrNotFound) {
		return nil, 1, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("who reads of it: %w", err)
	}
	board, err := tx.Board(ctx, p.Board)
	if err != nil {
		return nil, 0, fmt.Errorf("board: %w", err)
	}
	who, err := adminNamed(ctx, tx, p, s.By, "an admin there")
	if err != nil {
		return nil, 0, err
	}
	code := Textf("your code")
	if reader.ID != s.Giver {
		giver, err := adminNamed(ctx, tx, p, s.Giver, "an admin here")
		if err != nil {
			return nil, 0, err
		}
		code = Textf("the code that %v asked for,", giver)
	}
	at := s.Given.In(ZoneOf(reader.Zone, board.Zone)).Format("15:04")
	if joined.Left {
		return Note{Doc{
			Para{Textf("*%s* came to this board and has left it again: %v used %v of %s. What was asked there and what they brought went along, as copies.", workspaceName(joined), who, code, at)},
		}}, 1, nil
	}
	all, err := tx.Workspaces(ctx, p.Board)
	if err != nil {
		return nil, 0, fmt.Errorf("workspaces of the board: %w", err)
	}
	return Note{append(Doc{
		Para{Textf("*%s* shares this board now: %v used %v of %s.", workspaceName(joined), who, code, at)},
		Para{Textf("Their requests stand beside yours. What the team says stays with the team, but whoever decides there reads all of it.")},
	}, notMeant(all, joined, p.Workspace)...)}, 1, nil
}

// notMeant is the way back for who did not want a workspace on their board.
func notMeant(all []Workspace, joined Workspace, reader WorkspaceID) Doc {
	if host := hostOf(all); host.ID != reader {
		return Doc{Para{Textf("Not meant? In %s, whose board it is, an admin can say `/heed unlink %s`.", workspaceName(host), bareName(joined))}}
	}
	return Doc{
		Para{Textf("Not meant? `/heed unlink %s` sends them away again; it asks first.", bareName(joined))},
		Buttons{{Label: "Send them away…", Action: Act("sendask", joined.ID)}},
	}
}

// adminNamed names a member of the board, or says this instead of who is not known any more.
func adminNamed(ctx context.Context, tx Tx, p Post, id MemberID, or string) (Text, error) {
	m, err := tx.Member(ctx, p.Board, id)
	if errors.Is(err, ErrNotFound) {
		return Literal(or), nil
	}
	if err != nil {
		return nil, fmt.Errorf("name of an admin: %w", err)
	}
	return Text{memberSpan(m, p.Workspace)}, nil
}
