package discordfake_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

func TestCommands(t *testing.T) {
	t.Parallel()
	t.Run("an overwrite keeps the ids of what stays, and drops the rest", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		first, err := w.api.ApplicationCommandBulkOverwrite(w.AppID(), "", commands)
		must(t, err)
		second, err := w.api.ApplicationCommandBulkOverwrite(w.AppID(), "", commands[:1])
		must(t, err)
		if len(first) != 3 || len(second) != 1 || second[0].ID != first[0].ID || second[0].Version == first[0].Version || len(w.Commands(nil)) != 1 {
			t.Errorf("registered are %v, then %v", first, second)
		}
	})

	t.Run("what is listed can be compared with what was sent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		w.register()
		list, err := w.api.ApplicationCommands(w.AppID(), "")
		must(t, err)
		for i, c := range list {
			if c.Name != commands[i].Name || c.Description != commands[i].Description || len(c.Options) != len(commands[i].Options) || c.ApplicationID != w.AppID() {
				t.Errorf("listed is %+v", c)
			}
		}
	})

	t.Run("one at a time: made, made again, changed, deleted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		made, err := w.api.ApplicationCommandCreate(w.AppID(), w.guild.ID, commands[0])
		must(t, err)
		again, err := w.api.ApplicationCommandCreate(w.AppID(), w.guild.ID, commands[0])
		must(t, err)
		if made.ID != again.ID || made.GuildID != w.guild.ID || len(w.Commands(w.guild)) != 1 || len(w.Commands(nil)) != 0 {
			t.Errorf("made %+v, then %+v", made, again)
		}
		changed, err := w.api.ApplicationCommandEdit(w.AppID(), w.guild.ID, made.ID, &discordgo.ApplicationCommand{Name: "wish", Description: "d"})
		must(t, err)
		if changed.ID != made.ID || changed.Name != "wish" {
			t.Errorf("changed to %+v", changed)
		}
		must(t, w.api.ApplicationCommandDelete(w.AppID(), w.guild.ID, made.ID))
		_, err = w.api.ApplicationCommand(w.AppID(), w.guild.ID, made.ID)
		wantCode(t, err, 404, 10063)
	})

	t.Run("two hundred new ones a day, changes not counted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		put := func(day int) error {
			for i := range 2 {
				var all []*discordgo.ApplicationCommand
				for j := range 100 {
					all = append(all, &discordgo.ApplicationCommand{Name: fmt.Sprintf("d%d-%d-%d", day, i, j), Description: "d"})
				}
				if _, err := w.api.ApplicationCommandBulkOverwrite(w.AppID(), "", all); err != nil {
					return err
				}
				if _, err := w.api.ApplicationCommandBulkOverwrite(w.AppID(), "", all); err != nil {
					return err
				}
			}
			return nil
		}
		must(t, put(0))
		_, err := w.api.ApplicationCommandCreate(w.AppID(), "", commands[0])
		wantCode(t, err, 400, 30034)
		_, err = w.api.ApplicationCommandCreate(w.AppID(), w.guild.ID, commands[0]) // each guild has its own
		must(t, err)
		w.clock.Advance(24 * time.Hour)
		must(t, put(1))
	})

	t.Run("who may see a command, and where", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true, AnswerTimeout: time.Millisecond})
		bits, no := int64(discordgo.PermissionManageGuild), false
		_, err := w.api.ApplicationCommandBulkOverwrite(w.AppID(), "", []*discordgo.ApplicationCommand{
			{Name: "heed", Description: "d", DefaultMemberPermissions: &bits}, {Name: "inside", Description: "d", DMPermission: &no}, {Name: "feedback", Description: "d"},
		})
		must(t, err)
		for name, c := range map[string]struct {
			err  error
			want error
		}{
			"a member":         {w.rui.Slash(w.support, "heed", nil), discordfake.ErrNotOffered},
			"an admin":         {w.zoe.Slash(w.support, "heed", nil), discordfake.ErrNoAnswer},
			"not in a DM":      {w.rui.Slash(w.rui.DM(), "inside", nil), discordfake.ErrNotOffered},
			"in a DM":          {w.rui.Slash(w.rui.DM(), "feedback", nil), discordfake.ErrNoAnswer},
			"a hidden channel": {w.rui.Slash(w.guild.AddPrivateChannel("x"), "feedback", nil), discordfake.ErrNotOffered},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v, want %v", name, c.err, c.want)
			}
		}
	})

	t.Run("another app's are not there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		_, err := w.api.ApplicationCommands("7", "")
		wantCode(t, err, 404, 10002)
		_, err = w.api.ApplicationCommands(w.AppID(), "7")
		wantCode(t, err, 403, 50001)
	})
}
