package bot

import "time"

// Pace is how fast a platform lets Heed send. A zero field is no bound.
type Pace struct {
	Channel time.Duration // between two sends to one channel: from the end of the one to the next
	Post    time.Duration // between two new messages in one workspace
	Change  time.Duration // between two edits in one workspace; marks and opened conversations likewise, each counted apart
	Burst   int           // how many of each of the last two may go at once after a quiet time; at least 1
}

// Pacer is what a Messenger may do besides: say its platform's pace. For one that
// does not, DefaultPace holds.
type Pacer interface {
	Pace() Pace
}

// DefaultPace keeps within Slack's limits, the narrowest: about one message a second
// a channel, several hundred messages and 50 chat.update a minute a workspace
// (docs.slack.dev/apis/web-api/rate-limits). A burst of 5 and 45 more are 50 edits in
// any minute.
func DefaultPace() Pace {
	return Pace{Channel: time.Second, Post: 200 * time.Millisecond, Change: 1334 * time.Millisecond, Burst: 5}
}

// paces are those of the platforms that this process can send to.
func (b *Bot) paces() map[Platform]Pace {
	out := make(map[Platform]Pace, len(b.messengers))
	for platform, m := range b.messengers {
		pace := DefaultPace()
		if p, ok := m.(Pacer); ok {
			pace = p.Pace()
		}
		pace.Burst = max(pace.Burst, 1)
		out[platform] = pace
	}
	return out
}
