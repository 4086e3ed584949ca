package bot

import (
	"bytes"
	"errors"
	"testing"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	key, other := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	sealed, err := Seal(key, []byte("xoxb-obviously-fake"), "slack:T1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("fake")) {
		t.Error("the words can be read in what was sealed")
	}
	if plain, err := Unseal(key, sealed, "slack:T1"); err != nil || string(plain) != "xoxb-obviously-fake" {
		t.Errorf("came back as %q, %v", plain, err)
	}
	bent := bytes.Clone(sealed)
	bent[len(bent)-1] ^= 1
	for name, c := range map[string]struct {
		key, sealed []byte
		about       string
	}{
		"another key":       {other, sealed, "slack:T1"},
		"no key":            {nil, sealed, "slack:T1"},
		"another workspace": {key, sealed, "slack:T2"},
		"a bit changed":     {key, bent, "slack:T1"},
		"cut short":         {key, sealed[:5], "slack:T1"},
		"nothing":           {key, nil, "slack:T1"},
	} {
		if _, err := Unseal(c.key, c.sealed, c.about); !errors.Is(err, ErrUnsealable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReseal changes keys: each value keeps where it belongs, and what can't be opened
// is told, never lost.
func TestReseal(t *testing.T) {
	t.Parallel()
	old, fresh, lost := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32), bytes.Repeat([]byte{3}, 32)
	made := func(key []byte, v Sealed) Sealed {
		var err error
		if v.Value, err = Seal(key, []byte("xoxb-obviously-fake"), v.about()); err != nil {
			t.Fatal(err)
		}
		return v
	}
	token := Sealed{Kind: SealedKindToken, Workspace: WorkspaceRef{Slack, "T1"}}
	moved := made(old, token)
	moved.Workspace.Ref = "T2" // somebody copied a token to another workspace
	done, err := Reseal(old, fresh, []Sealed{
		made(old, token), made(old, Sealed{Kind: SealedKindText, Item: 7}), made(fresh, Sealed{Kind: SealedKindKey, Name: "hash"}), made(lost, token), moved, {Kind: SealedKindText, Item: 8},
	})
	if err != nil || len(done.Changed) != 2 || done.Already != 1 || len(done.Closed) != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, v := range done.Changed {
		if plain, err := Unseal(fresh, v.Value, v.about()); err != nil || string(plain) != "xoxb-obviously-fake" || !SealedWith(fresh, v.Value) || SealedWith(old, v.Value) {
			t.Errorf("%s: came back as %q, %v", v.Kind, plain, err)
		}
	}
	if all, err := Reseal(nil, fresh, done.Changed); err != nil || all.Already != 2 {
		t.Errorf("again: %+v, %v", all, err)
	}
}

// TestForgottenUnderAnotherKey: a new secret key leaves the marks of the forgotten valid.
func TestForgottenUnderAnotherKey(t *testing.T) {
	t.Parallel()
	hash := func(secret, hash byte) []byte {
		b := &Bot{options: Options{SecretKey: bytes.Repeat([]byte{secret}, 32), HashKey: bytes.Repeat([]byte{hash}, 32)}}
		return append(b.accountHash(WorkspaceRef{Slack, "T1"}, "URUI"), b.codeHash("K7Q-4FX")...)
	}
	if !bytes.Equal(hash(1, 9), hash(2, 9)) || bytes.Equal(hash(1, 9), hash(1, 8)) {
		t.Error("the hash does not hang on the hash key alone")
	}
}
