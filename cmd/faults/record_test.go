package main

import (
	"net/url"
	"testing"
	"time"
)

// TestRecord reads deliveries as they pass the balancer and says what each was promised.
func TestRecord(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_800_000_000, 0)
	event := func(status int) delivery {
		return delivery{Path: "/slack/events", Status: status, Sent: at, Body: []byte(`{"team_id":"T1","event_id":"Ev1","type":"event_callback","event":
			{"type":"reaction_added","user":"U1","reaction":"+1","item":{"type":"message","channel":"C1","ts":"1.1"},"event_ts":"1800000000.000200"}}`)}
	}
	command := func(text string, status int, answer string) delivery {
		form := url.Values{"command": {"/feedback"}, "text": {text}, "team_id": {"T1"}, "user_id": {"U1"}, "trigger_id": {"t1"}, "response_url": {"https://slack.example/hooks/RU1"}}
		return delivery{Path: "/slack/commands", Status: status, Sent: at, Body: []byte(form.Encode()), Answer: []byte(answer)}
	}
	interaction := func(payload string, status int, answer string) delivery {
		return delivery{Path: "/slack/interactions", Status: status, Sent: at, Body: []byte(url.Values{"payload": {payload}}.Encode()), Answer: []byte(answer)}
	}
	press := interaction(`{"type":"block_actions","trigger_id":"t2","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"container":{"message_ts":"1.1"},
		"response_url":"https://slack.example/hooks/RU2","actions":[{"action_ts":"1800000000.5","text":{"type":"plain_text","text":"👍 Vote"}}]}`, 200, "")
	form := `{"type":"view_submission","trigger_id":"t3","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","blocks":[],"state":{"values":{"how":{"how":{"value":"how000007"}}}}}}`
	const saidYes, saidNo = `{"text":"Saved as #1 Dark mode"}`, `{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"I couldn't save this"}}]}`
	for name, c := range map[string]struct {
		deliveries []delivery
		replies    map[string][]string
		want       act
	}{
		"an_event_that_was_taken_at_the_second_try": {[]delivery{event(503), event(200)}, nil, act{Kind: reacted, Verdict: kept, Adds: true, Message: "1.1"}},
		"an_event_that_slack_gave_up":               {[]delivery{event(503), event(0)}, nil, act{Kind: reacted, Verdict: unknown, Adds: true, Message: "1.1"}},
		"words_that_were_saved":                     {[]delivery{command("tok000001", 200, saidYes)}, nil, act{Kind: asked, Verdict: kept}},
		"words_that_came_back":                      {[]delivery{command("tok000001", 200, saidNo)}, nil, act{Kind: asked, Verdict: unknown}},
		"words_that_were_cut":                       {[]delivery{command("tok000001", 0, "")}, nil, act{Kind: asked, Verdict: unknown}},
		"a_press_that_counted":                      {[]delivery{press}, map[string][]string{"RU2": {"Counted. You'll hear"}}, act{Kind: pressed, Verdict: kept, Adds: true, Message: "1.1"}},
		"a_press_that_took_back":                    {[]delivery{press}, map[string][]string{"RU2": {"Taken back. 👍 3 now."}}, act{Kind: pressed, Verdict: kept, Message: "1.1"}},
		"a_press_without_a_word":                    {[]delivery{press}, nil, act{Kind: pressed, Verdict: unknown, Message: "1.1"}},
		"a_form_that_was_taken":                     {[]delivery{interaction(form, 200, "")}, nil, act{Kind: shipped, Verdict: kept}},
		"a_form_that_stayed_open":                   {[]delivery{interaction(form, 200, `{"response_action":"errors","errors":{"how":"Not saved yet."}}`)}, nil, act{Kind: shipped, Verdict: unknown}},
		"a_form_whose_writer_was_told":              {[]delivery{interaction(form, 200, "")}, map[string][]string{toPerson("T1", "U1"): {"I couldn't do this"}}, act{Kind: shipped, Verdict: unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := acts(c.deliveries, c.replies)
			if len(all) != 1 {
				t.Fatalf("it reads %d acts", len(all))
			}
			got := act{Kind: all[0].Kind, Verdict: all[0].Verdict, Adds: all[0].Adds, Message: all[0].Message}
			if got.Kind != c.want.Kind || got.Verdict != c.want.Verdict || got.Adds != c.want.Adds || got.Message != c.want.Message {
				t.Errorf("it reads %+v, want %+v", got, c.want)
			}
		})
	}
}
