package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func TestDraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := bot.Draft{Workspace: acme, Account: "rui", Key: "k1", Data: []byte(`{"words": "my very own"}`)}
	w.must(w.bot.KeepDraft(t.Context(), d))
	there := func(account, key string) (string, bool) {
		t.Helper()
		got, ok, err := w.replica().DraftOf(t.Context(), bot.Slack, account, key)
		w.must(err)
		if ok && got.Workspace != acme {
			t.Errorf("begun in %v", got.Workspace)
		}
		return string(got.Data), ok
	}
	if data, ok := there("rui", "k1"); !ok || !strings.Contains(data, "my very own") {
		t.Errorf("%q, %v", data, ok)
	}
	if _, ok := there("mira", "k1"); ok {
		t.Error("somebody else reads it")
	}
	d.Data = []byte(`{"words": "better ones"}`)
	w.must(w.bot.KeepDraft(t.Context(), d))
	if data, _ := there("rui", "k1"); !strings.Contains(data, "better ones") {
		t.Errorf("%q", data)
	}
	w.must(w.bot.DropDraft(t.Context(), d))
	w.must(w.bot.DropDraft(t.Context(), d))
	if _, ok := there("rui", "k1"); ok {
		t.Error("what was sent is still there")
	}
	if err := w.bot.KeepDraft(t.Context(), bot.Draft{Workspace: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T9"}, Account: "rui", Key: "k", Data: []byte(`{}`)}); err == nil {
		t.Error("kept in a workspace that is not there")
	}

	w.must(w.bot.KeepDraft(t.Context(), d))
	w.clock.move(25 * time.Hour)
	if _, ok := there("rui", "k1"); ok {
		t.Error("a day later it is still there")
	}
	_, err := w.bot.PruneOnce(t.Context())
	w.must(err)
	var n int
	w.must(w.db.GetContext(t.Context(), &n, `select count(*) from drafts`))
	if n != 0 {
		t.Errorf("%d drafts are kept beyond their day", n)
	}
}

func TestForgetMe_takes_drafts_along(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.says("rui", "C1", "/heed forget-me")
	w.must(w.bot.KeepDraft(t.Context(), bot.Draft{Workspace: acme, Account: "rui", Key: "k1", Data: []byte(`{}`)}))
	w.presses("rui", "C1", r, "Forget me")
	if _, ok, err := w.bot.DraftOf(t.Context(), bot.Slack, "rui", "k1"); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestHomeOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := bot.WorkspaceRef{Platform: bot.Slack, Ref: "T2"}
	_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: other, Name: "Acme's friends"})
	w.must(err)
	home := func(p bot.Platform, account string) string {
		t.Helper()
		ref, ok, err := w.bot.HomeOf(t.Context(), p, account)
		w.must(err)
		if !ok {
			return ""
		}
		return ref.Ref
	}
	w.says("rui", "C1", "/heed top")
	w.clock.move(time.Minute)
	there := w.by("rui", "C7")
	there.Workspace = other
	_, err = w.bot.Command(t.Context(), there, "/heed", "top")
	w.must(err)
	if got := home(bot.Slack, "rui"); got != "T2" {
		t.Errorf("spoke last in T2, and belongs to %q", got)
	}
	w.clock.move(time.Minute)
	w.says("rui", "C1", "/heed top")
	if got := home(bot.Slack, "rui"); got != "T1" {
		t.Errorf("spoke last in T1, and belongs to %q", got)
	}
	w.must(w.bot.WorkspaceGone(t.Context(), acme))
	if got := home(bot.Slack, "rui"); got != "T2" {
		t.Errorf("T1 is gone, and they belong to %q", got)
	}
	if got := home(bot.Discord, "rui"); got != "" {
		t.Errorf("on another platform they belong to %q", got)
	}
	w.chat.fail = func(call, at string) error {
		if call == "member" && at == "stranger" {
			return &bot.Fault{Kind: bot.FaultGone, Reason: "user_not_found"}
		}
		return nil
	}
	if got := home(bot.Slack, "newcomer"); got != "T2" {
		t.Errorf("in the one workspace there is, and belongs to %q", got)
	}
	if got := home(bot.Slack, "stranger"); got != "" {
		t.Errorf("in no workspace, and belongs to %q", got)
	}
}

func TestHomeOfMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("rui", "C1", "/feedback a dial for the volume")
	w.dispatch()
	var message string
	w.must(w.db.GetContext(t.Context(), &message, `select message_ref from posts where kind = 'card'`))
	if ref, ok, err := w.bot.HomeOfMessage(t.Context(), bot.Slack, "C1", message); ref != acme || !ok || err != nil {
		t.Errorf("%v, %v, %v", ref, ok, err)
	}
	if _, ok, err := w.bot.HomeOfMessage(t.Context(), bot.Slack, "C1", "nothing"); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}
