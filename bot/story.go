package bot

import (
	"fmt"
	"strings"
	"time"
)

// Story is an entry of the product owner's backlog, S7 on its board.
type Story struct {
	Board     BoardID
	ID        StoryID
	Number    int
	AsA       string
	IWant     string
	SoThat    string
	Criteria  []string
	Estimate  string
	Sprint    string
	Label     string   // e.g. "tech debt", when there is no item
	Items     []ItemID // what it was made from
	Rank      int64
	State     StoryState
	Version   int
	CreatedBy MemberID
	CreatedAt time.Time
}

// StoryState is where a story stands.
type StoryState string

// The states of a story.
const (
	StoryOpen    StoryState = "open"
	StoryDone    StoryState = "done"
	StoryDropped StoryState = "dropped"
)

// The longest parts of a story, in runes.
const (
	maxStoryPart   = 500
	maxStoryShort  = 60
	maxCriteria    = 30
	maxCriterion   = 300
	maxCriteriaAll = 3000 // what a form's field holds on Slack
)

// Sentence is the story as it is told.
func (s Story) Sentence() Text {
	var out Text
	if s.AsA != "" {
		out = append(out, Textf("As %s ", withArticle(s.AsA))...)
	}
	out = append(out, Textf("I want *%s*", s.IWant)...)
	if s.SoThat != "" {
		out = append(out, Textf(" so that %s", s.SoThat)...)
	}
	return out
}

// Missing says what the story needs before work on it can begin; "": it is ready.
func (s Story) Missing() string {
	switch {
	case len(s.Criteria) == 0 && s.Estimate == "":
		return "criteria and a size"
	case len(s.Criteria) == 0:
		return "criteria"
	case s.Estimate == "":
		return "a size"
	}
	return ""
}

// withArticle puts "a" before a kind of person, and nothing before a name or a word
// that stands by itself.
func withArticle(who string) string {
	first, _, _ := strings.Cut(who, " ")
	switch strings.ToLower(first) {
	case "a", "an", "the", "my", "our", "any", "every", "someone", "somebody", "anyone", "anybody", "everyone", "everybody", "people":
		return who
	}
	if first != strings.ToLower(first) || strings.HasSuffix(first, "s") {
		return who
	}
	if strings.ContainsRune("aeiou", []rune(first + " ")[0]) {
		return "an " + who
	}
	return "a " + who
}

// withoutLead takes the words off that the sentence brings by itself.
func withoutLead(text string, leads ...string) string {
	for _, lead := range leads {
		if len(text) > len(lead) && strings.EqualFold(text[:len(lead)], lead) && text[len(lead)] == ' ' {
			return strings.TrimSpace(text[len(lead):])
		}
	}
	return text
}

// criteriaOf reads acceptance criteria, one a line, without the marks of a list.
func criteriaOf(text string) []string {
	var out []string
	for _, line := range strings.Split(Clean(text), "\n") {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-*•–☐"))
		if !Empty(line) {
			out = append(out, line)
		}
	}
	return out
}

// storyOf reads a story from a form, with what to mend by field.
func storyOf(values map[string]string) (Story, map[string]string) {
	s := Story{
		AsA:      withoutLead(Clean(values["as_a"]), "as an", "as a", "as"),
		IWant:    withoutLead(Clean(values["i_want"]), "i want to", "i want"),
		SoThat:   strings.TrimSuffix(withoutLead(Clean(values["so_that"]), "so that"), "."),
		Criteria: criteriaOf(values["criteria"]),
		Estimate: Clean(values["estimate"]), Sprint: Clean(values["sprint"]), Label: Clean(values["label"]),
	}
	wrong := map[string]string{}
	for _, f := range []struct {
		name, value string
		most        int
	}{
		{"as_a", s.AsA, maxStoryPart}, {"i_want", s.IWant, maxStoryPart}, {"so_that", s.SoThat, maxStoryPart},
		{"estimate", s.Estimate, maxStoryShort}, {"sprint", s.Sprint, maxStoryShort}, {"label", s.Label, maxStoryShort},
	} {
		if n := len([]rune(f.value)); n > f.most {
			wrong[f.name] = fmt.Sprintf("That's %d characters; %d fit.", n, f.most)
		}
	}
	if Empty(s.IWant) {
		wrong["i_want"] = "What do they want? A few words are enough."
	}
	switch {
	case len(s.Criteria) == 0:
		wrong["criteria"] = "One line is enough: how will you know that it works?"
	case len(s.Criteria) > maxCriteria:
		wrong["criteria"] = fmt.Sprintf("That's %d lines; %d fit. A story that needs more is two stories.", len(s.Criteria), maxCriteria)
	}
	for i, line := range s.Criteria {
		if n := len([]rune(line)); n > maxCriterion {
			wrong["criteria"] = fmt.Sprintf("Line %d has %d characters; %d fit.", i+1, n, maxCriterion)
		}
	}
	return s, wrong
}

// storyFields are a form's questions about a story.
func storyFields(s Story, whoHint string, withLabel bool) []Field {
	fields := []Field{
		TextField{Name: "as_a", Label: "Who is it for?", Placeholder: "As a…", Hint: whoHint, Value: s.AsA, Max: maxStoryPart, Optional: true},
		TextField{Name: "i_want", Label: "What do they want?", Placeholder: "I want…", Value: s.IWant, Max: maxStoryPart},
		TextField{Name: "so_that", Label: "What for?", Placeholder: "so that…", Value: s.SoThat, Lines: true, Max: maxStoryPart, Optional: true},
		TextField{Name: "criteria", Label: "We accept it when…", Hint: "One a line. Try: Given … When … Then …", Value: strings.Join(s.Criteria, "\n"), Lines: true, Max: maxCriteriaAll},
		TextField{Name: "estimate", Label: "Size", Placeholder: "S, M, L or points", Value: s.Estimate, Max: maxStoryShort, Optional: true},
		TextField{Name: "sprint", Label: "Sprint", Value: s.Sprint, Max: maxStoryShort, Optional: true},
	}
	if withLabel {
		fields = append(fields, TextField{Name: "label", Label: "Label", Placeholder: "tech debt", Value: s.Label, Max: maxStoryShort, Optional: true})
	}
	return fields
}
