package slackfake_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"heed/adapters/slack/slackfake"
)

func of(n int) string { return strings.Repeat("ä", n) } // characters, not bytes

func plainText(s string) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, s) }
func section(s string) string {
	return fmt.Sprintf(`{"type":"section","text":{"type":"mrkdwn","text":%q}}`, s)
}
func actions(elements ...string) string {
	return `{"type":"actions","elements":[` + strings.Join(elements, ",") + `]}`
}
func button(label, id, value string) string {
	return fmt.Sprintf(`{"type":"button","text":%s,"action_id":%q,"value":%q}`, plainText(label), id, value)
}
func options(n int, label, value string) string {
	all := []string{}
	for i := range n {
		all = append(all, fmt.Sprintf(`{"text":%s,"value":"%s%d"}`, plainText(label), value, i))
	}
	return "[" + strings.Join(all, ",") + "]"
}
func menu(options string) string {
	return `{"type":"static_select","action_id":"s","placeholder":` + plainText("Pick") + `,"options":` + options + `}`
}
func confirmed(title, text, yes string) string {
	return `{"type":"button","text":` + plainText("x") + `,"confirm":{"title":` + plainText(title) + `,"text":` + plainText(text) +
		`,"confirm":` + plainText(yes) + `,"deny":` + plainText("No") + `}}`
}
func table(rows, columns int) string {
	row := "[" + times(columns, func(int) string { return `{"type":"raw_text","text":"x"}` }) + "]"
	return `{"type":"table","rows":[` + times(rows, func(int) string { return row }) + `]}`
}
func rich(element string) string {
	return `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[` + element + `]}]}`
}
func times(n int, each func(int) string) string {
	all := []string{}
	for i := range n {
		all = append(all, each(i))
	}
	return strings.Join(all, ",")
}

func TestBlockLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	nButtons := func(n int) string {
		return actions(times(n, func(i int) string { return button("x", fmt.Sprint("a", i), "v") }))
	}
	nFields := func(n, size int) string {
		return `{"type":"section","fields":[` + times(n, func(int) string { return plainText(of(size)) }) + `]}`
	}
	nContext := func(n int) string {
		return `{"type":"context","elements":[` + times(n, func(int) string { return plainText("x") }) + `]}`
	}
	for name, c := range map[string]struct{ fits, refused, message string }{
		"blocks": {times(50, func(int) string { return section("x") }), times(51, func(int) string { return section("x") }),
			"no more than 50 items allowed [json-pointer:/blocks]"},
		"section text": {section(of(3000)), section(of(3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		"fields":       {nFields(10, 5), nFields(11, 5), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		"field text":   {nFields(1, 2000), nFields(1, 2001), "must be less than 2001 characters"},
		"header": {`{"type":"header","text":` + plainText(of(150)) + `}`, `{"type":"header","text":` + plainText(of(151)) + `}`,
			"must be less than 151 characters"},
		"buttons":      {nButtons(25), nButtons(26), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"},
		"button text":  {actions(button(of(75), "a", "v")), actions(button(of(76), "a", "v")), "must be less than 76 characters"},
		"button value": {actions(button("x", "a", of(2000))), actions(button("x", "a", of(2001))), "must be less than 2001 characters"},
		"action_id":    {actions(button("x", of(255), "v")), actions(button("x", of(256), "v")), "must be less than 256 characters"},
		"block_id": {`{"type":"divider","block_id":"` + of(255) + `"}`, `{"type":"divider","block_id":"` + of(256) + `"}`,
			"must be less than 256 characters"},
		"context":      {nContext(10), nContext(11), "no more than 10 items allowed"},
		"options":      {actions(menu(options(100, "x", "v"))), actions(menu(options(101, "x", "v"))), "no more than 100 items allowed"},
		"option text":  {actions(menu(options(1, of(75), "v"))), actions(menu(options(1, of(76), "v"))), "must be less than 76 characters"},
		"option value": {actions(menu(options(1, "x", of(149)))), actions(menu(options(1, "x", of(150)))), "must be less than 151 characters"},
		"overflow": {actions(`{"type":"overflow","options":` + options(5, "x", "v") + `}`),
			actions(`{"type":"overflow","options":` + options(6, "x", "v") + `}`), "no more than 5 items allowed"},
		"markdown": {`{"type":"markdown","text":"` + of(12000) + `"}`, `{"type":"markdown","text":"` + of(12001) + `"}`,
			"must be less than 12001 characters"},
		"option description": {actions(menu(`[{"text":` + plainText("x") + `,"value":"v","description":` + plainText(of(75)) + `}]`)),
			actions(menu(`[{"text":` + plainText("x") + `,"value":"v","description":` + plainText(of(76)) + `}]`)), "must be less than 76 characters"},
		"option twice": {actions(menu(options(2, "x", "v"))),
			actions(menu(`[{"text":` + plainText("x") + `,"value":"v"},{"text":` + plainText("y") + `,"value":"v"}]`)), "duplicate"},
		"placeholder": {actions(`{"type":"users_select","placeholder":` + plainText(of(150)) + `}`),
			actions(`{"type":"users_select","placeholder":` + plainText(of(151)) + `}`), "must be less than 151 characters"},
		"confirm":        {actions(confirmed(of(100), of(300), of(30))), actions(confirmed(of(101), of(300), of(30))), "must be less than 101 characters"},
		"confirm text":   {section("x"), actions(confirmed("x", of(301), "y")), "must be less than 301 characters"},
		"confirm button": {section("x"), actions(confirmed("x", "x", of(31))), "must be less than 31 characters"},
		"image": {`{"type":"image","image_url":"https://x.example/i","alt_text":"` + of(2000) + `"}`,
			`{"type":"image","image_url":"https://x.example/i","alt_text":"` + of(2001) + `"}`, "must be less than 2001 characters"},
		"image of nothing":  {section("x"), `{"type":"image","alt_text":"x"}`, "missing required field: image_url"},
		"table rows":        {table(100, 1), table(101, 1), "no more than 100 items allowed [json-pointer:/blocks/0/rows]"},
		"table columns":     {table(1, 20), table(1, 21), "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"},
		"rich element":      {rich(`{"type":"text","text":"x"}`), rich(`{"type":"smell"}`), "unsupported type: smell"},
		"rich empty text":   {section("x"), rich(`{"type":"text","text":""}`), "must be more than 0 characters"},
		"rich link":         {section("x"), rich(`{"type":"link","url":"javascript:x"}`), "invalid url"},
		"rich part":         {section("x"), `{"type":"rich_text","elements":[{"type":"rich_text_poem","elements":[]}]}`, "unsupported type: rich_text_poem"},
		"rich of nothing":   {section("x"), `{"type":"rich_text","elements":[]}`, "must have at least 1 item"},
		"groups or options": {section("x"), actions(`{"type":"static_select"}`), "must have either options or option_groups"},
		"empty section":     {section("x"), section(""), "must be more than 0 characters"},
		"empty button":      {actions(button("x", "a", "v")), actions(button("", "a", "v")), "must be more than 0 characters"},
		"no elements":       {nButtons(1), actions(), "must have at least 1 item"},
		"no options":        {actions(menu(options(1, "x", "v"))), actions(menu("[]")), "must have at least 1 item"},
		"section of naught": {section("x"), `{"type":"section"}`, "missing required field: text or fields"},
		"no text":           {section("x"), `{"type":"header"}`, "missing required field: text"},
		"unknown block":     {section("x"), `{"type":"banner"}`, "unsupported type: banner [json-pointer:/blocks/0/type]"},
		"unknown element":   {nButtons(1), actions(`{"type":"slider"}`), "unsupported type: slider"},
		"element elsewhere": {nButtons(1), actions(`{"type":"image","image_url":"https://x.example/i","alt_text":"x"}`), "unsupported type: image"},
		"unknown field":     {section("x"), `{"type":"divider","colour":"red"}`, "invalid additional property: colour"},
		"mrkdwn in header": {section("x"), `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`,
			"must be a valid enum value [json-pointer:/blocks/0/text/type]"},
		"action_id twice": {actions(button("x", "a", "1"), button("x", "b", "1")), actions(button("x", "a", "1"), button("x", "a", "2")),
			"already exists within the same block"},
		"block_id twice": {`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`,
			`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`, "duplicate"},
		"button style": {nButtons(1), actions(`{"type":"button","style":"green","text":` + plainText("x") + `}`), "must be a valid enum value"},
		"button url": {nButtons(1), actions(`{"type":"button","url":"javascript:x","text":` + plainText("x") + `}`),
			"invalid url [json-pointer:/blocks/0/elements/0/url]"},
		"initial option": {section("x"), actions(`{"type":"static_select","options":` + options(2, "x", "v") +
			`,"initial_option":{"text":` + plainText("x") + `,"value":"other"}}`), "must match one of the options"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			post := func(blocks string) map[string]any {
				return w.raw(t, "chat.postMessage", asForm, w.team.Token(),
					url.Values{"channel": {w.support.ID()}, "text": {"x"}, "blocks": {"[" + blocks + "]"}}.Encode())
			}
			if answer := post(c.fits); answer["ok"] != true {
				t.Errorf("refused what fits: %v", answer)
			}
			answer := post(c.refused)
			raw, _ := json.Marshal(answer["response_metadata"])
			if answer["error"] != "invalid_blocks" || !strings.Contains(string(raw), c.message) {
				t.Errorf("answered %v, want invalid_blocks with %q", answer, c.message)
			}
		})
	}
}

func TestTextLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	call := func(method string, fields map[string]any) any {
		fields["channel"] = w.support.ID()
		body, err := json.Marshal(fields)
		must(t, err)
		return w.raw(t, method, asJSON, w.team.Token(), string(body))["error"]
	}
	_, ts, err := w.api.PostMessage(w.support.ID(), text("x"))
	must(t, err)
	five := []json.RawMessage{}
	for range 5 {
		five = append(five, json.RawMessage(section(of(2900))))
	}
	for name, c := range map[string]struct{ got, want any }{
		"a post that fits":      {call("chat.postMessage", map[string]any{"text": of(slackfake.MaxPostText)}), nil},
		"a post too long":       {call("chat.postMessage", map[string]any{"text": of(slackfake.MaxPostText + 1)}), "msg_too_long"},
		"an update that fits":   {call("chat.update", map[string]any{"ts": ts, "text": of(slackfake.MaxUpdateText)}), nil},
		"an update too long":    {call("chat.update", map[string]any{"ts": ts, "text": of(slackfake.MaxUpdateText + 1)}), "msg_too_long"},
		"blocks that sum up":    {call("chat.postMessage", map[string]any{"text": "x", "blocks": five}), "msg_blocks_too_long"},
		"metadata too large":    {call("chat.postMessage", map[string]any{"text": "x", "metadata": map[string]any{"event_type": "e", "event_payload": map[string]any{"k": of(8000)}}}), "metadata_too_large"},
		"metadata without type": {call("chat.postMessage", map[string]any{"text": "x", "metadata": map[string]any{"event_payload": map[string]any{}}}), "invalid_metadata_schema"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
}

func TestViewLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Config{})
	publish := func(view string) map[string]any {
		return w.raw(t, "views.publish", asForm, w.team.Token(), url.Values{"user_id": {w.rui.ID}, "view": {view}}.Encode())
	}
	home := func(blocks, more string) string { return `{"type":"home","blocks":[` + blocks + `]` + more + `}` }
	input := func(label, element string) string {
		return `{"type":"input","label":` + plainText(label) + `,"element":` + element + `}`
	}
	for name, c := range map[string]struct{ fits, refused string }{
		"blocks":   {home(times(100, func(int) string { return section("x") }), ""), home(times(101, func(int) string { return section("x") }), "")},
		"metadata": {home(section("x"), `,"private_metadata":"`+of(3000)+`"`), home(section("x"), `,"private_metadata":"`+of(3001)+`"`)},
		"callback": {home(section("x"), `,"callback_id":"`+of(255)+`"`), home(section("x"), `,"callback_id":"`+of(256)+`"`)},
		"label":    {home(input(of(2000), `{"type":"plain_text_input"}`), ""), home(input(of(2001), `{"type":"plain_text_input"}`), "")},
		"initial value": {home(input("x", `{"type":"plain_text_input","initial_value":"`+of(3000)+`"}`), ""),
			home(input("x", `{"type":"plain_text_input","initial_value":"`+of(3001)+`"}`), "")},
		"max length": {home(input("x", `{"type":"plain_text_input","max_length":3000}`), ""), home(input("x", `{"type":"plain_text_input","max_length":3001}`), "")},
		"placeholder": {home(input("x", `{"type":"plain_text_input","placeholder":`+plainText(of(150))+`}`), ""),
			home(input("x", `{"type":"plain_text_input","placeholder":`+plainText(of(151))+`}`), "")},
		"a button as an input":    {home(section("x"), ""), home(input("x", button("x", "a", "v")), "")},
		"markdown in a home":      {home(section("x"), ""), home(`{"type":"markdown","text":"x"}`, "")},
		"a modal in place of it":  {home(section("x"), ""), `{"type":"modal","title":` + plainText("x") + `,"blocks":[]}`},
		"an unknown field":        {home(section("x"), ""), home(section("x"), `,"colour":"red"`)},
		"only one gets the focus": {home(section("x"), ""), home(input("x", `{"type":"plain_text_input","focus_on_load":true}`)+","+input("y", `{"type":"plain_text_input","focus_on_load":true}`), "")},
	} {
		if answer := publish(c.fits); answer["ok"] != true {
			t.Errorf("%s: refused what fits: %v", name, answer)
		}
		if answer := publish(c.refused); answer["error"] != "invalid_arguments" {
			t.Errorf("%s: answered %v", name, answer)
		}
	}
}
