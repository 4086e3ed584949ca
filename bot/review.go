package bot

import "time"

// Review says whose words a moderator of a channel sees before others do.
type Review string

// The choices; "" is as the channel's audience has it.
const (
	ReviewOff       Review = "off"
	ReviewNewcomers Review = "newcomers" // who joined the workspace less than a day ago
	ReviewEveryone  Review = "everyone"  // all but those with a role
)

// Saving says who may save what others said in a channel.
type Saving string

// The choices; "" is as the channel's audience has it.
const (
	SavingModerators Saving = "moderators" // those with a role
	SavingEveryone   Saving = "everyone"
)

// newFor is how long somebody counts as a newcomer.
const newFor = 24 * time.Hour

// Reviews is whose words a moderator sees first in the channel: the community's
// newcomers, unless somebody decided otherwise.
func (c Channel) Reviews() Review {
	switch {
	case c.Review != "":
		return c.Review
	case c.Audience == Community:
		return ReviewNewcomers
	}
	return ReviewOff
}

// Saves is who may save what others said in the channel: in the community those with a
// role, since it can be used against people; in the team everyone.
func (c Channel) Saves() Saving {
	switch {
	case c.Saving != "":
		return c.Saving
	case c.Audience == Community:
		return SavingModerators
	}
	return SavingEveryone
}

// newcomer tells whether somebody joined the workspace only lately. Of whom the
// platform does not say when, they did not.
func (m Member) newcomer(now time.Time) bool {
	return !m.JoinedAt.IsZero() && now.Sub(m.JoinedAt) < newFor
}
