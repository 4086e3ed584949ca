package adaptertest

import (
	"slices"
	"strings"
	"time"
)

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
	plain, toned := s.Thumb()
	m := s.Say(Mira, Support, "I want to sort the list by date", "list.png")
	s.React(Omar, m, plain)
	s.React(Omar, m, toned)
	s.Save(Zoe, m) // an admin: in a community not everyone may keep what others said
	f, open := s.Form(Zoe)
	if !open || !strings.Contains(f.Values["words"], "sort the list by date") || !strings.Contains(f.Text, "Count the 1 👍") {
		s.Fatalf("open %v: %+v", open, f)
	}
	if errs := s.Submit(Zoe, nil); len(errs) > 0 {
		s.Fatalf("the form says %v", errs)
	}
	s.Settle()
	card := s.card("sort the list by date")
	s.sees(card, "Mira", "2 people")
	s.Save(Rui, m)
	if _, open = s.Form(Rui); open {
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

func digest(s *scene) {
	s.ask("keyboard shortcuts")
	s.Command(Zoe, Feedback, "/heed digest here")
	s.Command(Omar, Support, "/heed vote 1")
	before := len(s.Shown(Feedback))
	for range 8 { // day by day: one that is later than a day is not sent
		s.Later(24 * time.Hour)
	}
	all := s.Shown(Feedback)
	if len(all) != before+1 {
		s.Fatalf("%d messages came in a week, want one digest", len(all)-before)
	}
	s.sees(all[len(all)-1], "keyboard shortcuts", "2")
}
