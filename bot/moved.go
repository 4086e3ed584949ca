package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Buttons and forms name requests by their numbers, and a workspace that changes boards
// gets other numbers. What such a workspace is shown carries the board that its numbers
// are of, as the last argument ("details 57 @3"); what carries none is from the board
// where the workspace began. So a press on an old message never means another request.

// boardMark begins that argument.
const boardMark = "@"

// maxActionBytes is how long an action may be (Action), boardRoom what of it a board's
// mark may take.
const (
	maxActionBytes = 100
	boardRoom      = 12
)

// markedButtons gives actions the board, where they need it.
func markedButtons(w Workspace, bs []Button) []Button {
	out := slices.Clone(bs)
	for i, x := range out {
		if mark := fmt.Sprintf(" %s%d", boardMark, w.Board); strings.Contains(string(x.Action), " ") && len(x.Action)+len(mark) <= maxActionBytes {
			out[i].Action += Action(mark)
		}
	}
	return out
}

// markedDoc is a document whose buttons name their board; that of a workspace that never
// moved is as it was.
func markedDoc(w Workspace, d Doc) Doc {
	if w.MovedAt.IsZero() {
		return d
	}
	out := slices.Clone(d)
	for i, bl := range out {
		switch bl := bl.(type) {
		case Buttons:
			out[i] = Buttons(markedButtons(w, bl))
		case Row:
			bl.Buttons = markedButtons(w, bl.Buttons)
			out[i] = bl
		}
	}
	return out
}

// markedReply is the same of an answer, markedContent of what a post shows. A card needs
// none: whose card a message is, is known.
func markedReply(w Workspace, r Reply) Reply {
	if w.MovedAt.IsZero() {
		return r
	}
	switch r := r.(type) {
	case Say:
		r.Doc = markedDoc(w, r.Doc)
		return r
	case Ask:
		r.Form.State = strings.TrimSpace(fmt.Sprintf("%s %s%d", r.Form.State, boardMark, w.Board))
		r.Form.Fields = slices.Clone(r.Form.Fields)
		for i, f := range r.Form.Fields {
			if info, ok := f.(InfoField); ok {
				r.Form.Fields[i] = InfoField{markedDoc(w, info.Doc)}
			}
		}
		return r
	}
	return r
}

func markedContent(w Workspace, c Content) Content {
	switch c := c.(type) {
	case Announcement:
		return Announcement{markedDoc(w, c.Doc)}
	case Direct:
		return Direct{markedDoc(w, c.Doc)}
	case Note:
		return Note{markedDoc(w, c.Doc)}
	case Digest:
		c.Doc = markedDoc(w, c.Doc)
		return c
	}
	return c
}

// unmark parts the board from the arguments of a press or a form's state.
func unmark(args []string) ([]string, BoardID) {
	if len(args) == 0 {
		return args, 0
	}
	rest, ok := strings.CutPrefix(args[len(args)-1], boardMark)
	id, err := strconv.ParseInt(rest, 10, 64)
	if !ok || err != nil || id <= 0 {
		return args, 0
	}
	return args[:len(args)-1], BoardID(id)
}

// wornBoard is the board that something's numbers are of; 0 when it is the caller's own.
func wornBoard(c caller, mark BoardID) BoardID {
	if c.Workspace.MovedAt.IsZero() {
		return 0
	}
	if mark == 0 {
		mark = c.Workspace.FirstBoard
	}
	if mark == c.Workspace.Board {
		return 0
	}
	return mark
}

// byID are the actions whose arguments are ids, places in a list or names, which mean the
// same on every board.
var byID = []string{"undo", "own", "letgo", "runheld", "held", "unname", "notrequest", "letin", "keepout", "takerole", "digest", "channel",
	"channelform", "intake", "linkboard", "linkme", "sendask", "sendaway", "stage", "top", "asked", "voted", "backlog", "triage", "mine", "roadmap"}

// byStory are those whose first number is a story's.
var byStory = []string{"rank", "story", "storyedit", "storydone", "storydrop"}

// current makes a press mean what it meant where its button was shown. The press on a
// card is about the card's request, whatever its number was. Anything else from another
// board is answered with where its request is now.
func (b *Bot) current(ctx context.Context, c caller, verb string, args []string) ([]string, error) {
	args, mark := unmark(args)
	from := wornBoard(c, mark)
	if from == 0 || len(args) == 0 || slices.Contains(byID, verb) {
		return args, nil
	}
	if mark == 0 && c.Message != "" {
		p, err := b.pressed(ctx, c.Workspace.Ref, c.Call.Channel.Ref, c.Message)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("post of a press: %w", err)
		}
		if err == nil && p.Kind == PostCard {
			it, err := b.store.Item(ctx, c.Workspace.Board, p.Item)
			if err != nil {
				return nil, fmt.Errorf("item of a card: %w", err)
			}
			return append([]string{strconv.Itoa(it.Number)}, args[1:]...), nil
		}
	}
	n, ok := numberArg(args, 0)
	if !ok || slices.Contains(byStory, verb) {
		return nil, Refuse(Conflict, Sayf("That button is from before this workspace changed boards, so it can't tell any more what it meant. Nothing has changed. `/heed help` shows what you can do."))
	}
	return nil, b.forwarded(ctx, c, from, n, nil)
}

