package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	channelFormID = "channel"
	maxEmoji      = 8  // in a channel's set
	maxCustomer   = 80 // runes
)

// channelFormPress opens what is decided rarely about a channel.
func (b *Bot) channelFormPress(ctx context.Context, c caller, args []string) (Reply, error) {
	if len(args) != 1 {
		return nil, staleButton()
	}
	if err := b.mayChannels(ctx, b.store, c); err != nil {
		return nil, err
	}
	ch, err := b.store.Channel(ctx, c.Workspace.Board, c.Workspace.ID, args[0])
	if errors.Is(err, ErrNotFound) {
		return nil, staleButton()
	}
	if err != nil {
		return nil, fmt.Errorf("channel of a form: %w", err)
	}
	return Ask{Form{
		ID: channelFormID, State: ch.Ref, Title: "This channel", Submit: "Save",
		Fields: append([]Field{
			ChoiceField{Name: "audience", Label: "Who reads along?", Value: string(ch.Audience), Options: []Option{
				{string(Team), "The team"}, {string(Community), "The community: customers, users"},
			}},
			TextField{Name: "emoji", Label: "Reactions that count as a vote", Value: strings.Join(withColons(ch.Emoji), " "),
				Hint: "Names with colons, a space between them. Skin tones count by themselves.", Max: 200},
			TextField{Name: "customer", Label: "Which customer or segment does it stand for?", Value: ch.Customer,
				Hint: "Only the team reads it.", Max: maxCustomer, Optional: true},
		}, moderationFields(ch)...),
	}}, nil
}

// channelSubmitted keeps it.
func (b *Bot) channelSubmitted(ctx context.Context, c caller, s Submission) (Reply, error) {
	emoji, wrong := ParseEmoji(s.Values["emoji"])
	a := Audience(s.Values["audience"])
	if a == "" {
		a = Team
	}
	switch {
	case wrong != "":
		return Fix{map[string]string{"emoji": wrong}}, nil
	case a != Team && a != Community:
		return Fix{map[string]string{"audience": "Choose the team or the community."}}, nil
	}
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayChannels(ctx, tx, c); err != nil {
			return err
		}
		ch, err := tx.Channel(ctx, c.Workspace.Board, c.Workspace.ID, s.State)
		if errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("channel of a form: %w", err)
		}
		ch.Emoji, ch.Customer = emoji, Excerpt(strings.TrimSpace(Clean(s.Values["customer"])), maxCustomer)
		takeModeration(&ch, s.Values)
		if err := tx.SaveChannel(ctx, ch); err != nil {
			return fmt.Errorf("save channel: %w", err)
		}
		if ch.Audience != a {
			if err := b.may(ctx, tx, c, Command{Verb: VerbAudience}); err != nil {
				return err
			}
		}
		return saveAudience(ctx, tx, ch, a, b.clock.Now())
	})
	if err != nil {
		return nil, err
	}
	return Sayf("Saved. Votes that were cast stay as they are; %s counts from now on.", emojiList(emoji)), nil
}

// emojiWord is how platforms name an emoji, their own and a workspace's.
var emojiWord = regexp.MustCompile(`^[a-z0-9_'+-]{1,64}$`)

// typedEmoji are the names of emoji that keyboards type as such.
var typedEmoji = map[string]string{
	"👍": "+1", "❤": "heart", "🔥": "fire", "🚀": "rocket", "⭐": "star", "🙌": "raised_hands", "🙏": "pray", "➕": "heavy_plus_sign",
	"👀": "eyes", "💯": "100", "✅": "white_check_mark", "🎉": "tada", "👏": "clap", "💡": "bulb", "🤩": "star-struck", "😍": "heart_eyes",
}

// ParseEmoji reads a channel's set of emoji as typed: ":+1: :fire:", "+1 fire" or
// "👍 🔥", skin tones left out. wrong says what to mend, "" when all is well.
func ParseEmoji(typed string) (names []string, wrong string) {
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' }) {
		bare := strings.Map(func(r rune) rune {
			if r == 0xFE0F || r >= 0x1F3FB && r <= 0x1F3FF {
				return -1
			}
			return r
		}, word)
		name, ok := typedEmoji[bare]
		if !ok {
			name = BaseEmoji(strings.Trim(strings.ToLower(bare), ":"))
		}
		if !emojiWord.MatchString(name) {
			return nil, fmt.Sprintf("I don't know %s. Write its name with colons, as :fire:.", Excerpt(word, 40))
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case len(names) == 0:
		return nil, "At least one reaction has to count. Usually :+1:."
	case len(names) > maxEmoji:
		return nil, fmt.Sprintf("That's %d; %d at most.", len(names), maxEmoji)
	}
	return names, ""
}

func withColons(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = ":" + n + ":"
	}
	return out
}

// emojiList is a set as a sentence says it.
func emojiList(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = ":" + n + ":"
		for e, name := range typedEmoji {
			if name == n {
				out[i] = e
			}
		}
	}
	return andList(out)
}
