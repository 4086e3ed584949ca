package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// hostOf is the workspace whose board it is: of those on it, the one that has been there
// longest. all must not be empty.
func hostOf(all []Workspace) Workspace {
	return slices.MinFunc(all, func(a, b Workspace) int { return cmp.Or(a.MovedAt.Compare(b.MovedAt), cmp.Compare(a.ID, b.ID)) })
}

// bareName is what people type for a workspace: its name without its platform.
func bareName(w Workspace) string { return cmp.Or(w.Name, w.Ref.Ref) }

// workspacesNamed are those that may be meant by a name as typed.
func workspacesNamed(all []Workspace, typed string) []Workspace {
	key := func(s string) string {
		return strings.ToLower(strings.Join(strings.Fields(strings.Trim(Clean(s), " @"+quoteMarks)), " "))
	}
	var out []Workspace
	for _, w := range all {
		if slices.Contains([]string{key(bareName(w)), key(workspaceName(w)), key(w.Ref.Ref)}, key(typed)) {
			out = append(out, w)
		}
	}
	return out
}

// unlinkCommand is `/heed unlink`: leave; with a name, send that workspace away.
func (b *Bot) unlinkCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	if cmd.Words == "" {
		return b.leaveAsk(ctx, c)
	}
	if err := b.may(ctx, b.store, c, Command{Verb: VerbUnlink}); err != nil {
		return nil, err
	}
	all, err := b.store.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces of the board: %w", err)
	}
	named := workspacesNamed(all, cmd.Words)
	switch {
	case len(named) == 0:
		return nil, Refuse(NotFound, Sayf("No workspace on this board is called “%s”. It is shared by %s. Nothing has changed.", Excerpt(oneLine(cmd.Words), 40), workspaceNames(all)))
	case len(named) == 1:
		return b.sendAwayAsk(ctx, c, named[0].ID)
	}
	var which Buttons
	for _, w := range named[:min(len(named), 5)] {
		which = append(which, Button{Label: Excerpt(fmt.Sprintf("%s, %s", workspaceName(w), w.Ref.Ref), 75), Action: Act("sendask", w.ID)})
	}
	return Sayf("More than one workspace on this board is called that. Which one? Nothing has changed yet.").With(which), nil
}

// sendAskPress is the button that asks about a workspace.
func (b *Bot) sendAskPress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	return b.sendAwayAsk(ctx, c, WorkspaceID(id))
}

// sendAwayAsk says what it means that a workspace has to leave, and asks.
func (b *Bot) sendAwayAsk(ctx context.Context, c caller, id WorkspaceID) (Reply, error) {
	if id == c.Workspace.ID {
		return b.leaveAsk(ctx, c)
	}
	what, w, err := b.sendingAway(ctx, b.store, c, id)
	if err != nil {
		return nil, err
	}
	goes, err := b.store.Freight(ctx, what)
	if err != nil {
		return nil, fmt.Errorf("what would go: %w", err)
	}
	return Say{Doc: Doc{
		Heading{"Send " + workspaceName(w) + " away?"},
		Para{Textf("*What goes along,* as a copy: %s. That is what was asked there and what that workspace brought, with what its people said and voted.", goes)},
		Para{Textf("*What stays:* this board keeps all of it too. What the team says stays with the team, and so do quotes, votes and stories of your people, also where the request goes.")},
		Para{Textf("*Who decides:* roles of accounts there end on this board, also the one that came by the code, and they read it no more. Cards of your requests are taken out of its channels.")},
		Para{Textf("*From then on* each side has its own votes, statuses and news. Its admins are told.")},
		Para{Textf("*And back:* a new code of yours, `/heed link`, joins it again. What is on both boards is one again then, not double.")},
		Buttons{{Label: "Send it away", Action: Act("sendaway", id), Style: Danger}, {Label: "Keep it", Action: "linknot"}},
	}}, nil
}

