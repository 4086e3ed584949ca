package adaptertest

import (
	"strings"

	"heed/bot"
)

func long(s *scene) {
	m := s.Say(Mira, Support, strings.Repeat("I need every word of this. ", 300)+"And this end.")
	s.Save(Mira, m)
	f, open := s.Form(Mira)
	if !open {
		s.Fatal("no form opened")
	}
	if shown := f.Values["words"]; !strings.HasSuffix(shown, "…") {
		s.Errorf("the excerpt ends %q, without a mark", shown[max(0, len(shown)-20):])
	}
	s.Submit(Mira, nil)
	s.Settle()
	s.sees(s.card("I need every word"), "…")
	s.Stage().Next(bot.Say{Doc: bot.Doc{bot.Quote{Text: bot.Literal(strings.Repeat("I need every word of this. ", 600) + "And this end.")}}})
	s.Command(Mira, Support, "/heed show 1")
	all := ""
	for _, x := range s.Private(Mira) {
		all += x.Text
	}
	if n := strings.Count(all, "every "); n < 600 || !strings.Contains(all, "And this end.") {
		s.Errorf("%d of 600 sentences arrived", n)
	}
}

// hostile is what a person might type to ping everybody or to break the layout.
const hostile = "<!channel> <!here> @everyone <@U0000> *stars* _lines_ ~waves~ `ticks` :tada: [x](https://evil.example) <b>bold</b> | \u202e end"

func pings(s *scene) {
	s.Command(Rui, Support, "/feedback "+hostile)
	s.Settle()
	for _, who := range People() {
		for _, m := range s.Private(who) {
			if len(m.Pings) > 0 {
				s.Errorf("%s would be pinged: %v", who, m.Pings)
			}
		}
	}
	for _, channel := range []string{Support, Feedback} {
		for _, m := range s.Shown(channel) {
			if len(m.Pings) > 0 {
				s.Errorf("#%s would be pinged: %v", channel, m.Pings)
			}
		}
	}
	_, words := doc()
	d := bot.Doc{
		bot.Heading{Text: hostile}, bot.Para{Text: bot.Literal(hostile)}, bot.Quote{Text: bot.Literal(hostile)}, bot.Small{Text: bot.Textf("*%s*", hostile)},
		bot.Row{Text: bot.Textf("*%s* _%s_", hostile, hostile), Buttons: []bot.Button{{Label: "<!here>", Action: "top"}}}, bot.Bars{{Label: hostile, Value: 1}},
		bot.Para{Text: bot.Text{{Text: "Mira", Account: "U0000"}, bot.Link(hostile, "https://acme.example/")}},
	}
	for _, c := range []bot.Content{bot.Note{Doc: d}, bot.Digest{Doc: d, Headline: hostile}, bot.Card{Number: 1, Title: hostile, Excerpt: hostile, AskedBy: hostile, AskedIn: hostile, Tags: words}} {
		m, err := s.Show(Support, c)
		if err != nil {
			s.Errorf("%T: %v", c, err)
		}
		if len(m.Pings) > 0 {
			s.Errorf("%T would ping %v", c, m.Pings)
		}
	}
}

func twice(s *scene) {
	plain, _ := s.Thumb()
	card := s.ask("a bigger font")
	s.React(Mira, card, plain)
	s.Press(Omar, card, "👍 Vote")
	s.Settle()
	before := s.card("a bigger font")
	s.sees(before, "3 people")
	s.Repeat()
	s.Settle()
	if now := s.card("a bigger font"); now.Text != before.Text {
		s.Errorf("the card was\n%s\nand is\n%s", before.Text, now.Text)
	}
	if n := len(s.cards()); n != 1 {
		s.Errorf("%d cards stand in the channel", n)
	}
}
