package bot

import (
	"context"
	"errors"
	"fmt"
)

// ErrMoved is that a workspace is not on the board any more on which an act began.
var ErrMoved = errors.New("the workspace is on another board now")

// mostMoves is how often an act begins anew because its workspace moved.
const mostMoves = 3

type standingKey struct{}

// standing makes every transaction of an act see to it that its workspace stays on its
// board until the end. What such a transaction writes is there before the workspace can
// leave, and so goes with it; one that comes too late writes nothing.
func standing(ctx context.Context, w Workspace) context.Context {
	return context.WithValue(ctx, standingKey{}, w)
}

// standingStore is a Store whose transactions keep to the board of the act that they
// are part of, and remember the act where it is to be taken in once. Others, of loops and
// signals, read the board where they begin.
type standingStore struct {
	Store
	take func(ctx context.Context, tx Tx, board BoardID) (done func(), err error) // Bot.takeAct
}

// InTx answers ErrMoved when the act's workspace has left its board, and errTaken when
// the act was taken in before.
func (s standingStore) InTx(ctx context.Context, fn func(Tx) error) error {
	w, ok := ctx.Value(standingKey{}).(Workspace)
	if !ok {
		return s.Store.InTx(ctx, fn)
	}
	var done func()
	err := s.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldWorkspace(ctx, w.Board, w.ID); errors.Is(err, ErrNotFound) {
			return ErrMoved
		} else if err != nil {
			return fmt.Errorf("hold the workspace: %w", err)
		}
		var err error
		if done, err = s.take(ctx, tx, w.Board); err != nil {
			return err
		}
		return fn(tx)
	})
	if err == nil {
		done()
	}
	return err
}
