package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// actStory is the history's word for a story that was done or dropped.
const actStory = "story"

// criteriaAtOnce is how many criteria stand in one paragraph: all of them at their
// longest fit what a platform takes (Slack: 3,000 characters).
const criteriaAtOnce = 9

// storyPress is `story N`: the whole story.
func (b *Bot) storyPress(ctx context.Context, c caller, args []string) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		s, err := b.storyFor(ctx, tx, c, args)
		if err != nil {
			return err
		}
		reply, err = b.storyPanel(ctx, tx, s)
		return err
	})
	return reply, err
}

// storyPanel is a story whole, with the words of those who asked and what can be done.
func (b *Bot) storyPanel(ctx context.Context, tx Tx, s Story) (Reply, error) {
	say := Sayf("*S%d* %v", s.Number, s.Sentence())
	if len(s.Criteria) > 0 {
		say = say.With(Para{Textf("*We accept it when*")})
	}
	for rest := s.Criteria; len(rest) > 0; rest = rest[min(len(rest), criteriaAtOnce):] {
		say = say.With(Para{Literal("☐ " + strings.Join(rest[:min(len(rest), criteriaAtOnce)], "\n☐ "))})
	}
	facts := []string{storyWhere(s), "version " + strconv.Itoa(s.Version)}
	for _, part := range []string{s.Estimate, s.Sprint, s.Label} {
		if part != "" {
			facts = append(facts, part)
		}
	}
	if missing := s.Missing(); missing != "" {
		facts = append(facts, "needs "+missing)
	}
	say = say.With(Small{Literal(strings.Join(facts, " · "))})
	var ship []Button
	for _, id := range s.Items {
		it, err := tx.Item(ctx, s.Board, id)
		if err != nil {
			return nil, fmt.Errorf("item of a story: %w", err)
		}
		say = say.With(Para{Textf("From %v · 👍 %d", title(it.As(Team)), it.Votes)})
		quotes, _, err := tx.EvidenceFor(ctx, s.Board, it.Root, Team, 3, 0)
		if err != nil {
			return nil, fmt.Errorf("evidence of a story: %w", err)
		}
		for _, e := range quotes {
			say = say.With(Quote{quoteLine(e)})
		}
		ship = append(ship, Button{Label: fmt.Sprintf("Ship #%d", it.Number), Action: Act("ship", it.Number)})
	}
	if s.State != StoryOpen {
		return say.With(Buttons{{Label: "Backlog", Action: "backlog"}}), nil
	}
	say = say.With(Buttons(append([]Button{
		{Label: "Edit", Action: Act("storyedit", s.Number)},
		{Label: "To the bottom", Action: Act("rank", s.Number, MoveBottom)},
		{Label: "Accept as done", Action: Act("storydone", s.Number)},
		{Label: "Drop", Action: Act("storydrop", s.Number), Style: Danger},
	}, ship[:min(len(ship), 1)]...)))
	return say, nil
}

// quoteLine is a quote with its author and where it was said.
func quoteLine(e Evidence) Text {
	out := Literal(Excerpt(e.Quote, 300))
	if e.Name != "" {
		out = append(out, Span{Text: " — " + e.Name})
	}
	if e.Permalink != "" {
		out = append(out, Span{Text: " "}, Link("open", e.Permalink))
	}
	return out
}

// storyEditPress opens a story's form.
func (b *Bot) storyEditPress(ctx context.Context, c caller, args []string) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		s, err := b.storyFor(ctx, tx, c, args)
		if err != nil {
			return err
		}
		reply = Ask{Form{
			ID: "story", State: fmt.Sprintf("%d %d", s.Number, s.Version), Title: fmt.Sprintf("Story S%d", s.Number), Submit: "Save",
			Fields: storyFields(s, "", len(s.Items) == 0),
		}}
		return nil
	})
	return reply, err
}

