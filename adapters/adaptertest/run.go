package adaptertest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// Run holds an adapter to the contract. Each promise is a test of its own, in a chat
// of its own.
func Run(t *testing.T, start Start) {
	for name, promise := range map[string]func(*scene){
		"every content is shown":                        everyContent,
		"every block is shown in an answer":             everyBlock,
		"every field of a form is shown and sent":       everyField,
		"a form says at its fields what to mend":        fixes,
		"a request gets a receipt and a card":           request,
		"words to Heed are a request":                   told,
		"what is similar can be joined":                 similar,
		"a saved message keeps its author":              saved,
		"one person has one vote, wherever it is cast":  oneVote,
		"a status shows on the card":                    status,
		"a refusal names who can do it":                 refusal,
		"a shipped request is answered where it was":    ship,
		"long words come to the core whole":             long,
		"nobody is pinged by somebody's words":          pings,
		"what comes twice happens once":                 twice,
		"words come back while the database is away":    away,
		"a form stays open while the database is away":  formAway,
		"a vote is not lost while the database is away": voteAway,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promise(&scene{t, start(t)})
		})
	}
}

// scene is a test with its chat.
type scene struct {
	*testing.T
	Chat
}

// last is the last message that only who sees.
func (s *scene) last(who string) Message {
	s.Helper()
	all := s.Private(who)
	if len(all) == 0 {
		s.Fatalf("%s was answered nothing", who)
	}
	return all[len(all)-1]
}

// sees fails the test unless every word is in the message.
func (s *scene) sees(m Message, words ...string) {
	s.Helper()
	for _, w := range words {
		if !strings.Contains(m.Text, w) {
			s.Errorf("no %q in:\n%s", w, m.Text)
		}
	}
}

// card is the card in #feedback that holds these words.
func (s *scene) card(words string) Message {
	s.Helper()
	var there []string
	for _, m := range s.Shown(Feedback) {
		if strings.Contains(m.Text, words) && slices.Contains(m.Buttons, "Details") {
			return m
		}
		there = append(there, m.Text)
	}
	s.Fatalf("no card says %q; in the channel stands:\n%s", words, strings.Join(there, "\n--\n"))
	return Message{}
}

// ask has Rui ask for something that nothing is like, and returns its card.
func (s *scene) ask(words string) Message {
	s.Helper()
	s.Command(Rui, Support, "/feedback "+words)
	s.Settle()
	return s.card(words)
}

// appoint makes Ana the product manager and Ben the product owner.
func (s *scene) appoint() {
	s.Helper()
	s.Command(Zoe, Support, "/heed role @"+Ana+" pm")
	s.Command(Zoe, Support, "/heed role @"+Ben+" po")
}

func everyContent(s *scene) {
	for name, c := range contents() {
		m, err := s.Show(Support, c.Content)
		if err != nil {
			s.Errorf("%s: %v", name, err)
			continue
		}
		for _, w := range c.Words {
			if !strings.Contains(m.Text, w) {
				s.Errorf("%s lacks %q:\n%s", name, w, m.Text)
			}
		}
	}
	if _, ok := s.Home(Rui); !ok {
		s.Log("this platform has no page of a person's own")
	}
}

func everyBlock(s *scene) {
	d, words := doc()
	s.Stage().Next(bot.Say{Doc: d})
	s.Command(Rui, Support, "/heed top")
	s.sees(s.last(Rui), words...)
	s.Stage().Next(bot.Nothing{})
	before := len(s.Private(Rui))
	s.Press(Rui, s.last(Rui), "Plain")
	if after := len(s.Private(Rui)); after != before {
		s.Errorf("nothing was answered, and %d messages came", after-before)
	}
	s.Stage().Next(bot.Say{Doc: bot.Doc{bot.Para{Text: bot.Textf("in its place")}}, Replace: true})
	s.Press(Rui, s.last(Rui), "Plain")
	if got := s.Private(Rui); len(got) != before || got[len(got)-1].Text != "in its place" {
		s.Errorf("the answer did not take the place of the one pressed: %+v", got)
	}
}

