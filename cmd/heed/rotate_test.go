package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/bot"
	"heed/store/storetest"
)

// vault is a database with something of everything that is kept sealed.
type vault struct {
	*shelf
	globex bot.Workspace
	item   bot.ItemID
}

const (
	keyBefore = "an old key that is not real"
	keyNow    = "a new key that is not real either"
	fakeToken = "xoxb-obviously-fake"
	fakeText  = `{"Title":"a hidden title"}`
)

func keyOf(t *testing.T, secret string) []byte {
	t.Helper()
	key, err := bot.SealingKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newVault(t *testing.T, secret string) *vault {
	t.Helper()
	v := &vault{shelf: newShelf(t)}
	v.globex = v.attach("globex", "Globex")
	v.item = v.shelf.item("Hidden", "").ID
	seal := func(plain, about string) []byte {
		sealed, err := bot.Seal(keyOf(t, secret), []byte(plain), about)
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	for _, w := range []bot.Workspace{v.acme, v.globex} {
		if err := v.store.KeepSealedToken(t.Context(), w, seal(fakeToken, "playground:"+w.Ref.Ref)); err != nil {
			t.Fatal(err)
		}
	}
	v.sql(`update items set sealed_text = $2, hidden_at = now() where item_id = $1`, v.item, seal(fakeText, fmt.Sprintf("item %d", v.item)))
	return v
}

// hash is the key that hashes accounts, as a heed with this secret finds it.
func (v *vault) hash(secret string) []byte {
	v.Helper()
	key, err := hashKey(v.Context(), v.store, keyOf(v.T, secret), slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		v.Fatal(err)
	}
	return key
}

// opens tells how many of the sealed values this secret opens, by their first use.
func (v *vault) opens(secret string) (n int) {
	v.Helper()
	key := keyOf(v.T, secret)
	for _, w := range []bot.Workspace{v.acme, v.globex} {
		if token, err := (&tokens{key: key, store: v.store}).Token(v.Context(), w.Ref); err == nil && token == fakeToken {
			n++
		}
	}
	var text []byte
	if err := v.db.Get(&text, `select sealed_text from items where item_id = $1`, v.item); err != nil {
		v.Fatal(err)
	}
	if plain, err := bot.Unseal(key, text, fmt.Sprintf("item %d", v.item)); err == nil && string(plain) == fakeText {
		n++
	}
	return n
}

// rotate runs the command with the new key, and files that hold older ones.
func (v *vault) rotate(args ...string) (out, said string, code int) {
	v.Helper()
	return heed(v.T, append(v.env, "HEED_SECRET_KEY="+keyNow), append([]string{"rotate-key"}, args...)...)
}

func holding(t *testing.T, secret string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "old-key")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRotateKey: under a new key everything opens, or nothing has changed.
func TestRotateKey(t *testing.T) {
	t.Parallel()
	t.Run("everything_opens_with_the_new_key_and_the_forgotten_stay_so", func(t *testing.T) {
		t.Parallel()
		v := newVault(t, keyBefore)
		before := v.hash(keyBefore)
		out, said, code := v.rotate("--old-key-file", holding(t, keyBefore))
		if code != exitOK || !strings.Contains(out, "2 tokens (playground:acme, playground:globex), 1 hidden text, 1 key of Heed's own") {
			t.Fatalf("it ended with %d: %s%s", code, out, said)
		}
		if v.opens(keyNow) != 3 || v.opens(keyBefore) != 0 {
			t.Errorf("the new key opens %d, the old one %d", v.opens(keyNow), v.opens(keyBefore))
		}
		if len(before) != 32 || !bytes.Equal(v.hash(keyNow), before) {
			t.Error("the accounts of the forgotten are hashed with another key")
		}
		var values []string
		if err := v.db.Select(&values, `select md5(token) from workspaces order by 1`); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{nil, {"--old-key-file", holding(t, keyBefore)}, {"--give-up"}} {
			if out, said, code := v.rotate(args...); code != exitOK || !strings.Contains(out, "already") {
				t.Errorf("again it ended with %d: %s%s", code, out, said)
			}
		}
		var after []string
		if err := v.db.Select(&after, `select md5(token) from workspaces order by 1`); err != nil || fmt.Sprint(after) != fmt.Sprint(values) {
			t.Errorf("again it changed something: %v", err)
		}
		if strings.Contains(out+said, keyBefore) || strings.Contains(out+said, keyNow) || strings.Contains(out+said, fakeToken) {
			t.Error("it says a secret")
		}
	})
	t.Run("a_wrong_old_key_changes_nothing", func(t *testing.T) {
		t.Parallel()
		v := newVault(t, keyBefore)
		v.hash(keyBefore)
		for _, args := range [][]string{nil, {"--old-key-file", holding(t, "quite another key")}, {"--old-key-file", "/nowhere/key"}, {"--old-key-file", holding(t, "")}} {
			if out, said, code := v.rotate(args...); code != exitFailed || out != "" || !strings.Contains(said, "Nothing was changed") {
				t.Errorf("%v ended with %d: %s%s", args, code, out, said)
			}
		}
		if v.opens(keyBefore) != 3 {
			t.Errorf("the old key opens %d", v.opens(keyBefore))
		}
		if out, said, code := heed(t, v.env, "rotate-key", "--old-key-file", holding(t, keyBefore)); code != exitUse || !strings.Contains(said, "HEED_SECRET_KEY") {
			t.Errorf("without a new one it ended with %d: %s%s", code, out, said)
		}
	})
	t.Run("one_value_of_another_key_stops_all_unless_given_up", func(t *testing.T) {
		t.Parallel()
		v := newVault(t, keyBefore)
		lost, err := bot.Seal(keyOf(t, "a key that is lost"), []byte(fakeToken), "playground:globex")
		if err != nil {
			t.Fatal(err)
		}
		if err := v.store.KeepSealedToken(t.Context(), v.globex, lost); err != nil {
			t.Fatal(err)
		}
		old := holding(t, keyBefore)
		if out, said, code := v.rotate("--old-key-file", old); code != exitFailed || !strings.Contains(said, "1 token (playground:globex)") || v.opens(keyBefore) != 2 {
			t.Errorf("it ended with %d: %s%s", code, out, said)
		}
		out, said, code := v.rotate("--old-key-file", old, "--give-up")
		if code != exitOK || !strings.Contains(out, "Given up: 1 token (playground:globex)") || v.opens(keyNow) != 2 {
			t.Errorf("it ended with %d: %s%s", code, out, said)
		}
	})
	t.Run("a_lost_key_is_told_and_can_be_given_up", func(t *testing.T) {
		t.Parallel()
		v := newVault(t, keyBefore)
		v.hash(keyBefore)
		if v.hash(keyNow) != nil {
			t.Error("another key opens the key of hashes")
		}
		env := append(v.env, "HEED_SECRET_KEY="+keyNow)
		if out, _, code := heed(t, env, "doctor"); code != exitFailed || !strings.Contains(out, "The secret key doesn't open 2 tokens") {
			t.Errorf("the doctor ended with %d: %s", code, out)
		}
		if out, said, code := v.rotate("--give-up"); code != exitOK || !strings.Contains(out, "hidden texts stay hidden") {
			t.Errorf("it ended with %d: %s%s", code, out, said)
		}
		if got := v.hash(keyNow); !bytes.Equal(got, keyOf(t, keyNow)) {
			t.Error("who was forgotten meanwhile is not recognized")
		}
	})
	t.Run("a_first_key_seals_what_was_open", func(t *testing.T) {
		t.Parallel()
		v := &vault{shelf: newShelf(t)}
		log := slog.New(slog.NewTextHandler(io.Discard, nil))
		open, err := hashKey(t.Context(), v.store, nil, log)
		if err != nil || len(open) != 32 {
			t.Fatal(err)
		}
		if got := v.hash(keyNow); !bytes.Equal(got, open) {
			t.Error("the key of hashes changed")
		}
		var inTheClear bool
		if err := v.db.Get(&inTheClear, `select position($1::bytea in value) > 0 or not sealed from kept_keys`, open); err != nil || inTheClear {
			t.Errorf("it stays open: %v", err)
		}
	})
}

// TestRotateKeyFile changes the key that the embedded default keeps in its data folder.
func TestRotateKeyFile(t *testing.T) {
	t.Parallel()
	at := func(t *testing.T) (v *vault, c config, rotate func() (string, int)) {
		t.Helper()
		c = config{DataDir: t.TempDir()}
		if err := os.WriteFile(secretFile(c), []byte(keyBefore), 0o600); err != nil {
			t.Fatal(err)
		}
		v = newVault(t, keyBefore)
		return v, c, func() (string, int) {
			var out bytes.Buffer
			p := program{out: &out, err: &out}
			code := p.exit(p.rotateIn(t.Context(), c, v.store, "", false, slog.New(slog.NewTextHandler(io.Discard, nil))))
			return out.String(), code
		}
	}
	t.Run("a_fresh_one_takes_its_place", func(t *testing.T) {
		t.Parallel()
		v, c, rotate := at(t)
		for want := range 2 {
			if out, code := rotate(); code != exitOK {
				t.Fatalf("%d: it ended with %d: %s", want, code, out)
			}
			info, err := os.Stat(secretFile(c))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the file is %v, %v", info, err)
			}
			now, err := os.ReadFile(secretFile(c))
			if err != nil || string(now) == keyBefore || v.opens(string(now)) != 3 {
				t.Errorf("the file's key opens %d, %v", v.opens(string(now)), err)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(c.DataDir, "*")); len(left) != 1 {
			t.Errorf("left behind: %v", left)
		}
	})
	t.Run("what_was_cut_short_is_ended_by_the_next_run", func(t *testing.T) {
		t.Parallel()
		v, c, rotate := at(t)
		if err := os.WriteFile(secretFile(c)+".next", []byte(keyNow), 0o600); err != nil { // made, but not yet put in place
			t.Fatal(err)
		}
		if err := v.store.Reseal(t.Context(), false, func(values []bot.Sealed) (bot.Resealed, error) {
			return bot.Reseal(keyOf(t, keyBefore), keyOf(t, keyNow), values)
		}); err != nil {
			t.Fatal(err)
		}
		if out, code := rotate(); code != exitOK {
			t.Fatalf("it ended with %d: %s", code, out)
		}
		if now, err := os.ReadFile(secretFile(c)); err != nil || string(now) != keyNow || v.opens(keyNow) != 3 {
			t.Errorf("the key in place opens %d, %v", v.opens(keyNow), err)
		}
	})
}

// TestStartsWithAnotherKey: Heed goes on, says what it can't open, and how to mend it.
func TestStartsWithAnotherKey(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + storetest.DSN(t), "HEED_LISTEN=127.0.0.1:0"}
	serveHere(t, program{environ: append(env, "HEED_SECRET_KEY="+keyBefore)}).end()
	r := serveHere(t, program{environ: append(env, "HEED_SECRET_KEY="+keyNow)})
	r.end()
	if said := r.log.text(); !strings.Contains(said, "sealed with another secret key") || strings.Contains(said, keyNow) {
		t.Errorf("it says\n%s", said)
	}
}
