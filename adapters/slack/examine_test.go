package slack

import (
	"testing"

	"heed/bot"
)

// TestScopesAreNamed: each scope that Heed asks for is told by name, with its reason and
// with what people miss without it; the main job's three are musts.
func TestScopesAreNamed(t *testing.T) {
	t.Parallel()
	musts := 0
	for _, s := range (Manifest{History: true}).Scopes() {
		if s.Name == "" || s.Reason == "" || s.Cost == "" {
			t.Errorf("%+v", s)
		}
		if s.Must {
			musts++
		}
	}
	if musts != 3 {
		t.Errorf("%d musts, want commands, chat:write and reactions:read", musts)
	}
	got := missing([]string{"commands", "chat:write", "reactions:write"})
	if len(got) == 0 || got[0] != (bot.Grant{Name: "app_mentions:read", Cost: "Mentioning Heed does nothing."}) {
		t.Errorf("%+v", got)
	}
}
