package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// backlogPage is how many stories the backlog shows at once: two blocks each, and a
// message of Slack's holds 50.
const backlogPage = 10

// backlogCommand is `/backlog`, `/backlog 42` and `/backlog 42 up`.
func (b *Bot) backlogCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		if cmd.Item == 0 {
			var err error
			reply, err = b.backlog(ctx, tx, c, 0)
			return err
		}
		it, err := readable(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		there, err := tx.StoriesFor(ctx, it.Board, it.Root)
		if err != nil {
			return fmt.Errorf("stories of an item: %w", err)
		}
		if len(there) == 0 {
			return Refuse(NotFound, Sayf("%v has no story yet. Nothing has changed.", title(it)).
				With(Buttons{{Label: fmt.Sprintf("Promote #%d", it.Number), Action: Act("promote", it.Number)}}))
		}
		if cmd.Choice == "" {
			reply, err = b.storyPanel(ctx, tx, there[0])
			return err
		}
		reply, err = b.moveStory(ctx, tx, c, there[0], Move(cmd.Choice), 0)
		return err
	})
	return reply, err
}

// backlogPress is `backlog [OFFSET]`.
func (b *Bot) backlogPress(ctx context.Context, c caller, args []string) (Reply, error) {
	offset, _ := numberArg(args, 0)
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, Command{Verb: VerbBacklog}); err != nil {
			return err
		}
		say, err := b.backlog(ctx, tx, c, offset)
		say.Replace = true
		reply = say
		return err
	})
	return reply, err
}

// backlog lists open stories in rank order, with what each still needs.
func (b *Bot) backlog(ctx context.Context, tx Tx, c caller, offset int) (Say, error) {
	list, all, ready, err := tx.Backlog(ctx, c.Workspace.Board, Page{backlogPage, offset})
	if err != nil {
		return Say{}, fmt.Errorf("backlog: %w", err)
	}
	if all == 0 {
		return Sayf("The backlog is empty. `/promote 42` makes a story from request #42, `/promote` alone starts one from nothing.").
			With(Buttons{{Label: "See the top 10", Action: "top"}, {Label: "Write a story", Action: "promote"}}), nil
	}
	doc := Doc{Para{Textf("*Backlog* · %s · %d ready", counted(all, "story", "stories"), ready)}}
	for i, s := range list {
		line, err := storyLine(ctx, tx, s, offset+i+1)
		if err != nil {
			return Say{}, err
		}
		doc = append(doc, Para{line}, Buttons{
			{Label: "Up", Action: Act("rank", s.Number, MoveUp, offset)},
			{Label: "Down", Action: Act("rank", s.Number, MoveDown, offset)},
			{Label: "Top", Action: Act("rank", s.Number, MoveTop, offset)},
			{Label: "Open", Action: Act("story", s.Number)},
		})
	}
	var turn []Button
	if offset > 0 {
		turn = append(turn, Button{Label: "Back", Action: Act("backlog", max(offset-backlogPage, 0))})
	}
	if offset+len(list) < all {
		turn = append(turn, Button{Label: fmt.Sprintf("%d more", all-offset-len(list)), Action: Act("backlog", offset+backlogPage)})
	}
	return Say{Doc: doc.button(turn...)}, nil
}

// storyLine is a story in a list: its place, what it is, what it is made from, what it needs.
func storyLine(ctx context.Context, tx Tx, s Story, place int) (Text, error) {
	line := Textf("%d · *S%d* %v", place, s.Number, s.Sentence())
	for _, id := range s.Items {
		it, err := tx.Item(ctx, s.Board, id)
		if err != nil {
			return nil, fmt.Errorf("item of a story: %w", err)
		}
		line = append(line, Textf(" · #%d 👍 %d", it.Number, it.Votes)...)
	}
	for _, part := range []string{s.Label, s.Estimate, s.Sprint} {
		if part != "" {
			line = append(line, Span{Text: " · " + part})
		}
	}
	if missing := s.Missing(); missing != "" {
		return append(line, Textf(" · _needs %s_", missing)...), nil
	}
	return append(line, Textf(" · ready, %s", counted(len(s.Criteria), "criterion", "criteria"))...), nil
}

// counted is a number with the word for one or for many.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// rankPress is `rank STORY up|down|top|bottom OFFSET`.
func (b *Bot) rankPress(ctx context.Context, c caller, args []string) (Reply, error) {
	if len(args) < 2 {
		return nil, staleButton()
	}
	offset, _ := numberArg(args, 2)
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		s, err := b.storyFor(ctx, tx, c, args)
		if err != nil {
			return err
		}
		reply, err = b.moveStory(ctx, tx, c, s, Move(args[1]), offset)
		return err
	})
	return reply, err
}

// moveStory moves a story within the backlog and shows it anew.
func (b *Bot) moveStory(ctx context.Context, tx Tx, c caller, s Story, move Move, offset int) (Reply, error) {
	order, err := tx.LockBacklog(ctx, s.Board)
	if err != nil {
		return nil, err
	}
	ranks, there := moveRank(order, s.ID, move)
	if !there {
		return nil, Refuse(Conflict, Sayf("*S%d* is %s, so it has no place in the backlog. Nothing has changed.", s.Number, storyWhere(s)))
	}
	if err := tx.SaveRanks(ctx, s.Board, ranks); err != nil {
		return nil, fmt.Errorf("save ranks: %w", err)
	}
	if len(ranks) > 0 {
		if _, err := tx.AddHistory(ctx, s.Board, Entry{Story: s.ID, Member: c.Member.ID, Act: "ranked", Data: map[string]string{"move": string(move)}, At: b.clock.Now()}); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
	}
	say, err := b.backlog(ctx, tx, c, offset)
	say.Replace = true
	return say, err
}

// storyFor is the story that a button names, for a caller who may.
func (b *Bot) storyFor(ctx context.Context, tx Tx, c caller, args []string) (Story, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return Story{}, staleButton()
	}
	if err := b.may(ctx, tx, c, Command{Verb: VerbBacklog}); err != nil {
		return Story{}, err
	}
	s, err := tx.StoryByNumber(ctx, c.Workspace.Board, n)
	if errors.Is(err, ErrNotFound) {
		return s, Refuse(NotFound, Sayf("There's no story S%d here. Nothing has changed. `/backlog` lists what there is.", n))
	}
	return s, err
}
