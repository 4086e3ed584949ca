package discord

import (
	"encoding/json"
	"testing"

	"heed/bot"
)

func TestStamp(t *testing.T) {
	t.Parallel()
	doc := bot.Doc{bot.Buttons{{Label: "A", Action: "vote 42"}, {Label: "B", Action: "vote 42"}, {Label: "C", Action: "top"}}, bot.Buttons{{Label: "D", Action: "vote 42"}}}
	for key, want := range map[string][]string{
		"":      {"vote 42", "vote 42|2", "top", "vote 42|3"},
		postKey: {"vote 42||" + postKey, "vote 42|2|" + postKey, "top||" + postKey, "vote 42|3|" + postKey},
	} {
		m := drawDoc(doc).stamped(key)
		var got []string
		for _, row := range m.Components {
			for _, b := range row.Components {
				got = append(got, b.CustomID)
				if a := actionOf(b.CustomID); a != "vote 42" && a != "top" {
					t.Errorf("%q means %q", b.CustomID, a)
				}
			}
		}
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				t.Fatalf("custom_ids %q, want %q", got, want)
			}
		}
	}
	raw, err := json.Marshal(drawDoc(bot.Doc{bot.Para{Text: bot.Textf("no button")}}).stamped(postKey).Components)
	if err != nil {
		t.Fatal(err)
	}
	for components, want := range map[string]bool{
		string(raw): true, `[]`: false, `null`: false, ``: false, `{}`: false, `[1,"x",null]`: false, `[{"id":"1"}]`: false,
		`[{"type":99,"inner":{"custom_id":"x||` + postKey + `"}}]`: true, `[{"type":1,"components":[{"custom_id":"` + postKey + `"}]}]`: false,
	} {
		if got := stampedWith(json.RawMessage(components), postKey); got != want {
			t.Errorf("%s is found: %v", components, got)
		}
	}
	if stampedWith(raw, "another") || stampedWith(raw, "") {
		t.Error("a message is found by another's key")
	}
}
