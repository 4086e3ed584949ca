package bot

import (
	"context"
	"fmt"
	"strings"
)

// demand answers nil when the caller holds one of the roles, or none is asked for;
// else a refusal that says by name who can, with a button that asks them.
func (b *Bot) demand(ctx context.Context, c caller, needs ...Role) error {
	if len(needs) == 0 {
		return nil
	}
	for _, r := range needs {
		if c.Roles.Has(r) {
			return nil
		}
	}
	labels := make([]string, len(needs))
	for i, r := range needs {
		labels[i] = r.Label()
	}
	who := orList(labels)
	for _, r := range needs {
		holders, err := b.store.Holders(ctx, c.Workspace.Board, r)
		if err != nil {
			return fmt.Errorf("holders of a role: %w", err)
		}
		if len(holders) > 0 {
			return Refuse(Forbidden, Sayf("Only %s can do that; here that's %s. Nothing has changed.", who, c.names(holders)).
				With(c.askButton(r, holders)...))
		}
	}
	admins, err := b.store.Holders(ctx, c.Workspace.Board, Admin)
	if err != nil {
		return fmt.Errorf("admins: %w", err)
	}
	missing := "There's no " + strings.TrimPrefix(strings.TrimPrefix(needs[0].Label(), "an "), "a ") + " yet"
	if len(admins) == 0 {
		return Refuse(Forbidden, Sayf("%s, and I haven't met an admin of this workspace. Nothing has changed. An admin can say who decides: `/heed role @Ben %s`", missing, string(needs[0])))
	}
	return Refuse(Forbidden, Sayf("%s, so the admins decide: %s. Nothing has changed.", missing, c.names(admins)).
		With(c.askButton(needs[0], admins)...))
}

// names lists people in a sentence: "Ben, Mira and Ana"; from the fifth on they are
// counted.
func (c caller) names(ms []Member) Text {
	const most = 4
	var out Text
	for i, m := range ms {
		switch {
		case i == most:
			return append(out, Span{Text: fmt.Sprintf(" and %d more", len(ms)-most)})
		case i > 0 && i == len(ms)-1:
			out = append(out, Span{Text: " and "})
		case i > 0:
			out = append(out, Span{Text: ", "})
		}
		out = append(out, c.name(m))
	}
	return out
}

// name is a member as the caller reads it: linked where it is an account of the
// caller's own workspace.
func (c caller) name(m Member) Span {
	s := Span{Text: m.Name}
	if s.Text == "" {
		s.Text = "someone"
	}
	if m.Workspace == c.Workspace.ID {
		s.Account = m.Account
	}
	return s
}

// askButton asks the first holder who has an account in the caller's workspace.
func (c caller) askButton(r Role, holders []Member) []Block {
	for _, m := range holders {
		if m.Workspace == c.Workspace.ID {
			return []Block{Buttons{{Label: Excerpt("Ask "+c.name(m).Text, 75), Action: Act("ask", r, m.Account)}}}
		}
	}
	return nil
}
