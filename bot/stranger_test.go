package bot_test

import (
	"errors"
	"testing"

	"heed/bot"
)

// TestStranger is an act from a workspace that nobody attached.
func TestStranger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.by("UBILL", "C1")
	call.Workspace.Ref = "T404"
	r, err := w.bot.Say(t.Context(), call, "Dark mode, please", bot.Heard{Message: "m-9"})
	if !errors.Is(err, bot.ErrUnattached) {
		t.Errorf("the error is %v", err)
	}
	reads(t, r, "not set up in this workspace", "Dark mode, please")
	if _, err = w.bot.Home(t.Context(), call); !errors.Is(err, bot.ErrUnattached) {
		t.Errorf("the error of a page is %v", err)
	}
	if n := w.number(`select count(*) from items`); n != 0 {
		t.Errorf("%d items", n)
	}
}
