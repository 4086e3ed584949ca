package discordfake_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

// app answers interactions in a test by hand: it has the gateway of a session without
// a library, and the REST client of discordgo.
type app struct {
	*world
	got chan *discordgo.Interaction
}

// newApp registers the commands and hears interactions.
func newApp(t *testing.T, config discordfake.Config) *app {
	t.Helper()
	config.Unchecked = true
	w := newWorld(t, config)
	w.register()
	a := &app{w, make(chan *discordgo.Interaction, 10)}
	s := w.identified(discordfake.IntentGuilds)
	go func() {
		for {
			var p packet
			if s.ws.ReadJSON(&p) != nil {
				return
			}
			if p.Name == "INTERACTION_CREATE" {
				i := &discordgo.Interaction{}
				if i.UnmarshalJSON(p.Raw) != nil { // discordgo knows no labels
					i = &discordgo.Interaction{}
					var bare struct {
						ID, Token string
						Message   *discordgo.Message
					}
					if err := json.Unmarshal(p.Raw, &bare); err != nil {
						t.Error(err)
					}
					i.ID, i.Token, i.Message = bare.ID, bare.Token, bare.Message
				}
				a.got <- i
			}
		}
	}()
	return a
}

// during has the person do something while the app does its part.
func (a *app) during(act func() error, part func(*discordgo.Interaction)) {
	a.t.Helper()
	done := make(chan error, 1)
	go func() { done <- act() }()
	select {
	case i := <-a.got:
		part(i)
		must(a.t, <-done)
	case err := <-done:
		a.t.Fatalf("the app heard nothing: %v", err)
	}
}

func (a *app) respond(i *discordgo.Interaction, kind discordgo.InteractionResponseType, data *discordgo.InteractionResponseData) {
	a.t.Helper()
	must(a.t, a.api.InteractionRespond(i, &discordgo.InteractionResponse{Type: kind, Data: data}))
}

func card(labels ...string) *discordgo.MessageSend {
	row := discordgo.ActionsRow{}
	for _, l := range labels {
		row.Components = append(row.Components, discordgo.Button{Label: l, CustomID: "id " + l, Style: discordgo.SecondaryButton})
	}
	return &discordgo.MessageSend{Content: "card", Components: []discordgo.MessageComponent{row}}
}

func TestDeferred(t *testing.T) {
	t.Parallel()
	t.Run("the person waits for what was announced", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		a.during(func() error { return a.rui.Slash(a.support, "feedback", nil) }, func(i *discordgo.Interaction) {
			a.respond(i, discordgo.InteractionResponseDeferredChannelMessageWithSource, &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral})
			if got := a.Ephemerals(a.rui); len(got) != 1 || !got[0].Loading || got[0].String() != "is thinking…" {
				t.Errorf("Rui sees %v", got)
			}
			words := "Saved."
			_, err := a.api.InteractionResponseEdit(i, &discordgo.WebhookEdit{Content: &words})
			must(t, err)
		})
		if got := a.Ephemerals(a.rui); len(got) != 1 || got[0].Loading || got[0].Content != "Saved." {
			t.Errorf("Rui sees %v", got)
		}
	})

	t.Run("a follow-up right after it is what was announced", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		a.during(func() error { return a.rui.Slash(a.support, "feedback", nil) }, func(i *discordgo.Interaction) {
			a.respond(i, discordgo.InteractionResponseDeferredChannelMessageWithSource, nil)
			m, err := a.api.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "here", Flags: discordgo.MessageFlagsEphemeral})
			must(t, err)
			if all := a.Messages(a.support); len(all) != 1 || all[0].ID != m.ID || all[0].Content != "here" {
				t.Errorf("in the channel stands %v", all)
			}
		})
	})

	t.Run("nothing after it is told to the test", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{ThinkingTimeout: 20 * time.Millisecond})
		done := make(chan error, 1)
		go func() { done <- a.rui.Slash(a.support, "feedback", nil) }()
		a.respond(<-a.got, discordgo.InteractionResponseDeferredChannelMessageWithSource, nil)
		if err := <-done; !errors.Is(err, discordfake.ErrThinking) {
			t.Errorf("Rui sees %v", err)
		}
	})
}

