package adaptertest

import (
	"strings"

	"heed/bot"
)

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
