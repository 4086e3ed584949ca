package slackfake_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

// trigger returns the trigger_id of the last thing a person did.
func (a *app) trigger(t *testing.T) string {
	t.Helper()
	all := a.requests()
	form, err := url.ParseQuery(all[len(all)-1].body)
	must(t, err)
	if id := form.Get("trigger_id"); id != "" {
		return id
	}
	var got slack.InteractionCallback
	must(t, got.UnmarshalJSON([]byte(form.Get("payload"))))
	return got.TriggerID
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	must(t, w.rui.Slash(w.support, "/feedback", ""))
	late := a.trigger(t)
	w.clock.Advance(slackfake.TriggerLife + time.Millisecond)
	_, err := w.api.OpenView(late, form1("Late"))
	wantError(t, err, "expired_trigger_id")

	must(t, w.rui.GlobalShortcut("give_feedback"))
	once := a.trigger(t)
	_, err = w.api.OpenView(once, form1("Once"))
	must(t, err)
	_, err = w.api.OpenView(once, form1("Twice"))
	wantError(t, err, "exchanged_trigger_id")
	_, err = w.api.PushView(once, form1("Twice"))
	wantError(t, err, "exchanged_trigger_id")
	if v, _ := w.View(w.rui); v.Title != "Once" {
		t.Errorf("shows %q", v.Title)
	}

	must(t, w.rui.GlobalShortcut("give_feedback"))
	wrong := form1(strings.Repeat("x", 25))
	_, err = w.api.OpenView(a.trigger(t), wrong)
	wantError(t, err, "invalid_arguments")
	noSubmit := form1("x")
	noSubmit.Submit = nil
	_, err = w.api.OpenView(a.trigger(t), noSubmit)
	wantError(t, err, "invalid_arguments")
}

func pressable(title string) slack.ModalViewRequest {
	v := form1(title)
	v.NotifyOnClose = true
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewActionBlock("more",
		slack.NewButtonBlockElement("more", "1", slack.NewTextBlockObject("plain_text", "More", false, false))))
	return v
}

func TestViewStack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	must(t, w.rui.GlobalShortcut("x"))
	first, err := w.api.OpenView(a.trigger(t), pressable("One"))
	must(t, err)
	for _, title := range []string{"Two", "Three"} {
		top, _ := w.View(w.rui)
		must(t, w.rui.Press(top, "more", "1"))
		_, err = w.api.PushView(a.trigger(t), pressable(title))
		must(t, err)
	}
	top, _ := w.View(w.rui)
	must(t, w.rui.Press(top, "more", "1"))
	_, err = w.api.PushView(a.trigger(t), pressable("Four"))
	wantError(t, err, "push_limit_reached")

	_, err = w.api.UpdateView(pressable("One again"), "", "stale", first.ID)
	wantError(t, err, "hash_conflict")
	_, err = w.api.UpdateView(pressable("One again"), "", first.Hash, first.ID)
	must(t, err)

	if _, err := w.rui.SubmitView(slackfake.View{}, nil); err == nil {
		t.Error("a view that is none was sent")
	}
	must(t, w.rui.CloseView(top))
	two, _ := w.View(w.rui)
	if two.Title != "Two" {
		t.Errorf("under it is %q", two.Title)
	}
	last := a.requests()[len(a.requests())-1]
	if !strings.Contains(last.body, "view_closed") || !strings.Contains(last.body, "is_cleared%22%3Afalse") {
		t.Errorf("the app was told %s", last.body)
	}
	must(t, w.rui.CloseAllViews(two))
	if _, open := w.View(w.rui); open {
		t.Error("something is still open")
	}
	if err := w.rui.Press(two, "more", "1"); err == nil {
		t.Error("pressed in a closed view")
	}
	_, err = w.api.UpdateView(pressable("x"), "", "", first.ID)
	wantError(t, err, "not_found")
}

func TestSubmissionAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	answer := ""
	a := w.listen(t, func(r request) (int, string) {
		if strings.Contains(r.body, "view_submission") {
			return 200, answer
		}
		return 200, ""
	})
	must(t, w.rui.GlobalShortcut("x"))
	_, err := w.api.OpenView(a.trigger(t), form1("One"))
	must(t, err)
	wish := map[string]any{"wish": "dark mode"}
	view := func() slackfake.View { v, _ := w.View(w.rui); return v }
	shown := `{"type":"modal","title":{"type":"plain_text","text":"Similar"},"submit":{"type":"plain_text","text":"Mine is different"},` +
		`"blocks":[{"type":"input","block_id":"wish","label":{"type":"plain_text","text":"Wish"},"element":{"type":"plain_text_input","action_id":"text"}}]}`

	answer = `{"response_action":"update","view":` + shown + `}`
	got, err := w.rui.SubmitView(view(), wish)
	must(t, err)
	if got.Next == nil || got.Next.Title != "Similar" || view().Title != "Similar" {
		t.Errorf("shows %+v", got.Next)
	}
	answer = `{"response_action":"push","view":` + strings.Replace(shown, "Similar", "On top", 1) + `}`
	got, err = w.rui.SubmitView(view(), nil) // the same block_id and action_id: what was typed stays
	must(t, err)
	if got.Next == nil || view().Title != "On top" {
		t.Errorf("shows %+v", got.Next)
	}
	answer = `{"response_action":"push","view":{"type":"modal"}}`
	if _, err := w.rui.SubmitView(view(), wish); err == nil {
		t.Error("a view that breaks the limits was shown")
	}
	answer = `{"response_action":"clear"}`
	_, err = w.rui.SubmitView(view(), wish)
	must(t, err)
	if _, open := w.View(w.rui); open {
		t.Error("clear left a view open")
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	must(t, w.rui.OpenHome())
	if !strings.Contains(a.events()[0], `"app_home_opened"`) || strings.Contains(a.events()[0], `"view"`) {
		t.Errorf("told %s", a.events()[0])
	}
	if _, published := w.Home(w.rui); published {
		t.Error("a home that nobody published")
	}
	_, err := w.api.PublishView(w.rui.ID, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewActionBlock("b", slack.NewButtonBlockElement("vote", "42", slack.NewTextBlockObject("plain_text", "Vote", false, false))),
	}}}, "")
	must(t, err)
	home, _ := w.Home(w.rui)
	if home.String() != "[Vote]" {
		t.Errorf("home reads %q", home)
	}
	must(t, w.rui.Press(home, "vote", "42"))
	if err := w.ana.Press(home, "vote", "42"); err == nil {
		t.Error("pressed in another person's home")
	}
	must(t, w.rui.OpenHome())
	if last := a.events()[1]; !strings.Contains(last, `"view"`) {
		t.Errorf("told %s", last)
	}
}

func TestTypingBeforeAPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	must(t, w.rui.GlobalShortcut("x"))
	_, err := w.api.OpenView(a.trigger(t), pressable("One"))
	must(t, err)
	view, _ := w.View(w.rui)
	must(t, w.rui.Fill(view, map[string]any{"wish": "half a wish"}))
	must(t, w.rui.Press(view, "more", "1"))
	form, _ := url.ParseQuery(a.requests()[len(a.requests())-1].body)
	var got slack.InteractionCallback
	must(t, got.UnmarshalJSON([]byte(form.Get("payload"))))
	if typed := got.View.State.Values["wish"]["text"].Value; typed != "half a wish" {
		t.Errorf("the press carries %q", typed)
	}
}
