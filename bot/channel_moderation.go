package bot

import (
	"context"
	"errors"
	"fmt"
)

// setReview says whose words a moderator of the caller's channel sees first. "on" is
// newcomers.
func (b *Bot) setReview(ctx context.Context, c caller, cmd Command) (Reply, error) {
	review := cmd.Review
	switch {
	case review != "":
	case cmd.Switch == SwitchOff:
		review = ReviewOff
	default:
		review = ReviewNewcomers
	}
	ch, err := b.changeChannel(ctx, c, func(ch *Channel) { ch.Review = review })
	if err != nil {
		return nil, err
	}
	say := Sayf("%s", reviewWords(ch))
	if review != ReviewOff {
		return say.With(Small{Textf("Words that wait stand under `/heed held`, for product managers and admins.")}), nil
	}
	_, waiting, err := b.store.HeldForReview(ctx, ch.Board, Page{1, 0})
	if err != nil {
		return nil, fmt.Errorf("words for a moderator: %w", err)
	}
	if waiting > 0 {
		say = say.With(Para{Textf("%s from before: still waiting for a moderator.", plural(waiting, "text"))}, Buttons{{Label: "Look at it", Action: "review"}})
	}
	return say, nil
}

// setSaving says who may save what others said in the caller's channel.
func (b *Bot) setSaving(ctx context.Context, c caller, on Switch) (Reply, error) {
	saving := SavingModerators
	if on == SwitchOn {
		saving = SavingEveryone
	}
	ch, err := b.changeChannel(ctx, c, func(ch *Channel) { ch.Saving = saving })
	if err != nil {
		return nil, err
	}
	return Sayf("%s", savingWords(ch)), nil
}

// changeChannel writes something that is decided about the caller's channel.
func (b *Bot) changeChannel(ctx context.Context, c caller, change func(*Channel)) (Channel, error) {
	var ch Channel
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayChannels(ctx, tx, c); err != nil {
			return err
		}
		var err error
		if ch, err = tx.Channel(ctx, c.Workspace.Board, c.Workspace.ID, c.Channel.Ref); errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("channel to change: %w", err)
		}
		change(&ch)
		return tx.SaveChannel(ctx, ch)
	})
	return ch, err
}

// reviewWords says whose words a channel's moderators see first.
func reviewWords(ch Channel) string {
	switch ch.Reviews() {
	case ReviewNewcomers:
		return "A moderator looks first at what people ask who joined less than a day ago."
	case ReviewEveryone:
		return "A moderator looks first at what anybody without a role asks."
	case ReviewOff:
	}
	return "What people ask shows at once."
}

// savingWords says who may save others' words in a channel.
func savingWords(ch Channel) string {
	if ch.Saves() == SavingModerators {
		return "Only people with a role save what others said."
	}
	return "Everyone may save what others said; its author is told."
}

// moderationFields are those two choices in a channel's form.
func moderationFields(ch Channel) []Field {
	return []Field{
		ChoiceField{Name: "review", Label: "Whose words does a moderator see first?", Value: string(ch.Reviews()), Options: []Option{
			{string(ReviewOff), "Nobody's"}, {string(ReviewNewcomers), "People's who joined less than a day ago"}, {string(ReviewEveryone), "Everybody's without a role"},
		}},
		ChoiceField{Name: "saving", Label: "Who may save what others said?", Value: string(ch.Saves()), Options: []Option{
			{string(SavingModerators), "People with a role"}, {string(SavingEveryone), "Everyone"},
		}},
	}
}

// takeModeration reads them. What was left as it was shown follows the audience, so
// that a channel which opens to the community is not open to everything at once.
func takeModeration(ch *Channel, values map[string]string) {
	if r := Review(values["review"]); r != ch.Reviews() && (r == ReviewOff || r == ReviewNewcomers || r == ReviewEveryone) {
		ch.Review = r
	}
	if s := Saving(values["saving"]); s != ch.Saves() && (s == SavingModerators || s == SavingEveryone) {
		ch.Saving = s
	}
}
