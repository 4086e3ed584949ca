package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

const (
	editForm = "edit"
	moreForm = "more"
	// actDetails is the history's word for words that were added.
	actDetails = "details"
)

// editRoutes are what people do with their own requests.
func (b *Bot) editRoutes(r *routes) {
	r.commands[VerbEdit] = func(ctx context.Context, c caller, cmd Command) (Reply, error) { return b.editFormOf(ctx, c, cmd.Item) }
	r.presses["edit"] = onItem(b.editFormOf)
	r.presses["more"] = onItem(b.moreFormOf)
	r.forms[editForm] = b.edited
	r.forms[moreForm] = b.moreGiven
	r.commands[VerbRetitle] = b.retitle
	r.commands[VerbWithdraw] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		return b.withdrawAsk(ctx, c, cmd.Item)
	}
	r.presses["withdraw"] = onItem(b.withdrawAsk)
	r.presses["withdrawnow"] = onItem(b.withdraw)
	r.presses["unask"] = onItem(b.unask)
}

// onItem is a press whose first argument is an item's number.
func onItem(do func(context.Context, caller, int) (Reply, error)) func(context.Context, caller, []string) (Reply, error) {
	return func(ctx context.Context, c caller, args []string) (Reply, error) {
		n, ok := numberArg(args, 0)
		if !ok {
			return nil, staleButton()
		}
		return do(ctx, c, n)
	}
}

// ownItem is the caller's own request by number, for changing it. Others' are
// refused by what the caller may know of them.
func (b *Bot) ownItem(ctx context.Context, tx Tx, c caller, number int) (Item, error) {
	it, err := tx.ItemByNumber(ctx, c.Workspace.Board, number)
	if errors.Is(err, ErrNotFound) {
		return it, noSuchItem(number)
	}
	if err != nil {
		return it, fmt.Errorf("item by number: %w", err)
	}
	own, err := b.isOwn(ctx, tx, c, it)
	if err != nil {
		return it, err
	}
	switch {
	case !own:
		if _, err := readable(ctx, tx, c, number); err != nil {
			return it, err
		}
		return it, Refuse(Forbidden, Sayf("%v is somebody else's request, so only they can change its words. Nothing has changed. You can vote, or say it in your own words: `/feedback …`", title(it)))
	case !it.GoneAt.IsZero():
		return it, Refuse(Conflict, Sayf("You took *#%d* back already. Nothing of it is shown any more.", number))
	case !it.HiddenAt.IsZero():
		return it, Refuse(Conflict, Sayf("A moderator took *#%d* out of sight, so it can't be changed. You can ask a product manager why.", number))
	}
	return it, nil
}

// lockOwn is ownItem locked, as it is under the lock.
func (b *Bot) lockOwn(ctx context.Context, tx Tx, c caller, number int) (Item, error) {
	it, err := b.ownItem(ctx, tx, c, number)
	if err != nil {
		return it, err
	}
	if _, err := tx.LockItems(ctx, it.Board, it.ID); err != nil {
		return it, fmt.Errorf("lock own item: %w", err)
	}
	return b.ownItem(ctx, tx, c, number)
}

// editFormOf asks for the new words of the caller's own request. A text that is
// longer than the field is kept whole unless they change what is shown.
func (b *Bot) editFormOf(ctx context.Context, c caller, number int) (Reply, error) {
	it, err := b.ownItem(ctx, b.store, c, number)
	if err != nil {
		return nil, err
	}
	name, said := ownWords(c.eyes(), it)
	words := TextField{Name: "words", Label: "Your words", Value: Excerpt(said, fieldRunes), Lines: true, Max: fieldRunes}
	if words.Value != said {
		words.Hint = "It's longer than fits here. Leave this as it is, and I keep all of it."
	}
	return Ask{Form{
		ID: editForm, State: strconv.Itoa(number), Title: "Edit " + fmt.Sprintf("#%d", number), Submit: "Save",
		Fields: []Field{TextField{Name: "title", Label: "In one line", Value: name, Max: MaxTitle}, words,
			InfoField{Doc{Small{Textf("What you wrote first stays with it as a quote.")}}}},
	}}, nil
}

// edits is what history keeps of changed words.
type edits struct {
	Title string   `json:"title,omitempty"` // before
	Body  string   `json:"body,omitempty"`
	For   Audience `json:"for,omitempty"` // who could read them
}

// edited is the edit form sent.
func (b *Bot) edited(ctx context.Context, c caller, s Submission) (Reply, error) {
	number, ok := numberArg([]string{s.State}, 0)
	if !ok {
		return nil, staleButton()
	}
	newTitle := TitleFrom(spoken(s.Values["title"]))
	if Empty(newTitle) {
		return Fix{map[string]string{"title": "A few words, please: what is it called in one line?"}}, nil
	}
	if Empty(s.Values["words"]) {
		return Fix{map[string]string{"words": "A few words, please. To take it back altogether, use Withdraw."}}, nil
	}
	return b.change(ctx, c, number, func(it *Item) (string, error) {
		shown, said := ownWords(c.eyes(), *it)
		own, said := it.As(Team), whole(said, s.Values["words"])
		if newTitle == shown { // left alone: it may stand for one that the team gave
			newTitle = own.Title
		}
		it.reword(newTitle, said)
		return "edited", CheckWords(said)
	})
}

