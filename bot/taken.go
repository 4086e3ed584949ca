package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// onceFor is how long an act is remembered that must not be taken in again: longer than
// a signed request of a platform is good for (Slack: five minutes).
const onceFor = time.Hour

// errTaken is that an act was taken in before: somebody sent the same request again.
var errTaken = errors.New("the act was taken in before")

// act is one act of a person on its way through the core. Where nothing in it would
// notice a repeat (a status set, a role given), it is armed: its first transaction
// remembers it, and the same act again writes nothing. What has a natural key of its own
// (a request, a vote) is not armed, so that a repeat is answered like the first.
type act struct {
	delivery string // its name on the platform; "": it has none
	key      string // what it is remembered by once it is armed
	taken    atomic.Bool
}

type actKey struct{}

// acting makes ctx that of an act of a workspace, by the name of its delivery there.
func acting(ctx context.Context, w WorkspaceRef, delivery string) context.Context {
	a := &act{}
	if delivery != "" {
		a.delivery = string(w.Platform) + "\x00" + w.Ref + "\x00" + delivery
	}
	return context.WithValue(ctx, actKey{}, a)
}

// arm has the act of ctx taken in once from here on. parts say what was asked for. An
// act without a name can't be.
func arm(ctx context.Context, parts ...string) {
	a, ok := ctx.Value(actKey{}).(*act)
	if !ok || a.delivery == "" || a.key != "" {
		return
	}
	sum := sha256.New()
	for _, p := range append([]string{a.delivery}, parts...) {
		fmt.Fprintf(sum, "%d:%s", len(p), p)
	}
	a.key = "act:" + hex.EncodeToString(sum.Sum(nil)[:16])
}

// takeAct remembers the act of ctx with tx, when it is armed and this delivery has not
// done so; errTaken when another did. done is called once tx is committed.
func (b *Bot) takeAct(ctx context.Context, tx Tx, board BoardID) (done func(), err error) {
	a, ok := ctx.Value(actKey{}).(*act)
	if !ok || a.key == "" || a.taken.Load() {
		return func() {}, nil
	}
	first, err := tx.Once(ctx, board, a.key, b.clock.Now().Add(onceFor))
	if err != nil {
		return nil, fmt.Errorf("act once: %w", err)
	}
	if !first {
		return nil, errTaken
	}
	return func() { a.taken.Store(true) }, nil
}

// takenReply answers an act that was taken in before.
func takenReply() Reply {
	return Sayf("I have done that already: it reached me twice. Nothing has changed since.")
}

// Delivered makes ctx that of one delivery of a platform's event, by the name that the
// platform gave it: what the core is told with it, of a channel, a member or a workspace,
// it takes in once. "" names none.
func Delivered(ctx context.Context, w WorkspaceRef, name string) context.Context {
	ctx = acting(ctx, w, name)
	arm(ctx, "event")
	return ctx
}

// signalled tells whether the event of ctx is told for the first time, and remembers it
// with tx. One without a name always is.
func (b *Bot) signalled(ctx context.Context, tx Tx, board BoardID) (bool, error) {
	_, err := b.takeAct(ctx, tx, board)
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return err == nil, err
}
