package slack

import (
	"context"
	"errors"
	"runtime/debug"

	"heed/bot"
)

// errLate is a core that did not answer in the time that Slack gives. What was asked
// may still be kept: asking again does no harm, since every act has its key.
var errLate = errors.New("no answer in time")

// errBroken is a defect of ours met on the way.
var errBroken = errors.New("broken off by a defect")

// survive keeps the process up for everybody else when one act meets a defect. The
// panic's own words are not logged: they may be somebody's.
func (a *Adapter) survive() {
	if recover() != nil {
		a.log.Error("a defect broke an act off", "stack", string(debug.Stack()))
	}
}

// within asks the core and does not wait longer than ctx: a query on a connection
// that has gone silent does not end when its context does. What goes on is within Wait.
func within[T any](ctx context.Context, a *Adapter, ask func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	a.replies.Go(func() {
		o := outcome{err: errBroken}
		defer func() { done <- o }()
		defer a.survive()
		o.value, o.err = ask(ctx)
	})
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		select {
		case o := <-done: // both at once: the answer goes before
			return o.value, o.err
		default:
		}
		var none T
		return none, errLate
	}
}

// lateReply is the answer where it is not known whether the core kept an act.
func lateReply(typed string) bot.Reply {
	say := bot.Sayf("That took longer than Slack lets me, so I don't know yet whether it worked. Please look before you do it again: `/heed mine`.")
	if typed != "" {
		say = say.With(bot.Para{Text: bot.Textf("Here are your words, in case:")}, bot.Quote{Text: bot.Literal(typed)})
	}
	return say
}
