package bot_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"heed/bot"
)

// acts gives every act of the tests a key of its own.
var acts atomic.Int64

// by is an act of account in a channel; "" is their direct conversation with Heed.
func (w *world) by(account, channel string) bot.Call {
	c := bot.Call{
		Key: fmt.Sprintf("act-%d", acts.Add(1)), At: w.clock.Now(), Workspace: acme,
		Member: bot.MemberSeen{Account: account, Name: account},
	}
	if channel == "" {
		c.Channel = bot.ChannelSeen{Ref: "D" + account, Kind: bot.DirectChannel}
		return c
	}
	c.Channel = bot.ChannelSeen{Ref: channel, Name: "feedback-" + channel}
	return c
}

// says is a slash command's answer.
func (w *world) says(account, channel, line string) bot.Reply {
	w.t.Helper()
	name, text, _ := strings.Cut(line, " ")
	r, err := w.bot.Command(w.t.Context(), w.by(account, channel), name, text)
	w.must(err)
	return r
}

// presses presses the button with a label on a reply.
func (w *world) presses(account, channel string, r bot.Reply, label string) bot.Reply {
	w.t.Helper()
	out, err := w.bot.Press(w.t.Context(), w.by(account, channel), actionOf(w.t, r, label))
	w.must(err)
	return out
}

func buttonsOf(r bot.Reply) []bot.Button {
	say, _ := r.(bot.Say)
	return docButtons(say.Doc)
}

func docButtons(d bot.Doc) []bot.Button {
	var out []bot.Button
	for _, b := range d {
		switch b := b.(type) {
		case bot.Buttons:
			out = append(out, b...)
		case bot.Row:
			out = append(out, b.Buttons...)
		}
	}
	return out
}

func actionOf(t testing.TB, r bot.Reply, label string) bot.Action {
	t.Helper()
	for _, b := range buttonsOf(r) {
		if b.Label == label {
			return b.Action
		}
	}
	t.Fatalf("no button %q in:\n%s", label, answer(r))
	return ""
}

// answer is what a reply says, forms with their fields and values.
func answer(r bot.Reply) string {
	switch r := r.(type) {
	case bot.Say:
		return r.Doc.Plain()
	case bot.Ask:
		out := "form " + r.Form.Title + "\n"
		for _, f := range r.Form.Fields {
			switch f := f.(type) {
			case bot.TextField:
				out += f.Label + " = " + f.Value + " (" + f.Hint + ")\n"
			case bot.ChoiceField:
				out += f.Label + " = " + f.Value + fmt.Sprint(f.Options) + "\n"
			case bot.CheckField:
				out += f.Text + "\n"
			case bot.InfoField:
				out += f.Doc.Plain()
			}
		}
		return out
	case bot.Fix:
		return fmt.Sprint("fix ", r.Errors)
	}
	return ""
}

// reads fails unless the reply says all of these.
func reads(t testing.TB, r bot.Reply, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(answer(r), p) {
			t.Errorf("%q is not in the answer:\n%s", p, answer(r))
		}
	}
}

// hides fails when the reply says any of these.
func hides(t *testing.T, r bot.Reply, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(answer(r), p) {
			t.Errorf("%q is in the answer:\n%s", p, answer(r))
		}
	}
}

func (w *world) numbered(n int) bot.Item {
	w.t.Helper()
	it, err := w.store.ItemByNumber(w.t.Context(), w.ws.Board, n)
	w.must(err)
	return it
}

// fills sends the form of a reply, with some of its values changed.
func (w *world) fills(account, channel string, r bot.Reply, change map[string]string) bot.Reply {
	w.t.Helper()
	ask, ok := r.(bot.Ask)
	if !ok {
		w.t.Fatalf("not a form:\n%s", answer(r))
	}
	s := bot.Submission{Form: ask.Form.ID, State: ask.Form.State, Values: map[string]string{}}
	for _, f := range ask.Form.Fields {
		switch f := f.(type) {
		case bot.TextField:
			s.Values[f.Name] = f.Value
		case bot.ChoiceField:
			s.Values[f.Name] = f.Value
		case bot.CheckField:
			if f.On {
				s.Values[f.Name] = "on"
			}
		}
	}
	for k, v := range change {
		s.Values[k] = v
	}
	out, err := w.bot.Submit(w.t.Context(), w.by(account, channel), s)
	w.must(err)
	return out
}