func everyField(s *scene) {
	s.Stage().Next(bot.Ask{Form: form()})
	s.Command(Rui, Support, "/heed top")
	f, open := s.Form(Rui)
	if !open {
		s.Fatal("no form opened")
	}
	for _, w := range formWords() {
		if !strings.Contains(f.Text, w) {
			s.Errorf("the form lacks %q:\n%s", w, f.Text)
		}
	}
	want := map[string]string{"line": "", "words": "as it was", "choice": "b", "check": "on", "member": "", "channel": ""}
	for name, value := range want {
		if f.Values[name] != value {
			s.Errorf("in %s stands %q, want %q", name, f.Values[name], value)
		}
	}
	heard := s.Stage().Heard()
	s.Stage().Next(bot.Sayf("Thank you."))
	if errs := s.Submit(Rui, map[string]string{"line": "one", "choice": "a", "check": "", "member": Mira, "channel": Support}); len(errs) > 0 {
		s.Errorf("the form says %v", errs)
	}
	got := s.Stage().Heard()
	if len(got) != len(heard)+1 {
		s.Fatalf("the core heard %d forms, want one more than %d", len(got), len(heard))
	}
	sent := got[len(got)-1]
	if sent.Form != "give" || sent.State != "state 7" || sent.Values["line"] != "one" || sent.Values["words"] != "as it was" || sent.Values["choice"] != "a" || sent.Values["check"] != "" || sent.Values["member"] == "" || sent.Values["channel"] == "" {
		s.Errorf("the core heard %+v", sent)
	}
	if _, open = s.Form(Rui); open {
		s.Error("the form is still open")
	}
	s.sees(s.last(Rui), "Thank you.")
}

func fixes(s *scene) {
	s.Stage().Next(bot.Ask{Form: form()})
	s.Command(Rui, Support, "/heed top")
	s.Stage().Next(bot.Fix{Errors: map[string]string{"line": "A line, please."}})
	if errs := s.Submit(Rui, map[string]string{"words": "typed"}); errs["line"] != "A line, please." {
		s.Errorf("the form says %v", errs)
	}
	f, open := s.Form(Rui)
	if !open || f.Values["words"] != "typed" {
		s.Errorf("open %v, and in it stands %q", open, f.Values["words"])
	}
}

func request(s *scene) {
	s.Command(Rui, Support, "/feedback dark mode, please")
	s.sees(s.last(Rui), "#1", "dark mode, please")
	s.Settle()
	card := s.card("dark mode, please")
	s.sees(card, "#1", "1", "Rui")
	if len(s.Private(Mira)) != 0 {
		s.Error("Mira reads Rui's receipt")
	}
}

func told(s *scene) {
	s.Tell(Rui, "export to a spreadsheet & <more>")
	s.sees(s.last(Rui), "#1", "export to a spreadsheet & <more>")
	s.Settle()
	s.card("export to a spreadsheet & <more>")
}

func similar(s *scene) {
	s.ask("dark mode for the editor")
	s.Command(Mira, Support, "/feedback dark mode for the editor please")
	offer := s.last(Mira)
	s.sees(offer, "#1")
	s.Press(Mira, offer, "👍 That's it")
	s.Settle()
	s.sees(s.last(Mira), "#1")
	s.sees(s.card("dark mode for the editor"), "2 people")
	if n := len(s.cards()); n != 1 {
		s.Errorf("%d cards stand in the channel", n)
	}
}

// cards are the cards in #feedback.
func (s *scene) cards() []Message {
	return slices.DeleteFunc(s.Shown(Feedback), func(m Message) bool { return !slices.Contains(m.Buttons, "Details") })
}

func saved(s *scene) {
	plain, _ := s.Thumb()
	m := s.Say(Mira, Support, "I want to sort the list by date", "list.png")
	s.React(Omar, m, plain)
	s.Save(Rui, m)
	f, open := s.Form(Rui)
	if !open || !strings.Contains(f.Values["words"], "sort the list by date") {
		s.Fatalf("open %v: %+v", open, f)
	}
	if errs := s.Submit(Rui, nil); len(errs) > 0 {
		s.Fatalf("the form says %v", errs)
	}
	s.Settle()
	card := s.card("sort the list by date")
	s.sees(card, "Mira")
	s.Save(Zoe, m)
	if _, open = s.Form(Zoe); open {
		s.Error("the same message is asked about again")
	}
	s.Settle()
	if n := len(s.cards()); n != 1 {
		s.Errorf("%d cards stand in the channel", n)
	}
}

