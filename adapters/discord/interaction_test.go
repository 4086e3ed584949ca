package discord

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func decoded(t *testing.T, data string) interaction {
	t.Helper()
	i, ok := decodeInteraction(json.RawMessage(data))
	if !ok {
		t.Fatalf("not read: %s", data)
	}
	return i
}

const ruiInGuild = `"id":"1175928847299117063","application_id":"77","token":"not-a-real-token","version":1,"guild_id":"500","channel_id":"600",
	"channel":{"id":"600","type":0,"name":"support"},"member":{"user":{"id":"1001","username":"rui.costa","global_name":"Rui Costa"},"nick":"Rui","permissions":"2147483647","joined_at":"2026-11-01T10:00:00+00:00"}`

func TestInteraction(t *testing.T) {
	t.Parallel()
	t.Run("a_command_has_its_arguments_by_name", func(t *testing.T) {
		t.Parallel()
		i := decoded(t, `{"type":2,`+ruiInGuild+`,"data":{"id":"9","name":"heed","type":1,"options":[{"name":"manage","type":2,"options":[{"name":"block","type":1,"options":[
			{"name":"member","type":6,"value":"1002"},{"name":"days","type":4,"value":7},{"name":"off","type":5,"value":false},{"name":"reason","type":3,"value":"spam"}]}]}]}}`)
		verb, values, _ := i.command()
		if verb != bot.VerbBlock || values["member"] != "1002" || values["days"] != "7" || values["off"] != "off" || values["reason"] != "spam" {
			t.Errorf("%s %v", verb, values)
		}
		c := i.call(guildRef("500"))
		if c.Key != "1175928847299117063" || c.At.IsZero() || c.Channel.Ref != "600" || c.Channel.Name != "support" || c.Channel.Kind != "" || c.Thread != "" || c.Message != "" {
			t.Errorf("%+v", c)
		}
		if c.Member.Account != "1001" || c.Member.Name != "Rui" || !c.Member.Admin || !c.Member.Complete {
			t.Errorf("%+v", c.Member)
		}
	})
	t.Run("a_bare_subcommand_is_one", func(t *testing.T) {
		t.Parallel()
		i := decoded(t, `{"type":2,`+ruiInGuild+`,"data":{"name":"heed","type":1,"options":[{"name":"mine","type":1}]}}`)
		if verb, values, _ := i.command(); verb != bot.VerbMine || len(values) > 0 {
			t.Errorf("%s %v", verb, values)
		}
	})
	t.Run("names_fall_back", func(t *testing.T) {
		t.Parallel()
		for data, want := range map[string]string{
			`{"user":{"id":"1","username":"rui.costa","global_name":"Rui Costa"},"nick":"Rui","permissions":"0"}`: "Rui",
			`{"user":{"id":"1","username":"rui.costa","global_name":"Rui Costa"},"nick":null}`:                    "Rui Costa",
			`{"user":{"id":"1","username":"rui.costa","global_name":null}}`:                                       "rui.costa",
		} {
			i := decoded(t, `{"type":3,"id":"5","token":"x","guild_id":"500","member":`+data+`}`)
			if who := i.who(); who.Name != want || who.Admin {
				t.Errorf("%+v, want %s", who, want)
			}
		}
	})
	t.Run("who_may_manage_the_server_is_an_admin", func(t *testing.T) {
		t.Parallel()
		for may, want := range map[string]bool{"8": true, "32": true, "40": true, "0": false, "16": false, "": false, "9007199254740993": false, "not a number": false, "-1": false, "99999999999999999999999": false, "40.0": false} {
			i := decoded(t, `{"type":3,"id":"5","token":"x","guild_id":"500","member":{"user":{"id":"1"},"permissions":"`+may+`"}}`)
			if i.who().Admin != want {
				t.Errorf("permissions %q: admin %v", may, i.who().Admin)
			}
		}
	})
	t.Run("a_thread_is_in_its_channel", func(t *testing.T) {
		t.Parallel()
		i := decoded(t, `{"type":2,"id":"5","token":"x","guild_id":"500","channel_id":"601","channel":{"id":"601","type":11,"parent_id":"600","name":"a thread"},"member":{"user":{"id":"1"}},"data":{"name":"feedback"}}`)
		if c := i.call(guildRef("500")); c.Channel.Ref != "600" || c.Thread != "601" || c.Channel.Name != "" {
			t.Errorf("%+v", c)
		}
	})
	t.Run("a_private_thread_is_a_channel_of_its_own", func(t *testing.T) {
		t.Parallel()
		i := decoded(t, `{"type":2,"id":"5","token":"x","guild_id":"500","channel_id":"601","channel":{"id":"601","type":12,"parent_id":"600","name":"a thread"},"member":{"user":{"id":"1"}},"data":{"name":"feedback"}}`)
		if c := i.call(guildRef("500")); c.Channel.Ref != "601" || c.Thread != "" || c.Channel.Kind != bot.PrivateChannel {
			t.Errorf("%+v", c)
		}
	})
	t.Run("outside_of_guilds_it_is_a_conversation", func(t *testing.T) {
		t.Parallel()
		i := decoded(t, `{"type":2,"id":"5","token":"x","channel_id":"700","channel":{"id":"700","type":1},"user":{"id":"1001","username":"rui"},"context":1,"data":{"name":"feedback","options":[{"name":"text","type":3,"value":"dark mode"}]}}`)
		c := i.call(guildRef("500"))
		if c.Channel.Kind != bot.DirectChannel || c.Member.Account != "1001" || c.Member.Complete {
			t.Errorf("%+v", c)
		}
	})
	t.Run("heed_may_be_brought_along_by_one_person", func(t *testing.T) {
		t.Parallel()
		for owners, want := range map[string]bool{`{"0":"500"}`: true, `{"0":"500","1":"1001"}`: true, `{"1":"1001"}`: false, `{}`: true, `null`: true} {
			i := decoded(t, `{"type":2,`+ruiInGuild+`,"authorizing_integration_owners":`+owners+`,"data":{"name":"feedback"}}`)
			if i.installed() != want {
				t.Errorf("%s: installed %v", owners, i.installed())
			}
		}
	})
	t.Run("only_a_message_that_all_see_is_the_one_pressed", func(t *testing.T) {
		t.Parallel()
		for flags, want := range map[string]string{"0": "900", "32768": "900", "64": "", "32832": ""} {
			i := decoded(t, `{"type":3,`+ruiInGuild+`,"message":{"id":"900","flags":`+flags+`},"data":{"custom_id":"vote 42|2","component_type":2}}`)
			if c := i.call(guildRef("500")); c.Message != want || actionOf(i.Data.CustomID) != "vote 42" {
				t.Errorf("flags %s: %+v", flags, c)
			}
		}
	})
	t.Run("a_form_gives_its_answers_by_name", func(t *testing.T) {
		t.Parallel()
		i := decoded(t, `{"type":5,`+ruiInGuild+`,"data":{"custom_id":"~form 5 0","components":[
			{"type":10,"id":1},
			{"type":18,"id":2,"component":{"type":4,"id":3,"custom_id":"words","value":"=\nmy words"}},
			{"type":18,"component":{"type":3,"custom_id":"choice","values":["="]}},
			{"type":18,"component":{"type":5,"custom_id":"member","values":["1002"]}},
			{"type":18,"component":{"type":8,"custom_id":"channel","values":[]}},
			{"type":18,"component":{"type":22,"custom_id":"check","values":["on"]}},
			{"type":18,"component":{"type":23,"custom_id":"box","value":true}},
			{"type":18,"component":{"type":23,"custom_id":"empty","value":false}},
			{"type":1,"components":[{"type":4,"custom_id":"old","value":"as ever"}]},
			{"type":99,"component":{"type":98,"custom_id":"new","value":null}},
			17
		]}}`)
		got := i.answers()
		for name, want := range map[string]string{"words": "=\nmy words", "choice": "", "member": "1002", "channel": "", "check": "on", "box": "on", "empty": "", "old": "as ever", "new": ""} {
			if v, there := got[name]; v != want || !there {
				t.Errorf("%s: %q, %v", name, v, there)
			}
		}
	})
	t.Run("a_saved_message_says_what_it_says", func(t *testing.T) {
		t.Parallel()
		i := decoded(t, `{"type":2,`+ruiInGuild+`,"data":{"name":"Save as feedback","type":3,"target_id":"900","resolved":{"messages":{"900":{
			"id":"900","content":"<@1002> wants <:party:55> in <#601> before <t:1795392000:R>, see </heed top:9> <https://acme.example/a>","author":{"id":"1003","username":"omar"},
			"mentions":[{"id":"1002","username":"mira","global_name":"Mira"}],
			"attachments":[{"filename":"a.png"},{"filename":"b.bin","content_type":"image/webp"},{"filename":"notes.txt","content_type":"text/plain"}]}}}}}`)
		m := i.Data.Resolved.Messages["900"]
		if got := m.words(); got != "@Mira wants :party: in a channel before 23 Nov 2026 00:00 UTC, see /heed top <https://acme.example/a>" {
			t.Errorf("%q", got)
		}
		if m.pictures() != 2 {
			t.Errorf("%d pictures", m.pictures())
		}
		if c := i.call(guildRef("500")); c.Message != "900" {
			t.Errorf("%+v", c)
		}
	})
	t.Run("what_was_forwarded_or_embedded_counts_as_its_words", func(t *testing.T) {
		t.Parallel()
		for message, want := range map[string]string{
			`{"content":"","message_snapshots":[{"message":{"content":"dark mode","attachments":[{"filename":"a.png"}]}}]}`: "dark mode",
			`{"content":"","embeds":[{"title":"A survey says","description":"dark mode"}]}`:                                 "A survey says\ndark mode",
			`{"content":"this","embeds":[{"title":"A link's preview"}]}`:                                                    "this",
		} {
			i := decoded(t, `{"type":2,`+ruiInGuild+`,"data":{"type":3,"target_id":"9","resolved":{"messages":{"9":`+message+`}}}}`)
			if got := i.Data.Resolved.Messages["9"].words(); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	})
}

// TestDecodeInteraction_survives_anything holds that what Discord may add or get wrong
// loses at most itself.
func TestDecodeInteraction_survives_anything(t *testing.T) {
	t.Parallel()
	for _, data := range []string{``, `null`, `[]`, `{}`, `"x"`, `{"type":2}`, `{"id":"1","token":"t","type":2}`, `{"id":"1","token":"t","type":2,"member":{}}`} {
		if _, ok := decodeInteraction(json.RawMessage(data)); ok {
			t.Errorf("%s can be answered", data)
		}
	}
	i := decoded(t, `{"id":"1","token":"t","type":77,"member":{"user":{"id":"2"},"permissions":5},"channel":"600","message":"none","data":{"options":{"a":1},"components":"none","type":"text"}}`)
	if i.Type != 77 || i.account().ID != "2" {
		t.Errorf("%+v", i)
	}
	i.command()
	i.answers()
	i.call(guildRef("500"))
}

func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"type":5,` + ruiInGuild + `,"data":{"custom_id":"~form 5 0","components":[{"type":18,"component":{"type":4,"custom_id":"words","value":"x"}}]}}`))
	f.Add([]byte(`{"type":2,` + ruiInGuild + `,"data":{"name":"heed","options":[{"type":2,"options":[{"type":1,"options":[{"value":1e300}]}]}]}}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		i, ok := decodeInteraction(data)
		if !ok {
			return
		}
		i.command()
		i.answers()
		i.call(guildRef("500"))
		for _, m := range i.Data.Resolved.Messages {
			m.words()
			m.pictures()
		}
	})
}

