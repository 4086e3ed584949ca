package adaptertest

import (
	"time"
)

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
