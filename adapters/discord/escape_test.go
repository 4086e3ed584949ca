package discord

import (
	"regexp"
	"strings"
	"testing"

	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// hostile is what a person might type to ping everybody or to break the layout.
var hostile = []string{
	"@everyone @here @Everyone <@1> <@!1> <@&2> <#3> </heed:4> <id:customize> <:party:5> <a:party:5> <t:1763800000:R>",
	"*a* **b** ***c*** _d_ __e__ ~~f~~ ||g|| `h` ``i`` ```go\nj\n```",
	"# one\n## two\n### three\n-# four\n> five\n>>> six\n- seven\n* eight\n1. nine\n  - ten\n #eleven\n#12",
	"[x](https://evil.example) <https://evil.example> https://evil.example/a_b_c?*x* http://e.example",
	":tada: at 10:30:15 ::: a::b :x",
	"\\ \\* \\\\* \\@everyone \\`",
	"\u202egnirts\u202c \u2066x\u2069 a\u200bb \ufeffc 👩\u200d👧 نص \u200f",
	"2*3*4 snake_case_name a_b_ ~5 a | b a || b ~ ~~ ~~~ |||",
	"\x00\x07\t\v\f\r\nnext\u2028line\u0085",
	"`", "```", "*", "_", "||", "~~", "-", "#", ">", "1.", "1. ", "- ", "\\", "bad \xff bytes", "", " ", "\n\n\n",
	"[a](b) [c]", "<<@1>>", "<", "@", "@everyone", "everyone@everyone.example", "a:b:c", "-#x", "--- ", "+ x", "12) x", "1.x",
}

func TestLiteral(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"dark mode":                    "dark mode",
		"a < b && c > d":               `a \< b && c > d`,
		"@here @Everyone @rui":         `\@here \@Everyone @rui`,
		"<@1> <@&2> <#3> <t:1:R>":      `\<@1> \<@&2> \<#3> \<t\:1:R>`,
		"*bold* and _italic_":          `\*bold\* and \_italic\_`,
		"a ~ b, ~~gone~~, a | b, ||x|": `a ~ b, \~\~gone\~\~, a | b, \|\|x|`,
		":tada: at 10:30":              `\:tada: at 10:30`,
		"https://acme.example/a_b":     `https\://acme.example/a\_b`,
		"# big":                        `\# big`,
		"#42 is fine":                  "#42 is fine",
		"  - item":                     `  \- item`,
		"-# small":                     `\-# small`,
		"> said":                       `\> said`,
		"12. twelve":                   `12\. twelve`,
		"a - b # c > d 1. e":           "a - b # c > d 1. e",
		"[a](https://x.example)":       `\[a\](https\://x.example)`,
		`back\slash`:                   `back\\slash`,
		"bad \xff bytes":               "bad � bytes",
		"\u202eevil\u202c":             "evil",
		"👩\u200d👧":                     "👩\u200d👧",
	} {
		if got := literal(in, true); got != want {
			t.Errorf("literal(%q) = %q, want %q", in, got, want)
		}
	}
	if got := literal("# big", false); got != "# big" {
		t.Errorf("within a line: %q", got)
	}
	for in, want := range map[string]string{"C#": `C\#`, "a ## ": `a \#\#`, "#": `\#`, "#42 a*": `#42 a\*`} {
		if got := titleLine(in); got != want {
			t.Errorf("titleLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text bot.Text
		want string
	}{
		"marks of the format count, of the words not": {bot.Textf("*#42 %s* · _%s_", "*x*", "a_b_"), `**#42 \*x\*** · _a\_b\__`},
		"no mark around space":                        {bot.Text{{Text: " a ", Bold: true}, {Text: "b"}}, " **a** b"},
		"marks do not cross lines":                    {bot.Text{{Text: "a\nb", Bold: true}}, "**a**\n**b**"},
		"italic before a letter":                      {bot.Text{{Text: "a", Italic: true}, {Text: "b"}}, "*a*b"},
		"code":                                        {bot.Textf("`%s`", "/heed top `10` <x> *y*"), "`/heed top ˋ10ˋ <x> *y*`"},
		"a link":                                      {bot.Text{bot.Link("#42 [a](b)", "https://acme.example/?a=(1)&b=2")}, `[#42 \[a\](b)](https://acme.example/?a=%281%29&b=2)`},
		"a link of a lone bracket":                    {bot.Text{bot.Link("a [ b] [", "https://acme.example/")}, "[a ［ b］ ［](https://acme.example/)"},
		"a link of brackets":                          {bot.Text{bot.Link("a [b] [c]", "https://acme.example/")}, `[a \[b\] \[c\]](https://acme.example/)`},
		"an address":                                  {bot.Text{bot.Link("https://acme.example/a_b", "https://acme.example/a_b")}, "<https://acme.example/a_b>"},
		"a link that runs":                            {bot.Text{bot.Link("press", "javascript:alert(1)")}, "press"},
		"an account is mentioned":                     {bot.Text{{Text: "Rui", Account: "812345678901234567"}}, "<@812345678901234567>"},
		"an account of another platform":              {bot.Text{{Text: "Rui", Account: "U0123"}}, "Rui"},
		"a channel is linked":                         {bot.Text{{Text: "support", Channel: "812345678901234567"}}, "<#812345678901234567>"},
		"a channel of another platform":               {bot.Text{{Text: "support", Channel: "C0123"}}, "#support"},
		"what makes markup together":                  {bot.Text{{Text: "|"}, {Text: "|x|"}, {Text: "|"}}, `\|\|x\|\|`},
		"a list's number in two runs":                 {bot.Text{{Text: "1"}, {Text: ". x"}}, `1\. x`},
		"nothing":                                     {bot.Text{}, ""},
		"only space":                                  {bot.Literal(" \n "), ""},
	} {
		if got := strings.Join(markdown(tt.text, "", maxMessageText), "|PIECE|"); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if got := markdown(bot.Literal("a\n \nb"), smallMark, 99); len(got) != 1 || got[0] != "-# a\n\n-# b" {
		t.Errorf("a small text: %q", got)
	}
	if got := markdown(bot.Literal("# a\n> b\n"), "> ", 99); len(got) != 1 || got[0] != "> \\# a\n> \\> b\n> " {
		t.Errorf("a quote: %q", got)
	}
}

// active is what Discord's markdown would still take for markup once every escape
// is read. It is stricter than Discord: it asks for no pairs.
var active = regexp.MustCompile("(?im)[*_`\\[\\]<\\\\]|~~|\\|\\||://|:[^\\s:]+:|@(everyone|here)|^\\s*(#{1,3}(\\s|$)|-#|-(\\s|$)|>|\\d+\\.(\\s|$))")

var escaped = regexp.MustCompile(`\\([!-/:-@\[-\x60{-~])`)

// FuzzLiteral holds that what a person typed, whatever it is, comes out as it was
// and is nothing else.
func FuzzLiteral(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.TrimSpace(visible(strings.ReplaceAll(s, "\r\n", "\n")))
		for _, prefix := range []string{"", "> ", "-# "} {
			var read, shown []string
			for _, piece := range markdown(bot.Literal(s), prefix, 120) {
				if n := units(piece); n > 120 {
					t.Errorf("a piece of %d", n)
				}
				for line := range strings.SplitSeq(piece, "\n") {
					line, ok := strings.CutPrefix(line, prefix)
					if !ok && (line != "" || prefix != smallMark) {
						t.Errorf("%q lacks its %q", line, prefix)
					}
					if left := active.FindString(escaped.ReplaceAllString(line, "·")); left != "" {
						t.Errorf("%q is markup in %q", left, line)
					}
					read = append(read, escaped.ReplaceAllString(line, "$1"))
				}
				shown = append(shown, discordfake.Shown(asBody(t, messageOf([]component{textDisplay(piece)}))))
			}
			// Pieces part at spaces and between characters: what is compared is all but those.
			if got := solid(strings.Join(read, "")); got != solid(want) {
				t.Errorf("%q reads %q", s, got)
			}
			if got := solid(strings.Join(shown, "")); got != solid(want) {
				t.Errorf("%q shows %q", s, got)
			}
		}
	})
}

// solid is s without blank space, which a reader sees nothing of.
func solid(s string) string { return strings.Join(strings.Fields(s), "") }

// FuzzEverywhere puts a person's words in every place that takes them.
func FuzzEverywhere(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, s, other string) {
		doc := bot.Doc{
			bot.Heading{Text: s}, bot.Para{Text: bot.Textf("*%s* _%s_ %s", s, other, s)}, bot.Quote{Text: bot.Literal(s)}, bot.Small{Text: bot.Literal(other)},
			bot.Row{Text: bot.Literal(s), Buttons: []bot.Button{{Label: other, Action: "vote 1"}}}, bot.Bars{{Label: s, Value: len(other), Note: other}},
			bot.Para{Text: bot.Text{bot.Link(s, "https://acme.example/"), {Text: s, Code: true}, {Text: other, Bold: true, Italic: true}}},
			bot.Buttons{{Label: s, URL: other}, {Label: s, Action: "vote 1"}},
		}
		card := bot.Card{Number: 1, Title: s, Excerpt: other, More: true, Reason: s, AskedBy: other, AskedIn: s, Tags: []string{s, other}, Original: other, IntoTitle: s, Pictures: 1}
		for _, c := range []bot.Content{bot.Note{Doc: doc}, bot.Digest{Doc: doc, Headline: s}, bot.Direct{Doc: bot.Doc{bot.Para{Text: bot.Literal(s)}, bot.Buttons{{Label: other, Action: "x"}}}}, card} {
			body := asBody(t, drawContent(c, postKey))
			if err := discordfake.CheckMessage(body); err != nil {
				t.Errorf("%T of %q and %q: %v", c, s, other, err)
			}
			loud := strings.Replace(string(body), `"parse":[]`, `"parse":["users","roles","everyone"]`, 1)
			if discordfake.Pinged([]byte(loud)) && !strings.Contains(string(body), "`") {
				t.Errorf("%T of %q and %q would ping but for allowed_mentions: %s", c, s, other, body)
			}
			if discordfake.Pinged(body) {
				t.Errorf("%T of %q and %q pings", c, s, other)
			}
		}
	})
}