func TestFollowups(t *testing.T) {
	t.Parallel()
	a := newApp(t, discordfake.Config{})
	var i *discordgo.Interaction
	a.during(func() error { return a.rui.Slash(a.support, "feedback", nil) }, func(got *discordgo.Interaction) {
		i = got
		_, err := a.api.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "too early"})
		wantCode(t, err, 404, 10015)
		a.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{Content: "one", Flags: discordgo.MessageFlagsEphemeral})
	})
	m, err := a.api.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "two", Flags: discordgo.MessageFlagsEphemeral})
	must(t, err)
	_, err = a.api.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "three"})
	must(t, err)
	words := "two, mended"
	_, err = a.api.FollowupMessageEdit(i, m.ID, &discordgo.WebhookEdit{Content: &words})
	must(t, err)
	first, err := a.api.InteractionResponse(i)
	must(t, err)
	if first.Content != "one" || first.Flags&discordgo.MessageFlagsEphemeral == 0 {
		t.Errorf("@original is %+v", first)
	}
	must(t, a.api.InteractionResponseDelete(i))
	_, err = a.api.InteractionResponse(i)
	wantCode(t, err, 404, 10008)
	if got := a.Ephemerals(a.rui); len(got) != 1 || got[0].Content != words {
		t.Errorf("Rui sees %v", got)
	}
	if got := a.Messages(a.support); len(got) != 1 || got[0].Content != "three" {
		t.Errorf("all see %v", got)
	}
	_, err = a.api.ChannelMessageEdit(a.support.ID, m.ID, "by the channel")
	wantCode(t, err, 404, 10008)
	a.clock.Advance(discordfake.TokenLife + time.Second)
	_, err = a.api.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "too late"})
	wantCode(t, err, 401, 50027)
}

func TestPress(t *testing.T) {
	t.Parallel()
	t.Run("the message is changed through the answer, which costs no edit", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		_, err := a.api.ChannelMessageSendComplex(a.support.ID, card("Vote", "Details"))
		must(t, err)
		m := a.Messages(a.support)[0]
		if !slices.Equal(m.Buttons(), []string{"Vote", "Details"}) {
			t.Errorf("its buttons are %v", m.Buttons())
		}
		a.during(func() error { return a.rui.PressLabel(m, "Vote") }, func(i *discordgo.Interaction) {
			if i.MessageComponentData().CustomID != "id Vote" || i.Message.ID != m.ID || i.Member.User.ID != a.rui.ID {
				t.Errorf("the app heard %+v", i)
			}
			a.respond(i, discordgo.InteractionResponseUpdateMessage, &discordgo.InteractionResponseData{Content: "1 vote", Components: card("Vote").Components})
		})
		now, _ := a.Message(m)
		if now.Content != "1 vote" || len(now.Buttons()) != 1 || now.Edited.IsZero() {
			t.Errorf("it reads %v with %v", now, now.Buttons())
		}
	})

	t.Run("deferred, then changed", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		_, err := a.api.ChannelMessageSendComplex(a.support.ID, card("Vote"))
		must(t, err)
		m := a.Messages(a.support)[0]
		a.during(func() error { return a.rui.Press(m, "id Vote") }, func(i *discordgo.Interaction) {
			a.respond(i, discordgo.InteractionResponseDeferredMessageUpdate, nil)
			words := "later"
			_, err := a.api.InteractionResponseEdit(i, &discordgo.WebhookEdit{Content: &words})
			must(t, err)
			_, err = a.api.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "Counted.", Flags: discordgo.MessageFlagsEphemeral})
			must(t, err)
		})
		if now, _ := a.Message(m); now.Content != "later" {
			t.Errorf("it reads %v", now)
		}
		if got := a.Ephemerals(a.rui); len(got) != 1 || got[0].ReplyTo != m.ID {
			t.Errorf("Rui sees %v", got)
		}
	})

	t.Run("what is not there can't be pressed", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		send := card("Vote")
		send.Components = append(send.Components, discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: "No", CustomID: "n", Disabled: true}}})
		_, err := a.api.ChannelMessageSendComplex(a.support.ID, send)
		must(t, err)
		m := a.Messages(a.support)[0]
		for name, err := range map[string]error{
			"another": a.rui.Press(m, "x"), "disabled": a.rui.PressLabel(m, "No"),
			"a stranger": a.AddUser("lena").Press(m, "id Vote"),
		} {
			if !errors.Is(err, discordfake.ErrNotOffered) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, a.zoe.Delete(m))
		if a.rui.Press(m, "id Vote") == nil {
			t.Error("a deleted card was pressed")
		}
	})

	t.Run("an ephemeral is pressed and replaced by who sees it", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		a.during(func() error { return a.rui.Slash(a.support, "feedback", nil) }, func(i *discordgo.Interaction) {
			a.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{
				Content: "Similar", Flags: discordgo.MessageFlagsEphemeral, Components: card("That's it").Components,
			})
		})
		m := a.Ephemerals(a.rui)[0]
		if err := a.mira.PressLabel(m, "That's it"); !errors.Is(err, discordfake.ErrNotOffered) {
			t.Errorf("Mira presses it: %v", err)
		}
		none := []discordgo.MessageComponent{}
		a.during(func() error { return a.rui.PressLabel(m, "That's it") }, func(i *discordgo.Interaction) {
			a.respond(i, discordgo.InteractionResponseUpdateMessage, &discordgo.InteractionResponseData{Content: "Counted.", Components: none})
		})
		if got := a.Ephemerals(a.rui); len(got) != 1 || got[0].Content != "Counted." || len(got[0].Buttons()) != 0 {
			t.Errorf("Rui sees %v", got)
		}
		a.rui.Reload()
		if got := a.Ephemerals(a.rui); len(got) != 0 {
			t.Errorf("after a reload Rui sees %v", got)
		}
	})

	t.Run("a menu of people names them", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		_, err := a.api.ChannelMessageSendComplex(a.support.ID, &discordgo.MessageSend{Content: "who?", Components: []discordgo.MessageComponent{
			discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.SelectMenu{MenuType: discordgo.UserSelectMenu, CustomID: "who"}}},
		}})
		must(t, err)
		m := a.Messages(a.support)[0]
		if err := a.rui.Choose(m, "who", a.mira, a.zoe); !errors.Is(err, discordfake.ErrNotOffered) {
			t.Errorf("two were chosen: %v", err)
		}
		a.during(func() error { return a.rui.Choose(m, "who", a.mira) }, func(i *discordgo.Interaction) {
			data := i.MessageComponentData()
			if !slices.Equal(data.Values, []string{a.mira.ID}) || data.Resolved.Users[a.mira.ID].Username != "mira" {
				t.Errorf("the app heard %+v", data)
			}
			a.respond(i, discordgo.InteractionResponseDeferredMessageUpdate, nil)
		})
	})
}