func TestOffered(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("🫠", 100)
	got := offered([]bot.Suggestion{{Value: "42", Label: long}, {Value: "x", Label: "no number"}, {Value: "", Label: "nothing"}}, optionInteger)
	if len(got) != 1 || got[0].Value != 42 || units(got[0].Name) > maxChoiceName || !strings.HasSuffix(got[0].Name, "…") {
		t.Errorf("%+v", got)
	}
	var many []bot.Suggestion
	for range 40 {
		many = append(many, bot.Suggestion{Value: "a", Label: "b"})
	}
	if got := offered(many, optionString); len(got) != maxChoices || got[0].Value != "a" {
		t.Errorf("%d offered", len(got))
	}
	if got := offered(nil, optionString); got == nil {
		t.Error("nothing to offer is no list")
	}
}

func TestDraft_comes_back_whole(t *testing.T) {
	t.Parallel()
	d := draft{
		Form: bot.Form{ID: "give", State: "600 5:77", Title: "A form", Submit: "Send", Fields: []bot.Field{
			bot.InfoField{Doc: bot.Doc{
				bot.Heading{Text: "h"}, bot.Para{Text: bot.Textf("*p* %v", bot.Link("l", "https://acme.example/"))}, bot.Quote{Text: bot.Literal("q")}, bot.Small{Text: bot.Literal("s")},
				bot.Row{Text: bot.Literal("r"), Buttons: []bot.Button{{Label: "B", Action: "top"}}}, bot.Bars{{Label: "b", Value: 3}}, bot.Rule{}, bot.Buttons{{Label: "C", Action: "mine", Style: bot.Danger}},
			}},
			bot.TextField{Name: "words", Label: "Words", Value: "as it was", Lines: true, Max: 3000},
			bot.TextField{Name: "line", Label: "Line", Optional: true},
			bot.ChoiceField{Name: "choice", Label: "Choice", Options: []bot.Option{{Value: "a", Label: "A"}, {Value: "", Label: "None"}}, Value: "a"},
			bot.CheckField{Name: "check", Label: "Check", Text: "yes", On: true},
			bot.MemberField{Name: "member", Label: "Member", Value: "1001"},
			bot.ChannelField{Name: "channel", Label: "Channel", Value: "600"},
		}},
		Values:  map[string]string{"words": "mine", "check": ""},
		Channel: bot.ChannelSeen{Ref: "600", Name: "support", Kind: bot.PublicChannel}, Thread: "601", Message: "900",
	}
	data, err := d.marshal()
	if err != nil {
		t.Fatal(err)
	}
	back, err := unmarshalDraft(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.marshal()
	if err != nil || string(again) != string(data) {
		t.Errorf("%v\n%s\n%s", err, data, again)
	}
	s := back.submission()
	for name, want := range map[string]string{"words": "mine", "line": "", "choice": "a", "check": "", "member": "1001", "channel": "600"} {
		if s.Values[name] != want {
			t.Errorf("%s is sent as %q, want %q", name, s.Values[name], want)
		}
	}
	if s.Form != "give" || s.State != "600 5:77" || back.typed() != "mine" {
		t.Errorf("%+v, typed %q", s, back.typed())
	}
	if n := back.pageOf(map[string]string{"channel": "Which?"}); n != 1 {
		t.Errorf("the channel stands on page %d", n)
	}
	if n := back.pageOf(nil); n != 0 {
		t.Errorf("nothing stands on page %d", n)
	}
}

func TestDrafts_give_way_to_later_ones(t *testing.T) {
	t.Parallel()
	var k drafts
	for n := range maxAtHand + 10 {
		k.hold(draft{account: "1", key: time.Duration(n).String()})
	}
	if _, ok := k.held("1", "0s"); ok {
		t.Error("the oldest is still held")
	}
	if _, ok := k.held("1", time.Duration(maxAtHand+9).String()); !ok {
		t.Error("the newest is not held")
	}
	if _, ok := k.held("2", time.Duration(maxAtHand+9).String()); ok {
		t.Error("somebody else holds it")
	}
}
