package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Import is a request as it was kept somewhere else: in another tool, in a sheet, on
// another board.
type Import struct {
	Key       string // names it among all that was imported: the same key again is the same request
	Number    int    // its number on the board it was exported from, with CreatedAt; 0: not known
	Title     string // "": made from the body
	Body      string // "": the title says it all
	Status    Status
	Tags      []string  // as ParseTag answers them
	Permalink string    // where it can be read in the original; "" nowhere
	Author    MemberID  // 0: nobody that Heed knows
	CreatedAt time.Time // zero: not known, so now
	Audience  Audience
	Workspace WorkspaceID // where its card belongs; 0: it gets none
}

// NewImport reads a title and a body as another tool keeps them, neither of which may
// lose a word: a title that is too long for one, or that holds several lines, stands
// above the body too.
func NewImport(title, body string) Import {
	title, body = Clean(title), Clean(body)
	im := Import{Title: TitleFrom(title), Body: body, Status: StatusNew, Audience: Team}
	if Empty(title) {
		im.Title = ""
	}
	switch {
	case Empty(body):
		im.Body = title
	case im.Title != "" && im.Title != oneLine(title):
		im.Body = title + "\n\n" + body
	}
	return im
}

// Problem says why the request can't be imported as it is, in a sentence for whoever
// has the file, and how to mend it; "" when it can.
func (im Import) Problem(now time.Time) string {
	switch n := utf8.RuneCountInString(im.Body); {
	case Empty(im.Body):
		return "it has no words; give it a title or a body."
	case n > MaxWords:
		return fmt.Sprintf("it has %s characters, and %s fit one request; split it.", thousands(n), thousands(MaxWords))
	case !im.Status.Valid():
		return "its status is none of Heed's; use new, under_review, needs_info, planned, started, shipped or declined."
	case len(im.Tags) > maxItemTags:
		return fmt.Sprintf("it has %d tags, and a card shows %d; take some off.", len(im.Tags), maxItemTags)
	case im.CreatedAt.After(now.Add(24 * time.Hour)): // a day: zones
		return "its created_at lies in the future; mend the date, or leave it empty."
	case !im.CreatedAt.IsZero() && im.CreatedAt.Year() < 1970:
		return "its created_at lies before 1970; mend the date, or leave it empty."
	case im.Permalink != "" && !webAddress(im.Permalink):
		return "its permalink is no web address that a card can hold; it begins with https:// or http://, or stays empty."
	}
	return ""
}

// maxLink is the longest link that every platform takes, in bytes (Slack: 3,000
// characters of a button's address, Discord: 2,000 of a message).
const maxLink = 1500

// webAddress tells whether a link leads to the web and nowhere else.
func webAddress(link string) bool {
	u, err := url.Parse(link)
	return err == nil && len(link) <= maxLink && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsAny(link, " <>|\"")
}

// Imported is what became of an Import.
type Imported struct {
	Item  Item
	Fresh bool // it was not there; in a dry run Item is empty then
}

// Import makes a request of what was kept somewhere else, in a transaction of its own.
// One that is on the board already, by its key or because it was exported from here, is
// answered as it is. It has no votes but its author's, whose name nobody else may vote
// by; nobody is told, since nobody here asked. With dry nothing is written. What has a
// Problem must not come here.
func (b *Bot) Import(ctx context.Context, board BoardID, im Import, dry bool) (Imported, error) {
	var out Imported
	err := b.store.InTx(ctx, func(tx Tx) error {
		there, err := importedBefore(ctx, tx, board, im)
		if err == nil {
			out = Imported{Item: there}
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		if out = (Imported{Fresh: true}); dry {
			return nil
		}
		out.Item, out.Fresh, err = b.importNew(ctx, tx, board, im)
		return err
	})
	return out, err
}

// importedBefore finds the item that an import is already; ErrNotFound when it is new.
func importedBefore(ctx context.Context, tx Tx, board BoardID, im Import) (Item, error) {
	it, err := tx.ItemByKey(ctx, board, im.Key)
	if err == nil || !errors.Is(err, ErrNotFound) || im.Number == 0 || im.CreatedAt.IsZero() {
		return it, err
	}
	// An export that comes back to its own board: no other request has the number, and
	// none of another board was made at that microsecond.
	it, err = tx.ItemByNumber(ctx, board, im.Number)
	if err == nil && !it.CreatedAt.Equal(im.CreatedAt) {
		return Item{}, ErrNotFound
	}
	return it, err
}

// importNew makes the item of an import, with its words as evidence.
func (b *Bot) importNew(ctx context.Context, tx Tx, board BoardID, im Import) (Item, bool, error) {
	now := b.clock.Now()
	at := im.CreatedAt
	if at.IsZero() || at.After(now) {
		at = now
	}
	it := Item{
		Board: board, Title: im.Title, Body: im.Body, Status: im.Status, Audience: im.Audience, Author: im.Author,
		AskedIn: ChannelAt{Workspace: im.Workspace}, Tags: slices.Compact(slices.Sorted(slices.Values(im.Tags))), CreatedAt: at, StatusAt: at,
	}
	if it.Title == "" {
		it.Title = Title(im.Body)
	}
	if im.Status.Open() {
		c := caller{Workspace: Workspace{Board: board}, Member: Member{LookedUp: true, Audience: im.Audience}}
		near, err := b.similar(ctx, tx, c, im.Body, Wish{Title: it.Title, Audience: im.Audience})
		if err != nil {
			return it, false, err
		}
		if len(near) > 0 {
			it.Triage, it.MaybeSame = true, near[0]
		}
	}
	it, fresh, err := tx.AddItem(ctx, it, im.Key)
	if err != nil || !fresh {
		return it, fresh, err
	}
	if _, err := tx.AddHistory(ctx, board, Entry{Item: it.ID, Member: im.Author, Act: "submitted", Data: map[string]bool{"imported": true}, At: at}); err != nil {
		return it, fresh, fmt.Errorf("history of an import: %w", err)
	}
	e := Evidence{Item: it.ID, Kind: EvidenceWords, Member: im.Author, Quote: im.Body, Audience: im.Audience, Permalink: im.Permalink, CreatedAt: at}
	if _, _, err := tx.AddEvidence(ctx, board, e); err != nil {
		return it, fresh, fmt.Errorf("words of an import: %w", err)
	}
	if im.Author != 0 {
		ballot, err := b.ballotOf(ctx, tx, it, im.Author, PlaceImport, at)
		if err != nil {
			return it, fresh, err
		}
		if _, err := tx.CastVotes(ctx, now, []Ballot{ballot}); err != nil {
			return it, fresh, fmt.Errorf("vote of an import's author: %w", err)
		}
	}
	if im.Workspace != 0 && im.Status.Open() {
		if _, _, err := wantCard(ctx, tx, it, now); err != nil {
			return it, fresh, err
		}
	}
	it, err = tx.Item(ctx, board, it.ID)
	return it, fresh, err
}
