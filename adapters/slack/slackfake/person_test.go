package slackfake_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

func voteCard(label string) slack.MsgOption {
	return slack.MsgOptionBlocks(
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*#42 Dark mode* &amp; more", false, false), nil, nil),
		slack.NewActionBlock("card", slack.NewButtonBlockElement("vote", "42", slack.NewTextBlockObject("plain_text", label, false, false))),
	)
}

func TestSlash(t *testing.T) {
	t.Parallel()

	t.Run("no answer in time is told to the person and not tried again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, func(request) (int, string) { return 500, "" })
		if err := w.rui.Slash(w.support, "/feedback", "dark mode"); err == nil {
			t.Error("want ErrNoAnswer")
		}
		w.DeliverRetries()
		if n := len(a.requests()); n != 1 {
			t.Errorf("delivered %d times, want once", n)
		}
	})

	t.Run("names arrive as entities and the rest escaped", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, nil)
		must(t, w.rui.Slash(w.support, "/heed", "role @ana pm in #support, a<b"))
		form, err := url.ParseQuery(a.requests()[0].body)
		must(t, err)
		want := "role <@" + w.ana.ID + "|ana> pm in <#" + w.support.ID() + "|support>, a&lt;b"
		if got := form.Get("text"); got != want {
			t.Errorf("text %q, want %q", got, want)
		}
		for _, field := range []string{"trigger_id", "response_url", "team_id", "api_app_id", "channel_name", "user_name"} {
			if form.Get(field) == "" {
				t.Errorf("field %s is empty", field)
			}
		}
	})

	t.Run("the answer at once is seen by the person alone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		w.listen(t, func(request) (int, string) { return 200, `{"text":"Saved as #42"}` })
		must(t, w.rui.Slash(w.support, "/feedback", "dark mode"))
		if got := w.Ephemerals(w.rui); len(got) != 1 || got[0].String() != "Saved as #42" {
			t.Errorf("ephemerals %v", got)
		}
		if len(w.Messages(w.support)) != 0 || len(w.Ephemerals(w.ana)) != 0 {
			t.Error("others see it")
		}
	})
}

func TestPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	_, _, err := w.api.PostMessage(w.support.ID(), voteCard("👍 Vote"))
	must(t, err)
	card := w.Messages(w.support)[0]
	if got, want := card.String(), "*#42 Dark mode* & more\n[👍 Vote]"; got != want {
		t.Errorf("card reads %q, want %q", got, want)
	}

	if err := w.rui.Press(card, "vote", "43"); err == nil {
		t.Error("a button that is not there was pressed")
	}
	must(t, w.rui.Press(card, "vote", "42"))
	form, err := url.ParseQuery(a.requests()[0].body)
	must(t, err)
	var got slack.InteractionCallback
	must(t, got.UnmarshalJSON([]byte(form.Get("payload"))))
	act := got.ActionCallback.BlockActions
	if len(act) != 1 || act[0].Value != "42" || act[0].BlockID != "card" || got.Message.Timestamp != card.TS ||
		got.Container.MessageTs != card.TS || got.User.ID != w.rui.ID || got.TriggerID == "" {
		t.Errorf("payload %s", form.Get("payload"))
	}

	_, _, _, err = w.api.UpdateMessage(w.support.ID(), card.TS, slack.MsgOptionText("Voting closed", false), slack.MsgOptionBlocks())
	must(t, err)
	if now, _ := w.Message(card); !now.Edited {
		t.Error("the update left no mark")
	}
}

func TestSubmitView(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	answer := ""
	a := w.listen(t, func(r request) (int, string) {
		form, _ := url.ParseQuery(r.body)
		if trigger := form.Get("trigger_id"); trigger != "" {
			if _, err := w.api.OpenView(trigger, form1("Feedback")); err != nil {
				t.Errorf("open: %v", err)
			}
			return 200, ""
		}
		return 200, answer
	})
	must(t, w.rui.Slash(w.support, "/feedback", ""))
	view, open := w.View(w.rui)
	if !open || view.Title != "Feedback" {
		t.Fatalf("no view: %+v", view)
	}
	if _, err := w.rui.SubmitView(view, nil); err == nil || !strings.Contains(err.Error(), "required") {
		t.Errorf("an empty required input was sent: %v", err)
	}
	if _, err := w.rui.SubmitView(view, map[string]any{"nothing": "x"}); err == nil {
		t.Error("an unknown input was filled")
	}

	answer = `{"response_action":"errors","errors":{"wish":"Not saved yet."}}`
	got, err := w.rui.SubmitView(view, map[string]any{"wish": "dark mode"})
	must(t, err)
	if got.Errors["wish"] != "Not saved yet." {
		t.Errorf("errors %v", got.Errors)
	}
	answer = `{"response_action":"errors","errors":{"nowhere":"x"}}`
	if _, err := w.rui.SubmitView(view, nil); err == nil {
		t.Error("an error for no input was accepted")
	}

	answer = ""
	_, err = w.rui.SubmitView(view, nil) // what was typed still stands
	must(t, err)
	if _, open := w.View(w.rui); open {
		t.Error("the view is still open")
	}
	last := a.requests()[len(a.requests())-1]
	form, _ := url.ParseQuery(last.body)
	var sent slack.InteractionCallback
	must(t, sent.UnmarshalJSON([]byte(form.Get("payload"))))
	if value := sent.View.State.Values["wish"]["text"].Value; value != "dark mode" {
		t.Errorf("sent %q", value)
	}
}

func form1(title string) slack.ModalViewRequest {
	plain := func(text string) *slack.TextBlockObject {
		return slack.NewTextBlockObject("plain_text", text, false, false)
	}
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title), Submit: plain("Send"), CallbackID: "feedback",
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("wish", plain("What would help?"), nil, slack.NewPlainTextInputBlockElement(plain("dark mode"), "text")),
		}},
	}
}
