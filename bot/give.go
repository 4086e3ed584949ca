package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

const giveForm = "give"

// Give is the global shortcut "Give feedback": the form.
func (b *Bot) Give(ctx context.Context, call Call) (Reply, error) {
	return b.serve(ctx, call, "", func(ctx context.Context, c caller) (Reply, error) { return c.giveForm(""), nil })
}

// Say is a direct message or @mention to Heed: it is read as /feedback is. A greeting
// or a question for help is answered as such.
func (b *Bot) Say(ctx context.Context, call Call, words string, heard Heard) (Reply, error) {
	return b.serve(ctx, call, words, func(ctx context.Context, c caller) (Reply, error) {
		words := withoutMention(words, c.Workspace.BotAccount)
		switch strings.ToLower(strings.Trim(words, " .,!?")) {
		case "":
			if heard.Pictures > 0 {
				return Sayf("I see a picture and no words, and words are what I keep. What does it ask for, in a few of them? Or, on your message: %s.", saveWay(c.Workspace.Ref.Platform)), nil
			}
			return b.hello(c.Workspace.Ref.Platform), nil
		case "help", "hi", "hello", "hey", "hallo", "moin", "hola", "thanks", "thank you", "thx":
			return b.hello(c.Workspace.Ref.Platform), nil
		}
		w := c.wish()
		switch {
		case c.Channel.Kind == DirectChannel || c.Channel.Ref == "":
		case heard.Message != "":
			// Said in front of others: the message itself is the evidence and a place to vote.
			var err error
			heard.Author = call.Member
			if w, err = b.savedWish(ctx, b.store, c, heard); err != nil {
				return nil, err
			}
			w.Audience = c.Channel.Audience
		}
		return b.understand(ctx, c, words, w)
	})
}

// hello says in three lines what Heed is for.
func (b *Bot) hello(p Platform) Reply {
	return Sayf("Hello, I'm Heed. What would make things better for you? Write it to me in your own words.").With(
		Small{Textf("`/heed help` shows what else you can do. On a message: %s.", saveWay(p))},
		Buttons{{Label: "Give feedback", Action: "give", Style: Primary}, {Label: "See the top 10", Action: "top"}, {Label: "My requests", Action: "mine"}},
	)
}

// giveForm asks for feedback. Its state names the act that opened it, so that a form
// sent twice is one request, and the channel it belongs to.
func (c caller) giveForm(words string) Ask {
	f := Form{
		ID: giveForm, State: formState(c.key(), c.Channel.Ref), Title: "Give feedback", Submit: "Send",
		Fields: []Field{
			TextField{Name: "words", Label: "What would make it better for you?", Placeholder: "In your own words. What do you want to do, and what is in the way?", Value: words, Lines: true, Max: fieldRunes},
			TextField{Name: "title", Label: "In one line", Placeholder: "Left empty, it's your first sentence", Max: MaxTitle, Optional: true},
		},
	}
	return Ask{f}
}

// formState joins an act's key and a channel; both may be empty.
func formState(key, channel string) string { return channel + " " + key }

// stateOf parts what formState joined.
func stateOf(state string) (key, channel string) {
	channel, key, _ = strings.Cut(state, " ")
	return key, channel
}

// givePress is [Give feedback].
func (b *Bot) givePress(_ context.Context, c caller, _ []string) (Reply, error) {
	return c.giveForm(""), nil
}

// given is the feedback form sent.
func (b *Bot) given(ctx context.Context, c caller, s Submission) (Reply, error) {
	if Empty(s.Values["words"]) {
		return Fix{map[string]string{"words": "A few words, please: what would make it better for you?"}}, nil
	}
	key, channel := stateOf(s.State)
	if channel != "" { // where the form was opened, wherever the platform says it was sent
		ch, err := b.store.Channel(ctx, c.Workspace.Board, c.Workspace.ID, channel)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("channel of a form: %w", err)
		}
		if err == nil {
			c.Channel = ch
		}
	}
	if key == "" {
		key = c.key()
	}
	w := c.wish()
	w.Title = Clean(spoken(s.Values["title"]))
	return b.offer(ctx, c, "give:"+key, s.Values["words"], w)
}