// change writes new words of the caller's own request, with the old in its history,
// and shows them.
func (b *Bot) change(ctx context.Context, c caller, number int, do func(*Item) (string, error)) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		it, err := b.lockOwn(ctx, tx, c, number)
		if err != nil {
			return err
		}
		before := it
		act, err := do(&it)
		if err != nil {
			return err
		}
		reply, err = b.saveWords(ctx, tx, c, before, it, act)
		return err
	})
	return reply, err
}

func (b *Bot) saveWords(ctx context.Context, tx Tx, c caller, before, it Item, act string) (Reply, error) {
	was, is := before.As(Team), it.As(Team) // the words of those who asked
	seen := it
	seen.Title, _ = ownWords(c.eyes(), it)
	if was.Title == is.Title && was.Body == is.Body {
		return Sayf("%v says that already. Nothing has changed.", title(seen)), nil
	}
	if reply, err := b.editLater(ctx, tx, c, before, it, act); reply != nil || err != nil {
		return reply, err
	}
	if _, err := b.writeWords(ctx, tx, c.Member.ID, before, it, act); err != nil {
		return nil, err
	}
	done := Sayf("Done. It reads %v now.", title(seen))
	if it.Shared() && it.Audience == Community && c.audience() == Team {
		done = done.With(Small{Textf("That's for the team; the community goes on reading %v.", title(it))})
	}
	return done.With(Buttons{{Label: "See it", Action: Act("details", it.Number)}}), nil
}

// writeWords writes new words of a locked item and answers the entry of the history
// that keeps the old.
func (b *Bot) writeWords(ctx context.Context, tx Tx, by MemberID, before, it Item, act string) (int64, error) {
	now := b.clock.Now()
	if err := tx.SaveItem(ctx, it, by); err != nil {
		return 0, fmt.Errorf("save words: %w", err)
	}
	was := before.As(Team)
	old := edits{Title: was.Title, For: before.ownReaders()}
	if was.Body != it.As(Team).Body {
		old.Body = was.Body
	}
	entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: by, Act: act, Data: old, At: now})
	if err != nil {
		return 0, fmt.Errorf("history of an edit: %w", err)
	}
	if err := tx.TouchItem(ctx, it.Board, it.ID, now); err != nil {
		return 0, fmt.Errorf("touch item: %w", err)
	}
	return entry, nil
}

// moreFormOf asks for details to add to the caller's own request.
func (b *Bot) moreFormOf(ctx context.Context, c caller, number int) (Reply, error) {
	it, err := b.ownItem(ctx, b.store, c, number)
	if err != nil {
		return nil, err
	}
	return Ask{Form{
		ID: moreForm, State: strconv.Itoa(number), Title: fmt.Sprintf("Add to #%d", number), Submit: "Add",
		Fields: []Field{
			InfoField{Doc{Para{c.ownTitle(it)}}},
			TextField{Name: "words", Label: "What else should we know?", Placeholder: "When do you need it? What do you do without it today?", Lines: true, Max: fieldRunes},
		},
	}}, nil
}

// moreGiven is that form sent. The same details again are one paragraph.
func (b *Bot) moreGiven(ctx context.Context, c caller, s Submission) (Reply, error) {
	number, ok := numberArg([]string{s.State}, 0)
	if !ok {
		return nil, staleButton()
	}
	words := Clean(spoken(s.Values["words"]))
	if Empty(words) {
		return Fix{map[string]string{"words": "A few words, please, or close this: nothing is lost."}}, nil
	}
	return b.change(ctx, c, number, func(it *Item) (string, error) {
		own := it.As(Team)
		if endsWith(own.Body, words) {
			return actDetails, nil
		}
		if utf8.RuneCountInString(own.Body)+utf8.RuneCountInString(words)+2 > MaxWords {
			return "", Refuse(Limited, Sayf("#%d is as long as a request can be, so I couldn't add this. Your words:", number).With(Quote{Literal(words)}))
		}
		it.reword(own.Title, own.Body+"\n\n"+words)
		return actDetails, nil
	})
}

func endsWith(body, words string) bool {
	return len(body) >= len(words) && body[len(body)-len(words):] == words
}

// retitle is `/heed retitle N TITLE`: a product manager's for any request, the
// author's for their own. May has been asked already for those who need it.
func (b *Bot) retitle(ctx context.Context, c caller, cmd Command) (Reply, error) {
	newTitle := TitleFrom(spoken(cmd.Words))
	if Empty(newTitle) {
		return nil, Refuse(Invalid, Sayf("A title needs a few words: `/heed retitle %d Dark mode that follows the system`. Nothing has changed.", cmd.Item))
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		it, err := readable(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		own, err := b.isOwn(ctx, tx, c, it)
		if err != nil {
			return err
		}
		if !own {
			if err := b.may(ctx, tx, c, cmd); err != nil {
				return err
			}
		}
		if it, err = lockItself(ctx, tx, c, cmd.Item); err != nil {
			return err
		}
		if !it.HiddenAt.IsZero() {
			return Refuse(Conflict, Sayf("#%d is hidden. Bring it back first: `/heed hide %d off`. Nothing has changed.", it.Number, it.Number))
		}
		before := it
		it.reword(newTitle, it.As(Team).Body)
		reply, err = b.saveWords(ctx, tx, c, before, it, "retitled")
		return err
	})
	return reply, err
}
