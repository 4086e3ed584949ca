package discordfake

import (
	"slices"
	"strings"
)

// Options are what stands in a command's options, by name: a string, an int, a float64,
// a bool, a *[User], *[Channel] or *[Role], a [File].
type Options map[string]any

// Choice is what an autocompletion offers.
type Choice struct {
	Name  string
	Value any // a string or a number
}

// Slash runs a command, named with its subcommand: "feedback", "heed status". It waits
// for the answer as the person's client does: [ErrNoAnswer] when none came in three
// seconds. What the client would not send is refused with [ErrNotOffered].
func (u *User) Slash(ch *Channel, command string, options Options) error {
	u.s.mu.Lock()
	found := resolved{s: u.s, guild: ch.guild, channel: ch}
	data, leaf, err := u.command(ch, command)
	if err == nil {
		err = leaf.fill(options, &found, "")
	}
	if err != nil {
		u.s.mu.Unlock()
		return err
	}
	leaf.close(data)
	found.into(data)
	x := u.newInteraction(kindCommand, ch, nil)
	x.tell(data)
	u.s.mu.Unlock()
	return x.wait()
}

// Autocomplete types into an option and returns what is offered. others are the options
// that are filled already. [ErrNoAnswer] when nothing came in three seconds; then the
// client says "Loading options failed".
func (u *User) Autocomplete(ch *Channel, command, option, typed string, others Options) ([]Choice, error) {
	u.s.mu.Lock()
	found := resolved{s: u.s, guild: ch.guild, channel: ch}
	data, leaf, err := u.command(ch, command)
	if err == nil {
		spec := leaf.option(option)
		if spec == nil || spec["autocomplete"] != true {
			err = notOffered("the option %q of /%s completes nothing", option, command)
		}
	}
	if err == nil {
		err = leaf.fill(others, &found, option)
	}
	if err != nil {
		u.s.mu.Unlock()
		return nil, err
	}
	leaf.filled = append(leaf.filled, object{"type": num(leaf.option(option), "type"), "name": option, "value": typed, "focused": true})
	leaf.close(data)
	found.into(data)
	x := u.newInteraction(kindAutocomplete, ch, nil)
	x.tell(data)
	u.s.mu.Unlock()
	err = x.wait()
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return slices.Clone(x.choices), err
}

// MessageCommand runs a command of a message's menu: "Save as feedback".
func (u *User) MessageCommand(m Message, name string) error {
	u.s.mu.Lock()
	ch := m.Channel
	target := ch.find(m.ID)
	x := u.s.offered(ch, u, commandMessage, name)
	err := u.maySee(ch, UseApplicationCommands)
	switch {
	case err != nil:
	case target == nil:
		err = errGone
	case x == nil:
		err = notOffered("no message command %q", name)
	}
	if err != nil {
		u.s.mu.Unlock()
		return err
	}
	found := resolved{s: u.s, guild: ch.guild, channel: ch}
	found.put("messages", target.id, target.wire(false))
	data := x.invoked(ch)
	data["target_id"] = target.id
	found.into(data)
	made := u.newInteraction(kindCommand, ch, nil)
	made.tell(data)
	u.s.mu.Unlock()
	return made.wait()
}

// offered is the command that a person's client shows in the channel, nil when there is
// none: the guild's own before a global one, and by default_member_permissions and
// contexts. Called with mu held.
func (s *Server) offered(ch *Channel, u *User, kind int, name string) *registered {
	var x *registered
	if ch.guild != nil {
		x = ch.guild.commands.find(kind, name)
	}
	if x == nil {
		x = s.commands.global.find(kind, name)
	}
	if x == nil {
		return nil
	}
	if ch.guild == nil {
		if x.body["guild_id"] != nil || x.body["dm_permission"] == false {
			return nil
		}
		if contexts, given := x.body["contexts"].([]any); given && !slices.Contains(contexts, any(float64(1))) {
			return nil
		}
		return x
	}
	if contexts, given := x.body["contexts"].([]any); given && !slices.Contains(contexts, any(float64(0))) {
		return nil
	}
	if need, given := x.body["default_member_permissions"].(string); given && !ch.permissions(u).has(parsePermissions(need)) {
		return nil
	}
	return x
}

// invoked is the data of a command that is run.
func (x *registered) invoked(ch *Channel) object {
	data := object{"id": x.id, "name": x.name(), "type": x.kind()}
	if x.body["guild_id"] != nil {
		data["guild_id"] = x.body["guild_id"]
	}
	return data
}

// leaf is the command or subcommand that is run, and what is filled in.
type leaf struct {
	path   []object // the group and the subcommand
	specs  []object // its options
	filled []any
}

// command finds a command by its words. Called with mu held.
func (u *User) command(ch *Channel, words string) (object, *leaf, error) {
	if err := u.maySee(ch, UseApplicationCommands); err != nil {
		return nil, nil, err
	}
	if ch.archived {
		return nil, nil, notOffered("an archived thread takes no commands")
	}
	parts := strings.Fields(strings.TrimPrefix(words, "/"))
	if len(parts) == 0 {
		return nil, nil, notOffered("no command")
	}
	x := u.s.offered(ch, u, commandChat, parts[0])
	if x == nil {
		return nil, nil, notOffered("no command /%s", parts[0])
	}
	out := &leaf{}
	options := list(x.body["options"])
	for _, part := range parts[1:] {
		i := slices.IndexFunc(options, func(v any) bool {
			o, _ := v.(object)
			kind := num(o, "type")
			return str(o, "name") == part && (kind == optionSub || kind == optionGroup)
		})
		if i < 0 {
			return nil, nil, notOffered("no command /%s", strings.Join(parts, " "))
		}
		o := options[i].(object)
		out.path = append(out.path, o)
		options = list(o["options"])
	}
	for _, v := range options {
		o, _ := v.(object)
		if kind := num(o, "type"); kind == optionSub || kind == optionGroup {
			return nil, nil, notOffered("/%s can't be run without a subcommand", strings.Join(parts, " "))
		}
		out.specs = append(out.specs, o)
	}
	return x.invoked(ch), out, nil
}

func (l *leaf) option(name string) object {
	for _, o := range l.specs {
		if str(o, "name") == name {
			return o
		}
	}
	return nil
}

// close puts what is filled in below the group and the subcommand.
func (l *leaf) close(data object) {
	inner := l.filled
	for _, o := range slices.Backward(l.path) {
		one := object{"type": num(o, "type"), "name": str(o, "name")}
		one["options"] = orEmpty(inner)
		inner = []any{one}
	}
	if inner != nil {
		data["options"] = inner
	}
}
