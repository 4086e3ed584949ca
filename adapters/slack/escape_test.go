package slack

import (
	"strings"
	"testing"

	"heed/bot"
)

func TestLiteral(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"dark mode":                     "dark mode",
		"a < b && c > d":                "a &lt; b &amp;&amp; c &gt; d",
		"<!channel> hello":              "&lt;!channel&gt; hello",
		"<@U123|rui>":                   "&lt;@U123|rui&gt;",
		"@here @channel @Everyone":      "@\u200bhere @\u200bchannel @\u200bEveryone",
		"*bold* and _italic_":           "∗bold∗ and ˍitalicˍ",
		"2*3, snake_case_name":          "2*3, snake_case_name",
		"~gone~ `code`":                 "∼gone∼ ˋcodeˋ",
		":tada: at 10:30":               ":\u200btada: at 10:30",
		"> quoted\n> twice":             "\u200b&gt; quoted\n\u200b&gt; twice",
		"*":                             "∗",
		"مرحبا *":                       "مرحبا ∗",
		"bad \xff bytes":                "bad � bytes",
		"<https://acme.example|Acme> x": "&lt;https://acme.example|Acme&gt; x",
	} {
		if got := literal(in); got != want {
			t.Errorf("literal(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMrkdwn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text bot.Text
		want string
	}{
		"marks of the format count, of the words not": {bot.Textf("*#42 %s* · _%s_", "*x*", "a_b_"), "*#42 ∗x∗* · _a_bˍ_"},
		"no mark around space":                        {bot.Text{{Text: " a ", Bold: true}, {Text: "b"}}, " *a* b"},
		"code":                                        {bot.Textf("`%s`", "/heed top `10` <x> *y*"), "`/heed top ˋ10ˋ &lt;x&gt; *y*`"},
		"a link":                                      {bot.Text{bot.Link("#42 | a > b", "https://acme.example/?a=1&b=2|3")}, "<https://acme.example/?a=1&amp;b=2%7C3|#42 ∣ a &gt; b>"},
		"a link that runs":                            {bot.Text{bot.Link("press", "javascript:alert(1)")}, "press"},
		"an account is not pinged":                    {bot.Text{{Text: "Rui", Account: "U123"}}, "Rui"},
		"a channel is linked":                         {bot.Text{{Text: "support", Channel: "C0123"}}, "<#C0123>"},
		"a channel of another platform":               {bot.Text{{Text: "support", Channel: "118"}}, "#support"},
		"nothing":                                     {bot.Text{}, " "},
	} {
		if got := mrkdwn(tt.text, maxSectionText); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	long := mrkdwn(bot.Literal(strings.Repeat("&", 5000)), maxSectionText)
	if n := len([]rune(long)); n > maxSectionText || !strings.HasSuffix(long, "…") {
		t.Errorf("cut to %d characters, ending %q", n, long[len(long)-5:])
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	name := func(account string) string { return map[string]string{"U1": "Rui"}[account] }
	for in, want := range map[string]string{
		"<@U1> and <@U2> and <@U3|mira>":                    "@Rui and @someone and @mira",
		"in <#C1|support> or <#C2>":                         "in #support or a channel",
		"<!here> <!channel> <!everyone>":                    "@here @channel @everyone",
		"<!subteam^S1|@pms> <!subteam^S2>":                  "@pms @a group",
		"<!date^1392734382^{date}|18 Feb 2014>":             "18 Feb 2014",
		"<http://acme.example|acme.example>":                "acme.example",
		"<https://acme.example/x>":                          "https://acme.example/x",
		"<https://acme.example|our site>":                   "our site (https://acme.example)",
		"<mailto:rui@acme.example|rui@acme.example>":        "rui@acme.example",
		"a &lt;b&gt; &amp;amp; c":                           "a <b> &amp; c",
		":pray: at 10:30:15, :+1::skin-tone-3: :acme-logo:": "🙏 at 10:30:15, 👍🏼 :acme-logo:",
		"1 < 2 and <>":                                      "1 < 2 and <>",
	} {
		if got := words(in, name); got != want {
			t.Errorf("words(%q) = %q, want %q", in, got, want)
		}
	}
	if got := withoutMention("<@U9|heed> dark <@U1> mode <@U9>", "U9"); got != "dark <@U1> mode" {
		t.Errorf("without Heed's own: %q", got)
	}
}
