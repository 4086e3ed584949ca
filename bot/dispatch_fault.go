package bot

import (
	"cmp"
	"math/rand/v2"
	"time"
)

const (
	firstRetry = time.Second
	lastRetry  = 10 * time.Minute
	// limitedPause is the rest after a limit that came without a time.
	limitedPause = 5 * time.Second
	// slowRetry is the first rest of a message that the platform lets be edited only now
	// and then; it doubles to 40 minutes. Meanwhile whoever presses it sees it as it is.
	slowRetry = 5 * time.Minute
)

// aftermath is what a failed send asks for.
type aftermath struct {
	Setback Setback
	Retry   time.Duration // > 0: try again after so long
	Join    bool          // become a member first; if that works, try at once
	Revoked bool          // the workspace is gone
}

// afterFault decides what follows a fault. spread is in [0, 1): it keeps posts that
// failed together from coming back together.
func afterFault(c Claim, f *Fault, spread float64) aftermath {
	word := string(f.Kind)
	if f.Reason != "" {
		word += ": " + f.Reason
	}
	a := aftermath{Setback: Setback{Fault: word}}
	switch f.Kind {
	case FaultLimited:
		hold := cmp.Or(f.RetryAfter, limitedPause)
		a.Setback.Hold = hold
		a.Retry = hold
	case FaultSlow:
		a.Retry = max(f.RetryAfter, slowRetry<<min(max(c.Attempts-1, 0), 3))
		a.Retry += time.Duration(spread * float64(a.Retry) / 4)
	case FaultGone:
		// A new message had no place to go to, or an old one was deleted by someone:
		// it comes back only when a person asks.
		a.Setback.Gone = true
	case FaultForbidden:
		a.Join = c.Attempts <= 1
	case FaultUnrenderable, FaultClosed:
		// The next change of its subject makes it due again.
	case FaultFull:
		a.Retry = lastRetry
	case FaultRevoked:
		a.Revoked = true
		a.Retry = lastRetry
	default:
		a.Setback.Unsure = c.Message == ""
		a.Retry = backoff(c.Attempts, spread)
	}
	if c.Message == "" && !c.Unsure.IsZero() && f.Kind != FaultGone {
		a.Setback.Unsure = true // nobody looked yet whether the first try came through
	}
	return a
}

// backoff doubles with every attempt, from a second to ten minutes, and takes up to a
// quarter off.
func backoff(attempts int, spread float64) time.Duration {
	d := min(firstRetry<<min(max(attempts-1, 0), 20), lastRetry)
	return d - time.Duration(spread*float64(d)/4)
}

// jitter is in [0, 1).
func (b *Bot) jitter() float64 {
	if b.options.Jitter != nil {
		return b.options.Jitter()
	}
	return rand.Float64() // spreading retries needs no secret
}
