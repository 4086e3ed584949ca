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
