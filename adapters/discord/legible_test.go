package discord_test

import (
	"testing"

	"heed/adapters/adaptertest"
)

// TestNames that no database keeps keep nobody out.
func TestNames(t *testing.T) {
	t.Parallel()
	t.Run("whose_name_holds_a_nul_is_heard_like_others", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.guild.SetNick(c.people[adaptertest.Rui], "Rui\x00 \\u0000")
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
		c.sees(adaptertest.Rui, "Saved as", "a dial for the volume")
	})
}
