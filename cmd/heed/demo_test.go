package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestDemo is the demo from nothing: its own Postgres, a board with a life behind it, kept
// for the next time, brought back on request, and shared with the other commands.
func TestDemo(t *testing.T) {
	t.Parallel()
	environ := []string{"HEED_DATA_DIR=" + dataFolder(t), "HEED_LISTEN=127.0.0.1:0", "HEED_POSTGRES_BIN=" + os.Getenv("HEED_POSTGRES_BIN"), "HEED_LOG_LEVEL=info"}
	beside := append([]string{"HEED_DATA_DIR=" + filepath.Join(strings.TrimPrefix(environ[0], "HEED_DATA_DIR="), "demo")}, environ[1:]...)
	cut := startApart(t, environ, 0, "demo")
	cut.says(`"msg":"digest"`)
	cut.kill() // in the midst of filling the board
	cut.ended(patience)

	h := serveHere(t, program{environ: environ}, "demo")
	if said := h.log.text(); !strings.Contains(said, "http://localhost:") || !strings.Contains(said, "press Enter") {
		t.Errorf("it does not say where to click:\n%s", said)
	}
	first := boardOf(t, beside)
	first.lived(t)

	t.Run("a_second_one_on_the_folder_is_refused_and_told_whose_it_is", func(t *testing.T) {
		_, said, code := heed(t, beside, "serve")
		if code != exitFailed || !strings.Contains(said, "Another Heed (process ") || !strings.Contains(said, "HEED_DATA_DIR") {
			t.Errorf("it ended with %d:\n%s", code, said)
		}
	})
	t.Run("other_commands_share_its_database", func(t *testing.T) {
		if out, said, code := heed(t, beside, "migrate"); code != exitOK || !strings.Contains(out, "up to date") {
			t.Errorf("migrate ended with %d:\n%s%s", code, out, said)
		}
		out, said, code := heed(t, beside, "digest", "--dry-run")
		if code != exitOK || !strings.Contains(out, "#product") || !strings.Contains(out, "Dark mode that follows the system") {
			t.Errorf("digest --dry-run ended with %d:\n%s%s", code, out, said)
		}
		if out, said, _ := heed(t, beside, "doctor"); !strings.Contains(out, "acme") && !strings.Contains(out, "Acme") {
			t.Errorf("the doctor knows no board:\n%s%s", out, said)
		}
		if after := boardOf(t, beside); after != first {
			t.Errorf("they changed the board from %+v to %+v", first, after)
		}
	})
	t.Run("started_again_it_keeps_the_board", func(t *testing.T) {
		if code := h.end(); code != exitOK {
			t.Fatalf("it ended with %d:\n%s", code, h.log.text())
		}
		serveHere(t, program{environ: environ}, "demo")
		if after := boardOf(t, beside); after != first {
			t.Errorf("the board was %+v and is %+v", first, after)
		}
	})
	t.Run("other_commands_go_by_its_clock", func(t *testing.T) {
		p := visit(t, serveHere(t, program{environ: environ}, "demo").url)
		if code, said := p.act("move", map[string]any{"key": "k0", "as": "rui", "to": "day"}); code >= 300 {
			t.Fatalf("moving the clock was answered %d: %s", code, said)
		}
		out, said, code := heed(t, beside, "digest", "--dry-run")
		m := regexp.MustCompile(`#product, (\S+):`).FindStringSubmatch(out)
		if code != exitOK || m == nil {
			t.Fatalf("digest --dry-run ended with %d:\n%s%s", code, out, said)
		}
		if at, err := time.Parse(time.RFC3339, m[1]); err != nil || time.Until(at) < 22*time.Hour {
			t.Errorf("a day later by the demo's clock it is %s for the other commands, %v", m[1], err)
		}
	})
	t.Run("start_over_brings_it_back", func(t *testing.T) {
		p := visit(t, serveHere(t, program{environ: environ}, "demo").url)
		if code, said := p.act("say", map[string]any{"key": "k1", "as": "rui", "channel": "support", "words": "/feedback A sandwich with every invoice"}); code != http.StatusOK {
			t.Fatalf("the wish was answered %d: %s", code, said)
		}
		if after := boardOf(t, beside); after.Items != first.Items+1 {
			t.Fatalf("the wish was not kept: %+v", after)
		}
		if code, said := p.act("startover", map[string]any{}); code >= 300 {
			t.Fatalf("starting over was answered %d: %s", code, said)
		}
		after := boardOf(t, beside)
		after.lived(t)
		if after.Items != first.Items || after.Votes != first.Votes || after.Digests != first.Digests {
			t.Errorf("the board was %+v and is %+v", first, after)
		}
	})
}

// demoState is what there is on the demo's board.
type demoState struct {
	Items, Shown, Votes, Dark, Digests, Shipped int
	Title                                       string
}

// boardOf reads it beside the running heed.
func boardOf(t *testing.T, environ []string) (s demoState) {
	t.Helper()
	c, err := readConfig(environ)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	d, err := openDatabase(t.Context(), c, log, false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close(log)
	err = d.db.GetContext(context.WithoutCancel(t.Context()), &s, `
		select (select count(*) from items) as items,
		       (select count(*) from posts where kind = 'card' and message_ref <> '' and gone_at is null) as shown,
		       (select count(*) from votes where supports) as votes,
		       (select count(*) from digests where state = 'sent') as digests,
		       (select count(*) from items where status = 'shipped') as shipped,
		       (select votes from items where number = 42) as dark,
		       (select title from items where number = 42) as title`)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// lived checks that the board is the one that the first minute and the README show.
func (s demoState) lived(t *testing.T) {
	t.Helper()
	if s.Items != 44 || s.Shown != s.Items {
		t.Errorf("%d items and %d cards, want 44 of both", s.Items, s.Shown)
	}
	if s.Title != "Dark mode that follows the system" || s.Dark != 30 {
		t.Errorf("#42 is %q with %d votes, want dark mode with 30: the next one is seen to count", s.Title, s.Dark)
	}
	if s.Digests < 11 || s.Shipped < 4 {
		t.Errorf("%d digests and %d shipped are no twelve weeks", s.Digests, s.Shipped)
	}
}

// dataFolder is a new folder that every user may enter, as Postgres does not run as root.
func dataFolder(t *testing.T) string {
	t.Helper()
	top, err := os.MkdirTemp("", "heed-demo-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(top) })
	if err := os.Chmod(top, 0o755); err != nil {
		t.Fatal(err)
	}
	return top
}

// page is the playground's page as a browser has it.
type page struct {
	t          *testing.T
	url, token string
}

func visit(t *testing.T, url string) page {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	code, body := send(t, r)
	m := regexp.MustCompile(`name="heed-token" content="([^"]+)"`).FindStringSubmatch(body)
	if code != http.StatusOK || m == nil {
		t.Fatalf("the page answered %d", code)
	}
	return page{t, url, m[1]}
}

// act is an act of a page; it answers the status and what was said.
func (p page) act(name string, body map[string]any) (int, string) {
	p.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/playground/api/"+name, bytes.NewReader(raw))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Heed-Token", p.token)
	return send(p.t, r)
}

func send(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer closeQuietly(res.Body)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}
