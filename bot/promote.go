package bot

import (
	"context"
	"fmt"
	"strings"
)

// storyRoutes are the acts on the backlog.
func (b *Bot) storyRoutes(r *routes) {
	r.commands[VerbPromote] = b.promoteCommand
	r.presses["promote"] = func(ctx context.Context, c caller, args []string) (Reply, error) {
		n, _ := numberArg(args, 0) // none: a story of its own
		return b.promoteCommand(ctx, c, Command{Verb: VerbPromote, Item: n})
	}
	r.forms["promote"] = b.promoteForm
	r.undos[newsPlanned] = undo{VerbPromote, b.undoPromote}
	r.commands[VerbBacklog] = b.backlogCommand
	r.presses["backlog"] = b.backlogPress
	r.presses["rank"] = b.rankPress
	r.presses["story"] = b.storyPress
	r.presses["storyedit"] = b.storyEditPress
	r.forms["story"] = b.storyForm
	r.presses["storydone"] = b.storyStatePress(StoryDone)
	r.presses["storydrop"] = b.storyStatePress(StoryDropped)
	r.undos[actStory] = undo{VerbBacklog, b.undoStoryState}
}

// promoteCommand is `/promote 42`, or bare for a story without a request.
func (b *Bot) promoteCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		form := Form{ID: "promote", State: "0 " + c.key(), Title: "New story", Submit: "Add to backlog"}
		if cmd.Item == 0 {
			form.Fields = storyFields(Story{}, "", true)
			reply = Ask{form}
			return nil
		}
		it, err := b.itemToPromote(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		draft, who, err := draftStory(ctx, tx, it)
		if err != nil {
			return err
		}
		form.State, form.Title = fmt.Sprintf("%d %s", it.Number, c.key()), fmt.Sprintf("Promote #%d", it.Number)
		form.Fields = append([]Field{InfoField{Doc{Para{Textf("%v%v · 👍 %d", title(it.As(Team)), partOf(cmd.Item, it), it.Votes)}}}}, storyFields(draft, who, false)...)
		reply = Ask{form}
		return nil
	})
	return reply, err
}

// itemToPromote is the locked item of which a story may be made: open, and without one.
func (b *Bot) itemToPromote(ctx context.Context, tx Tx, c caller, number int) (Item, error) {
	it, err := lockRoot(ctx, tx, c, number)
	if err != nil {
		return it, err
	}
	there, err := tx.StoriesFor(ctx, it.Board, it.ID)
	if err != nil {
		return it, fmt.Errorf("stories of an item: %w", err)
	}
	if len(there) > 0 {
		s := there[0]
		say := Sayf("%v is story *S%d* already (%s). Nothing has changed.", title(it), s.Number, storyWhere(s))
		return it, Refuse(Conflict, say.With(Buttons{{Label: fmt.Sprintf("Edit S%d", s.Number), Action: Act("storyedit", s.Number)}, {Label: "Open it", Action: Act("story", s.Number)}}))
	}
	if !it.Status.Open() {
		return it, Refuse(Conflict, Sayf("%v is closed (%s). Look at it again first: `/heed status %d under review`. Nothing has changed.", title(it), it.Status.Label(), it.Number))
	}
	return it, nil
}

// storyWhere says where a story stands.
func storyWhere(s Story) string {
	switch s.State {
	case StoryDone:
		return "done"
	case StoryDropped:
		return "dropped"
	}
	return "in the backlog"
}

// promotedData is what the history keeps of a story made from an item.
type promotedData struct {
	Story StoryID `json:"story"`
	Moved int64   `json:"moved,omitempty"` // the entry that made the item planned
}

// promoteForm adds a story at the end of the backlog. The same form sent twice is one story.
func (b *Bot) promoteForm(ctx context.Context, c caller, sub Submission) (Reply, error) {
	number, key, ok := strings.Cut(sub.State, " ")
	if !ok {
		return nil, staleButton()
	}
	s, wrong := storyOf(sub.Values)
	if len(wrong) > 0 {
		return Fix{wrong}, nil
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		n, _ := numberArg([]string{number}, 0)
		if err := b.may(ctx, tx, c, Command{Verb: VerbPromote, Item: n}); err != nil {
			return err
		}
		s.Board, s.CreatedBy, s.CreatedAt, s.State = c.Workspace.Board, c.Member.ID, b.clock.Now(), StoryOpen
		var it Item
		if n > 0 {
			var err error
			if it, err = b.itemToPromote(ctx, tx, c, n); err != nil {
				return err
			}
			s.Items = []ItemID{it.ID}
		}
		order, err := tx.LockBacklog(ctx, s.Board)
		if err != nil {
			return err
		}
		s.Rank = endRank(order)
		s, fresh, err := tx.AddStory(ctx, s, "promote:"+key)
		if err != nil {
			return fmt.Errorf("add story: %w", err)
		}
		if !fresh {
			reply = Sayf("*S%d* is in the backlog already; the form was sent twice.", s.Number).With(Buttons{{Label: "Open it", Action: Act("story", s.Number)}})
			return nil
		}
		reply, err = b.promoted(ctx, tx, c, it, s, len(order)+1)
		return err
	})
	return reply, giveBack(err, s.Sentence().Plain(), strings.Join(s.Criteria, "\n"))
}

