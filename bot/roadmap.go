package bot

import (
	"context"
	"fmt"
)

// stageSize is how many items a stage of the roadmap shows at first.
const stageSize = 7

// stages are the parts of the roadmap: what is being built, what comes next, and
// what was looked at and put off.
var stages = []struct {
	name, title string
	status      Status
}{
	{"now", "Now", StatusStarted},
	{"next", "Next", StatusPlanned},
	{"later", "Later", StatusUnderReview},
}

// roadmap shows what comes now, next and later.
func (b *Bot) roadmap(ctx context.Context, tx Tx, r eyes) (Doc, error) {
	doc := Doc{Heading{"Roadmap"}}
	var more Buttons
	any := false
	for _, s := range stages {
		items, total, err := tx.WithStatus(ctx, r.board, r.audience, s.status, Page{stageSize, 0})
		if err != nil {
			return nil, fmt.Errorf("roadmap: %w", err)
		}
		doc = append(doc, Para{Textf("*%s*", s.title)})
		if total == 0 {
			doc = append(doc, Small{Textf("Nothing here at the moment.")})
			continue
		}
		any = true
		rows, err := b.rows(ctx, tx, r, items, -1)
		if err != nil {
			return nil, err
		}
		doc = append(doc, rows...)
		if total > len(items) && r.person != 0 {
			more = append(more, Button{Label: fmt.Sprintf("All %d of %s", total, s.title), Action: Act("stage", s.name, 0)})
		}
	}
	if !any {
		return Doc{Para{Textf("The roadmap is empty for now. What should be on it? `/heed top` shows what people want most.")},
			Buttons{{Label: "See the top 10", Action: "top"}, {Label: "Give feedback", Action: "give"}}}, nil
	}
	if r.shares {
		more = append(more, Button{Label: "Share here", Action: "share roadmap"})
	}
	if len(more) > 0 {
		doc = append(doc, more)
	}
	return doc, nil
}

// stagePress lists the whole of a stage: `stage next 10`.
func (b *Bot) stagePress(ctx context.Context, c caller, args []string) (Reply, error) {
	offset, _ := numberArg(args, 1)
	for _, s := range stages {
		if len(args) == 0 || args[0] != s.name {
			continue
		}
		r := c.eyes()
		items, total, err := b.store.WithStatus(ctx, r.board, r.audience, s.status, Page{listSize, offset})
		if err != nil {
			return nil, fmt.Errorf("stage of the roadmap: %w", err)
		}
		rows, err := b.rows(ctx, b.store, r, items, offset)
		if err != nil {
			return nil, err
		}
		doc := append(Doc{Heading{s.title}}, rows...)
		return Say{Doc: append(doc, r.foot(offset, len(items), total, Act("stage", s.name, offset+len(items)), "")...)}, nil
	}
	return nil, staleButton()
}
