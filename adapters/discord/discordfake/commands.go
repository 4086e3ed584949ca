package discordfake

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// The kinds of option that need no check of their own.
const (
	optionBoolean     = 5
	optionUser        = 6
	optionRole        = 8
	optionMentionable = 9
	optionAttachment  = 11
)

// registry are the global commands. Guarded by Server.mu.
type registry struct{ global commandSet }

// commandSet are the commands of one scope: global, or a guild's.
type commandSet struct {
	scope   string
	all     []*registered
	creates int
	day     time.Time
}

type registered struct {
	id   string
	body object // as the API gives it
}

func (x *registered) kind() int    { return num(x.body, "type") }
func (x *registered) name() string { return str(x.body, "name") }

// set is the scope that the path names.
func (c *call) set() (*commandSet, *apiError) {
	if c.id("app") != c.s.appID {
		return nil, unknownApplication
	}
	if c.id("guild") == "" {
		return &c.s.commands.global, nil
	}
	g, refused := c.guild()
	if refused != nil {
		return nil, missingAccess
	}
	return &g.commands, nil
}

func getCommands(c *call) (answer, *apiError) {
	set, refused := c.set()
	if refused != nil {
		return answer{}, refused
	}
	return ok(set.wire(c.query.Get("with_localizations") == "true")), nil
}

func (set *commandSet) wire(localized bool) []object {
	out := []object{}
	for _, x := range set.all {
		out = append(out, x.wire(localized))
	}
	return out
}

// wire is the command as the API lists it: without translations unless they are asked
// for. Source: https://docs.discord.com/developers/interactions/application-commands#localization
func (x *registered) wire(localized bool) object {
	out := object{}
	for key, v := range x.body {
		if localized || key != "name_localizations" && key != "description_localizations" {
			out[key] = v
		}
	}
	return out
}

func (set *commandSet) find(kind int, name string) *registered {
	for _, x := range set.all {
		if x.kind() == kind && x.name() == name {
			return x
		}
	}
	return nil
}

func (set *commandSet) byID(id string) *registered {
	for _, x := range set.all {
		if x.id == id {
			return x
		}
	}
	return nil
}

// create counts what is new today.
func (set *commandSet) create(s *Server) *apiError {
	if now := s.Now(); now.Sub(set.day) >= 24*time.Hour {
		set.day, set.creates = now, 0
	}
	if set.creates >= MaxCommandCreates {
		return tooManyCreates
	}
	set.creates++
	return nil
}

// filled is the body with what Discord fills in.
func (s *Server) filled(set *commandSet, id string, body object) object {
	out := object{}
	for _, key := range []string{"name", "name_localizations", "description", "description_localizations", "options", "default_member_permissions", "nsfw", "contexts", "integration_types", "dm_permission", "default_permission"} {
		if v, given := body[key]; given {
			out[key] = v
		}
	}
	kind := orDefault(num(body, "type"), commandChat)
	out["id"], out["application_id"], out["version"], out["type"] = id, s.appID, s.nextID(), float64(kind)
	for key, standard := range map[string]any{
		"default_member_permissions": nil, "nsfw": false, "description": "", "name_localizations": nil, "description_localizations": nil,
		"contexts": nil, "integration_types": []any{float64(0)},
	} {
		if _, given := out[key]; !given {
			out[key] = standard
		}
	}
	if set.scope != "global" {
		out["guild_id"] = set.scope
		delete(out, "contexts")
		delete(out, "integration_types")
	} else if out["dm_permission"] == nil {
		out["dm_permission"] = true
	}
	if opts, given := out["options"].([]any); given && len(opts) == 0 {
		delete(out, "options")
	}
	return out
}

// put makes or replaces one checked command by its name; made says whether it is new.
func (c *call) put(set *commandSet, body object) (x *registered, made bool, refused *apiError) {
	kind := commandKind(body)
	if x = set.find(kind, str(body, "name")); x == nil {
		if refused := set.create(c.s); refused != nil {
			return nil, false, refused
		}
		x, made = &registered{id: c.s.nextID()}, true
		set.all = append(set.all, x)
	}
	x.body = c.s.filled(set, x.id, body)
	return x, made, nil
}

func postCommand(c *call) (answer, *apiError) {
	set, refused := c.set()
	if refused != nil {
		return answer{}, refused
	}
	if refused := checkCommand(c.raw); refused != nil {
		return answer{}, refused
	}
	x, made, refused := c.put(set, c.body)
	if refused != nil {
		return answer{}, refused
	}
	if made {
		return created(x.wire(true)), nil
	}
	return ok(x.wire(true)), nil
}

// putCommands replaces all commands of the scope: those with a name that stood keep
// their id and cost nothing of the day's creates.
func putCommands(c *call) (answer, *apiError) {
	set, refused := c.set()
	if refused != nil {
		return answer{}, refused
	}
	if refused := checkCommands(c.raw); refused != nil {
		return answer{}, refused
	}
	before := slices.Clone(set.all)
	var kept []*registered
	for _, v := range c.list {
		body, _ := v.(object)
		x, _, refused := c.put(set, body)
		if refused != nil {
			set.all = before
			return answer{}, refused
		}
		kept = append(kept, x)
	}
	set.all = kept
	return ok(set.wire(true)), nil
}

func getCommand(c *call) (answer, *apiError) {
	_, x, refused := c.command()
	if refused != nil {
		return answer{}, refused
	}
	return ok(x.wire(true)), nil
}

func (c *call) command() (*commandSet, *registered, *apiError) {
	set, refused := c.set()
	if refused != nil {
		return nil, nil, refused
	}
	x := set.byID(c.id("command"))
	if x == nil {
		return set, nil, unknownCommand
	}
	return set, x, nil
}

func patchCommand(c *call) (answer, *apiError) {
	set, x, refused := c.command()
	if refused != nil {
		return answer{}, refused
	}
	next := object{}
	clone(x.body, &next)
	for key, v := range c.body {
		next[key] = v
	}
	raw, _ := json.Marshal(next)
	if refused := checkCommand(raw); refused != nil {
		return answer{}, refused
	}
	x.body = c.s.filled(set, x.id, next)
	return ok(x.wire(true)), nil
}

func deleteCommand(c *call) (answer, *apiError) {
	set, x, refused := c.command()
	if refused != nil {
		return answer{}, refused
	}
	set.all = slices.DeleteFunc(set.all, func(o *registered) bool { return o == x })
	return answer{status: http.StatusNoContent}, nil
}
