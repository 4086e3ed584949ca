package discordfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// of is n characters, each more than a byte.
func of(n int) string { return strings.Repeat("ä", n) }

func times(n int, each func(i int) any) []any {
	all := []any{}
	for i := range n {
		all = append(all, each(i))
	}
	return all
}

func bytesOf(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// bounds is a case at a limit and one beyond it.
type bounds struct {
	fits, breaks any
	want         string // a path and a code of the refusal
}

func (b bounds) check(t *testing.T, check func([]byte) *apiError) {
	t.Helper()
	if e := check(bytesOf(t, b.fits)); e != nil {
		t.Errorf("at the limit: %v", e)
	}
	e := check(bytesOf(t, b.breaks))
	if e == nil {
		t.Fatalf("beyond the limit nothing is refused, want %q", b.want)
	}
	if e.code != 50035 || e.status != 400 || !slices.Contains(e.paths(), b.want) {
		t.Errorf("beyond the limit: %v, want %q", e, b.want)
	}
}

func run(t *testing.T, check func([]byte) *apiError, all map[string]bounds) {
	t.Helper()
	for name, b := range all {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			b.check(t, check)
		})
	}
}

func says(text string) object { return object{"content": text} }
func embedded(e object) object {
	return object{"embeds": []any{e}}
}
func field(name, value string) object { return object{"name": name, "value": value} }

func TestMessageLimits(t *testing.T) {
	t.Parallel()
	fields := func(n int) object {
		return embedded(object{"fields": times(n, func(int) any { return field("n", "v") })})
	}
	embeds := func(n int) object {
		return object{"embeds": times(n, func(int) any { return object{"title": "t"} })}
	}
	nonce := func(v any) object { return object{"content": "x", "nonce": v} }
	users := func(n int) object {
		return object{"content": "x", "allowed_mentions": object{"users": times(n, func(i int) any { return fmt.Sprint(i + 1) })}}
	}
	run(t, checkMessage, map[string]bounds{
		"content":                 {says(of(2000)), says(of(2001)), "content BASE_TYPE_MAX_LENGTH"},
		"white space is not text": {says("  " + of(2000) + "\n"), says(of(2001)), "content BASE_TYPE_MAX_LENGTH"},
		"content is text":         {says("1"), object{"content": 1}, "content STRING_TYPE_CONVERT"},
		"embeds":                  {embeds(10), embeds(11), "embeds BASE_TYPE_MAX_LENGTH"},
		"embed title":             {embedded(object{"title": of(256)}), embedded(object{"title": of(257)}), "embeds.0.title BASE_TYPE_MAX_LENGTH"},
		"embed description": {
			embedded(object{"description": of(4096)}), embedded(object{"description": of(4097)}), "embeds.0.description BASE_TYPE_MAX_LENGTH",
		},
		"fields":      {fields(25), fields(26), "embeds.0.fields BASE_TYPE_MAX_LENGTH"},
		"field name":  {embedded(object{"fields": []any{field(of(256), "v")}}), embedded(object{"fields": []any{field(of(257), "v")}}), "embeds.0.fields.0.name BASE_TYPE_MAX_LENGTH"},
		"field value": {embedded(object{"fields": []any{field("n", of(1024))}}), embedded(object{"fields": []any{field("n", of(1025))}}), "embeds.0.fields.0.value BASE_TYPE_MAX_LENGTH"},
		"empty field": {embedded(object{"fields": []any{field("n", "v")}}), embedded(object{"fields": []any{field("n", " ")}}), "embeds.0.fields.0.value BASE_TYPE_REQUIRED"},
		"footer":      {embedded(object{"footer": object{"text": of(2048)}}), embedded(object{"footer": object{"text": of(2049)}}), "embeds.0.footer.text BASE_TYPE_MAX_LENGTH"},
		"author":      {embedded(object{"author": object{"name": of(256)}}), embedded(object{"author": object{"name": of(257)}}), "embeds.0.author.name BASE_TYPE_MAX_LENGTH"},
		"color":       {embedded(object{"title": "t", "color": 0xFFFFFF}), embedded(object{"title": "t", "color": 0x1000000}), "embeds.0.color NUMBER_TYPE_MAX"},
		"timestamp": {
			embedded(object{"title": "t", "timestamp": "2026-11-22T09:00:00Z"}),
			embedded(object{"title": "t", "timestamp": "yesterday"}), "embeds.0.timestamp DATE_TIME_TYPE_PARSE",
		},
		"embed link": {embedded(object{"title": "t", "url": "https://acme.example/42"}), embedded(object{"title": "t", "url": "javascript://x"}), "embeds.0.url URL_TYPE_INVALID_SCHEME"},
		"all embeds together": {
			object{"embeds": []any{object{"description": of(3000)}, object{"description": of(2744), "title": of(256)}}},
			object{"embeds": []any{object{"description": of(3000)}, object{"description": of(2745), "title": of(256)}}},
			"embeds MAX_EMBED_SIZE_EXCEEDED",
		},
		"an embed shows something": {embedded(object{"title": "t", "color": 1}), embedded(object{"color": 1}), "embeds.0.description BASE_TYPE_REQUIRED"},
		"nonce":                    {nonce(strings.Repeat("n", 25)), nonce(strings.Repeat("n", 26)), "nonce NONCE_TYPE_TOO_LONG"},
		"nonce is text or number":  {nonce(7), nonce(true), "nonce STRING_TYPE_CONVERT"},
		"mentioned people":         {users(100), users(101), "allowed_mentions.users BASE_TYPE_MAX_LENGTH"},
		"parse or list": {
			object{"content": "x", "allowed_mentions": object{"parse": []any{"roles", "users"}, "users": []any{}}},
			object{"content": "x", "allowed_mentions": object{"parse": []any{"users"}, "users": []any{"5"}}},
			"allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
		},
		"parse knows three": {
			object{"content": "x", "allowed_mentions": object{"parse": []any{"everyone"}}},
			object{"content": "x", "allowed_mentions": object{"parse": []any{"here"}}},
			"allowed_mentions.parse.0 BASE_TYPE_CHOICES",
		},
	})
}

