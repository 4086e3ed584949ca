package bot

import (
	"context"
	"errors"
	"fmt"
)

// historyLines are the last acts on a request as a reader may know them: the team
// with names, others where it stood when.
func (b *Bot) historyLines(ctx context.Context, tx Tx, r eyes, w WorkspaceID, it Item) (Doc, error) {
	entries, err := tx.History(ctx, it.Board, it.ID, 4*detailHistory)
	if err != nil {
		return nil, fmt.Errorf("history of a request: %w", err)
	}
	var out Doc
	for _, e := range entries {
		if len(out) == detailHistory {
			break
		}
		what := deedOf(e, r.audience)
		if what == "" || !e.UndoneAt.IsZero() {
			continue
		}
		line := Textf("%s · %s", day(b.clock.Now(), e.At), what)
		if r.audience == Team && e.Member != 0 && !private(e.Act) {
			m, err := tx.Member(ctx, it.Board, e.Member)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, fmt.Errorf("who did it: %w", err)
			}
			if err == nil && m.Name != "" {
				line = append(line, Span{Text: " · "}, memberSpan(m, w))
			}
		}
		out = append(out, Small{line})
	}
	if len(out) > 0 {
		out = append(Doc{Para{Textf("*What happened*")}}, out...)
	}
	return out, nil
}

// private acts are those of the person who asked: their name stands where they left
// it, and nowhere else.
func private(act string) bool {
	switch act {
	case "submitted", "joined", "edited", "details", "withdrawn", "unnamed", "not_a_request":
		return true
	}
	return false
}

// deedOf is a history entry in a few words, "" for what readers of a need not know.
func deedOf(e Entry, a Audience) string {
	switch e.Act {
	case "submitted":
		return "asked"
	case newsStatus, newsShipped, newsDeclined, newsQuestion:
		if d, err := entryData[statusData](e); err == nil && d.To.Valid() {
			return d.To.Label()
		}
		return ""
	}
	if a != Team {
		return ""
	}
	switch e.Act {
	case "joined":
		return "someone asked for the same"
	case "edited":
		return "words changed"
	case "retitled":
		return "title changed"
	case "details":
		return "details added"
	case actMerged:
		return "merged"
	case actUnmerged:
		return "unmerged"
	case actTookIn:
		return "another was merged into it"
	case actRoadmap:
		return "roadmap changed"
	case actAnswered:
		return "a question was answered"
	case actTagged:
		return "tags changed"
	case newsPlanned:
		return "promoted to the backlog"
	case actHidden:
		return "hidden"
	case actLetIn:
		return "let in by a moderator"
	case actKeptOut:
		return "words were kept out by a moderator"
	case actUnhidden:
		return "brought back"
	case actAudience:
		return "readers changed"
	case actShared:
		return "shared with the community"
	case "unnamed":
		return "a name was taken off"
	case "not_a_request":
		return "a saved message was taken back"
	}
	return ""
}
