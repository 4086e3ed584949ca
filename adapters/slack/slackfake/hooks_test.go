package slackfake_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
)

// responseURL returns that of the last thing a person did.
func (a *app) responseURL(t *testing.T) string {
	t.Helper()
	all := a.requests()
	form, err := url.ParseQuery(all[len(all)-1].body)
	must(t, err)
	if link := form.Get("response_url"); link != "" {
		return link
	}
	var got struct {
		URL string `json:"response_url"`
	}
	must(t, json.Unmarshal([]byte(form.Get("payload")), &got))
	return got.URL
}

func post(t *testing.T, link, body string) (int, string) {
	t.Helper()
	answer, err := http.Post(link, "application/json", strings.NewReader(body))
	must(t, err)
	defer answer.Body.Close()
	var out struct{ Error string }
	must(t, json.NewDecoder(answer.Body).Decode(&out))
	return answer.StatusCode, out.Error
}

func TestResponseURL(t *testing.T) {
	t.Parallel()

	t.Run("five uses, then none", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, nil)
		must(t, w.rui.Slash(w.quiet, "/feedback", "x")) // where the app is not
		link := a.responseURL(t)
		if status, code := post(t, link, `{"blocks":[{"type":"banner"}]}`); status != 400 || code != "invalid_blocks" {
			t.Errorf("answered %d %s", status, code)
		}
		for range slackfake.MaxHookUses {
			if status, code := post(t, link, `{"text":"Saved"}`); status != 200 {
				t.Errorf("answered %d %s", status, code)
			}
		}
		if status, code := post(t, link, `{"text":"Saved"}`); status != 404 || code != "used_url" {
			t.Errorf("answered %d %s", status, code)
		}
		if n := len(w.Ephemerals(w.rui)); n != slackfake.MaxHookUses {
			t.Errorf("the person sees %d", n)
		}
	})

	t.Run("there is nothing to delete after a command", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, nil)
		must(t, w.rui.Slash(w.support, "/feedback", "x"))
		if status, code := post(t, a.responseURL(t), `{"delete_original":true}`); status != 400 || code != "no_original_message" {
			t.Errorf("answered %d %s", status, code)
		}
		if status, code := post(t, a.responseURL(t), `{`); status != 400 || code != "invalid_payload" {
			t.Errorf("answered %d %s", status, code)
		}
		if status, code := post(t, w.APIURL()+"../hooks/none", `{"text":"x"}`); status != 404 || code != "no_service" {
			t.Errorf("answered %d %s", status, code)
		}
	})

	t.Run("a message of the channel is replaced and deleted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, nil)
		root, err := w.rui.Say(w.support, "x")
		must(t, err)
		_, _, err = w.api.PostMessage(w.support.ID(), voteCard("Vote"), slack.MsgOptionTS(root.TS))
		must(t, err)
		card := w.Thread(root)[0]
		must(t, w.ana.Press(card, "vote", "42"))
		if got := a.payload(t); got.Container.ThreadTs != root.TS || got.Message.ThreadTimestamp != root.TS {
			t.Errorf("told %+v", got.Container)
		}
		link := a.responseURL(t)
		post(t, link, `{"replace_original":true,"text":"Voting closed"}`)
		if now, _ := w.Message(card); now.String() != "Voting closed" || !now.Edited || now.ThreadTS != root.TS {
			t.Errorf("reads %+v", now)
		}
		post(t, link, `{"delete_original":true}`)
		if _, there := w.Message(card); there {
			t.Error("it is still there")
		}
	})

	t.Run("thirty minutes, then none", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, nil)
		must(t, w.rui.Slash(w.support, "/feedback", "x"))
		w.clock.Advance(30*time.Minute + time.Second)
		if status, code := post(t, a.responseURL(t), `{"text":"Saved"}`); status != 404 || code != "expired_url" {
			t.Errorf("answered %d %s", status, code)
		}
	})

	t.Run("an ephemeral is replaced and deleted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, nil)
		_, err := w.api.PostEphemeral(w.support.ID(), w.rui.ID, voteCard("Undo"))
		must(t, err)
		seen := w.Ephemerals(w.rui)[0]
		must(t, w.rui.Press(seen, "vote", "42"))
		form, _ := url.ParseQuery(a.requests()[0].body)
		if payload := form.Get("payload"); strings.Contains(payload, `"message":{`) || !strings.Contains(payload, `"is_ephemeral":true`) {
			t.Errorf("told %s", payload)
		}
		_, _, _, err = w.api.UpdateMessage(w.support.ID(), seen.TS, text("x"))
		wantError(t, err, "message_not_found")
		post(t, a.responseURL(t), `{"replace_original":true,"text":"Undone."}`)
		if now, _ := w.Message(seen); now.String() != "Undone." {
			t.Errorf("reads %q", now)
		}
		post(t, a.responseURL(t), `{"delete_original":true}`)
		if _, there := w.Message(seen); there {
			t.Error("it is still there")
		}
	})

	t.Run("a reload takes ephemerals away", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		w.listen(t, nil)
		_, err := w.api.PostEphemeral(w.support.ID(), w.rui.ID, voteCard("Undo"))
		must(t, err)
		seen := w.Ephemerals(w.rui)[0]
		w.rui.Reload()
		if len(w.Ephemerals(w.rui)) != 0 || w.rui.Press(seen, "vote", "42") == nil {
			t.Error("it survived")
		}
	})

	t.Run("the whole channel sees it when asked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slackfake.Config{})
		a := w.listen(t, nil)
		must(t, w.rui.Slash(w.support, "/heed", "top"))
		post(t, a.responseURL(t), `{"response_type":"in_channel","text":"Top 10"}`)
		if all := w.Messages(w.support); len(all) != 1 || !all[0].ByApp {
			t.Errorf("the channel holds %v", all)
		}
	})
}

func TestStaleButton(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	a := w.listen(t, nil)
	_, ts, err := w.api.PostMessage(w.support.ID(), voteCard("Vote"))
	must(t, err)
	seen := w.Messages(w.support)[0]
	_, _, _, err = w.api.UpdateMessage(w.support.ID(), ts, slack.MsgOptionBlocks(slack.NewDividerBlock()), text("closed"))
	must(t, err)
	if err := w.rui.Press(seen, "vote", "42"); err == nil {
		t.Error("pressed what is gone")
	}
	must(t, w.rui.PressAsSeen(seen, "vote", "42"))
	if len(a.requests()) != 1 {
		t.Error("the app did not hear of it")
	}
}
