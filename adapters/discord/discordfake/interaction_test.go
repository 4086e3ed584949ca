package discordfake_test

import (
	"errors"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

var commands = []*discordgo.ApplicationCommand{
	{Name: "feedback", Description: "say what you need", Options: []*discordgo.ApplicationCommandOption{
		{Type: discordgo.ApplicationCommandOptionString, Name: "text", Description: "your words", Autocomplete: true},
		{Type: discordgo.ApplicationCommandOptionAttachment, Name: "picture", Description: "a picture"},
	}},
	{Name: "heed", Description: "everything else", Options: []*discordgo.ApplicationCommandOption{
		{Type: discordgo.ApplicationCommandOptionSubCommand, Name: "status", Description: "set it", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionInteger, Name: "item", Description: "which", Required: true},
			{Type: discordgo.ApplicationCommandOptionString, Name: "status", Description: "to what", Required: true, Choices: []*discordgo.ApplicationCommandOptionChoice{
				{Name: "Planned", Value: "planned"}, {Name: "Not planned", Value: "declined"},
			}},
			{Type: discordgo.ApplicationCommandOptionString, Name: "reason", Description: "why"},
		}},
		{Type: discordgo.ApplicationCommandOptionSubCommand, Name: "role", Description: "give it", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionUser, Name: "member", Description: "to whom", Required: true},
			{Type: discordgo.ApplicationCommandOptionString, Name: "role", Description: "which"},
		}},
	}},
	{Name: "Save as feedback", Type: discordgo.MessageApplicationCommand},
}

func (w *world) register() {
	w.t.Helper()
	_, err := w.api.ApplicationCommandBulkOverwrite(w.AppID(), "", commands)
	must(w.t, err)
}

func says(text string, flags discordgo.MessageFlags) *discordgo.InteractionResponse {
	return &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseChannelMessageWithSource,
		Data: &discordgo.InteractionResponseData{Content: text, Flags: flags},
	}
}

func TestSlash(t *testing.T) {
	t.Parallel()
	t.Run("typed options arrive as typed, and the answer is private", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		w.register()
		var got *discordgo.Interaction
		w.answering(func(i *discordgo.Interaction) *discordgo.InteractionResponse {
			got = i
			return says("Saved.", discordgo.MessageFlagsEphemeral)
		})
		w.open(discordgo.IntentGuilds)
		must(t, w.rui.Slash(w.support, "heed role", discordfake.Options{"member": w.mira, "role": "po"}))
		data := got.ApplicationCommandData()
		sub := data.Options[0]
		if data.Name != "heed" || sub.Name != "role" || sub.Options[0].Value != w.mira.ID || sub.Options[1].Value != "po" || data.Resolved.Users[w.mira.ID].Username != "mira" {
			t.Errorf("the app heard %+v", data)
		}
		if got.Member.User.ID != w.rui.ID || got.ChannelID != w.support.ID || got.Member.Permissions&discordgo.PermissionSendMessages == 0 {
			t.Errorf("it heard of %+v", got.Member)
		}
		if all := w.Ephemerals(w.rui); len(all) != 1 || all[0].Content != "Saved." || len(w.Messages(w.support)) != 0 || len(w.Ephemerals(w.mira)) != 0 {
			t.Errorf("rui sees %v", all)
		}
	})

	t.Run("a line is read by the command's options", func(t *testing.T) {
		t.Parallel()
		for line, want := range map[string]string{
			"/heed status 42 planned":                          "42 planned",
			"/heed status #42 declined too dear, sadly":        "42 declined too dear, sadly",
			"/heed status item:42 status:planned reason: soon": "42 planned soon",
		} {
			w := newWorld(t, discordfake.Config{})
			w.register()
			var got string
			w.answering(func(i *discordgo.Interaction) *discordgo.InteractionResponse {
				for _, o := range i.ApplicationCommandData().Options[0].Options {
					switch o.Name {
					case "item":
						got = "42"
						if o.IntValue() != 42 {
							t.Errorf("item %v", o.Value)
						}
					default:
						got += " " + o.StringValue()
					}
				}
				return says("ok", 0)
			})
			w.open(discordgo.IntentGuilds)
			must(t, w.rui.Line(w.support, line))
			if got != want {
				t.Errorf("%s arrived as %q, want %q", line, got, want)
			}
		}
	})

	t.Run("what the client does not offer is not sent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		w.register()
		w.open(discordgo.IntentGuilds)
		for name, err := range map[string]error{
			"no such command":    w.rui.Slash(w.support, "promote", nil),
			"bare with subs":     w.rui.Slash(w.support, "heed", nil),
			"no such subcommand": w.rui.Slash(w.support, "heed top", nil),
			"required":           w.rui.Slash(w.support, "heed status", discordfake.Options{"item": 1}),
			"a choice":           w.rui.Slash(w.support, "heed status", discordfake.Options{"item": 1, "status": "soon"}),
			"a kind":             w.rui.Slash(w.support, "heed status", discordfake.Options{"item": "1", "status": "planned"}),
			"an unknown option":  w.rui.Slash(w.support, "feedback", discordfake.Options{"words": "x"}),
		} {
			if !errors.Is(err, discordfake.ErrNotOffered) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})

	t.Run("no answer in time is said to the person, and comes too late after", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{AnswerTimeout: 30 * time.Millisecond})
		w.register()
		heard := make(chan *discordgo.Interaction, 1)
		w.api.AddHandler(func(_ *discordgo.Session, i *discordgo.InteractionCreate) { heard <- i.Interaction })
		w.open(discordgo.IntentGuilds)
		if err := w.rui.Slash(w.support, "feedback", nil); !errors.Is(err, discordfake.ErrNoAnswer) {
			t.Errorf("the person sees %v", err)
		}
		wantCode(t, w.api.InteractionRespond(<-heard, says("late", 0)), 404, 10062)
	})

	t.Run("with_response tells what was made", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		a.during(func() error { return a.rui.Slash(a.support, "feedback", nil) }, func(i *discordgo.Interaction) {
			got, err := a.raw("POST", "interactions/"+i.ID+"/"+i.Token+"/callback?with_response=true", object{"type": 4, "data": object{"content": "here", "flags": 64}})
			must(t, err)
			said, made := got["interaction"].(object), got["resource"].(object)["message"].(object)
			if said["response_message_ephemeral"] != true || made["content"] != "here" || said["response_message_id"] != made["id"] || made["flags"] != float64(64) {
				t.Errorf("it says %v", got)
			}
		})
	})

	t.Run("once only", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		w.register()
		second := make(chan error, 1)
		w.api.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
			if err := s.InteractionRespond(i.Interaction, says("one", 0)); err != nil {
				t.Error(err)
			}
			second <- s.InteractionRespond(i.Interaction, says("two", 0))
		})
		w.open(discordgo.IntentGuilds)
		must(t, w.rui.Slash(w.support, "feedback", discordfake.Options{"text": "dark mode"}))
		wantCode(t, <-second, 400, 40060)
	})
}