func TestAutocomplete(t *testing.T) {
	t.Parallel()
	a := newApp(t, discordfake.Config{})
	var got []discordfake.Choice
	a.during(func() (err error) {
		got, err = a.rui.Autocomplete(a.support, "feedback", "text", "dark", nil)
		return err
	}, func(i *discordgo.Interaction) {
		o := i.ApplicationCommandData().Options[0]
		if !o.Focused || o.StringValue() != "dark" {
			t.Errorf("the app heard %+v", o)
		}
		wantCode(t, a.api.InteractionRespond(i, says("no", 0)), 400, 50035)
		a.respond(i, discordgo.InteractionApplicationCommandAutocompleteResult, &discordgo.InteractionResponseData{
			Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "#12 Dark theme", Value: "12"}},
		})
	})
	if len(got) != 1 || got[0] != (discordfake.Choice{Name: "#12 Dark theme", Value: "12"}) {
		t.Errorf("Rui is offered %v", got)
	}
	if _, err := a.rui.Autocomplete(a.support, "heed status", "reason", "x", nil); !errors.Is(err, discordfake.ErrNotOffered) {
		t.Errorf("an option that completes nothing: %v", err)
	}
}

func TestMessageCommand(t *testing.T) {
	t.Parallel()
	a := newApp(t, discordfake.Config{})
	m, err := a.mira.Say(a.support, "sort by date, please")
	must(t, err)
	a.during(func() error { return a.rui.MessageCommand(m, "Save as feedback") }, func(i *discordgo.Interaction) {
		data := i.ApplicationCommandData()
		if target := data.Resolved.Messages[data.TargetID]; target == nil || target.Content != "sort by date, please" || target.Author.ID != a.mira.ID {
			t.Errorf("the app heard %+v", data)
		}
		a.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{Content: "Saved."})
	})
	if err := a.rui.MessageCommand(m, "Translate"); !errors.Is(err, discordfake.ErrNotOffered) {
		t.Errorf("a command that is none: %v", err)
	}
}
