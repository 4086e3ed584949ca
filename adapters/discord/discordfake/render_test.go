package discordfake

import (
	"fmt"
	"strings"
	"testing"
)

func known(kind byte, id string) string {
	return map[string]string{"@1": "Rui", "&2": "moderators", "#3": "feedback"}[string(kind)+id]
}

func TestShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"**#42 Dark mode** · _Planned_":           "#42 Dark mode · Planned",
		"***very*** ~~old~~ ||hush|| __under__":   "very old hush under",
		`\*stars\* and \_lines\_ and \# no title`: "*stars* and _lines_ and # no title",
		"snake_case_name and 2*3*4":               "snake_case_name and 234",
		"# Title\n-# small\n> quoted":             "Title\nsmall\nquoted",
		"[Try it](https://acme.example/42)":       "Try it",
		"[no](javascript:alert)":                  "[no](javascript:alert)",
		"<https://acme.example>":                  "https://acme.example",
		"<@1> <@!1> <@&2> <#3> <@9> <@&9> <#9>":   "@Rui @Rui @moderators #feedback @unknown-user @deleted-role #unknown",
		"</heed status:77> <:party:5> <a:spin:6>": "/heed status :party: :spin:",
		"`**code**` ```go\nx := 1```":             "**code** x := 1",
		"``a `b` c``":                             "a `b` c",
		"`<@1>` \\`**bold**\\`":                   "<@1> `bold`",
		"`\\*`":                                   `\*`,
		"<t:1763800000:R> <t:1763800000:D>":       "(time 1763800000) 22 November 2025",
		`a \\ b`:                                  `a \ b`,
		`\<@1>`:                                   "<@1>",
		"lonely ` tick and * star":                "lonely ` tick and * star",
	} {
		if got := shown(text, known); got != want {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestNotified(t *testing.T) {
	t.Parallel()
	all := "@everyone <@1> <@!5> <@&2>"
	for name, c := range map[string]struct {
		message  object
		allowed  object
		byAnswer bool
		want     string
	}{
		"nothing said means all":         {says(all), nil, false, "true [1 5] [2]"},
		"an answer pings people only":    {says(all), nil, true, "false [1 5] []"},
		"nobody":                         {says(all), object{"parse": []any{}}, false, "false [] []"},
		"an empty object is nobody":      {says(all), object{}, false, "false [] []"},
		"only who is named":              {says(all), object{"users": []any{"5", "7"}}, false, "false [5] []"},
		"here is everyone":               {says("@here"), object{"parse": []any{"everyone"}}, false, "true [] []"},
		"a role by name":                 {says(all), object{"roles": []any{"2"}}, false, "false [] [2]"},
		"code pings nobody":              {says("`@everyone <@1>` ```<@&2>```"), nil, false, "false [] []"},
		"a backslash takes the meaning":  {says(`\@everyone \<@1> <\@1>`), nil, false, "false [] []"},
		"a joiner takes the meaning":     {says("@\u200beveryone"), nil, false, "false [] []"},
		"no word goes on behind it":      {says("@everyoneelse"), nil, false, "false [] []"},
		"an embed pings nobody":          {embedded(object{"description": all}), nil, false, "false [] []"},
		"a text display does":            {v2(container(display(all))), nil, false, "true [1 5] [2]"},
		"a channel is nobody":            {says("<#3> </heed top:9>"), nil, false, "false [] []"},
		"named twice is notified once":   {says("<@1> <@1>"), nil, false, "false [1] []"},
		"a button's label pings nobody":  {comps(row(button("a", all))), nil, false, "false [] []"},
		"an escaped tick opens no code":  {says("\\`<@1>\\`"), nil, false, "false [1] []"},
		"a tick alone opens no code":     {says("` <@1>"), nil, false, "false [1] []"},
		"two ticks hold one":             {says("``` ` ``` <@1> ``<@5> ` ``"), nil, false, "false [1] []"},
		"everyone needs its own consent": {says(all), object{"parse": []any{"users", "roles"}}, false, "false [1 5] [2]"},
	} {
		allowed := c.allowed
		if allowed != nil {
			allowed = jsonObject(t, allowed)
		}
		p := notified(jsonObject(t, c.message), allowed, c.byAnswer)
		if got := fmt.Sprint(p.everyone, p.users, p.roles); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if !(pings{}).none() || (pings{roles: []string{"2"}}).none() {
		t.Error("none is nobody")
	}
}

func TestRenderMessage(t *testing.T) {
	t.Parallel()
	card := object{
		"content": "for <@1>",
		"embeds": []any{object{
			"author": object{"name": "Heed"}, "title": "#42 Dark mode", "description": "> My eyes **hurt**",
			"fields": []any{field("Votes", "31")}, "image": object{"url": "https://acme.example/x.png"}, "footer": object{"text": "Asked by Rui"},
		}},
		"attachments": []any{object{"filename": "shot.png"}},
		"components": []any{
			row(object{"type": 2, "label": "Vote", "emoji": object{"name": "👍"}, "custom_id": "v"}, object{"type": 2, "label": "Details", "disabled": true, "custom_id": "d"}),
			row(menu(object{"placeholder": "Pick one"})),
			row(menu(object{"options": []any{object{"label": "Planned", "value": "p", "default": true}}})),
		},
	}
	want := "for @Rui\nHeed\n#42 Dark mode\nMy eyes hurt\nVotes\n31\n(image)\nAsked by Rui\n(shot.png)\n[👍 Vote] (Details)\n[Pick one ▾]\n[Planned ▾]"
	if got := renderMessage(jsonObject(t, card), known); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	parts := v2(
		container(
			object{"type": 9, "components": []any{display("### Top 10"), display("1 Dark mode")}, "accessory": button("t", "Whole list")},
			object{"type": 14}, object{"type": 14, "divider": false}, object{"type": 12, "items": []any{picture()}},
			object{"type": 13, "file": object{"url": "attachment://items.csv"}}, row(link("https://acme.example")),
		),
	)
	want = "Top 10\n1 Dark mode [Whole list]\n---\n(the list)\n(items.csv)\n[Try it]"
	if got := renderMessage(jsonObject(t, parts), known); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := renderMessage(object{"flags": 4, "content": "x", "embeds": []any{object{"title": "t"}}}, nil); got != "x" {
		t.Errorf("suppressed embeds are not seen: %q", got)
	}
}

func TestRenderModal(t *testing.T) {
	t.Parallel()
	form := object{"title": "Decline #42", "components": []any{
		display("They read *this*."),
		object{"type": 18, "label": "Why?", "description": "In a sentence", "component": object{"type": 4, "custom_id": "w", "placeholder": "Because…"}},
		object{"type": 18, "label": "Title", "component": object{"type": 4, "custom_id": "t", "value": "Dark mode", "placeholder": "x"}},
		object{"type": 18, "label": "Who", "component": object{"type": 5, "custom_id": "u", "default_values": []any{object{"id": "1", "type": "user"}}}},
		object{"type": 18, "label": "Size", "component": object{"type": 21, "custom_id": "s", "options": []any{object{"label": "S", "value": "s", "default": true}, object{"label": "L", "value": "l"}}}},
		object{"type": 18, "label": "Tell all", "component": object{"type": 23, "custom_id": "c"}},
		row(object{"type": 4, "label": "Old", "custom_id": "o"}),
	}}
	want := strings.Join([]string{
		"Decline #42", "They read this.", "Why?: [Because…] (In a sentence)", "Title: [Dark mode]", "Who: [Rui ▾]", "Size: (x) S ( ) L", "Tell all: ( )", "Old: []",
	}, "\n")
	if got := renderModal(jsonObject(t, form), known); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
