package discord_test

import (
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/discord/discordfake"
)

// TestRefusedAtFirst: an answer that Discord does not take now, or not so, reaches the
// person all the same.
func TestRefusedAtFirst(t *testing.T) {
	t.Parallel()
	t.Run("an_answer_under_a_short_limit_is_given_after_it", func(t *testing.T) {
		t.Parallel()
		for name, route := range map[string]string{"first": callback, "late": "PATCH /webhooks/{app}/{token}/messages/{message}"} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c, s := newSlow(t)
				limit := discordfake.RateLimited(discordfake.UserScope, 300*time.Millisecond)
				ask := func() error {
					return c.people[adaptertest.Rui].Line(c.channels[adaptertest.Support], "/feedback a dial for the volume")
				}
				c.discord.Fail(route, 1, limit)
				if route == callback {
					c.ok(ask())
				} else {
					c.deferred(s, ask)
				}
				c.sees(adaptertest.Rui, "Saved as")
				if n := len(c.Private(adaptertest.Rui)); n != 1 {
					t.Errorf("answered with %d messages", n)
				}
			})
		}
	})
	t.Run("a_form_is_asked_the_old_way_where_labels_are_refused", func(t *testing.T) {
		t.Parallel()
		c := newChat(t)
		c.discord.Fail(callback, 1, discordfake.Refuse(400, 50035, "Invalid Form Body"))
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback")
		if _, open := c.Form(adaptertest.Rui); !open {
			t.Fatal("no form opened")
		}
		c.ok(c.people[adaptertest.Rui].Submit(map[string]any{"words": "a dial for the volume"}))
		c.heard()
		c.sees(adaptertest.Rui, "Saved as", "a dial for the volume")
	})
}
