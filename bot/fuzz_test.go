package bot

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// What comes from outside is read by these; each either makes sense of it or says so.

func FuzzParseZone(f *testing.F) {
	for _, s := range []string{"berlin", "Europe/Berlin", "New York", "US/Pacific", "Europe/../../etc/passwd", "Local", "localtime", "EST", "\x00", "Berlin, Germany", "utc+2", "Ü/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		name, loc, err := ParseZone(typed)
		var u *Unclear
		if errors.As(err, &u) && u.Problem != "" && len(u.Near) <= 3 {
			return
		}
		if err != nil || loc == nil {
			t.Fatalf("%q: %v, %v", typed, loc, err)
		}
		again, err := time.LoadLocation(name)
		if err != nil || again.String() != loc.String() || name == "Local" || strings.Contains(name, "..") {
			t.Fatalf("%q is stored as %q, which reads as %v, %v", typed, name, again, err)
		}
		if same, _, err := ParseZone(name); err != nil || same != name {
			t.Fatalf("%q as stored, %q, reads as %q, %v", typed, name, same, err)
		}
	})
}

// FuzzSpoken: no mark is left that could link or ping, and none is made up.
func FuzzSpoken(f *testing.F) {
	for _, s := range []string{"<@U1|rui> and <#C1|support>", "<<@U1|A>>", "<@<@U1|x>|y>", "<@U1", "<@|>", "<#C1>", "a < b", "<@U1|@#@x>", "<\n@U1>", "<@U1|\xff>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := spoken(text)
		for i := range len(got) {
			if _, _, n := marked(got[i:]); n > 0 {
				t.Fatalf("%q leaves the mark %q in %q", text, got[i:i+n], got)
			}
		}
		if !strings.Contains(text, "<") && got != text || spoken(got) != got {
			t.Fatalf("%q becomes %q, and then %q", text, got, spoken(got))
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Fatalf("%q becomes no UTF-8", text)
		}
		_ = withoutMention(text, "U1")
	})
}

func FuzzParseLinkCode(f *testing.F) {
	for _, s := range []string{"K7Q-4FX", "k7q4fx", "`K7Q–4FX`", "K7Q-4F0", "", "ıııııı", "K7Q-4FX'; --"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := ParseLinkCode(typed)
		if !ok {
			return
		}
		if len(code) != codeLength+1 || strings.Trim(code, codeLetters+"-") != "" {
			t.Fatalf("%q is taken for %q", typed, code)
		}
		if again, ok := ParseLinkCode(strings.ToLower(code)); !ok || again != code {
			t.Fatalf("%q reads back as %q", code, again)
		}
	})
}

// FuzzUnseal: what was not sealed here never opens.
func FuzzUnseal(f *testing.F) {
	key := bytes.Repeat([]byte{1}, 32)
	sealed, err := Seal(key, []byte("xoxb-obviously-fake"), "slack:T1")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, "slack:T1")
	f.Add(sealed[:len(sealed)-1], "slack:T1")
	f.Add(sealed, "slack:T2")
	f.Add([]byte{}, "")
	f.Add([]byte{sealVersion}, "")
	f.Add(bytes.Repeat([]byte{sealVersion}, 21), "")
	f.Fuzz(func(t *testing.T, data []byte, about string) {
		plain, err := Unseal(key, data, about)
		if err == nil && string(plain) == "xoxb-obviously-fake" && about == "slack:T1" { // sealed by this test, or the one that began it
			data = bytes.Clone(data)
			data[len(data)/2] ^= 1
			plain, err = Unseal(key, data, about)
		}
		if !errors.Is(err, ErrUnsealable) {
			t.Fatalf("%x opens as %q, %v", data, plain, err)
		}
	})
}