// promoted is what follows from a new story: its item is planned unless it is
// further on, and the places that asked hear of it once Undo is over.
func (b *Bot) promoted(ctx context.Context, tx Tx, c caller, it Item, s Story, place int) (Reply, error) {
	now := b.clock.Now()
	data := promotedData{Story: s.ID}
	say := Sayf("*S%d* is in the backlog, at place %d: %v.", s.Number, place, s.Sentence())
	if it.ID == 0 {
		entry, err := tx.AddHistory(ctx, s.Board, Entry{Story: s.ID, Member: c.Member.ID, Act: newsPlanned, Data: data, At: now})
		if err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		return say.With(storyButtons(s, entry)), nil
	}
	if it.Status != StatusPlanned && it.Status != StatusStarted {
		m, err := b.moveStatus(ctx, tx, c, it, StatusPlanned, "", statusData{})
		if err != nil {
			return nil, err
		}
		data.Moved = m.entry
		say = say.With(Small{Textf("%v is *%s* now. The people who asked hear of it in %s.", title(it), StatusPlanned.Label(), minutes(b.options.Undo))})
	} else if err := tx.TouchItem(ctx, it.Board, it.ID, now); err != nil {
		return nil, err
	}
	entry, err := tx.AddHistory(ctx, s.Board, Entry{Item: it.ID, Story: s.ID, Member: c.Member.ID, Act: newsPlanned, Data: data, At: now})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	places, err := tx.AskedPlaces(ctx, it.Board, it.ID)
	if err != nil {
		return nil, fmt.Errorf("asked places: %w", err)
	}
	if err := answerPlaces(ctx, tx, it, places, newsSubject{Note: newsPlanned, Entry: entry}, now.Add(b.options.Undo)); err != nil {
		return nil, err
	}
	return say.With(storyButtons(s, entry)), nil
}

func storyButtons(s Story, entry int64) Buttons {
	return Buttons{{Label: "Open the backlog", Action: "backlog"}, {Label: fmt.Sprintf("Edit S%d", s.Number), Action: Act("storyedit", s.Number)}, {Label: "Undo", Action: Act("undo", entry)}}
}

// undoPromote drops the story again and puts the item back to where it was, unless
// that has moved on.
func (b *Bot) undoPromote(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, err := entryData[promotedData](e)
	if err != nil {
		return nil, err
	}
	s, err := tx.StoryByID(ctx, c.Workspace.Board, data.Story)
	if err != nil {
		return nil, fmt.Errorf("story to drop: %w", err)
	}
	dropped, err := tx.SetStoryState(ctx, c.Workspace.Board, s.ID, StoryOpen, StoryDropped)
	if err != nil {
		return nil, fmt.Errorf("drop story: %w", err)
	}
	if !dropped {
		return nil, Refuse(Conflict, Sayf("*S%d* is %s by now. I left it as it is.", s.Number, storyWhere(s)))
	}
	say := Sayf("Taken back: *S%d* is out of the backlog.", s.Number)
	say.Replace = true
	if e.Item == 0 {
		return say, nil
	}
	it, err := tx.Item(ctx, c.Workspace.Board, e.Item)
	if err != nil {
		return nil, fmt.Errorf("item of a story: %w", err)
	}
	if err := b.takeBackNews(ctx, tx, it, e.ID, newsPlanned, e.ID); err != nil {
		return nil, err
	}
	if data.Moved == 0 {
		return say, tx.TouchItem(ctx, it.Board, it.ID, b.clock.Now())
	}
	moved, err := tx.Entry(ctx, it.Board, data.Moved)
	if err != nil {
		return nil, fmt.Errorf("entry of the status: %w", err)
	}
	if it.Status != StatusPlanned || !it.StatusAt.Equal(moved.At) {
		return say.With(Small{Textf("%v has moved on since, so it stays *%s*.", title(it), it.Status.Label())}), nil
	}
	if _, err := tx.UndoEntry(ctx, it.Board, moved.ID, b.clock.Now()); err != nil {
		return nil, fmt.Errorf("undo the status: %w", err)
	}
	if _, err := b.undoStatus(ctx, tx, c, moved); err != nil {
		return nil, err
	}
	return say.With(Small{Textf("%v is where it was before.", title(it))}), nil
}
