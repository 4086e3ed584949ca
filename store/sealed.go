package store

import (
	"context"
	"fmt"

	"heed/bot"
)

// Reseal hands all sealed values to fn, locked, and writes those that it changes, all in
// one transaction: after an error everything is as it was. With giveUp, what fn says
// nobody can open goes where it is of no use (tokens, keys); hidden texts stay as they are.
func (s *Store) Reseal(ctx context.Context, giveUp bool, fn func([]bot.Sealed) (bot.Resealed, error)) error {
	ctx = Patient(ctx)
	return s.InTx(ctx, func(tx bot.Tx) error {
		q := tx.(queries)
		values, err := q.sealedValues(ctx, ` for no key update`)
		if err != nil {
			return err
		}
		done, err := fn(values)
		if err != nil {
			return err
		}
		for _, v := range done.Changed {
			if err := q.saveSealed(ctx, v, v.Value); err != nil {
				return err
			}
		}
		if !giveUp {
			return nil
		}
		for _, v := range done.Closed {
			if v.Kind == bot.SealedKindText {
				continue
			}
			if err := q.saveSealed(ctx, v, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// SealedValues reads everything that is kept sealed.
func (s *Store) SealedValues(ctx context.Context) ([]bot.Sealed, error) {
	return s.sealedValues(ctx, "")
}

func (q queries) sealedValues(ctx context.Context, lock string) ([]bot.Sealed, error) {
	var out []bot.Sealed
	var tokens []struct {
		Board    bot.BoardID `db:"board_id"`
		Platform bot.Platform
		Ref      string
		Token    []byte
	}
	if err := q.rows(ctx, &tokens, `select board_id, platform, ref, token from workspaces where token is not null order by board_id, workspace_id`+lock); err != nil {
		return nil, fmt.Errorf("sealed tokens: %w", err)
	}
	for _, r := range tokens {
		out = append(out, bot.Sealed{Kind: bot.SealedKindToken, Board: r.Board, Workspace: bot.WorkspaceRef{Platform: r.Platform, Ref: r.Ref}, Value: r.Token})
	}
	var texts []struct {
		Board bot.BoardID `db:"board_id"`
		Item  bot.ItemID  `db:"item_id"`
		Text  []byte      `db:"sealed_text"`
	}
	if err := q.rows(ctx, &texts, `select board_id, item_id, sealed_text from items where sealed_text is not null order by board_id, item_id`+lock); err != nil {
		return nil, fmt.Errorf("sealed texts: %w", err)
	}
	for _, r := range texts {
		out = append(out, bot.Sealed{Kind: bot.SealedKindText, Board: r.Board, Item: r.Item, Value: r.Text})
	}
	var keys []struct {
		Name  string
		Value []byte
	}
	if err := q.rows(ctx, &keys, `select name, value from kept_keys where sealed order by name`+lock); err != nil {
		return nil, fmt.Errorf("sealed keys: %w", err)
	}
	for _, r := range keys {
		out = append(out, bot.Sealed{Kind: bot.SealedKindKey, Name: r.Name, Value: r.Value})
	}
	return out, nil
}

// saveSealed writes a sealed value in place of the earlier one; nil removes it.
func (q queries) saveSealed(ctx context.Context, v bot.Sealed, value []byte) (err error) {
	switch {
	case v.Kind == bot.SealedKindToken:
		_, err = q.exec(ctx, `update workspaces set token = $4 where board_id = $1 and platform = $2 and ref = $3`, v.Board, v.Workspace.Platform, v.Workspace.Ref, value)
	case v.Kind == bot.SealedKindText:
		_, err = q.exec(ctx, `update items set sealed_text = $3 where board_id = $1 and item_id = $2`, v.Board, v.Item, value)
	case value == nil:
		_, err = q.exec(ctx, `delete from kept_keys where name = $1`, v.Name)
	default:
		_, err = q.exec(ctx, `update kept_keys set value = $2 where name = $1`, v.Name, value)
	}
	if err != nil {
		return fmt.Errorf("save a sealed %s: %w", v.Kind, err)
	}
	return nil
}

// KeepKey keeps a key under a name unless one is kept already, and answers the one that
// is kept, with whether it is sealed.
func (s *Store) KeepKey(ctx context.Context, name string, value []byte, sealed bool) (kept []byte, isSealed bool, err error) {
	if _, err := s.exec(ctx, `insert into kept_keys (name, value, sealed) values ($1, $2, $3) on conflict (name) do nothing`, name, value, sealed); err != nil {
		return nil, false, fmt.Errorf("keep a key: %w", err)
	}
	var r struct {
		Value  []byte
		Sealed bool
	}
	err = s.row(ctx, &r, `select value, sealed from kept_keys where name = $1`, name)
	return r.Value, r.Sealed, err
}

// instanceName is the kept key that names this installation. It opens nothing.
const instanceName = "instance"

// KeepInstance names the installation whose database this is, unless it has a name, and
// answers the one it has.
func (s *Store) KeepInstance(ctx context.Context, name string) (string, error) {
	kept, _, err := s.KeepKey(ctx, instanceName, []byte(name), false)
	return string(kept), err
}

// Instance is that name; bot.ErrNotFound where none was given yet.
func (s *Store) Instance(ctx context.Context) (string, error) {
	var name []byte
	err := s.row(ctx, &name, `select value from kept_keys where name = $1`, instanceName)
	return string(name), err
}

// SealKey puts the sealed form of a kept key in place of the open one.
func (s *Store) SealKey(ctx context.Context, name string, sealed []byte) error {
	_, err := s.exec(ctx, `update kept_keys set value = $2, sealed = true where name = $1 and not sealed`, name, sealed)
	return err
}
