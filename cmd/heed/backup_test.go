package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// TestBackup: what is restored is what was there, or the person is told that it isn't.
func TestBackup(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	it := s.item("Dark mode", "It isn't dark: 'quoted', \\ back\nslash, \U0001f319 and \u202e.", "comfort")
	s.vote(it, bot.Support, tuesday, "URUI", "UMIRA")
	file := filepath.Join(t.TempDir(), "acme.backup")
	if out := s.heed("backup", file); !strings.Contains(out, "Backed up: ") {
		t.Fatalf("it says %q", out)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	before, err := store.Sums(t.Context(), s.db)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("every_table_comes_back_as_it_was", func(t *testing.T) {
		t.Parallel()
		to := []string{"DATABASE_URL=" + storetest.Empty(t)}
		out, said, code := heed(t, to, "restore", file)
		if code != exitOK || !strings.Contains(out, "every one as it was") {
			t.Fatalf("it ended with %d: %s%s", code, out, said)
		}
		after, err := store.Sums(t.Context(), storetest.Open(t, strings.TrimPrefix(to[0], "DATABASE_URL=")))
		if err != nil {
			t.Fatal(err)
		}
		if differ := differing(before, after); len(differ) > 0 || len(after) < 20 {
			t.Errorf("%d tables, these differ: %v", len(after), differ)
		}
		if votes, _, _ := heed(t, to, "export", "votes"); strings.Count(votes, "\n") != 3 {
			t.Errorf("the votes are\n%s", votes)
		}
		out, said, code = heed(t, to, "restore", file)
		if code != exitFailed || out != "" || !strings.Contains(said, "not empty") {
			t.Errorf("a second time it ended with %d: %s%s", code, out, said)
		}
	})
	t.Run("nothing_is_overwritten", func(t *testing.T) {
		t.Parallel()
		_, said, code := heed(t, s.env, "backup", file)
		if code != exitUse || !strings.Contains(said, "never overwrites") {
			t.Errorf("a second backup there ended with %d: %s", code, said)
		}
		_, said, code = heed(t, s.env, "restore", file)
		if code != exitFailed || !strings.Contains(said, "Nothing was changed") {
			t.Errorf("a restore over a board ended with %d: %s", code, said)
		}
	})
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// The count that the backup gives of the items, so changed that it is a lie.
	told := []byte(`"table": "items",` + "\n" + `      "rows": 1`)
	for name, spoiled := range map[string][]byte{
		"empty":   nil,
		"no_tar":  []byte("dark mode, please"),
		"cut":     whole[:len(whole)*2/3],
		"other":   bytes.Replace(whole, []byte(`"format": 1`), []byte(`"format": 9`), 1),
		"without": whole[:1024],
		"lying":   bytes.Replace(whole, told, bytes.Replace(told, []byte("1"), []byte("7"), 1), 1),
	} {
		t.Run("a_backup_that_is_"+name+"_is_refused", func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, spoiled, 0o600); err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(spoiled, whole) {
				t.Fatal("it is not spoiled")
			}
			to := storetest.Empty(t)
			out, said, code := heed(t, []string{"DATABASE_URL=" + to}, "restore", path)
			if code != exitFailed || out != "" {
				t.Errorf("it ended with %d: %s%s", code, out, said)
			}
			if name == "lying" {
				if !strings.Contains(said, "differs from the backup in: items.") {
					t.Errorf("it says %s", said)
				}
				return
			}
			there, err := store.Sums(t.Context(), storetest.Open(t, to))
			if err != nil || len(there) != 0 {
				t.Errorf("left behind: %v, %v", there, err)
			}
		})
	}
	t.Run("a_database_that_is_away_is_told", func(t *testing.T) {
		t.Parallel()
		_, said, code := heed(t, []string{"DATABASE_URL=postgres:///heed?host=/nowhere"}, "backup", filepath.Join(t.TempDir(), "x"))
		if code != exitFailed || strings.Contains(said, "panic") {
			t.Errorf("it ended with %d: %s", code, said)
		}
	})
	t.Run("it_says_what_it_needs", func(t *testing.T) {
		t.Parallel()
		for _, command := range []string{"backup", "restore"} {
			if _, said, code := heed(t, nil, command); code != exitUse || !strings.Contains(said, "heed "+command+" FILE") {
				t.Errorf("%s ended with %d: %s", command, code, said)
			}
		}
	})
}
