package discordfake_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"heed/adapters/discord/discordfake"
)

type object = map[string]any

// form has a field of every kind that a form can hold.
func form(me string) object {
	label := func(name string, component object) object {
		return object{"type": 18, "label": name, "component": component}
	}
	return object{"custom_id": "give", "title": "Give feedback", "components": []any{
		object{"type": 10, "content": "What do you *need*?"},
		label("Words", object{"type": 4, "custom_id": "words", "style": 2, "max_length": 20, "value": "as it was"}),
		label("Size", object{"type": 3, "custom_id": "size", "options": []any{object{"label": "Small", "value": "s", "default": true}, object{"label": "Large", "value": "l"}}}),
		label("Who", object{"type": 5, "custom_id": "who", "required": false, "min_values": 0, "default_values": []any{object{"id": me, "type": "user"}}}),
		label("Picture", object{"type": 19, "custom_id": "picture", "required": false}),
	}}
}

func (a *app) opens(i *discordgo.Interaction, data object) {
	a.t.Helper()
	_, err := a.raw("POST", "interactions/"+i.ID+"/"+i.Token+"/callback", object{"type": 9, "data": data})
	must(a.t, err)
}

func TestModal(t *testing.T) {
	t.Parallel()
	t.Run("labels: what stands in it is sent, changed or not", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		w.register()
		s := w.identified(discordfake.IntentGuilds)
		s.rest()
		told := make(chan packet, 1)
		go func() {
			p := s.named("INTERACTION_CREATE")
			_, err := w.raw("POST", "interactions/"+p.Data["id"].(string)+"/"+p.Data["token"].(string)+"/callback", object{"type": 9, "data": form(w.rui.ID)})
			if err != nil {
				t.Error(err)
			}
			p = s.named("INTERACTION_CREATE")
			_, err = w.raw("POST", "interactions/"+p.Data["id"].(string)+"/"+p.Data["token"].(string)+"/callback", object{"type": 4, "data": object{"content": "Saved.", "flags": 64}})
			if err != nil {
				t.Error(err)
			}
			told <- p
		}()
		must(t, w.rui.Slash(w.support, "feedback", nil))
		m, open := w.Modal(w.rui)
		if !open || m.Title != "Give feedback" || !strings.Contains(m.String(), "Words: [as it was]") || m.Values()["size"][0] != "s" || m.Values()["who"][0] != w.rui.ID || len(m.Controls()) != 4 {
			t.Fatalf("open %v: %s %v", open, m, m.Values())
		}
		must(t, w.rui.Submit(map[string]any{"words": "dark mode", "who": w.mira, "picture": discordfake.File{Name: "a.png"}}))
		p := <-told
		data := p.Data["data"].(object)
		var sent struct {
			Components []struct {
				Type      int
				Component struct {
					Type   int
					ID     string `json:"custom_id"`
					Value  string
					Values []string
				}
			}
		}
		raw, _ := json.Marshal(data)
		must(t, json.Unmarshal(raw, &sent))
		got := sent.Components
		if len(got) != 5 || got[0].Type != 10 || got[1].Component.Value != "dark mode" || got[2].Component.Values[0] != "s" || got[3].Component.Values[0] != w.mira.ID || len(got[4].Component.Values) != 1 {
			t.Errorf("sent was %s", raw)
		}
		resolved := data["resolved"].(object)
		if resolved["attachments"].(object)[got[4].Component.Values[0]] == nil || resolved["users"].(object)[w.mira.ID] == nil {
			t.Errorf("resolved was %v", resolved)
		}
		if _, open := w.Modal(w.rui); open {
			t.Error("it is still open")
		}
	})

	t.Run("rows: as before there were labels", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		a.during(func() error { return a.rui.Slash(a.support, "feedback", nil) }, func(i *discordgo.Interaction) {
			a.respond(i, discordgo.InteractionResponseModal, &discordgo.InteractionResponseData{
				CustomID: "give", Title: "Give", Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.TextInput{CustomID: "words", Label: "Words", Style: discordgo.TextInputShort, MinLength: 2, Required: true},
				}}},
			})
		})
		for name, values := range map[string]map[string]any{"empty": nil, "short": {"words": "x"}, "another": {"word": "dark"}} {
			if err := a.rui.Submit(values); !errors.Is(err, discordfake.ErrNotOffered) {
				t.Errorf("%s: %v", name, err)
			}
		}
		a.during(func() error { return a.rui.Submit(map[string]any{"words": "dark"}) }, func(i *discordgo.Interaction) {
			data := i.ModalSubmitData()
			if in := data.Components[0].(*discordgo.ActionsRow).Components[0].(*discordgo.TextInput); in.Value != "dark" || data.CustomID != "give" {
				t.Errorf("the app heard %+v", data)
			}
			err := a.api.InteractionRespond(i, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseModal, Data: &discordgo.InteractionResponseData{
				CustomID: "x", Title: "x", Components: card("x").Components,
			}})
			wantCode(t, err, 400, 50035) // no form after a form
			a.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{Content: "Thank you."})
		})
	})

	t.Run("opened from a card, it may change the card", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{})
		_, err := a.api.ChannelMessageSendComplex(a.support.ID, card("Edit"))
		must(t, err)
		m := a.Messages(a.support)[0]
		a.during(func() error { return a.rui.PressLabel(m, "Edit") }, func(i *discordgo.Interaction) { a.opens(i, form(a.rui.ID)) })
		a.during(func() error { return a.rui.Submit(nil) }, func(i *discordgo.Interaction) {
			if i.Message == nil || i.Message.ID != m.ID {
				t.Error("the card is not named")
			}
			a.respond(i, discordgo.InteractionResponseUpdateMessage, &discordgo.InteractionResponseData{Content: "changed"})
		})
		if now, _ := a.Message(m); now.Content != "changed" {
			t.Errorf("it reads %v", now)
		}
	})

	t.Run("without an answer it stays open; dismissed, nobody hears", func(t *testing.T) {
		t.Parallel()
		a := newApp(t, discordfake.Config{AnswerTimeout: 50e6})
		a.during(func() error { return a.rui.Slash(a.support, "feedback", nil) }, func(i *discordgo.Interaction) { a.opens(i, form(a.rui.ID)) })
		if err := a.rui.Submit(nil); !errors.Is(err, discordfake.ErrNoAnswer) {
			t.Errorf("Rui sees %v", err)
		}
		if _, open := a.Modal(a.rui); !open {
			t.Error("it closed")
		}
		<-a.got
		a.rui.Dismiss()
		if err := a.rui.Submit(nil); !errors.Is(err, discordfake.ErrNotOffered) || len(a.got) != 0 {
			t.Errorf("a dismissed form was sent: %v", err)
		}
	})
}