// sendingAway is the carriage of another workspace to a board of its own, or a new one
// (To 0), if the caller may send it there: an admin, in the workspace whose board it is.
func (b *Bot) sendingAway(ctx context.Context, tx Tx, c caller, id WorkspaceID) (Carriage, Workspace, error) {
	if err := b.may(ctx, tx, c, Command{Verb: VerbUnlink}); err != nil {
		return Carriage{}, Workspace{}, err
	}
	all, err := tx.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return Carriage{}, Workspace{}, fmt.Errorf("workspaces of the board: %w", err)
	}
	i := slices.IndexFunc(all, func(w Workspace) bool { return w.ID == id })
	if i < 0 {
		return Carriage{}, Workspace{}, Refuse(NotFound, Sayf("That workspace isn't on this board, so there is nobody to send away. Nothing has changed."))
	}
	if host := hostOf(all); host.ID != c.Workspace.ID || id == host.ID {
		return Carriage{}, Workspace{}, Refuse(Forbidden, Sayf("Only an admin in %s, whose board it is, can send another workspace away, and there. `/heed unlink` takes your own to a board of its own. Nothing has changed.", workspaceName(host)))
	}
	what, err := homeward(ctx, tx, c.Workspace.Board, id)
	return what, all[i], err
}

// homeward is the carriage of a workspace back to the board that it came from, or to a
// new one (To 0).
func homeward(ctx context.Context, tx Tx, board BoardID, id WorkspaceID) (Carriage, error) {
	what := Carriage{From: board, Workspaces: []WorkspaceID{id}}
	var err error
	what.To, err = tx.HomeBoard(ctx, board, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return what, fmt.Errorf("board of one's own: %w", err)
	}
	return what, nil
}

// sendAwayPress is [Send it away].
func (b *Bot) sendAwayPress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	return b.carry(ctx, c, func(ctx context.Context, tx Tx) (Carriage, error) {
		if err := tx.HoldWorkspace(ctx, c.Workspace.Board, c.Workspace.ID); errors.Is(err, ErrNotFound) {
			return Carriage{}, ErrMoved
		} else if err != nil {
			return Carriage{}, fmt.Errorf("hold the workspace: %w", err)
		}
		what, w, err := b.sendingAway(ctx, tx, c, WorkspaceID(id))
		if err == nil && what.To == 0 {
			what.To, err = tx.NewBoard(ctx, what.From, w.Name, b.clock.Now())
		}
		return what, err
	})
}

// sentAway tells whether a carriage takes another workspace than the caller's own.
func (c caller) sentAway(what Carriage) bool {
	return !what.Whole && !slices.Contains(what.Workspaces, c.Workspace.ID)
}

// noteSentAway tells the admins of a workspace that it was sent away.
const noteSentAway = "sent_away"

type sentAwaySubject struct {
	Note string      `json:"note"`
	From BoardID     `json:"from"`
	Host WorkspaceID `json:"host"` // on From
}

// tellSentAway wants that note, on the board where they are now.
func (b *Bot) tellSentAway(ctx context.Context, tx Tx, c caller, what Carriage, now time.Time) error {
	told, err := adminsOf(ctx, tx, what.To, what.Workspaces[0])
	if err != nil {
		return err
	}
	for _, m := range told {
		if err := wantAdminNote(ctx, tx, m, fmt.Sprintf("sent_away:%s:%d", c.key(), m.ID), sentAwaySubject{noteSentAway, what.From, c.Workspace.ID}, now); err != nil {
			return err
		}
	}
	return nil
}

// sentAwayNote is what they read. It names nobody: the team's names are not theirs.
func sentAwayNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[sentAwaySubject](p)
	if err != nil {
		return nil, 0, err
	}
	host, err := tx.WorkspaceByID(ctx, s.From, s.Host)
	if errors.Is(err, ErrNotFound) {
		return nil, 1, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("who sent a workspace away: %w", err)
	}
	return Note{Doc{
		Para{Textf("*%s* doesn't share its board with this workspace any more: an admin there decided so. You have a board of your own again, with what was asked here and what you brought, under its old numbers.", workspaceName(host))},
		Para{Textf("Nothing that your people asked for is lost. Cards follow within a few minutes. A new code of theirs and `/heed link CODE` would join you again.")},
		Buttons{{Label: "Check my set-up", Action: Act("doctor")}},
	}}, 1, nil
}

// suggestWorkspaces offers admins the workspaces on their board that they may send away.
func (b *Bot) suggestWorkspaces(ctx context.Context, c caller, typed string) ([]Suggestion, error) {
	if !c.Roles.Has(Admin) {
		return nil, nil
	}
	all, err := b.store.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces of the board: %w", err)
	}
	var out []Suggestion
	for _, w := range all {
		if w.ID != c.Workspace.ID && hostOf(all).ID == c.Workspace.ID && strings.Contains(wordKey(workspaceName(w)), wordKey(typed)) {
			out = append(out, Suggestion{Excerpt(bareName(w), 100), Excerpt(workspaceName(w), 100)})
		}
	}
	return out, nil
}
