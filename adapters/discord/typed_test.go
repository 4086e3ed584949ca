package discord

import (
	"testing"

	"heed/bot"
)

// TestTypedCommands: a command that Heed names can be typed as it stands.
func TestTypedCommands(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"Say `/heed doctor` now.":          "Say `/heed setup doctor` now.",
		"`/heed link me K7Q-4FX`":          "`/heed me link-me K7Q-4FX`",
		"`/heed unmerge 12` parts them":    "`/heed manage unmerge 12` parts them",
		"`/heed status 42 planned`":        "`/heed status 42 planned`",
		"`/heed nonsense`, `/feedback dm`": "`/heed nonsense`, `/feedback dm`",
		"/heed doctor without marks":       "/heed doctor without marks",
	} {
		got := markdown(bot.Textf(said), "", 200)
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q is drawn %q, want %q", said, got, want)
		}
	}
}
