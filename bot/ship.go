package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// The longest parts of what is said when an item ships, in runes: together they fit
// a message of every platform (Slack edits at most 4,000).
const (
	maxShipNote = 2000
	maxShipHow  = 400
	maxShipLink = 500
	// maxShipAddress is a link's length in bytes once it is encoded (Slack: 3,000).
	maxShipAddress = 2900
)

// shipRoutes are the acts around a ship.
func (b *Bot) shipRoutes(r *routes) {
	r.commands[VerbShip] = b.shipCommand
	r.presses["ship"] = b.shipPress
	r.forms["ship"] = b.shipForm
	r.undos[newsShipped] = undo{VerbShip, b.undoStatus}
	r.commands[VerbStopNotes] = b.stopNotes
	r.commands[VerbStartNotes] = b.startNotes
	r.presses["stop"] = func(ctx context.Context, c caller, _ []string) (Reply, error) { return b.stopNotes(ctx, c, Command{}) }
	r.presses["reopen"] = b.reopenPress
	r.presses["start"] = func(ctx context.Context, c caller, _ []string) (Reply, error) { return b.startNotes(ctx, c, Command{}) }
}

// shipCommand is `/ship 42 [note]`: the form, with the reach of it.
func (b *Bot) shipCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		it, err := b.itemToShip(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		r, err := reachOf(ctx, tx, it, c.Member.Person, true)
		if err != nil {
			return err
		}
		reply = Ask{b.shipAsk(it, cmd, r)}
		return nil
	})
	return reply, err
}

func (b *Bot) shipPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	return b.shipCommand(ctx, c, Command{Verb: VerbShip, Item: n})
}

// shipAsk is the form that shows whom a ship reaches before it is sent.
func (b *Bot) shipAsk(it Item, cmd Command, r reach) Form {
	info := Doc{
		Para{Textf("%v%v", title(it.As(Team)), partOf(cmd.Item, it))},
		Para{Textf("This reaches: %v", r.Text())},
		Small{Textf("Cards change at once. Everything else waits %s, so that you can undo it.", minutes(b.options.Undo))},
	}
	switch {
	case it.Audience == Team:
		info = append(info, Small{Textf("Only the team hears of this one.")})
	case it.Shared():
		info = append(info, Small{Textf("The community knows it as %v, and reads what you write here.", title(it))})
	}
	return Form{
		ID: "ship", State: fmt.Sprint(it.Number), Title: fmt.Sprintf("Ship #%d", it.Number), Submit: "Ship it",
		Fields: []Field{
			InfoField{info},
			TextField{Name: "note", Label: "What's new?", Hint: "In the words of the people who asked", Value: Excerpt(Clean(cmd.Words), maxShipNote), Lines: true, Max: maxShipNote, Optional: true},
			TextField{Name: "how", Label: "How do they try it?", Placeholder: "Settings → Appearance → Dark", Max: maxShipHow, Optional: true},
			TextField{Name: "link", Label: "A link to it", Placeholder: "https://…", Max: maxShipLink, Optional: true},
		},
	}
}

// itemToShip is the locked item that a caller who may is about to ship.
func (b *Bot) itemToShip(ctx context.Context, tx Tx, c caller, number int) (Item, error) {
	if err := b.may(ctx, tx, c, Command{Verb: VerbShip, Item: number}); err != nil {
		return Item{}, err
	}
	it, err := lockRoot(ctx, tx, c, number)
	if err != nil {
		return it, err
	}
	if it.Status != StatusShipped {
		return it, b.canBecome(ctx, tx, c, it, StatusShipped)
	}
	return it, b.shippedAlready(ctx, tx, c, it)
}

// shippedAlready refuses a second ship and says who was first.
func (b *Bot) shippedAlready(ctx context.Context, tx Tx, c caller, it Item) error {
	s, err := tx.LastShipping(ctx, it.Board, it.ID)
	if errors.Is(err, ErrNotFound) {
		return Refuse(Conflict, Sayf("%v is shipped already. Nothing has changed.", title(it)))
	}
	if err != nil {
		return fmt.Errorf("last shipping: %w", err)
	}
	who := Span{Text: "someone who has left"}
	if s.By != 0 {
		m, err := tx.Member(ctx, it.Board, s.By)
		if err != nil {
			return fmt.Errorf("who shipped: %w", err)
		}
		if who = memberSpan(m, c.Workspace.ID); m.Person == c.Member.Person {
			who = Span{Text: "you"}
		}
	}
	return Refuse(Conflict, Sayf("%v: shipped by %v %s. Nothing has changed, and nobody is told twice.", title(it), who, ago(b.clock.Now(), s.At)))
}

