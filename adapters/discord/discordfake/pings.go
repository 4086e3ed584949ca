package discordfake

import (
	"regexp"
	"slices"
)

// pings is whom a message notifies.
type pings struct {
	everyone bool // @everyone or @here
	users    []string
	roles    []string
}

// none says whether the message notifies nobody.
func (p pings) none() bool { return !p.everyone && len(p.users) == 0 && len(p.roles) == 0 }

var everybody = regexp.MustCompile(`@(everyone|here)\b`)

// notified is whom a message would notify: who is mentioned in its content or
// its text displays (never in an embed, in code, or behind a backslash) and is
// let through by allowed_mentions.
// allowed is that field of the request, nil when it was not given; byAnswer says
// that the message answers an interaction or comes by a webhook, which changes
// what a missing one means:
// https://docs.discord.com/developers/resources/message#allowed-mentions-object
func notified(m, allowed object, byAnswer bool) pings {
	if allowed == nil {
		allowed = object{"parse": []any{"users", "roles", "everyone"}}
		if byAnswer {
			allowed["parse"] = []any{"users"}
		}
	}
	all := map[string]bool{}
	for _, kind := range list(allowed["parse"]) {
		name, _ := kind.(string)
		all[name] = true
	}
	may := func(kind, id string) bool { return all[kind] || slices.Contains(list(allowed[kind]), any(id)) }
	var p pings
	for _, text := range mentionable(m) {
		for _, part := range spans(text) {
			if part.code {
				continue
			}
			p.everyone = p.everyone || all["everyone"] && everybody.MatchString(part.text)
			for _, found := range mentions.FindAllStringSubmatch(part.text, -1) {
				switch id := found[2]; {
				case found[1] == "@&" && may("roles", id) && !slices.Contains(p.roles, id):
					p.roles = append(p.roles, id)
				case (found[1] == "@" || found[1] == "@!") && may("users", id) && !slices.Contains(p.users, id):
					p.users = append(p.users, id)
				}
			}
		}
	}
	return p
}

// mentionable are the texts of a message in which a mention counts.
func mentionable(m object) []string {
	out := []string{str(m, "content")}
	var walk func(all []any)
	walk = func(all []any) {
		for _, raw := range all {
			c, _ := raw.(object)
			if num(c, "type") == typeTextDisplay {
				out = append(out, str(c, "content"))
			}
			walk(list(c["components"]))
		}
	}
	walk(list(m["components"]))
	return out
}
