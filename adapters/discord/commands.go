package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"heed/bot"
)

// appCommand is an application command as Discord keeps it, and as far as Heed decides it.
// https://docs.discord.com/developers/interactions/application-commands#application-command-object
type appCommand struct {
	Type        int         `json:"type"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Options     []appOption `json:"options,omitempty"`
	// Permissions is left open: it would hide a command from the people whom Heed's own
	// roles let use it. Who may do what the core decides; a guild's admins can narrow
	// it under Server Settings → Integrations, and that stays as they set it.
	Permissions *string `json:"default_member_permissions"`
	Installed   []int   `json:"integration_types"`
	Contexts    []int   `json:"contexts"`
}

// appOption is an option of a command, or a subcommand.
type appOption struct {
	Type         int         `json:"type"`
	Name         string      `json:"name"`
	Description  string      `json:"description"`
	Required     bool        `json:"required,omitempty"`
	Autocomplete bool        `json:"autocomplete,omitempty"`
	Choices      []appChoice `json:"choices,omitempty"`
	Options      []appOption `json:"options,omitempty"`
	MinValue     *int        `json:"min_value,omitempty"`
	MaxValue     *int        `json:"max_value,omitempty"`
}

// appChoice is a fixed value of an option, or one that is offered while it is typed. Its
// value is a string, or a number where the option is one.
type appChoice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Where commands can be used: in guilds that installed Heed, and some of them in a
// conversation with it.
// https://docs.discord.com/developers/interactions/application-commands#interaction-contexts
const (
	installedInGuild = 0
	inGuild          = 0
	inDirect         = 1
)

// heedCommand is the command that holds all that has none of its own.
const heedCommand = "heed"

// commandSet is all that Heed registers, made from the core's table: commands of their
// own, everything else under /heed, and the entry in a message's menu.
func commandSet() []appCommand {
	var out []appCommand
	var subs []appOption
	groups := map[string]int{}
	for _, u := range bot.Usages() {
		options := paramsOf(u)
		switch {
		case u.Slash:
			contexts := []int{inGuild}
			if u.Verb == bot.VerbFeedback {
				contexts = append(contexts, inDirect)
			}
			out = append(out, appCommand{Type: commandChat, Name: string(u.Verb), Description: summary(u.Summary), Options: options, Installed: []int{installedInGuild}, Contexts: contexts})
			continue
		case u.Group == "":
			subs = append(subs, appOption{Type: optionSub, Name: string(u.Verb), Description: summary(u.Summary), Options: options})
			continue
		}
		at, known := groups[u.Group]
		if !known {
			at = len(subs)
			groups[u.Group] = at
			subs = append(subs, appOption{Type: optionGroup, Name: u.Group, Description: summary(groupSummary(u.Group))})
		}
		subs[at].Options = append(subs[at].Options, appOption{Type: optionSub, Name: string(u.Verb), Description: summary(u.Summary), Options: options})
	}
	out = append(out, appCommand{
		Type: commandChat, Name: heedCommand, Description: "Everything else: lists, votes, your own requests", Options: subs,
		Installed: []int{installedInGuild}, Contexts: []int{inGuild, inDirect},
	})
	for _, s := range bot.Shortcuts() {
		if s.OnMessage {
			out = append(out, appCommand{Type: commandMessage, Name: s.Name, Installed: []int{installedInGuild}, Contexts: []int{inGuild}})
		}
	}
	return out
}

// groupSummary says what the commands of a group have in common.
func groupSummary(group string) string {
	switch group {
	case "manage":
		return "Keep the board tidy"
	case "setup":
		return "How this board works"
	case "me":
		return "You, your notes and your data"
	}
	return "More about " + group
}

// paramsOf are a command's options. Discord wants those that must be given first.
func paramsOf(u bot.Usage) []appOption {
	var out []appOption
	for _, p := range u.Params {
		if p.Kind == bot.KindInto {
			continue
		}
		o := paramOf(p)
		o.Autocomplete = bot.Suggested(u.Verb, p)
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b appOption) int {
		switch {
		case a.Required && !b.Required:
			return -1
		case b.Required && !a.Required:
			return 1
		}
		return 0
	})
	return out
}

func paramOf(p bot.Param) appOption {
	out := appOption{Type: optionString, Name: p.Name, Description: summary(p.Summary), Required: !p.Optional}
	switch p.Kind {
	case bot.KindItem, bot.KindCount, bot.KindDays:
		out.Type = optionInteger
	case bot.KindMember:
		out.Type = optionUser
	case bot.KindPicture:
		out.Type = optionAttachment
	case bot.KindStatus:
		for _, s := range bot.Statuses() {
			out.Choices = append(out.Choices, appChoice{s.Label(), string(s)})
		}
	case bot.KindRole:
		for _, r := range bot.Roles() {
			out.Choices = append(out.Choices, appChoice{cut(r.Label(), maxChoiceName), string(r)})
		}
	case bot.KindAudience:
		out.Choices = fixed(string(bot.Team), string(bot.Community))
	case bot.KindReview:
		out.Choices = fixed(string(bot.ReviewNewcomers), string(bot.ReviewEveryone), string(bot.ReviewOff))
	case bot.KindSwitch:
		out.Choices = fixed(string(bot.SwitchOn), string(bot.SwitchOff))
	case bot.KindChoice:
		out.Choices = fixed(p.Choices...)
	}
	if least, most := p.Bounds(); most > 0 {
		out.MinValue, out.MaxValue = &least, &most
	}
	return out
}

func fixed(all ...string) []appChoice {
	var out []appChoice
	for _, w := range all[:min(len(all), maxChoices)] {
		out = append(out, appChoice{w, w})
	}
	return out
}

func summary(s string) string { return orDash(cut(s, maxDescription)) }

// Limits on commands:
// https://docs.discord.com/developers/interactions/application-commands#application-command-object
const (
	maxDescription = 100
	maxChoices     = 25
	maxChoiceName  = 100
)

// RegisterCommands makes Discord know Heed's commands, and writes only where what it
// knows differs: all of them in one call. With a guild they are that guild's alone,
// else everywhere. Safe to call at every start, by any number of processes.
func (a *Adapter) RegisterCommands(ctx context.Context, guild string) error {
	return a.register(ctx, guild, commandSet())
}

// maxCleared bounds in how many guilds is looked for commands of their own that are left
// from trying: who tries is in few.
const maxCleared = 20

// registerIn sees to a guild's own commands once: all of them while trying, else none, as
// each would stand there twice.
func (a *Adapter) registerIn(guild string) {
	a.mu.Lock()
	a.placed++
	many := a.placed > maxCleared
	a.mu.Unlock()
	if many && !a.options.Trying {
		return
	}
	a.aside("guild commands", func(ctx context.Context) {
		var want []appCommand
		if a.options.Trying {
			want = commandSet()
		}
		if err := a.register(ctx, guild, want); err != nil {
			a.log.WarnContext(ctx, "guild commands not seen to", "guild", guild, "reason", bot.FaultOf(err).Reason)
		}
	})
}

func (a *Adapter) register(ctx context.Context, guild string, want []appCommand) error {
	app, err := a.application(ctx)
	if err != nil {
		return fmt.Errorf("own application: %w", err)
	}
	parts := []string{"applications", app, "commands"}
	if guild != "" {
		parts = []string{"applications", app, "guilds", guild, "commands"}
	}
	there, err := get[[]json.RawMessage](ctx, a.messenger.rest, at(http.MethodGet, parts...))
	unlisted := bot.FaultOf(err).Reason == "http_404" || bot.FaultOf(err).Reason == "http_405"
	if err != nil && !unlisted {
		return fmt.Errorf("registered commands: %w", err)
	}
	body, same := overwrite(want, there)
	if same {
		return nil
	}
	if err := a.messenger.rest.call(ctx, at(http.MethodPut, parts...), body, nil); err != nil {
		return fmt.Errorf("register commands: %w", err)
	}
	a.log.InfoContext(ctx, "commands registered", "commands", len(want), "guild", guild)
	return nil
}

// overwrite is what is to be written over what is there, and whether that is the same.
// The entry point of an activity is not Heed's to take away: Discord refuses it.
func overwrite(want []appCommand, there []json.RawMessage) (body []any, same bool) {
	known := map[string]string{}
	for _, data := range there {
		c, ok := lenient[appCommand](data)
		if ok && c.Type == commandEntry {
			body = append(body, data)
			continue
		}
		known[c.key()] = c.shape()
	}
	same = len(known) == len(want)
	for _, c := range want {
		body = append(body, c)
		same = same && known[c.key()] == c.shape()
	}
	if body == nil {
		body = []any{}
	}
	return body, same
}

func (c appCommand) key() string { return fmt.Sprint(cmp.Or(c.Type, commandChat), " ", c.Name) }

// shape is a command in one form for what means the same.
func (c appCommand) shape() string {
	c.Type = cmp.Or(c.Type, commandChat)
	c.Contexts, c.Installed = slices.Sorted(slices.Values(c.Contexts)), slices.Sorted(slices.Values(c.Installed))
	data, _ := json.Marshal(c)
	return string(data)
}

// application is Heed's own, as READY or Discord says.
func (a *Adapter) application(ctx context.Context) (string, error) {
	if own := a.self(); own.application != "" {
		return own.application, nil
	}
	me, err := get[struct {
		ID string `json:"id"`
	}](ctx, a.messenger.rest, at(http.MethodGet, "applications", "@me"))
	return me.ID, err
}