func TestEmptyMessage(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nothing": `{}`, "white space": `{"content":" \n "}`, "lists with nothing": `{"embeds":[],"components":[]}`, "nulls": `{"content":null}`,
	} {
		if e := checkMessage([]byte(body)); e != errEmptyMessage {
			t.Errorf("%s: %v, want 50006", name, e)
		}
	}
	if e := checkUpload([]byte(`{}`), 1); e != nil {
		t.Errorf("a file alone: %v", e)
	}
	if e := checkUpload([]byte(`{}`), 11); e == nil || e.code != 30015 {
		t.Errorf("eleven files: %v, want 30015", e)
	}
	if e := checkMessage([]byte(`{"content":`)); e == nil || e.code != 50109 {
		t.Errorf("half a body: %v, want 50109", e)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	text := object{"content": "was", "flags": float64(0)}
	v2 := object{"flags": float64(flagComponentsV2), "components": []any{object{"type": float64(10), "content": "was"}}}
	for name, c := range map[string]struct {
		body   string
		stands object
		want   string
	}{
		"what is not named stays":      {`{"components":[]}`, text, ""},
		"emptied":                      {`{"content":""}`, text, "50006"},
		"an embed stays":               {`{"content":""}`, object{"embeds": []any{object{"title": "t"}}}, ""},
		"the flag stays":               {`{"content":"now"}`, v2, "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
		"taking the flag":              {`{"flags":32768,"components":[{"type":10,"content":"now"}]}`, text, "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
		"taking the flag, text away":   {`{"flags":32768,"content":null,"components":[{"type":10,"content":"now"}]}`, text, ""},
		"a deferred answer is nothing": {`{}`, nil, "50006"},
		"a deferred answer filled":     {`{"content":"here"}`, nil, ""},
	} {
		e := checkEdit([]byte(c.body), c.stands, 0)
		got := ""
		if e != nil {
			got = fmt.Sprint(e.code)
			if e.code == 50035 {
				got = strings.Join(e.paths(), ", ")
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A refusal stands on the wire as Discord's do.
func TestRefusalOnTheWire(t *testing.T) {
	t.Parallel()
	e := checkMessage([]byte(`{"components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"a","label":"ok"},{"type":2,"style":1,"custom_id":"b","label":"` + of(81) + `"}]}]}`))
	got := string(bytesOf(t, e.body()))
	want := `{"code":50035,"errors":{"components":{"0":{"components":{"1":{"label":{"_errors":[` +
		`{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 80 or fewer in length."}]}}}}}},"message":"Invalid Form Body"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
