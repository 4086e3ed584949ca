package playground_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// stream opens the live updates of a persona; lines are those of the events.
func stream(t *testing.T, url, as, last string) *bufio.Scanner {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/playground/events?as="+as, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the stream is %s", got)
	}
	return bufio.NewScanner(res.Body)
}

// next reads one event of a stream.
func next(t *testing.T, s *bufio.Scanner) (id, name, data string) {
	t.Helper()
	for s.Scan() {
		key, v, _ := strings.Cut(s.Text(), ": ")
		switch key {
		case "id":
			id = v
		case "event":
			name = v
		case "data":
			return id, name, v
		}
	}
	t.Fatalf("the stream ended: %v", s.Err())
	return "", "", ""
}

func TestStream(t *testing.T) {
	t.Parallel()

	t.Run("a_page_that_comes_back_hears_what_it_missed_once", func(t *testing.T) {
		t.Parallel()
		a, _, url := scripted(t, nil)
		first := stream(t, url, "rui", "")
		id, name, _ := next(t, first)
		if name != "reset" {
			t.Fatalf("a page without a position was told %s", name)
		}
		for n := range 3 {
			if _, err := a.SayAs(t.Context(), "lena", "support", fmt.Sprint("missed ", n)); err != nil {
				t.Fatal(err)
			}
		}
		again := stream(t, url, "rui", id)
		for n := range 3 {
			if _, name, data := next(t, again); name != "message" || !strings.Contains(data, fmt.Sprint("missed ", n)) {
				t.Errorf("%d: %s %s", n, name, data)
			}
		}
	})

	t.Run("a_position_of_an_earlier_start_means_read_anew", func(t *testing.T) {
		t.Parallel()
		_, _, url := scripted(t, nil)
		for _, last := range []string{"OLDEPOCH-3", "nonsense", "-1"} {
			if _, name, _ := next(t, stream(t, url, "rui", last)); name != "reset" {
				t.Errorf("%s: %s", last, name)
			}
		}
	})

	t.Run("nobody_hears_what_is_not_for_them", func(t *testing.T) {
		t.Parallel()
		a, _, url := scripted(t, nil)
		s := stream(t, url, "rui", "")
		next(t, s)
		p := visit(t, url)
		p.act("say", "lena", body{"channel": "dm-lena", "words": "for Heed alone"})
		p.act("say", "ana", body{"channel": "product", "words": "for the team"})
		if _, err := a.SayAs(t.Context(), "lena", "support", "for all"); err != nil {
			t.Fatal(err)
		}
		if _, _, data := next(t, s); !strings.Contains(data, "for all") {
			t.Errorf("rui heard %s", data)
		}
	})
}
