package bot

// Audience says who may read a thing. A channel, an item, a piece of evidence,
// a digest and a member have one.
type Audience string

// Team things never reach a community surface; community things reach both.
const (
	Team      Audience = "team"
	Community Audience = "community"
)

// MayRead tells whether a surface or person of audience a may be shown a thing of
// audience thing. The zero Audience reads only community things.
func (a Audience) MayRead(thing Audience) bool {
	return thing == Community || a == Team
}

// Narrower is the audience that a thing has when it is made from things of
// audiences a and b: team as soon as one of them is.
func Narrower(a, b Audience) Audience {
	if a == Community && b == Community {
		return Community
	}
	return Team
}
