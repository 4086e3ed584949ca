package discord_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"heed/adapters/adaptertest"
)

// TestForged: what somebody may do in a server of their own counts in no other.
func TestForged(t *testing.T) {
	t.Parallel()
	t.Run("a_form_of_one_server_is_not_taken_from_another", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		rui := c.people[adaptertest.Rui]
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback")
		m, open := c.discord.Modal(rui)
		if !open {
			c.t.Fatal("no form is open")
		}
		words, _ := inputs(m)[0]["custom_id"].(string)
		forged := func(guild string) {
			data, err := json.Marshal(map[string]any{
				"id": "1175928847299117063", "type": 5, "token": "none", "guild_id": guild, "channel_id": "600", "channel": map[string]any{"id": "600", "type": 0},
				"member": map[string]any{"user": map[string]any{"id": rui.ID, "username": "rui"}, "permissions": fmt.Sprint(1 << 3)},
				"data": map[string]any{"custom_id": m.CustomID, "components": []any{
					map[string]any{"type": 18, "component": map[string]any{"type": 4, "custom_id": words, "value": "a dial for the volume"}}}},
			})
			c.ok(err)
			c.adapter.Hear("INTERACTION_CREATE", string(data))
			c.adapter.Wait()
		}
		forged("987654321")
		if sent := c.stage.Heard(); len(sent) != 0 {
			t.Errorf("the core was sent %v", sent)
		}
		forged(c.guild.ID)
		if sent := c.stage.Heard(); len(sent) != 1 || !strings.Contains(sent[0].Values[words], "dial") {
			t.Errorf("the core was sent %v", sent)
		}
	})
}
