package bot_test

import (
	"strings"
	"testing"

	"heed/bot"
)

// TestPlatformWords: nobody is sent to a menu or a command that their chat has not.
func TestPlatformWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.guildChannel(w.joinGuild(), "D9", bot.Community, func(c *bot.Channel) { c.Intake, c.Joined = true, false })
	for _, line := range []string{"", "top"} {
		r, err := w.bot.CommandWith(t.Context(), w.onGuild("lena", "D1"), bot.VerbHelp, map[string]string{"command": line})
		w.must(err)
		said := plain(r)
		if !strings.Contains(said, "⋯ → Apps → Save as feedback") || strings.Contains(said, "don't work there") {
			t.Errorf("help %s on Discord: %s", line, said)
		}
	}
	if said := plain(w.guildSays("zoe", "D9", "heed channel")); strings.Contains(said, "/invite") || !strings.Contains(said, "allow my role to View Channel") {
		t.Errorf("a channel of Discord's: %s", said)
	}
	r, err := w.bot.Say(t.Context(), w.onGuild("lena", ""), "hi", bot.Heard{})
	w.must(err)
	if said := plain(r); !strings.Contains(said, "⋯ → Apps → Save as feedback") {
		t.Errorf("hello on Discord: %s", said)
	}
}
