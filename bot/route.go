package bot

import (
	"cmp"
	"context"
	"errors"
)

// caller is a call whose workspace, channel, member and roles are known: what
// every use case starts from.
type caller struct {
	Call
	Workspace Workspace
	Channel   Channel // zero Ref when the act had no channel
	Member    Member
	Roles     RoleSet
	Timed     bool // the platform said when, so that the same act again is as old as the first
	Untold    bool // the platform does not say who people are in this workspace
}

// routes name who handles what: commands by their verb, presses by the verb of
// their action, forms by their id, undo by the act of the history entry. Who may
// run a command is asked before (Bot.may).
type routes struct {
	commands map[Verb]func(context.Context, caller, Command) (Reply, error)
	presses  map[string]func(context.Context, caller, []string) (Reply, error)
	forms    map[string]func(context.Context, caller, Submission) (Reply, error)
	undos    map[string]undo
}

// allRoutes puts the areas together. Each area is one file's.
func (b *Bot) allRoutes() routes {
	r := routes{
		commands: map[Verb]func(context.Context, caller, Command) (Reply, error){},
		presses:  map[string]func(context.Context, caller, []string) (Reply, error){},
		forms:    map[string]func(context.Context, caller, Submission) (Reply, error){},
		undos:    map[string]undo{},
	}
	b.askRoutes(&r)
	b.listRoutes(&r)
	b.voteRoutes(&r)
	b.deskRoutes(&r)
	b.shipRoutes(&r)
	b.storyRoutes(&r)
	b.digestRoutes(&r)
	b.setupRoutes(&r)
	b.linkRoutes(&r)
	return r
}

// Press is a button pressed. An error means that nothing was kept; the reply
// beside it is fit to show all the same.
func (b *Bot) Press(ctx context.Context, call Call, a Action) (Reply, error) {
	verb, args := a.Parts()
	h, ok := b.routes.presses[verb]
	if !ok {
		return Sayf("That button is from an older message and no longer does anything. Nothing has changed. `/heed help` shows what you can do."), nil
	}
	return b.serve(ctx, call, "", func(ctx context.Context, c caller) (Reply, error) {
		arm(ctx, "press", string(a))
		args, err := b.current(ctx, c, verb, args)
		if err != nil {
			return nil, err
		}
		return h(ctx, c, args)
	})
}

// Submit is a form sent. The same rules hold as for Press.
func (b *Bot) Submit(ctx context.Context, call Call, s Submission) (Reply, error) {
	h, ok := b.routes.forms[s.Form]
	if !ok {
		return Sayf("That form is from an older version of Heed. Nothing was sent; please open it again."), nil
	}
	if fix, over := b.hastyForm(call); over {
		return fix, nil
	}
	return b.served(ctx, call, s.Values["words"], func(ctx context.Context, c caller) (Reply, error) {
		if call.Delivery != "" { // by its key alone it may be the same form with other answers
			arm(ctx, s.parts()...)
		}
		s, err := b.currentForm(ctx, c, s)
		if err != nil {
			return nil, err
		}
		return h(ctx, c, s)
	})
}

// serve meets the caller, runs h, and turns what went wrong into what they read, unless
// acts come too fast. words are what would be lost with it. Where the workspace changes
// boards meanwhile, h runs again on the board that it is on now.
func (b *Bot) serve(ctx context.Context, call Call, words string, h func(context.Context, caller) (Reply, error)) (Reply, error) {
	if say, over := b.hasty(call, words); over {
		return say, nil
	}
	return b.served(ctx, call, words, h)
}

// served is serve, however fast acts come.
func (b *Bot) served(ctx context.Context, call Call, words string, h func(context.Context, caller) (Reply, error)) (Reply, error) {
	ctx = acting(ctx, call.Workspace, cmp.Or(call.Delivery, call.Key))
	var reply Reply
	c, err := b.meet(ctx, call)
	for try := 1; err == nil; try++ {
		if reply, err = h(standing(ctx, c.Workspace), c); err == nil {
			b.welcomeFirst(ctx, c)
			b.Wake()
			return markedReply(c.Workspace, b.withClosed(ctx, c, reply)), nil
		}
		if !errors.Is(err, ErrMoved) || try == mostMoves {
			break
		}
		c, err = b.meet(ctx, call)
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return markedReply(c.Workspace, refusal.Reply), nil
	}
	if errors.Is(err, errTaken) {
		return takenReply(), nil
	}
	if errors.Is(err, ErrUnattached) {
		return strangerReply(words), err
	}
	return b.away(words), err
}

// strangerReply is the answer to an act from a workspace that Heed is not in: trying
// again would not help.
func strangerReply(words string) Reply {
	say := Sayf("I'm not set up in this workspace yet, so I couldn't keep this. Whoever installed me can start me with this workspace's token, or install me here.")
	if words == "" {
		return say
	}
	return say.With(Para{Textf("Here are your words:")}, Quote{Literal(spoken(words))})
}

// away is the answer when the database can't be reached: the words come back.
func (b *Bot) away(words string) Reply {
	if words == "" {
		return Sayf("I couldn't do this; that's on me. Nothing has changed. Please try again in a minute.")
	}
	return Sayf("I couldn't save this; that's on me. Here are your words:").With(
		Quote{Literal(spoken(words))},
		Para{Textf("Please send them again in a minute.")},
	)
}
