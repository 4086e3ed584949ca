package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/bot"
)

// nasty are texts that break tables, sheets or terminals.
var nasty = []string{
	"=1+1", "'=1+1", "''", "'tis", "-", "@here", "+1", "\t=x", "\"", "\"\"", ",", ";", "a\nb", "\n", "\\.", "\\N", "שלום, עולם", "\u202eabc", "👩‍👩‍👧‍👦", "e\u0301",
	"\ufeffx", "nul\x00", "\r", "\u2028", "</script>", "N/A", "0x1F", "1e9", "NULL", "true",
}

// anyText is text as people and programs write it, with what is nasty in it.
func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.String()), 0, 4).Draw(t, "parts")
		return strings.Join(parts, rapid.SampledFrom([]string{"", " ", "\n", ","}).Draw(t, "between"))
	})
}

// TestRoundTrip is that what was exported is imported as it was, whatever it says.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	anyTag := rapid.StringMatching(`[a-zé]{1,5}(-[0-9]{1,3})?`)
	rapid.Check(t, func(t *rapid.T) {
		type wish struct {
			title, body, author, link string
			tags                      []string
			status                    bot.Status
			at                        time.Time
		}
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) wish {
			return wish{
				title: bot.TitleFrom(anyText().Filter(func(s string) bool { return !bot.Empty(bot.TitleFrom(s)) }).Draw(t, "title")), body: bot.Clean(anyText().Draw(t, "body") + "b"),
				author: bot.Clean(anyText().Draw(t, "author")), link: rapid.SampledFrom([]string{"", "https://acme.example/p?a=1&b=%22,"}).Draw(t, "link"),
				tags: rapid.SliceOfNDistinct(anyTag, 0, 8, rapid.ID).Draw(t, "tags"), status: rapid.SampledFrom(bot.Statuses()).Draw(t, "status"),
				at: tuesday.Add(-time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "at")) * time.Microsecond),
			}
		}), 1, 5).Draw(t, "wishes")
		var file bytes.Buffer
		out := newCSVTable(&file, exports[0].columns)
		if err := out.begin(); err != nil {
			t.Fatal(err)
		}
		for i, w := range all {
			if err := out.row(i+1, w.title, string(w.status), 3, w.author, w.at, words(w.tags), w.link, w.body); err != nil {
				t.Fatal(err)
			}
		}
		in, err := openImport(&file)
		if err != nil || len(in.header.unread) > 0 {
			t.Fatal(err, in.header.unread)
		}
		for i, w := range all {
			cells, line, err := in.next()
			if err != nil {
				t.Fatal(line, err)
			}
			got, err := in.header.row(cells, "", tuesday)
			if err != nil {
				t.Fatal(line, err)
			}
			if got.Number != i+1 || got.Title != w.title || got.Body != w.body || got.author != w.author || got.Permalink != w.link ||
				!slices.Equal(got.Tags, w.tags) || got.Status != w.status || !got.CreatedAt.Equal(w.at) {
				t.Fatalf("%+v came back as %+v", w, got)
			}
		}
		if _, _, err := in.next(); !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	})
}

// TestTable is about what each kind of table does to any text.
func TestTable(t *testing.T) {
	t.Parallel()

	t.Run("no_cell_runs_as_a_formula_and_one_mark_comes_off", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			text := anyText().Draw(t, "text")
			var file bytes.Buffer
			if err := newCSVTable(&file, nil).row(text, "x"); err != nil {
				t.Fatal(err)
			}
			cells, err := csv.NewReader(&file).Read()
			if err != nil {
				t.Fatal(err)
			}
			if cells[0] != "" && strings.ContainsRune("=+-@\t\r", rune(cells[0][0])) {
				t.Fatalf("%q runs", cells[0])
			}
			if want := strings.ReplaceAll(text, "\r\n", "\n"); unguarded(cells[0]) != want { // RFC 4180's readers fold these; no stored text has them
				t.Fatalf("%q became %q", want, unguarded(cells[0]))
			}
		})
	})

	t.Run("json_says_the_same", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			texts := rapid.SliceOf(anyText()).Draw(t, "texts")
			var file bytes.Buffer
			out := newJSONTable(&file, []string{"text", "n", "list"})
			if err := out.begin(); err != nil {
				t.Fatal(err)
			}
			for i, s := range texts {
				if err := out.row(s, i, lines{s}); err != nil {
					t.Fatal(err)
				}
			}
			if err := out.end(); err != nil {
				t.Fatal(err)
			}
			var got []struct {
				Text string
				N    int
				List []string
			}
			if err := json.Unmarshal(file.Bytes(), &got); err != nil || len(got) != len(texts) {
				t.Fatal(err, file.String())
			}
			for i, s := range texts {
				if want := strings.ToValidUTF8(s, "\uFFFD"); got[i].Text != want || got[i].N != i || got[i].List[0] != want {
					t.Fatalf("%q became %+v", s, got[i])
				}
			}
		})
	})
}
