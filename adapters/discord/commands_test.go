package discord

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// size counts what Discord counts of a command: names, descriptions and values.
// https://docs.discord.com/developers/interactions/application-commands#slash-commands
func (o appOption) size() int {
	n := units(o.Name) + units(o.Description)
	for _, c := range o.Choices {
		n += units(c.Name)
		if s, ok := c.Value.(string); ok {
			n += units(s)
		}
	}
	for _, inner := range o.Options {
		n += inner.size()
	}
	return n
}

func TestCommandSet_stays_inside_the_limits(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[-_'\p{Ll}\p{N}]{1,32}$`)
	var options func(at string, all []appOption, depth int)
	options = func(at string, all []appOption, depth int) {
		if len(all) > discordfake.MaxCommandOptions {
			t.Errorf("%s has %d options", at, len(all))
		}
		optional := false
		seen := map[string]bool{}
		for _, o := range all {
			if !name.MatchString(o.Name) || seen[o.Name] || o.Description == "" || units(o.Description) > discordfake.MaxCommandDescription {
				t.Errorf("%s %s is not described", at, o.Name)
			}
			seen[o.Name] = true
			if o.Required && optional {
				t.Errorf("%s %s must be given and stands behind one that need not be", at, o.Name)
			}
			optional = optional || !o.Required
			if len(o.Choices) > discordfake.MaxChoices || o.Autocomplete && len(o.Choices) > 0 {
				t.Errorf("%s %s: %d choices, autocomplete %v", at, o.Name, len(o.Choices), o.Autocomplete)
			}
			if nested := o.Type == optionSub || o.Type == optionGroup; nested != (depth < 2 && (len(o.Options) > 0 || o.Type == optionSub)) {
				t.Errorf("%s %s: type %d in depth %d", at, o.Name, o.Type, depth)
			}
			options(at+" "+o.Name, o.Options, depth+1)
		}
	}
	for _, c := range commandSet() {
		whole := appOption{Name: c.Name, Description: c.Description, Options: c.Options}
		if n := whole.size(); n > discordfake.MaxCommandText {
			t.Errorf("%s has %d characters", c.Name, n)
		}
		if c.Type == commandChat && !name.MatchString(c.Name) {
			t.Errorf("%s is no name", c.Name)
		}
		depth := 2
		if c.Name == heedCommand {
			depth = 0
		}
		options(c.Name, c.Options, depth)
		if c.Permissions != nil {
			t.Errorf("%s is hidden from people whom Heed's roles let use it", c.Name)
		}
	}
}

// TestCommandSet_reaches_every_command holds the registration to the core's table.
func TestCommandSet_reaches_every_command(t *testing.T) {
	t.Parallel()
	reached := map[bot.Verb][]appOption{}
	for _, c := range commandSet() {
		if c.Name != heedCommand {
			reached[bot.Verb(c.Name)] = c.Options
		}
		for _, o := range c.Options {
			switch o.Type {
			case optionSub:
				reached[bot.Verb(o.Name)] = o.Options
			case optionGroup:
				for _, inner := range o.Options {
					reached[bot.Verb(inner.Name)] = inner.Options
				}
			}
		}
	}
	for _, u := range bot.Usages() {
		options, ok := reached[u.Verb]
		if !ok {
			t.Errorf("%s can't be used", u.Verb)
		}
		for _, p := range u.Params {
			i := slices.IndexFunc(options, func(o appOption) bool { return o.Name == p.Name })
			if p.Kind == bot.KindInto {
				continue
			}
			if i < 0 || options[i].Required == p.Optional {
				t.Errorf("%s: %s is not there as it should be", u.Verb, p.Name)
			}
		}
	}
}

func TestOverwrite(t *testing.T) {
	t.Parallel()
	want := commandSet()
	there := func(change func(map[string]any)) []json.RawMessage {
		var out []json.RawMessage
		for n, c := range want {
			data, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			if err := json.Unmarshal(data, &m); err != nil {
				t.Fatal(err)
			}
			m["id"], m["version"], m["nsfw"], m["name_localizations"] = "1001", "7", false, nil
			if change != nil && n == 1 {
				change(m)
			}
			if data, err = json.Marshal(m); err != nil {
				t.Fatal(err)
			}
			out = append(out, data)
		}
		return out
	}
	if _, same := overwrite(want, there(nil)); !same {
		t.Error("what is registered already is written again")
	}
	if _, same := overwrite(want, there(func(m map[string]any) { m["description"] = "another" })); same {
		t.Error("a new description is not written")
	}
	if _, same := overwrite(want, there(func(m map[string]any) { m["contexts"] = []int{2} })); same {
		t.Error("another context is not written")
	}
	if _, same := overwrite(want, there(nil)[1:]); same {
		t.Error("a command that is missing is not written")
	}
	if _, same := overwrite(want[1:], there(nil)); same {
		t.Error("a command that is no more is not taken away")
	}
	entry := json.RawMessage(`{"id":"5","type":4,"name":"launch","description":"Launch","handler":2}`)
	body, same := overwrite(want, append(there(nil), entry))
	if !same || len(body) != len(want)+1 {
		t.Errorf("with an entry point: same %v, %d commands of %d", same, len(body), len(want)+1)
	}
}
