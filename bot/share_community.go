package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// actShared is the history's word for a team's request that got words for everyone.
const actShared = "shared"

// publishForm takes those words; its state is the item's number.
const publishForm = "publish"

// sharedData is what the history keeps of the item as it was before.
type sharedData struct {
	Audience   Audience  `json:"audience"`
	Title      string    `json:"title"`
	Body       string    `json:"body"`
	Reason     string    `json:"reason,omitempty"`
	TeamReason string    `json:"team_reason,omitempty"`
	Since      time.Time `json:"since"` // shared since; zero: it was not
	Now        string    `json:"now"`   // the title that everyone reads since
}

// publishPress is [Share with the community…], `publish N`: a form that asks for words
// that everyone may read. Nothing of the team's is filled in.
func (b *Bot) publishPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	_, err := b.onRoot(ctx, c, Command{Verb: VerbAudience, Item: n, Audience: Community}, func(_ Tx, it Item) (Reply, error) {
		if err := mayPublish(it); err != nil {
			return nil, err
		}
		reply = Ask{publishAsk(it)}
		return nil, nil
	})
	return reply, err
}

// mayPublish refuses an item whose one title everyone reads already.
func mayPublish(it Item) error {
	if it.Audience == Community && !it.Shared() {
		return Refuse(Conflict, Sayf("%v is for everyone already, in these words. Nothing has changed. `/heed retitle %d …` gives it another title.", title(it), it.Number))
	}
	return nil
}

func publishAsk(it Item) Form {
	f := Form{
		ID: publishForm, State: strconv.Itoa(it.Number), Title: fmt.Sprintf("Share #%d", it.Number), Submit: "Share",
		Fields: []Field{
			InfoField{Doc{
				Para{Textf("Among the team: %v", title(it.As(Team)))},
				Small{Textf("Everyone will read the words below, and nothing else of it: quotes, names, tags and the reason stay with the team, which goes on reading its own words.")},
			}},
			TextField{Name: "title", Label: "Title for everyone", Hint: "Without a customer's name", Max: MaxTitle},
			TextField{Name: "body", Label: "What is it about?", Hint: "Left empty, the title says it all.", Lines: true, Max: fieldRunes, Optional: true},
		},
	}
	if it.Shared() {
		f.Title, f.Submit = fmt.Sprintf("Public words, #%d", it.Number), "Save"
		body := it.Body
		if !it.saysMore() {
			body = ""
		}
		f.Fields[1] = TextField{Name: "title", Label: "Title for everyone", Hint: "Without a customer's name", Value: it.Title, Max: MaxTitle}
		f.Fields[2] = TextField{Name: "body", Label: "What is it about?", Hint: "Left empty, the title says it all.", Value: Excerpt(body, fieldRunes), Lines: true, Max: fieldRunes, Optional: true}
	}
	return f
}

// published is that form sent.
func (b *Bot) published(ctx context.Context, c caller, s Submission) (Reply, error) {
	n, ok := numberArg(strings.Fields(s.State), 0)
	if !ok {
		return nil, staleButton()
	}
	name, body := TitleFrom(spoken(s.Values["title"])), Clean(spoken(s.Values["body"]))
	if Empty(name) {
		return Fix{map[string]string{"title": "A few words, please: what may everyone call it?"}}, nil
	}
	if Empty(body) {
		body = name
	}
	if err := CheckWords(body); err != nil {
		return nil, err
	}
	reply, err := b.onRoot(ctx, c, Command{Verb: VerbAudience, Item: n, Audience: Community}, func(tx Tx, it Item) (Reply, error) {
		if err := mayPublish(it); err != nil {
			return nil, err
		}
		return b.publish(ctx, tx, c, it, name, body)
	})
	return reply, giveBack(err, name, body)
}

// publish opens a locked item to everyone in these words. What the team reads stays as
// it is. The same words again change nothing.
func (b *Bot) publish(ctx context.Context, tx Tx, c caller, it Item, name, body string) (Reply, error) {
	now := b.clock.Now()
	if it.Shared() && it.Audience == Community && it.Title == name && it.Body == body {
		return Sayf("Everyone reads %v already. Nothing has changed.", title(it)), nil
	}
	data := sharedData{Audience: it.Audience, Title: it.Title, Body: it.Body, Reason: it.Reason, TeamReason: it.TeamReason, Since: it.SharedAt, Now: name}
	if !it.Shared() {
		it.TeamTitle, it.TeamBody, it.SharedAt = it.Title, it.Body, now
		it.TeamReason, it.Reason = it.Reason, ""
	}
	it.Title, it.Body = name, body
	entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actShared, Data: data, At: now})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	if err := b.moveAudience(ctx, tx, c, it, Community); err != nil {
		return nil, err
	}
	homes, err := b.communityCards(ctx, tx, c, it)
	if err != nil {
		return nil, err
	}
	say := Sayf("Everyone reads *#%d %s* now.", it.Number, name)
	if len(homes) > 0 {
		say = say.With(Para{Textf("Its card goes to %v.", homes)})
	} else {
		say = say.With(Para{Textf("No channel of the community takes cards yet: `/heed channel intake` in one changes that.")})
	}
	return say.With(Small{Textf("The team goes on reading *%s*. Quotes, names, tags and the reason stay with the team.", it.TeamTitle)},
		Buttons{{Label: "Undo", Action: Act("undo", entry)}, {Label: "See it", Action: Act("details", it.Number)}}), nil
}

// communityCards names the community's channels where an item has a card now.
func (b *Bot) communityCards(ctx context.Context, tx Tx, c caller, it Item) (Text, error) {
	cards, err := tx.ItemPosts(ctx, it.Board, it.ID, PostCard)
	if err != nil {
		return nil, fmt.Errorf("cards of an item: %w", err)
	}
	var out Text
	for _, p := range cards {
		ch, err := tx.Channel(ctx, it.Board, p.Workspace, p.Channel)
		if err != nil {
			return nil, fmt.Errorf("channel of a card: %w", err)
		}
		w, err := tx.WorkspaceByID(ctx, it.Board, p.Workspace)
		if err != nil {
			return nil, fmt.Errorf("workspace of a card: %w", err)
		}
		if ch.Audience != Community || ch.State != "open" || w.Gone {
			continue
		}
		if len(out) > 0 {
			out = append(out, Span{Text: ", "})
		}
		out = append(out, c.channelName(ch))
		if w.ID != c.Workspace.ID && w.Name != "" {
			out = append(out, Span{Text: " (" + w.Name + ")"})
		}
	}
	return out, nil
}

// undoShared takes words for everyone back. What the team has changed of its own since
// stays changed.
func (b *Bot) undoShared(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, it, err := undoing[sharedData](ctx, tx, c, e)
	if err != nil {
		return nil, err
	}
	if it.Audience != Community || !it.Shared() || it.Title != data.Now {
		return nil, changedSince(it)
	}
	if data.Since.IsZero() {
		it.Title, it.Body = it.TeamTitle, it.TeamBody
		if it.TeamReason != "" {
			it.Reason = it.TeamReason
		}
		it.TeamTitle, it.TeamBody, it.TeamReason, it.SharedAt = "", "", "", data.Since
	} else {
		it.Title, it.Body = data.Title, data.Body
	}
	if err := b.moveAudience(ctx, tx, c, it, data.Audience); err != nil {
		return nil, err
	}
	say := Sayf("Taken back: %v is for %s again.", title(it.As(Team)), audienceWords(data.Audience))
	if data.Audience == Community {
		say = Sayf("Taken back: everyone reads %v again.", title(it))
	}
	say.Replace = true
	return say, nil
}
