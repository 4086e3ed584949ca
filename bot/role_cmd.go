package bot

import (
	"context"
	"errors"
	"fmt"
)

// roleCommand is `/heed role @member pm|po|admin [off]`.
func (b *Bot) roleCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	on := cmd.Switch != SwitchOff
	if on {
		b.learnName(ctx, c, cmd.Account)
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		m, err := tx.MemberByAccount(ctx, c.Workspace.Board, c.Workspace.ID, cmd.Account)
		if errors.Is(err, ErrNotFound) && on {
			seen := MemberSeen{Account: cmd.Account}
			m, err = tx.MeetMember(ctx, c.Workspace.Board, c.Workspace.ID, seen, memberAudience(c.Workspace.Ref.Platform, seen), b.clock.Now())
		}
		if errors.Is(err, ErrNotFound) {
			return Refuse(NotFound, Sayf("I don't know that member yet, so they hold no role. Nothing has changed."))
		}
		if err != nil {
			return fmt.Errorf("member of a role: %w", err)
		}
		reply, err = b.setRole(ctx, tx, c, m, cmd.Role, on)
		return err
	})
	return reply, err
}

// setRole gives or takes a role; who asks has been found to be allowed.
func (b *Bot) setRole(ctx context.Context, tx Tx, c caller, m Member, r Role, on bool) (Reply, error) {
	who := memberSpan(m, c.Workspace.ID)
	switch {
	case m.Bot:
		return nil, Refuse(Invalid, Sayf("%v is a bot, and a role needs a person. Nothing has changed.", who))
	case on && !m.Active:
		return nil, Refuse(Invalid, Sayf("%v's account is switched off. Nothing has changed.", who))
	}
	holders, err := tx.Holders(ctx, c.Workspace.Board, r)
	if err != nil {
		return nil, fmt.Errorf("holders of %s: %w", r, err)
	}
	holds := holdsRole(holders, m.Person)
	if on == holds && (on || r != Admin) {
		if on {
			return withHolders(ctx, tx, c, Sayf("%v is %s already.", who, r.Label()))
		}
		return withHolders(ctx, tx, c, Sayf("%v is not %s, so there was nothing to take.", who, r.Label()))
	}
	if !on && r == Admin && len(holders) == 1 && holds {
		return nil, Refuse(Conflict, Sayf("%v is the only admin, and somebody has to be able to give roles. Make someone else an admin first: `/heed role @member admin`. Nothing has changed.", who))
	}
	if err := tx.Grant(ctx, c.Workspace.Board, m.ID, r, on, c.Member.ID, b.clock.Now()); err != nil {
		return nil, fmt.Errorf("grant: %w", err)
	}
	if _, err := tx.AddHistory(ctx, c.Workspace.Board, Entry{Member: c.Member.ID, Act: "role", Data: roleData{m.ID, r, on}, At: b.clock.Now()}); err != nil {
		return nil, err
	}
	if on {
		return withHolders(ctx, tx, c, Sayf("%v is %s now.", who, r.Label()))
	}
	after, err := tx.Holders(ctx, c.Workspace.Board, r)
	if err != nil {
		return nil, fmt.Errorf("holders of %s: %w", r, err)
	}
	if holdsRole(after, m.Person) {
		return Sayf("I took the role, but %v stays %s: their workspace says so.", who, r.Label()), nil
	}
	return withHolders(ctx, tx, c, Sayf("%v is no longer %s.", who, r.Label()))
}

// roleData is what the history keeps of a role given or taken.
type roleData struct {
	Member MemberID `json:"member"`
	Role   Role     `json:"role"`
	On     bool     `json:"on"`
}

func holdsRole(holders []Member, p PersonID) bool {
	for _, m := range holders {
		if m.Person == p {
			return true
		}
	}
	return false
}

// withHolders adds who holds what now.
func withHolders(ctx context.Context, tx Tx, c caller, say Say) (Reply, error) {
	var out Text
	for i, r := range Roles() {
		if i > 0 {
			out = append(out, Span{Text: " · "})
		}
		out = append(out, Span{Text: roleHeading(r) + ": "})
		holders, err := tx.Holders(ctx, c.Workspace.Board, r)
		switch {
		case err != nil:
			return nil, fmt.Errorf("holders of %s: %w", r, err)
		case len(holders) == 0 && r == Admin:
			out = append(out, Span{Text: "nobody yet"})
		case len(holders) == 0:
			out = append(out, Span{Text: "the admins"})
		default:
			out = append(out, names(holders, c.Workspace.ID)...)
		}
	}
	return say.With(Small{out}), nil
}

func roleHeading(r Role) string {
	switch r {
	case PM:
		return "Product manager"
	case PO:
		return "Product owner"
	}
	return "Admin"
}

// takeRolePress is an admin's [Give myself this role].
func (b *Bot) takeRolePress(ctx context.Context, c caller, args []string) (Reply, error) {
	if len(args) != 1 {
		return nil, staleButton()
	}
	r, ok := ParseRole(args[0])
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, Command{Verb: VerbRole}); err != nil {
			return err
		}
		var err error
		reply, err = b.setRole(ctx, tx, c, c.Member, r, true)
		return err
	})
	return reply, err
}

// learnName asks the platform who a mentioned account is that Heed has not met, so that
// the answer can name them. Where it does not say in time, the answer does without.
func (b *Bot) learnName(ctx context.Context, c caller, account string) {
	m, ok := b.messengers[c.Call.Workspace.Platform]
	known, err := b.store.MemberByAccount(ctx, c.Workspace.Board, c.Workspace.ID, account)
	if !ok || err == nil && known.LookedUp || err != nil && !errors.Is(err, ErrNotFound) {
		return
	}
	asking, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	seen, err := m.Member(asking, c.Workspace, account)
	if err == nil {
		_, err = b.store.MeetMember(ctx, c.Workspace.Board, c.Workspace.ID, seen, memberAudience(c.Workspace.Ref.Platform, seen), b.clock.Now())
	}
	if err != nil {
		b.log.InfoContext(ctx, "mentioned member not looked up", "board", c.Workspace.Board, "fault", FaultOf(err).Reason)
	}
}
