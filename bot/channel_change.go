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
}
