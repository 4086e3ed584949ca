package bot

import (
	"context"
	"fmt"
	"time"
)

// Kept is a kind of row that is kept for a time only.
type Kept string

const (
	KeptActs         Kept = "acts"          // remembered so that they are taken in once
	KeptHeldWords    Kept = "held_words"    // hidden by a moderator, for their author to copy
	KeptHeld         Kept = "held"          // what became of words that waited
	KeptDrafts       Kept = "drafts"        // forms that were not sent
	KeptPictures     Kept = "pictures"      // copies, until the platform shows its own
	KeptLinkCodes    Kept = "link_codes"    // used or over
	KeptLinkMisses   Kept = "link_misses"   // wrong guesses
	KeptLanes        Kept = "lanes"         // the pace of channels where nothing was sent for long
	KeptShards       Kept = "shards"        // who listened to a part of a gateway that nobody listens to any more
	KeptNotices      Kept = "notices"       // news that were told, or that nobody was to be told
	KeptNotes        Kept = "notes"         // posts that were sent once: answers in threads, direct messages
	KeptHistory      Kept = "history"       // who did what when
	KeptDigests      Kept = "digests"       // frozen digests with their entries, but for each schedule's last
	KeptOpenMessages Kept = "open_messages" // posts of digests and announcements
)

const (
	// settledFor is how long is kept what was said once and is over.
	settledFor = 90 * 24 * time.Hour
	pictureFor = 30 * 24 * time.Hour
	// historyDays is how long decisions and digests are kept, unless the program says otherwise.
	historyDays = 3 * 365
	// pruneBatch is how many rows one transaction deletes.
	pruneBatch = 500
)

// retention is how long each kind is kept after it is over, in the order of deletion.
// What people need for good is of no such kind: requests, quotes, ballots, votes, stories,
// announcements, who asked to be forgotten.
func (b *Bot) retention() []struct {
	what Kept
	age  time.Duration
} {
	history := time.Duration(b.options.HistoryDays) * 24 * time.Hour
	return []struct {
		what Kept
		age  time.Duration
	}{
		{KeptActs, 0}, {KeptHeldWords, 0}, {KeptDrafts, 0}, {KeptPictures, pictureFor}, {KeptLinkCodes, 24 * time.Hour}, {KeptLinkMisses, 24 * time.Hour},
		{KeptLanes, 24 * time.Hour}, {KeptShards, settledFor}, {KeptHeld, settledFor}, {KeptNotices, settledFor}, {KeptNotes, settledFor},
		{KeptOpenMessages, history}, {KeptDigests, history}, {KeptHistory, history},
	}
}

// RunPrune keeps house once an hour, until ctx ends.
func (b *Bot) RunPrune(ctx context.Context) error {
	return b.loop(ctx, beat{name: "prune", deaf: true}, b.PruneOnce, func(_ int, err error, failures int) time.Duration {
		if err != nil {
			return troublePause(failures)
		}
		return time.Hour
	})
}

// PruneOnce deletes what is kept no longer, some hundred rows a transaction, and once a
// day brings the cards' "this week" up to date. Two replicas at it pass over what the
// other deletes. It answers how much it did.
func (b *Bot) PruneOnce(ctx context.Context) (int, error) {
	now := b.clock.Now()
	total := 0
	for _, r := range b.retention() {
		for n := pruneBatch; n >= pruneBatch; {
			var err error
			if n, err = b.store.Prune(ctx, r.what, now.Add(-r.age), pruneBatch); err != nil {
				return total, fmt.Errorf("prune %s: %w", r.what, err)
			}
			total += n
		}
	}
	aged, err := b.store.AgeCards(ctx, now)
	if aged > 0 {
		b.Wake()
	}
	return total + aged, err
}
