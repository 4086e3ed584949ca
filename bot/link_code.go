package bot

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// codeLetters leaves out what is mistaken when read aloud or copied by hand: 0 and
	// O, 1, I and L.
	codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	codeLength  = 6
	codeLife    = 15 * time.Minute

	// Wrong codes that are taken in the time that a code lives: of a member, of their
	// workspace, and of everybody together. With the last, all the guesses in the life of
	// a code hit it with a chance of one in 30 million (31^6 codes).
	memberMisses    = 5
	workspaceMisses = 10
	allMisses       = 30
)

// LinkKind says what a code is for. It can't be used for anything else.
type LinkKind string

// A code attaches a workspace to a board, or joins two accounts of one person.
const (
	LinkBoard LinkKind = "board"
	LinkMe    LinkKind = "me"
)

// LinkCode is a code that was given out. The code itself is not kept, only its keyed hash.
type LinkCode struct {
	Board     BoardID // of the one who asked for it
	ID        int64
	Kind      LinkKind
	Member    MemberID // who asked for it
	ExpiresAt time.Time
}

// ParseLinkCode reads a code as people type it, in any case, with or without its dash,
// and gives it back as it is written.
func ParseLinkCode(s string) (string, bool) {
	s = strings.ToUpper(strings.NewReplacer("-", "", " ", "", "–", "", "`", "").Replace(s))
	if len(s) != codeLength || strings.Trim(s, codeLetters) != "" {
		return "", false
	}
	return s[:codeLength/2] + "-" + s[codeLength/2:], true
}

// newLinkCode makes a code that nobody can foresee.
func newLinkCode() (string, error) {
	b := make([]byte, 0, codeLength)
	for draw := make([]byte, 1); len(b) < codeLength; {
		if _, err := rand.Read(draw); err != nil {
			return "", fmt.Errorf("draw a code: %w", err)
		}
		// Draws beyond the last whole multiple would make the first letters likelier.
		if most := 256 / len(codeLetters) * len(codeLetters); int(draw[0]) < most {
			b = append(b, codeLetters[int(draw[0])%len(codeLetters)])
		}
	}
	code, _ := ParseLinkCode(string(b))
	return code, nil
}

// codeHash is what is kept of a code.
func (b *Bot) codeHash(code string) []byte {
	mac := hmac.New(sha256.New, b.options.HashKey)
	fmt.Fprintf(mac, "link code %s", code)
	return mac.Sum(nil)
}

// giveCode makes a code for the caller. An earlier one of theirs for the same ends.
func (b *Bot) giveCode(ctx context.Context, tx Tx, c caller, kind LinkKind) (string, error) {
	code, err := newLinkCode()
	if err != nil {
		return "", err
	}
	now := b.clock.Now()
	err = tx.NewLinkCode(ctx, LinkCode{Board: c.Workspace.Board, Kind: kind, Member: c.Member.ID, ExpiresAt: now.Add(codeLife)}, b.codeHash(code), now)
	if err != nil {
		return "", fmt.Errorf("keep a link code: %w", err)
	}
	return code, nil
}

// takeCode finds the code that the caller typed, and binds it to them: nobody else may
// confirm it now. What leads nowhere counts as a miss, in a transaction of its own, so
// that it counts whatever follows; after too many no code is looked at.
func (b *Bot) takeCode(ctx context.Context, c caller, kind LinkKind, code string) (LinkCode, error) {
	now := b.clock.Now()
	var found LinkCode
	var refusal error
	err := b.store.InTx(ctx, func(tx Tx) error {
		refusal = nil
		misses, err := tx.LinkMisses(ctx, c.Workspace, c.Member.ID, now.Add(-codeLife))
		if err != nil {
			return fmt.Errorf("earlier misses: %w", err)
		}
		if misses.Member >= memberMisses || misses.Workspace >= workspaceMisses || misses.All >= allMisses {
			refusal = Refuse(Forbidden, Sayf("That were too many wrong codes, so I don't look at any for a quarter of an hour. Nothing has changed. Then ask for a new code and try again."))
			return nil
		}
		found, err = tx.ShowLinkCode(ctx, b.codeHash(code), c.Workspace, c.Member.ID, now)
		if err == nil && found.Kind == kind {
			return nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("find a link code: %w", err)
		}
		refusal = deadCode()
		return tx.NoteLinkMiss(ctx, c.Workspace, c.Member.ID, now)
	})
	if err == nil {
		err = refusal
	}
	return found, err
}

// deadCode refuses a code. It says the same of every code that can't be used, so that
// guessing teaches nothing.
func deadCode() error {
	return Refuse(NotFound, Sayf("That code doesn't work: it may be mistyped, used already, older than 15 minutes, or for something else. Nothing has changed. Ask for a new one where you got it."))
}