// pressed is the post that a message is. Whoever presses as soon as a card is there may be
// quicker than its keeping, which is waited for as long as it is for reactions.
func (b *Bot) pressed(ctx context.Context, w WorkspaceRef, channel, message string) (Post, error) {
	for looks := 0; ; looks++ {
		_, underWay, err := b.store.CardAt(ctx, w, channel, message) // first: what is kept meanwhile is found below
		if err != nil {
			return Post{}, err
		}
		p, err := b.store.PostAt(ctx, w, channel, message)
		if !errors.Is(err, ErrNotFound) || !underWay || looks == earlyLooks {
			return p, err
		}
		if err := b.clock.Wait(ctx, b.clock.Now().Add(earlyPause)); err != nil {
			return Post{}, err
		}
	}
}

// currentForm is the same of a form. Its words come back.
func (b *Bot) currentForm(ctx context.Context, c caller, s Submission) (Submission, error) {
	if c.Workspace.MovedAt.IsZero() {
		return s, nil
	}
	args, mark := unmark(strings.Split(s.State, " "))
	s.State = strings.Join(args, " ")
	from := wornBoard(c, mark)
	if from == 0 || slices.Contains([]string{giveForm, saveForm, channelFormID, settingsFormID, welcomeFormID, pasteFormID}, s.Form) || s.Form == "promote" && strings.HasPrefix(s.State, "0 ") {
		return s, nil
	}
	number := args[0]
	if s.Form == tellForm && len(args) > 1 {
		number = args[1]
	}
	n, err := strconv.Atoi(number)
	if err != nil || s.Form == "story" {
		return s, Refuse(Conflict, withTyped(Sayf("That form is from before this workspace changed boards, so I can't tell any more what it was about. Nothing was kept. Here is what you wrote:"), s.Values))
	}
	return s, b.forwarded(ctx, c, from, n, s.Values)
}

// withTyped gives back what was typed into a form.
func withTyped(say Say, values map[string]string) Say {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if v := Clean(values[name]); !Empty(v) {
			say = say.With(Quote{Literal(Excerpt(v, typedBack))})
		}
	}
	return say
}

// numberNow is where a number of another board is on the caller's; false when it stood for
// nothing that they may see here. Only boards that their workspace was on are looked at.
func (b *Bot) numberNow(ctx context.Context, c caller, from BoardID, number int) (Item, bool, error) {
	if _, err := b.store.WorkspaceByID(ctx, from, c.Workspace.ID); errors.Is(err, ErrNotFound) {
		return Item{}, false, nil
	} else if err != nil {
		return Item{}, false, fmt.Errorf("earlier board: %w", err)
	}
	was, err := b.store.ItemByNumber(ctx, from, number)
	if err == nil {
		was, err = b.store.Item(ctx, c.Workspace.Board, was.ID)
	}
	if errors.Is(err, ErrNotFound) {
		return Item{}, false, nil
	}
	if err != nil {
		return Item{}, false, fmt.Errorf("item by an old number: %w", err)
	}
	seen := was.GoneAt.IsZero() && c.audience().MayRead(was.Audience) && (was.HiddenAt.IsZero() || c.Roles.Has(PM))
	return was, seen, nil
}

// forwarded refuses an act by an old number with where its request is now.
func (b *Bot) forwarded(ctx context.Context, c caller, from BoardID, number int, typed map[string]string) error {
	it, ok, err := b.numberNow(ctx, c, from, number)
	if err != nil {
		return err
	}
	if !ok {
		return Refuse(NotFound, withTyped(Sayf("That is from before this workspace changed boards on %s, and its #%d isn't on this one. Nothing has changed.",
			day(b.clock.Now(), c.Workspace.MovedAt), number), typed))
	}
	say := Sayf("#%d is %v now, since this workspace changed boards on %s. Nothing has changed yet.", number, title(it), day(b.clock.Now(), c.Workspace.MovedAt))
	return Refuse(Conflict, withTyped(say, typed).With(Buttons{
		{Label: fmt.Sprintf("Open #%d", it.Number), Action: Act("details", it.Number), Style: Primary},
		{Label: "👍 Vote", Action: Act("vote", it.Number)},
	}))
}

// oldNumbersFor is how long people may still have the old numbers in mind.
const oldNumbersFor = 90 * 24 * time.Hour

// recalled adds to the answer to a typed number what it stood for before the workspace
// changed boards, where that is another request.
func (b *Bot) recalled(ctx context.Context, c caller, cmd Command, reply Reply, err error) (Reply, error) {
	if cmd.Item == 0 || c.Workspace.MovedAt.IsZero() || b.clock.Now().After(c.Workspace.MovedAt.Add(oldNumbersFor)) {
		return reply, err
	}
	if err != nil && RefusedWith(err) != NotFound {
		return reply, err
	}
	from, ferr := b.store.CameFrom(ctx, c.Workspace)
	if errors.Is(ferr, ErrNotFound) {
		return reply, err
	}
	if ferr != nil {
		return nil, fmt.Errorf("earlier board: %w", ferr)
	}
	it, ok, ferr := b.numberNow(ctx, c, from, cmd.Item)
	if ferr != nil || !ok || it.Number == cmd.Item {
		return reply, errors.Join(err, ferr)
	}
	if err != nil {
		return nil, b.forwarded(ctx, c, from, cmd.Item, nil)
	}
	if say, ok := reply.(Say); ok {
		return say.With(Small{Textf("Before %s, #%d here was %v.", day(b.clock.Now(), c.Workspace.MovedAt), cmd.Item, title(it))},
			Buttons{{Label: fmt.Sprintf("Open #%d", it.Number), Action: Act("details", it.Number)}}), nil
	}
	return reply, nil
}
