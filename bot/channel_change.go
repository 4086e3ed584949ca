package bot

// ChannelChange is what the platform said happened to a channel. Zero fields
// were not said.
type ChannelChange struct {
	Ref    string
	Name   string
	Kind   ChannelKind
	Joined *bool  // Heed is in it from now on, or no longer
	State  string // open, archived, deleted
	NewRef string // the platform gave the channel another id
	// Audience is whom a channel that Heed meets here for the first time is for; ""
	// is the platform's default. One that is known keeps its own.
	Audience Audience
}