// storyForm saves an edit. What the story said before is kept as a version, also when
// somebody else edited it while the form was open.
func (b *Bot) storyForm(ctx context.Context, c caller, sub Submission) (Reply, error) {
	args := strings.Fields(sub.State)
	if len(args) != 2 {
		return nil, staleButton()
	}
	edited, wrong := storyOf(sub.Values)
	if len(wrong) > 0 {
		return Fix{wrong}, nil
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		s, err := b.storyFor(ctx, tx, c, args)
		if err != nil {
			return err
		}
		edited.Board, edited.ID = s.Board, s.ID
		if len(s.Items) > 0 {
			edited.Label = s.Label
		}
		version, err := tx.SaveStory(ctx, edited, c.Member.ID, b.clock.Now())
		if err != nil {
			return fmt.Errorf("save story: %w", err)
		}
		if _, err := tx.AddHistory(ctx, s.Board, Entry{Story: s.ID, Member: c.Member.ID, Act: "story_edited", Data: map[string]int{"version": version}, At: b.clock.Now()}); err != nil {
			return fmt.Errorf("history: %w", err)
		}
		say := Sayf("*S%d* is saved as version %d: %v.", s.Number, version, edited.Sentence())
		if opened, _ := numberArg(args, 1); opened != version-1 {
			say = say.With(Small{Textf("Somebody else had changed it since you opened it. Their version %d is kept; yours stands.", version-1)})
		}
		reply = say.With(Buttons{{Label: "Open it", Action: Act("story", s.Number)}, {Label: "Backlog", Action: "backlog"}})
		return nil
	})
	return reply, giveBack(err, edited.Sentence().Plain(), strings.Join(edited.Criteria, "\n"))
}

// storyStateData is what the history keeps of a story done or dropped.
type storyStateData struct {
	To StoryState `json:"to"`
}

// storyStatePress accepts or drops a story. Its requests stay as they are: shipping is
// what tells people.
func (b *Bot) storyStatePress(to StoryState) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, args []string) (Reply, error) {
		var reply Reply
		err := b.store.InTx(ctx, func(tx Tx) error {
			s, err := b.storyFor(ctx, tx, c, args)
			if err != nil {
				return err
			}
			ok, err := tx.SetStoryState(ctx, s.Board, s.ID, StoryOpen, to)
			if err != nil {
				return fmt.Errorf("story state: %w", err)
			}
			if !ok {
				return Refuse(Conflict, Sayf("*S%d* is %s already. Nothing has changed.", s.Number, storyWhere(s)))
			}
			entry, err := tx.AddHistory(ctx, s.Board, Entry{Story: s.ID, Member: c.Member.ID, Act: actStory, Data: storyStateData{to}, At: b.clock.Now()})
			if err != nil {
				return fmt.Errorf("history: %w", err)
			}
			say := Sayf("*S%d* is done. Well done.", s.Number)
			if to == StoryDropped {
				say = Sayf("*S%d* is out of the backlog. What it said is kept.", s.Number)
			}
			buttons := Buttons{{Label: "Undo", Action: Act("undo", entry)}, {Label: "Backlog", Action: "backlog"}}
			if len(s.Items) > 0 && to == StoryDone {
				it, err := tx.Item(ctx, s.Board, s.Items[0])
				if err != nil {
					return fmt.Errorf("item of a story: %w", err)
				}
				buttons = append(Buttons{{Label: fmt.Sprintf("Ship #%d", it.Number), Action: Act("ship", it.Number), Style: Primary}}, buttons...)
			}
			reply = say.With(buttons)
			return nil
		})
		return reply, err
	}
}

// undoStoryState opens a story again that was done or dropped.
func (b *Bot) undoStoryState(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, err := entryData[storyStateData](e)
	if err != nil {
		return nil, err
	}
	s, err := tx.StoryByID(ctx, c.Workspace.Board, e.Story)
	if err != nil {
		return nil, fmt.Errorf("story to open: %w", err)
	}
	ok, err := tx.SetStoryState(ctx, s.Board, s.ID, data.To, StoryOpen)
	if err != nil {
		return nil, fmt.Errorf("story state: %w", err)
	}
	if !ok {
		return nil, Refuse(Conflict, Sayf("*S%d* is %s by now. I left it as it is.", s.Number, storyWhere(s)))
	}
	return Sayf("*S%d* is back in the backlog, where it was.", s.Number), nil
}
