package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"heed/bot"
)

// file puts words into a file of its own.
func (s *shelf) file(words string) string {
	s.Helper()
	path := filepath.Join(s.TempDir(), "wishes.csv")
	if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
		s.Fatal(err)
	}
	return path
}

// rows counts what a statement finds.
func (s *shelf) rows(from string, args ...any) int {
	s.Helper()
	var n int
	if err := s.db.GetContext(s.Context(), &n, `select count(*) from `+from, args...); err != nil {
		s.Fatal(err)
	}
	return n
}

func TestImport(t *testing.T) {
	t.Parallel()

	t.Run("a_file_that_is_none_changes_nothing", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		var wide bytes.Buffer
		wide.Write([]byte{0xFF, 0xFE})
		for _, u := range utf16.Encode([]rune("title\nDark mode\n")) {
			wide.Write([]byte{byte(u), byte(u >> 8)})
		}
		for _, c := range []struct{ path, says string }{
			{filepath.Join(t.TempDir(), "missing.csv"), "can't be read"},
			{t.TempDir(), "can't be read"},
			{s.file(""), "is empty"},
			{s.file("Dark mode\nCSV export\n"), "neither a title nor a body"},
			{s.file("author,votes\nRui,3\n"), "neither a title nor a body"},
			{s.file("\"title,body\nDark mode"), "is no CSV"},
			{s.file(wide.String()), "UTF-16"},
		} {
			out, said, code := heed(t, s.env, "import", c.path)
			if code != exitFailed || !strings.Contains(said, c.says) || out != "" {
				t.Errorf("ended with %d instead of saying %q:\n%s%s", code, c.says, out, said)
			}
		}
		for _, args := range []string{"import --audience all x.csv", "import a.csv b.csv", "import --votes a.csv"} {
			if _, said, code := heed(t, s.env, strings.Fields(args)...); code != exitUse {
				t.Errorf("%s ended with %d: %s", args, code, said)
			}
		}
		if _, said, code := heed(t, s.env, "import", "--cards", s.file("title\nDark mode\n")); code != exitFailed || !strings.Contains(said, "/heed channel intake") {
			t.Errorf("cards without a channel: %d %s", code, said)
		}
		if n := s.rows("items"); n != 0 {
			t.Errorf("%d items", n)
		}
	})

	t.Run("bad_rows_are_named_by_line_and_the_rest_goes_in", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		path := s.file("title,body,status,tags,created_at,permalink,segment\n" + // line 1
			"Dark mode,,planned,comfort,2026-01-02,,A\n" +
			"\"Two\nlines\",,,,,,\n" + // 3 and 4
			",,,,,,A\n" + // 5: no words
			",,,,,,\n" + // nothing at all: no row
			"Odd,,maybe,,,,\n" +
			"Tagged,,,c++,,,\n" + // 8
			"Late,,,,03/04/2026,,\n" +
			"Future,,,,2126-01-01,,\n" + // 10
			"Link,,,,,javascript:alert(1)//https://acme.example,\n" +
			"Short,row\n" + // 12
			"Bare\" quote,,,,,,\n" +
			"Latin \xe9,,,,,,\n" + // 14
			"Many,,,a;b;c;d;e;f;g;h;i,,,\n" +
			"Last,,In progress,\"a, b|c\",2026-01-02 03:04:05,https://acme.example/1,\n" + // 16
			"\"Open,,,,,,\nSwallowed,,,,,,\n") // 17
		out, said, code := heed(t, s.env, "import", path)
		if code != exitFailed || !strings.Contains(out, "Acme: 3 added, 0 were there already, 11 were not taken in.") {
			t.Errorf("ended with %d:\n%s", code, out)
		}
		for _, want := range []string{
			`column "segment" is not read`, "line 5: it has no words", `line 7: "maybe" is no status`, "line 8: its tags don't work", `line 9: "03/04/2026" is no date`,
			"line 10: its created_at lies in the future", "line 11: its permalink is no web address", "line 12: it has 2 cells and the first line has 7",
			"line 13: a quote mark stands inside", "line 14: it is not UTF-8", "line 15: it has 9 tags", "line 17: a quote mark opens here", "what is in stays",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("it does not say %q:\n%s", want, said)
			}
		}
		got := s.heed("export", "items")
		for _, want := range []string{
			"1,Dark mode,planned,0,,2026-01-02T00:00:00Z,comfort,,Dark mode\n", "2,Two lines,new,", "\"Two\nlines\"\n",
			"3,Last,started,0,,2026-01-02T03:04:05Z,\"a,b,c\",https://acme.example/1,Last\n",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in\n%s", want, got)
			}
		}
	})

	t.Run("an_interrupted_one_fails_and_is_finished_by_another", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		var rows strings.Builder
		rows.WriteString("title,body\n")
		for n := range 30 {
			fmt.Fprintf(&rows, "Wish %d,%s\n", n, strings.Repeat("long ", 1000))
		}
		ctx, cancel := context.WithCancel(t.Context())
		var o, e bytes.Buffer
		in := io.MultiReader(strings.NewReader(rows.String()[:100_000]), onRead(cancel), strings.NewReader(rows.String()[100_000:]))
		if code := (program{in: in, out: &o, err: &e, environ: s.env}).run(ctx, []string{"import"}); code != exitFailed || !strings.Contains(e.String(), "interrupted") {
			t.Errorf("ended with %d: %s%s", code, o.String(), e.String())
		}
		in1 := s.rows("items")
		if in1 == 0 || in1 >= 30 {
			t.Errorf("%d are in", in1)
		}
		if out := s.heed("import", s.file(rows.String())); !strings.Contains(out, fmt.Sprintf("%d added, %d were there already", 30-in1, in1)) {
			t.Error(out)
		}
	})

	t.Run("the_same_again_adds_only_what_is_new", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		rows := "title;body\nDark mode;at night\nDark mode;at night\nCSV;\n"
		first := s.file("\uFEFF" + strings.ReplaceAll(rows, "\n", "\r\n"))
		dry := s.heed("import", "--dry-run", first)
		if !strings.Contains(dry, "2 would be added, 1 are there already") || s.rows("items")+s.rows("evidence")+s.rows("history") != 0 {
			t.Errorf("the dry run wrote, or said: %s", dry)
		}
		if out := s.heed("import", first); !strings.Contains(out, "2 added, 1 were there already") {
			t.Error(out)
		}
		s.sql(`update items set title = 'Night mode', body = 'edited' where number = 1`)
		var o, e bytes.Buffer
		again := program{in: strings.NewReader("title;body\nPDF;\n" + rows[len("title;body\n"):]), out: &o, err: &e, environ: s.env}
		if code := again.run(t.Context(), []string{"import", "-"}); code != exitOK || !strings.Contains(o.String(), "1 added, 3 were there already") {
			t.Errorf("ended with %d: %s%s", code, o.String(), e.String())
		}
		if n := s.rows("items"); n != 3 {
			t.Errorf("%d items", n)
		}
	})

	t.Run("an_id_says_what_is_the_same", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.heed("import", s.file("id,title\n7,Dark mode\n"))
		out, said, code := heed(t, s.env, "import", s.file("id,title\n7,Something else\n"))
		if code != exitOK || !strings.Contains(out, "0 added, 1 were there already") || !strings.Contains(said, "line 2: this is #1 here already, which says something else") {
			t.Errorf("ended with %d: %s%s", code, out, said)
		}
		if out := s.heed("import", "--source", "canny", s.file("id,title\n7,Something else\n")); !strings.Contains(out, "1 added") {
			t.Error(out)
		}
	})

	t.Run("an_export_goes_back_in_whole_and_to_its_own_board_not_at_all", func(t *testing.T) {
		t.Parallel()
		from, to := lived(t), newShelf(t)
		path := from.file(from.heed("export", "items"))
		if out := from.heed("import", path); !strings.Contains(out, "0 added, 2 were there already") || !strings.Contains(out, "1 were left out: they had been merged") {
			t.Errorf("to its own board: %s", out)
		}
		if out := to.heed("import", path); !strings.Contains(out, "2 added, 0 were there") || !strings.Contains(out, "1 had votes. They are not counted") {
			t.Errorf("to another: %s", out)
		}
		want := `number,title,status,votes,author,created_at,tags,permalink,body
1,'=1+1 Dark mode,planned,0,,2026-11-17T10:00:00Z,"comfort,night",https://acme.example/p1,"'=1+1 Dark mode, ""please"".
My eyes — עיניים 👁️‍🗨️"
2,CSV,new,0,,2026-11-17T14:00:00Z,,https://acme.example/card5,'@here CSV
`
		if got := to.heed("export", "items"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if out := to.heed("import", path); !strings.Contains(out, "0 added, 2 were there already") {
			t.Errorf("twice: %s", out)
		}
	})

	t.Run("nobody_is_named_unasked_and_votes_are_nobodys", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		wish := s.item("Old", "old")
		s.vote(wish, bot.Support, tuesday, "rui", "mira", "mira2", "bot")
		s.sql(`update members set name = case account when 'mira2' then 'Mira' else initcap(account) end, is_bot = account = 'bot'`)
		path := s.file("title,author,votes\nOne,Rui,9\nTwo,mira,0\nThree,Nobody,\nFour,Bot,\n")
		if out := s.heed("import", path); !strings.Contains(out, "1 had votes.") || !strings.Contains(out, "4 name an author. Nobody is named") {
			t.Error(out)
		}
		if n := s.rows("items where author_id is not null or votes > 0 and number > 1") + s.rows("ballots where place = 'import'"); n != 0 {
			t.Errorf("%d are named or have votes", n)
		}
		named := s.file("title,author,votes\nFive,RUI,9\nSix,mira,0\nSeven,Nobody,\nEight,Bot,\n")
		if out := s.heed("import", "--authors", named); !strings.Contains(out, "3 name an author whom Heed does not know, or knows more than one of") {
			t.Error(out)
		}
		asked, err := s.store.AsksSince(t.Context(), s.acme.Board, 1, tuesday)
		if err != nil || asked.Count != 0 {
			t.Errorf("Rui asked %d times today, %v", asked.Count, err)
		}
		if got := s.heed("export", "items"); !strings.Contains(got, "Five,new,1,Rui,") || !strings.Contains(got, "Six,new,0,,") {
			t.Error(got)
		}
	})

	t.Run("cards_and_their_readers_only_as_asked", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.sql(`insert into channels (board_id, workspace_id, channel_ref, audience, intake, main_intake) values ($1, $2, 'C1', 'community', true, true)`, s.acme.Board, s.acme.ID)
		s.heed("import", s.file("title\nQuiet\n"))
		if n := s.rows("posts"); n != 0 {
			t.Errorf("%d cards unasked", n)
		}
		if _, said, code := heed(t, s.env, "import", "--cards", s.file("title\nTeam\n")); code != exitFailed || !strings.Contains(said, "that the team may see") {
			t.Errorf("a community channel for the team's words: %d %s", code, said)
		}
		s.heed("import", "--cards", "--audience", "community", s.file("title,status\nLoud,\nDone,shipped\n"))
		if n := s.rows("posts p join items i using (board_id, item_id) where i.title = 'Loud' and i.audience = 'community'"); n != 1 || s.rows("posts") != 1 {
			t.Errorf("%d cards, %d in all", n, s.rows("posts"))
		}
	})

	t.Run("what_sounds_like_another_is_marked", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.heed("import", s.file("title\nExport to CSV\nExport to CSV please\n"))
		if n := s.rows("items where triage and maybe_same = (select item_id from items where number = 1)"); n != 1 {
			t.Errorf("%d marked", n)
		}
	})

	t.Run("no_word_is_cut_off", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		long := strings.Repeat("A very long title ", 10) + "with its end"
		s.heed("import", s.file(fmt.Sprintf("title,body\n%s,\n%s,and a body\n", long, long)))
		if n := s.rows("items where body like '%with its end%' and length(title) <= 80"); n != 2 {
			t.Errorf("%d are whole", n)
		}
		if _, said, code := heed(t, s.env, "import", s.file("title\n"+strings.Repeat("x", 100_001)+"\n")); code != exitFailed || !strings.Contains(said, "line 2: it has 100,001 characters") {
			t.Errorf("ended with %d: %s", code, said)
		}
	})
}

// onRead is an empty reader that calls a function when it is read.
type onRead func()

func (r onRead) Read([]byte) (int, error) {
	r()
	return 0, io.EOF
}
