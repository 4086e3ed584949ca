package bot

import (
	"context"
	"errors"
	"fmt"
)

// What the history keeps of accounts that were joined or parted.
const (
	actAccountsJoined = "accounts_joined"
	actAccountsParted = "accounts_parted"
)

// accountsData names the accounts by their ids.
type accountsData struct {
	Members []MemberID `json:"members"`
	With    MemberID   `json:"with,omitempty"` // whose code it was
}

// linkMeCommand is `/heed link me`: a code for one's other account; with a code, the
// question; off, the way back.
func (b *Bot) linkMeCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	switch {
	case cmd.Choice == ChoiceOff:
		return b.partMe(ctx, c)
	case cmd.Code != "":
		return b.linkMeAsk(ctx, c, cmd.Code)
	}
	all, err := b.store.Workspaces(ctx, c.Workspace.Board)
	if err != nil {
		return nil, fmt.Errorf("workspaces of the board: %w", err)
	}
	if len(all) < 2 {
		return Sayf("There's only this workspace on the board, so there's no second account of yours to join. An admin can let another workspace share it: `/heed link`."), nil
	}
	var code string
	err = b.store.InTx(ctx, func(tx Tx) error {
		code, err = b.giveCode(ctx, tx, c, LinkMe)
		return err
	})
	if err != nil {
		return nil, err
	}
	return Sayf("*%s* joins another account of yours to this one: you'll be one person with one vote, here and there.", code).With(
		Para{Textf("With the other account, in another workspace of this board, say `/heed link me %s` within 15 minutes. I ask once more, then it's done.", code)},
		Small{Textf("Give it to nobody: whoever uses it counts as you here, with your roles. `/heed link me off` parts the accounts again.")}), nil
}

// linkMeAsk says whose account the code is of, and asks whether both are theirs.
func (b *Bot) linkMeAsk(ctx context.Context, c caller, code string) (Reply, error) {
	found, err := b.takeCode(ctx, c, LinkMe, code)
	if err != nil {
		return nil, err
	}
	other, err := b.joinable(ctx, b.store, c, found)
	if err != nil {
		return nil, err
	}
	w, err := b.store.WorkspaceByID(ctx, c.Workspace.Board, other.Workspace)
	if err != nil {
		return nil, fmt.Errorf("workspace of an account: %w", err)
	}
	return Say{Doc: Doc{
		Para{Textf("*Are you also %s in %s?*", nameOf(other), workspaceName(w))},
		Para{Textf("Then both accounts are one person on this board: one vote, one set of roles, and notes come to where you spoke last. The votes of both stand; where both voted, they count once.")},
		Para{Textf("Say yes only if both are yours. Somebody who sends you a code would get your roles by it.")},
		Buttons{{Label: "Yes, both are mine", Action: Act("linkme", found.ID), Style: Primary}, {Label: "No", Action: "linknot"}},
	}}, nil
}

// joinable is the account that a code is of, if the caller's may be joined to it: another
// account of the same board, of a person.
func (b *Bot) joinable(ctx context.Context, tx Tx, c caller, code LinkCode) (Member, error) {
	if code.Kind != LinkMe || code.Board != c.Workspace.Board {
		return Member{}, deadCode()
	}
	other, err := tx.Member(ctx, code.Board, code.Member)
	switch {
	case errors.Is(err, ErrNotFound):
		return other, deadCode()
	case err != nil:
		return other, fmt.Errorf("whose code it is: %w", err)
	case other.ID == c.Member.ID:
		return other, Refuse(Invalid, Sayf("That's the account that asked for the code. Say it with your other account. Nothing has changed."))
	case other.Person == c.Member.Person:
		return other, Refuse(Conflict, Sayf("These two accounts are one person already. `/heed my-data` lists them."))
	case other.Bot || c.Member.Bot || !other.Active:
		return other, deadCode()
	}
	return other, nil
}

// linkMePress is [Yes, both are mine], by the account that typed the code. The other
// account acted when it asked for it: nobody is joined to anybody without both.
func (b *Bot) linkMePress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var other Member
	err := b.store.InTx(ctx, func(tx Tx) error {
		now := b.clock.Now()
		code, err := tx.UseLinkCode(ctx, int64(id), c.Workspace, c.Member.ID, now)
		if errors.Is(err, ErrNotFound) {
			return deadCode()
		}
		if err != nil {
			return fmt.Errorf("use a link code: %w", err)
		}
		if other, err = b.joinable(ctx, tx, c, code); err != nil {
			return err
		}
		mine, err := tx.PersonMembers(ctx, c.Workspace.Board, c.Member.Person)
		if err != nil {
			return fmt.Errorf("own accounts: %w", err)
		}
		data := accountsData{With: other.ID}
		for _, m := range mine { // with all that was joined before
			if err := tx.LinkMember(ctx, m.Board, m.ID, other.Person, now); err != nil {
				return fmt.Errorf("link a member: %w", err)
			}
			data.Members = append(data.Members, m.ID)
		}
		if err := tx.UniteNotices(ctx, c.Workspace.Board, c.Member.Person, other.Person); err != nil {
			return fmt.Errorf("unite notices: %w", err)
		}
		_, err = tx.AddHistory(ctx, c.Workspace.Board, Entry{Member: c.Member.ID, Act: actAccountsJoined, Data: data, At: now})
		return err
	})
	if err != nil {
		return nil, err
	}
	return Say{Replace: true, Doc: Doc{
		Para{Textf("Done. You and %s are one person here now: one vote, one set of roles.", nameOf(other))},
		Small{Textf("`/heed my-data` lists your accounts, `/heed link me off` parts them again.")},
	}}, nil
}

// partMe makes every account of the caller's a person of its own again, with the votes
// that it cast itself. Any of the accounts may do it: each is theirs.
func (b *Bot) partMe(ctx context.Context, c caller) (Reply, error) {
	parted := 0
	err := b.store.InTx(ctx, func(tx Tx) error {
		mine, err := tx.PersonMembers(ctx, c.Workspace.Board, c.Member.Person)
		if err != nil {
			return fmt.Errorf("own accounts: %w", err)
		}
		if parted = len(mine); parted < 2 {
			return nil
		}
		now, data := b.clock.Now(), accountsData{}
		for _, m := range mine {
			if err := tx.LinkMember(ctx, m.Board, m.ID, 0, now); err != nil {
				return fmt.Errorf("part a member: %w", err)
			}
			data.Members = append(data.Members, m.ID)
		}
		_, err = tx.AddHistory(ctx, c.Workspace.Board, Entry{Member: c.Member.ID, Act: actAccountsParted, Data: data, At: now})
		return err
	})
	if err != nil {
		return nil, err
	}
	if parted < 2 {
		return Sayf("No other account is joined to this one, so there was nothing to part. `/heed link me` joins one."), nil
	}
	return Sayf("Done. Your %d accounts are apart again: each has the votes that it cast itself, and its own roles.", parted), nil
}
