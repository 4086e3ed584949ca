package discordfake

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// TokenLife is how long an interaction's token answers.
// Source: https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
const TokenLife = 15 * time.Minute

var (
	// ErrNoAnswer is what a person sees when the app did not answer an interaction
	// within three seconds. Discord does not tell it again.
	ErrNoAnswer = errors.New("The application did not respond")

	// ErrThinking is an app that said "is thinking…" and nothing after it.
	ErrThinking = errors.New("the application is still thinking")

	// ErrNotOffered is what the person's client does not offer: a command that is not
	// registered here, a button that is not there, a value that the option forbids.
	ErrNotOffered = errors.New("the client does not offer it")
)

func notOffered(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), ErrNotOffered)
}

// interactions are those whose tokens may still live. Guarded by Server.mu.
type interactions struct{ open map[string]*interaction } // by token

// interaction is one thing that a person did which the app has to answer.
type interaction struct {
	s         *Server
	id, token string
	kind      int
	user      *User
	channel   *Channel
	origin    *message // that was pressed, or that the form was opened from
	at        time.Time
	cause     object // interaction_metadata of what answers it
	answered  bool
	late      bool // three seconds are over
	callback  int  // the kind of the first answer
	first     *message
	following []*message
	choices   []Choice
	done      chan struct{} // closed with the first answer
	thought   chan struct{} // closed when what was deferred is there
}

// newInteraction is called with mu held.
func (u *User) newInteraction(kind int, ch *Channel, origin *message) *interaction {
	s := u.s
	for token, old := range s.calls.open {
		if s.Now().Sub(old.at) > 2*TokenLife {
			delete(s.calls.open, token)
		}
	}
	x := &interaction{
		s: s, id: s.nextID(), kind: kind, user: u, channel: ch, origin: origin, at: s.Now(),
		done: make(chan struct{}), thought: make(chan struct{}),
	}
	x.token = "aW50ZXJhY3Rpb246" + x.id + seal(x.id)[:40]
	x.cause = object{
		"id": x.id, "type": kind, "user": u.wire(), "authorizing_integration_owners": x.owners(),
	}
	if origin != nil && kind == kindComponent {
		x.cause["interacted_message_id"] = origin.id
	}
	s.calls.open[x.token] = x
	return x
}

func (x *interaction) owners() object {
	if x.channel.guild == nil {
		return object{"0": "0"}
	}
	return object{"0": x.channel.guild.ID}
}

// wire is the interaction object.
// Source: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
func (x *interaction) wire(data object) object {
	ch := x.channel
	out := object{
		"id": x.id, "application_id": x.s.appID, "type": x.kind, "token": x.token, "version": 1, "channel_id": ch.ID, "channel": ch.wire(),
		"data": data, "locale": x.user.locale, "app_permissions": text(ch.permissions(x.s.bot)), "entitlements": []any{},
		"authorizing_integration_owners": x.owners(), "attachment_size_limit": 10485760, "context": 0, "entitlement_sku_ids": []any{},
	}
	if g := ch.guild; g != nil {
		member := g.members[x.user.ID].wire()
		member["permissions"] = text(ch.permissions(x.user))
		out["guild_id"], out["guild_locale"], out["member"] = g.ID, "en-US", member
		out["guild"] = object{"id": g.ID, "locale": "en-US", "features": []string{}}
	} else {
		out["user"], out["context"] = x.user.wire(), 1
	}
	if x.origin != nil {
		out["message"] = x.origin.wire(false)
	}
	return out
}

// tell has the app hear of it. Called with mu held.
func (x *interaction) tell(data object) {
	x.s.dispatch(event{
		name: "INTERACTION_CREATE", guild: x.channel.guild, always: true, data: func() object { return x.wire(data) },
	})
}

// wait waits as the person does: three seconds for the first answer, and for what was
// deferred. Called without mu.
func (x *interaction) wait() error {
	late := time.NewTimer(x.s.config.AnswerTimeout)
	defer late.Stop()
	select {
	case <-x.done:
	case <-late.C:
		x.s.mu.Lock()
		x.late = !x.answered
		missed := x.late
		x.s.mu.Unlock()
		if missed {
			return ErrNoAnswer
		}
	}
	if x.callback != answerDeferred {
		return nil
	}
	over := time.NewTimer(x.s.config.ThinkingTimeout)
	defer over.Stop()
	select {
	case <-x.thought:
		return nil
	case <-over.C:
		return ErrThinking
	}
}

// maySee refuses a person who does not see the channel, or may not use apps in it.
func (u *User) maySee(ch *Channel, bits Permissions) error {
	if ch.deleted || !ch.permissions(u).has(ViewChannel|bits) {
		return notOffered("%s may not do this in %s", u.name, orDefault(ch.name, "the direct message"))
	}
	return nil
}

// mentionID is the id in "<@1>", "<#1>", "<@&1>", or the text itself.
func mentionID(text string) string {
	id := strings.TrimRight(strings.TrimLeft(text, "<@!&#"), ">")
	if _, err := strconv.ParseUint(id, 10, 64); err != nil {
		return ""
	}
	return id
}
