package discordfake

import (
	"encoding/json"
	"strings"
)

// members answers op 8 with one GUILD_MEMBERS_CHUNK: the members named by id, or by the
// beginning of their name; all of them only with the privileged intent.
// Source: https://docs.discord.com/developers/events/gateway-events#request-guild-members
func (c *conn) members(raw json.RawMessage) {
	var asked struct {
		Guild string          `json:"guild_id"`
		Query *string         `json:"query"`
		Limit int             `json:"limit"`
		IDs   json.RawMessage `json:"user_ids"`
		Nonce string          `json:"nonce"`
	}
	if json.Unmarshal(raw, &asked) != nil {
		return
	}
	var ids []string
	if json.Unmarshal(asked.IDs, &ids) != nil {
		var one string
		if json.Unmarshal(asked.IDs, &one) == nil && one != "" {
			ids = []string{one}
		}
	}
	for _, g := range c.session.guilds() {
		if g.ID != asked.Guild {
			continue
		}
		list, unknown := []object{}, []string{}
		for _, id := range ids {
			if m := g.members[id]; m != nil {
				list = append(list, m.wire())
				continue
			}
			unknown = append(unknown, id)
		}
		all := asked.Query != nil && *asked.Query == "" && c.session.intents&IntentGuildMembers != 0
		for _, m := range g.byID() {
			named := asked.Query != nil && *asked.Query != "" && strings.HasPrefix(m.user.name, *asked.Query)
			if len(ids) == 0 && (all || named) && (asked.Limit == 0 || len(list) < asked.Limit) {
				list = append(list, m.wire())
			}
		}
		c.session.tell("GUILD_MEMBERS_CHUNK", object{
			"guild_id": g.ID, "members": list, "chunk_index": 0, "chunk_count": 1, "not_found": unknown, "nonce": asked.Nonce,
		})
	}
}
