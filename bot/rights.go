package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// may refuses a caller who has none of the roles that a command needs. The refusal
// names who has one, with a button that asks them. Commands and the buttons and
// forms that do the same ask here alike, so that no way around leads past it.
func (b *Bot) may(ctx context.Context, tx Tx, c caller, cmd Command) error {
	needs := cmd.Needs()
	if len(needs) == 0 {
		return nil
	}
	for _, r := range needs {
		if c.Roles.Has(r) {
			return nil
		}
	}
	if c.Member.Admin && cmd.ofServer() {
		return nil
	}
	r := needs[0]
	holders, err := tx.Holders(ctx, c.Workspace.Board, r)
	if err != nil {
		return fmt.Errorf("holders of %s: %w", r, err)
	}
	if holdsRole(holders, c.Member.Person) { // since this very act began
		return nil
	}
	if len(holders) > 0 {
		if holders, err = c.acquainted(ctx, tx, holders); err != nil {
			return err
		}
		say := Sayf("Only %s can %s; here that's %s. Nothing has changed.", roleLabels(needs), deed(cmd.Verb), names(holders, c.Workspace.ID))
		return Refuse(Forbidden, say.With(b.askButtons(c, r, holders, cmd)))
	}
	admins, err := tx.Holders(ctx, c.Workspace.Board, Admin)
	if err != nil {
		return fmt.Errorf("admins: %w", err)
	}
	if len(admins) == 0 && cmd.Verb == VerbRole && c.Untold && c.Member.Audience == Team {
		return b.firstAdmin(ctx, tx, c)
	}
	if len(admins) == 0 {
		return Refuse(Forbidden, Sayf("There's no %s yet, and no admin has spoken to me so far. Nothing has changed. An admin of this workspace can say `/heed role @you %s`.", bare(r), r))
	}
	if admins, err = c.acquainted(ctx, tx, admins); err != nil {
		return err
	}
	say := Sayf("There's no %s yet, so the admins decide: %s. Nothing has changed.", bare(r), names(admins, c.Workspace.ID))
	return Refuse(Forbidden, say.With(b.askButtons(c, r, admins, cmd)))
}

// ofServer tells whether a command is about the caller's own workspace alone, so that who runs that workspace on its platform may, whoever decides on the board.
func (c Command) ofServer() bool {
	return c.Verb == VerbChannel || c.Verb == VerbDigest || c.Verb == VerbDoctor || c.Verb == VerbTop
}

// acquainted are people by the accounts that the caller may know of: the community meets
// somebody of the team where they have an account, and reads no name else.
func (c caller) acquainted(ctx context.Context, tx Tx, people []Member) ([]Member, error) {
	if c.audience() == Team {
		return people, nil
	}
	var out, others []Member
	for _, m := range people {
		if m.Workspace != c.Workspace.ID {
			all, err := tx.PersonMembers(ctx, m.Board, m.Person)
			if err != nil {
				return nil, fmt.Errorf("accounts of who decides: %w", err)
			}
			i := slices.IndexFunc(all, func(own Member) bool { return own.Workspace == c.Workspace.ID && own.Active })
			if i < 0 {
				m.Name, m.Account = "", ""
				others = append(others, m)
				continue
			}
			m = all[i]
		}
		out = append(out, m)
	}
	if len(out) == 0 && len(others) > 0 { // one stands for all of them
		out = others[:1]
	}
	return out, nil
}

// firstAdmin makes the caller an admin: the platform says of nobody that they are one,
// nobody holds the role, and somebody has to begin. It stands in the history.
func (b *Bot) firstAdmin(ctx context.Context, tx Tx, c caller) error {
	now := b.clock.Now()
	if err := tx.Grant(ctx, c.Workspace.Board, c.Member.ID, Admin, true, c.Member.ID, now); err != nil {
		return fmt.Errorf("first admin: %w", err)
	}
	if _, err := tx.AddHistory(ctx, c.Workspace.Board, Entry{Member: c.Member.ID, Act: "role", Data: roleData{c.Member.ID, Admin, true}, At: now}); err != nil {
		return fmt.Errorf("history of the first admin: %w", err)
	}
	b.log.WarnContext(ctx, "the platform names no admins, so the first who gave a role is one", "board", c.Workspace.Board, "member", c.Member.ID)
	return nil
}

