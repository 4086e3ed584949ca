package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// digestWidth is how many boards have their digests opened at a time, each followed by a
// rest as long as it took: enough that a database some way off is kept busy, little
// enough that votes, and what is sent already, go on beside it.
const (
	digestWidth = 3
	digestRest  = 20 * time.Millisecond // at most: on a slow machine they have to end too
)

// byBoard puts the schedules of a board together, the boards in the order of their first.
func byBoard(due []ChannelSchedule) [][]ChannelSchedule {
	var out [][]ChannelSchedule
	place := map[BoardID]int{}
	for _, s := range due {
		i, known := place[s.Board]
		if !known {
			i = len(out)
			place[s.Board], out = i, append(out, nil)
		}
		out[i] = append(out[i], s)
	}
	return out
}

// runBoards runs due schedules, a few boards at a time, and answers how many digests were
// frozen or passed over. Each replica begins somewhere else, so that they share the
// work of a minute at which many are due. What is frozen is sent while others are made.
func (b *Bot) runBoards(ctx context.Context, boards [][]ChannelSchedule) (int, error) {
	var (
		mu   sync.Mutex
		did  int
		errs []error
		all  sync.WaitGroup
	)
	first := int(b.jitter() * float64(len(boards)))
	places := make(chan struct{}, digestWidth)
	for i := range boards {
		board := boards[(first+i)%len(boards)]
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			began := time.Now()
			n, err := b.runBoard(ctx, board)
			if i+digestWidth < len(boards) { // the machine's time: it is the machine that is spared
				_ = SystemClock{}.Wait(ctx, time.Now().Add(min(time.Since(began), digestRest)))
			}
			mu.Lock()
			defer mu.Unlock()
			did += n
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	all.Wait()
	return did, errors.Join(errs...)
}

// runBoard runs the due schedules of one board: in one transaction or, should that fail,
// each in its own, so that one that fails holds up no other.
func (b *Bot) runBoard(ctx context.Context, due []ChannelSchedule) (did int, err error) {
	book := &digestBook{}
	did, err = b.runSchedules(ctx, due, book)
	if err != nil && len(due) > 1 {
		var errs []error
		for _, s := range due {
			n, err := b.runSchedules(ctx, []ChannelSchedule{s}, book)
			did += n
			if err != nil {
				errs = append(errs, fmt.Errorf("schedule %d: %w", s.ID, err))
			}
		}
		err = errors.Join(errs...)
	}
	if did > 0 {
		b.Wake()
	}
	return did, err
}

// digestBook remembers what digests of one board have in common when they are due at the
// same time for the same readers, so that ten channels cost one ranking and say the
// same. It lives as long as one look at what is due. Not safe for concurrent use.
type digestBook struct {
	pages map[digestPage]any
}

// digestPage names what was read.
type digestPage struct {
	what        string
	audience    Audience
	from, until time.Time
}

// open is a page of the book, read when nobody did yet. Pages are never written in.
func open[T any](book *digestBook, page digestPage, read func() (T, error)) (T, error) {
	page.from, page.until = page.from.UTC(), page.until.UTC()
	if known, ok := book.pages[page].(T); ok {
		return known, nil
	}
	got, err := read()
	if err == nil {
		if book.pages == nil {
			book.pages = map[digestPage]any{}
		}
		book.pages[page] = got
	}
	return got, err
}

func (k *digestBook) totals(ctx context.Context, tx Tx, b BoardID, audience Audience, from, until time.Time) (DigestTotals, error) {
	return open(k, digestPage{"totals", audience, from, until}, func() (DigestTotals, error) {
		return tx.DigestTotals(ctx, b, audience, from, until)
	})
}

// lists reads parts of digests. How many lines each has follows from audience and totals,
// which are the same for all who open the page.
func (k *digestBook) lists(ctx context.Context, tx Tx, b BoardID, audience Audience, from, until time.Time, most map[DigestPart]int) (map[DigestPart][]DigestLine, error) {
	return open(k, digestPage{"lists", audience, from, until}, func() (map[DigestPart][]DigestLine, error) {
		return tx.DigestLists(ctx, b, audience, from, until, most)
	})
}

// quote is nil where nobody said any words.
func (k *digestBook) quote(ctx context.Context, tx Tx, b BoardID, audience Audience, from, until time.Time) (*DigestQuote, error) {
	return open(k, digestPage{"quote", audience, from, until}, func() (*DigestQuote, error) {
		quote, err := tx.DigestQuote(ctx, b, audience, from, until)
		if errors.Is(err, ErrNotFound) {
			return nil, nil // kept too: the next channel need not ask again
		}
		return &quote, err
	})
}
