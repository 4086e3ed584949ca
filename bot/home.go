package bot

import (
	"context"
	"fmt"
)

// homeSize is how much of each part a person's own page shows.
const homeSize = 5

// Home is a person's own page: what waits for them, what they asked and voted for,
// what everyone wants most, and the roadmap. Its buttons act. An error means that it
// could not be made; the page beside it says so.
func (b *Bot) Home(ctx context.Context, call Call) (Home, error) {
	c, err := b.meet(ctx, call)
	if err != nil {
		return Home{Doc{Para{Textf("I can't read the board right now; nothing is lost. Please come back in a minute.")}}}, err
	}
	doc, err := b.home(ctx, c)
	if err != nil {
		return Home{Doc{Para{Textf("I can't read the board right now; nothing is lost. Please come back in a minute.")}}}, err
	}
	return Home{markedDoc(c.Workspace, doc)}, nil
}

func (b *Bot) home(ctx context.Context, c caller) (Doc, error) {
	r := c.eyes()
	r.shares = false
	doc := Doc{Buttons{{Label: "Give feedback", Action: "give", Style: Primary}, {Label: "My requests", Action: "mine"}, {Label: "Roadmap", Action: "roadmap"}}}
	held, _, err := b.heldList(ctx, b.store, r)
	if err != nil {
		return nil, err
	}
	doc = append(doc, held...)
	for _, part := range []struct {
		title, empty string
		list         func(context.Context, Tx, eyes, Page) (Doc, int, error)
	}{
		{"You asked for", "Nothing yet. What would make things better for you?", b.askedList},
		{"You voted for", "Nothing yet. 👍 on a card says that you want it too.", b.votedList},
	} {
		lines, n, err := part.list(ctx, b.store, r, Page{homeSize, 0})
		if err != nil {
			return nil, err
		}
		doc = append(doc, Heading{part.title})
		if n == 0 {
			lines = Doc{Small{Literal(part.empty)}}
		}
		doc = append(doc, lines...)
	}
	items, total, err := b.store.Top(ctx, r.board, r.audience, Page{homeSize, 0})
	if err != nil {
		return nil, fmt.Errorf("top of the board: %w", err)
	}
	if total > 0 {
		rows, err := b.rows(ctx, b.store, r, items, 0)
		if err != nil {
			return nil, err
		}
		doc = append(append(doc, Heading{"What people want most"}), rows...)
		if total > len(items) {
			doc = append(doc, Buttons{{Label: "See the top 10", Action: "top"}})
		}
	}
	for _, s := range stages[:2] {
		items, total, err := b.store.WithStatus(ctx, r.board, r.audience, s.status, Page{homeSize, 0})
		if err != nil {
			return nil, fmt.Errorf("roadmap: %w", err)
		}
		if total == 0 {
			continue
		}
		rows, err := b.rows(ctx, b.store, r, items, -1)
		if err != nil {
			return nil, err
		}
		doc = append(append(doc, Heading{"On the way: " + s.title}), rows...)
	}
	return append(doc, Small{Textf("I read commands, 👍 on my cards and messages that someone saves. Nothing else. `/heed my-data` shows what I keep about you.")}), nil
}