// maxAsked bounds how many people a refusal offers to ask.
const maxAsked = 3

// askButtons offer to ask those who may, and an admin to take the role. None of
// them is offered to oneself.
func (b *Bot) askButtons(c caller, r Role, holders []Member, cmd Command) Buttons {
	var out Buttons
	for _, m := range holders[:min(len(holders), maxAsked)] {
		if m.Person != c.Member.Person {
			label := "Ask " + nameOf(m)
			if m.hidden() {
				label = "Ask the team"
			}
			out = append(out, Button{Label: Excerpt(label, 75), Action: Act("ask", r, m.ID, cmd.Verb, cmd.Item)})
		}
	}
	if c.Roles.Has(Admin) && r != Admin {
		out = append(out, Button{Label: "Give myself this role", Action: Act("takerole", r)})
	}
	return out
}

// deed is what a command does, as it stands after "can".
func deed(v Verb) string {
	switch v {
	case VerbTop:
		return "pin a live Top 10"
	case VerbRoadmap:
		return "change the roadmap"
	case VerbStatus:
		return "set a status"
	case VerbTag, VerbUntag:
		return "change tags"
	case VerbMerge, VerbUnmerge:
		return "merge requests"
	case VerbRetitle:
		return "give a request another title"
	case VerbAudience:
		return "decide who sees what"
	case VerbHide:
		return "hide a request"
	case VerbBlock:
		return "block a member"
	case VerbBacklog:
		return "see and order the backlog"
	case VerbDigest:
		return "change the digest"
	case VerbChannel:
		return "decide what a channel is for"
	case VerbRole:
		return "give roles"
	case VerbSettings:
		return "change the settings"
	case VerbLink, VerbUnlink:
		return "decide which workspaces share this board"
	case VerbDoctor:
		return "check the set-up"
	}
	return string(v) // promote, ship, triage
}

// bare is a role without its article: "product owner".
func bare(r Role) string { _, label, _ := strings.Cut(r.Label(), " "); return label }

// roleLabels joins roles as a choice: "a product manager or an admin".
func roleLabels(rs []Role) string {
	labels := make([]string, len(rs))
	for i, r := range rs {
		labels[i] = r.Label()
	}
	return orList(labels)
}

// hidden tells whether a member stands for somebody whom the caller may not know.
func (m Member) hidden() bool { return m.Account == "" }

// nameOf is a member's name, and something to say where it is not known yet.
func nameOf(m Member) string {
	if m.hidden() {
		return "somebody of the team"
	}
	if m.Name == "" {
		return "someone whose name I'm still looking up"
	}
	return m.Name
}

// memberSpan names a member; on their own workspace the platform may link the account.
func memberSpan(m Member, w WorkspaceID) Span {
	s := Span{Text: nameOf(m)}
	if m.Workspace == w {
		s.Account = m.Account
	}
	return s
}

// names joins people for a sentence: "Ben and Mira", "Ben, Mira and 3 others".
func names(ms []Member, w WorkspaceID) Text {
	shown := ms
	others := 0
	if len(ms) > maxAsked {
		shown, others = ms[:maxAsked], len(ms)-maxAsked
	}
	var out Text
	for i, m := range shown {
		switch {
		case i == 0:
		case i == len(shown)-1 && others == 0:
			out = append(out, Span{Text: " and "})
		default:
			out = append(out, Span{Text: ", "})
		}
		out = append(out, memberSpan(m, w))
	}
	if others > 0 {
		out = append(out, Span{Text: " and " + plural(others, "other")})
	}
	return out
}

// plural is a count with its word: "1 vote", "2 votes".
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
