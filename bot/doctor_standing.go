package bot

import (
	"context"
	"sync"
	"time"
)

// Examiner is what a Messenger may do besides: say how Heed stands with a workspace.
type Examiner interface {
	// Examine asks the platform whether it takes Heed's token for the workspace, what was
	// not granted there, and what time it is. Its error is a *Fault: of kind FaultRevoked
	// where the token is not good.
	Examine(ctx context.Context, w Workspace) (Standing, error)
}

// Standing is how Heed stands with a workspace.
type Standing struct {
	Missing []Grant       // what was not granted
	Ahead   time.Duration // how far this machine's clock is ahead of the platform's
	Timed   bool          // the platform said what time it is
}

// Grant is a right that an admin of a workspace gives, by the name that the platform has
// for it, and what people miss without it, a sentence.
type Grant struct {
	Name string
	Cost string
	Must bool // nothing of the main job works without
}

const (
	examineAtOnce = 8
	// skewMost is how far two clocks may be apart. Slack's signatures are refused at five
	// minutes, and platforms write whole seconds.
	skewMost = 15 * time.Second
)

// examined is what became of asking.
type examined struct {
	Standing
	asked bool
	err   error
}

// examine asks the platforms about workspaces, some at a time.
func (b *Bot) examine(ctx context.Context, all []Workspace) map[WorkspaceID]examined {
	out := map[WorkspaceID]examined{}
	var mu sync.Mutex
	var asking sync.WaitGroup
	places := make(chan struct{}, examineAtOnce)
	for _, w := range all {
		e, ok := b.messengers[w.Ref.Platform].(Examiner)
		if !ok || w.Gone {
			continue
		}
		places <- struct{}{}
		asking.Go(func() {
			defer func() { <-places }()
			ctx, cancel := context.WithTimeout(ctx, b.options.Patience)
			defer cancel()
			s, err := e.Examine(ctx, w)
			mu.Lock()
			defer mu.Unlock()
			out[w.ID] = examined{s, true, err}
		})
	}
	asking.Wait()
	return out
}

// checkStanding tells how Heed stands with a workspace, where its platform was asked.
func (b *Bot) checkStanding(f *findings, w Workspace, s examined) {
	if !s.asked {
		return
	}
	f.at("workspace", "token")
	switch fault := FaultOf(s.err); {
	case s.err == nil:
		f.well("%s takes Heed's token for *%s*.", platformName(w.Ref.Platform), w.Name)
	case fault.Kind == FaultRevoked:
		f.wrong("%s does not take Heed's token for *%s* (%s). Install Heed there again, or set the new token and restart.", platformName(w.Ref.Platform), w.Name, fault.Reason)
		return
	default:
		f.wrong("%s did not answer about *%s* (%s). What waits goes out when it does; its status page says if many are without it.", platformName(w.Ref.Platform), w.Name, fault.Reason)
		return
	}
	f.at("workspace", "scopes")
	if len(s.Missing) == 0 {
		f.well("*%s* granted all that Heed uses.", w.Name)
	}
	for _, g := range s.Missing {
		if g.Must {
			f.wrong("*%s* did not grant `%s`. %s To grant it, %s.", w.Name, g.Name, g.Cost, grantIn(w.Ref.Platform))
			continue
		}
		f.hint("*%s* did not grant `%s`. %s To grant it, %s.", w.Name, g.Name, g.Cost, grantIn(w.Ref.Platform))
	}
	if !s.Timed {
		return
	}
	f.at("clock", string(w.Ref.Platform))
	if off := s.Ahead; off.Abs() > skewMost {
		f.wrong("This machine's clock is %s %s's. At five minutes Slack's deliveries are refused, and digests come at the wrong time: have it set by NTP.", apart(off), platformName(w.Ref.Platform))
		return
	}
	f.well("This machine's clock agrees with %s's.", platformName(w.Ref.Platform))
}

// apart says on which side of another a clock is, and how far.
func apart(ahead time.Duration) string {
	side := "ahead of"
	if ahead < 0 {
		side = "behind"
	}
	return ahead.Abs().Round(time.Second).String() + " " + side
}

// grantIn is how an admin grants what is missing.
func grantIn(p Platform) string {
	if p == Discord {
		return "give Heed's role that permission in the server's settings"
	}
	return "add it under OAuth & Permissions in the app's settings and install the app again"
}

// checkHeard tells when something came from a workspace last.
func (b *Bot) checkHeard(f *findings, w Workspace) {
	f.at("workspace", "heard")
	last := w.EventAt
	if now, ok := b.heard.Load(w.Ref); ok {
		last = now.(time.Time)
	}
	if last.IsZero() {
		f.hint("Nothing has come from *%s* yet. Say `/heed help` there; if no answer comes, the app's request URLs, its socket or the invitation need a look.", w.Name)
		return
	}
	f.well("Something came from *%s* %s.", w.Name, ago(b.clock.Now(), last))
}