// shipForm ships: one change of status, and everything that follows from it, in one
// transaction. What goes out is keyed by the history entry, so that it goes once.
func (b *Bot) shipForm(ctx context.Context, c caller, s Submission) (Reply, error) {
	number, ok := numberArg(strings.Fields(s.State), 0)
	if !ok {
		return nil, staleButton()
	}
	said := Shipping{Note: Clean(s.Values["note"]), How: Clean(s.Values["how"]), Link: strings.TrimSpace(s.Values["link"])}
	if wrong := said.wrong(); len(wrong) > 0 {
		return Fix{wrong}, nil
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		it, err := b.itemToShip(ctx, tx, c, number)
		if err != nil {
			return err
		}
		reply, err = b.ship(ctx, tx, c, it, said)
		return err
	})
	return reply, giveBack(err, said.Note, said.How, said.Link)
}

// wrong says what to mend, by field; nil: nothing.
func (s Shipping) wrong() map[string]string {
	out := map[string]string{}
	for _, f := range []struct {
		name, value string
		most        int
	}{{"note", s.Note, maxShipNote}, {"how", s.How, maxShipHow}, {"link", s.Link, maxShipLink}} {
		if n := len([]rune(f.value)); n > f.most {
			out[f.name] = fmt.Sprintf("That's %d characters; %d fit.", n, f.most)
		}
	}
	switch web := encodedLink(s.Link); {
	case s.Link == "":
	case web == "":
		out["link"] = "A link begins with https:// and names a site."
	case len(web) > maxShipAddress:
		out["link"] = "That link is too long for a button. A shorter one to the same place fits."
	}
	return out
}

// encodedLink is a link as browsers and platforms take it, with spaces and letters of
// other alphabets encoded; "" for what leads nowhere on the web.
func encodedLink(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	u.RawQuery = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", `"`, "%22").Replace(u.RawQuery)
	return u.String()
}

// ship moves a locked item to shipped and wants all the news of it.
func (b *Bot) ship(ctx context.Context, tx Tx, c caller, it Item, said Shipping) (Reply, error) {
	now := b.clock.Now()
	due := now.Add(b.options.Undo)
	said.Link = encodedLink(said.Link)
	said.Board, said.Item, said.By, said.At, said.SendAt, said.Audience = it.Board, it.ID, c.Member.ID, now, due, it.Audience
	id, err := tx.AddShipping(ctx, said)
	if err != nil {
		return nil, fmt.Errorf("keep what shipped: %w", err)
	}
	stories, err := finishStories(ctx, tx, it)
	if err != nil {
		return nil, err
	}
	moved, err := b.moveStatus(ctx, tx, c, it, StatusShipped, "", statusData{Shipping: id, Stories: stories})
	if err != nil {
		return nil, err
	}
	subject := newsSubject{Note: newsShipped, Entry: moved.entry, Shipping: id}
	if err := tellPeople(ctx, tx, it, moved.reach.people, hears(StatusShipped), newsShipped, id, due, now); err != nil {
		return nil, err
	}
	if err := answerPlaces(ctx, tx, it, moved.reach.places, subject, due); err != nil {
		return nil, err
	}
	if err := announce(ctx, tx, it, moved.reach.channels, subject, due); err != nil {
		return nil, err
	}
	return Sayf("Shipped: %v. Cards change now; the rest goes out in %s.", title(it), minutes(b.options.Undo)).With(
		Small{moved.reach.Text()},
		Buttons{{Label: "Undo", Action: Act("undo", moved.entry)}, {Label: "See it", Action: Act("details", it.Number)}},
	), nil
}

// finishStories makes the open stories of a shipped item done, and answers which.
func finishStories(ctx context.Context, tx Tx, it Item) ([]StoryID, error) {
	all, err := tx.StoriesFor(ctx, it.Board, it.ID)
	if err != nil {
		return nil, fmt.Errorf("stories of an item: %w", err)
	}
	var done []StoryID
	for _, s := range all {
		ok, err := tx.SetStoryState(ctx, s.Board, s.ID, StoryOpen, StoryDone)
		if err != nil {
			return nil, fmt.Errorf("finish story: %w", err)
		}
		if ok {
			done = append(done, s.ID)
		}
	}
	return done, nil
}