func oneVote(s *scene) {
	plain, toned := s.Thumb()
	card := s.ask("undo for bulk edits")
	s.React(Mira, card, plain)
	s.React(Mira, card, toned)
	s.Press(Mira, card, "👍 Vote")
	s.Settle()
	// The button toggles to the opposite of what stands: Mira's own is taken back.
	// Her two thumbs are older facts than her press.
	s.Command(Omar, Support, "/heed vote 1")
	s.Settle()
	s.sees(s.card("undo for bulk edits"), "2 people")
	s.Press(Mira, card, "👍 Vote")
	s.Settle()
	s.sees(s.card("undo for bulk edits"), "3 people")
	s.Command(Omar, Support, "/heed unvote 1")
	s.Settle()
	s.sees(s.card("undo for bulk edits"), "2 people")
	s.React(Zoe, card, plain)
	s.Settle()
	s.sees(s.card("undo for bulk edits"), "3 people")
	s.Unreact(Zoe, card, plain)
	s.Settle()
	s.sees(s.card("undo for bulk edits"), "2 people")
}

func status(s *scene) {
	s.appoint()
	s.ask("keyboard shortcuts")
	s.Command(Ana, Support, "/heed status 1 planned")
	s.Settle()
	s.sees(s.card("keyboard shortcuts"), "Planned")
}

func refusal(s *scene) {
	s.appoint()
	card := s.ask("keyboard shortcuts")
	s.Command(Mira, Support, "/heed status 1 planned")
	s.sees(s.last(Mira), "Ana", "Nothing has changed")
	s.Settle()
	if now := s.card("keyboard shortcuts"); now.Text != card.Text {
		s.Errorf("the card changed:\n%s", now.Text)
	}
}

func ship(s *scene) {
	s.appoint()
	m := s.Say(Mira, Support, "calendar view would help me plan")
	s.Save(Mira, m)
	s.Submit(Mira, nil)
	s.Settle()
	s.Command(Ben, Support, "/ship 1")
	if _, open := s.Form(Ben); open {
		if errs := s.Submit(Ben, map[string]string{"note": "Calendar → View → Month"}); len(errs) > 0 {
			s.Fatalf("the form says %v", errs)
		}
	}
	s.Later(Undo + time.Minute)
	s.sees(s.card("calendar view"), "Shipped", "Voting closed")
	var thread strings.Builder
	for _, x := range s.Thread(m) {
		thread.WriteString(x.Text + "\n")
	}
	if !strings.Contains(strings.ToLower(thread.String()), "here") && !strings.Contains(strings.ToLower(thread.String()), "shipped") {
		s.Errorf("the thread that asked reads:\n%s", thread.String())
	}
}

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

func away(s *scene) {
	s.Stage().Away(true)
	s.Command(Rui, Support, "/feedback my very own words")
	s.sees(s.last(Rui), "my very own words", "again")
	s.Stage().Away(false)
	s.Settle()
	if n := len(s.cards()); n != 0 {
		s.Errorf("%d cards stand in the channel", n)
	}
}

func formAway(s *scene) {
	s.Command(Rui, Support, "/feedback")
	if _, open := s.Form(Rui); !open {
		s.Fatal("no form opened")
	}
	s.Stage().Away(true)
	values := map[string]string{"words": "my very own words"}
	errs := s.Submit(Rui, values)
	if len(errs) == 0 {
		s.Error("the form says nothing")
	}
	if f, open := s.Form(Rui); !open || f.Values["words"] != "my very own words" {
		s.Errorf("open %v, and in it stands %q", open, f.Values["words"])
	}
	s.Stage().Away(false)
	if errs = s.Submit(Rui, nil); len(errs) > 0 {
		s.Errorf("then the form says %v", errs)
	}
	s.Settle()
	s.card("my very own words")
}

func voteAway(s *scene) {
	plain, _ := s.Thumb()
	card := s.ask("a dial for the volume")
	s.Stage().Away(true)
	s.React(Mira, card, plain)
	s.Stage().Away(false)
	s.Later(time.Minute) // the platform delivers it again
	s.sees(s.card("a dial for the volume"), "2 people")
}
