package bot

import (
	"slices"
	"time"
)

// Member is an account as the platform names it.
type Member struct {
	Board     BoardID
	ID        MemberID
	Workspace WorkspaceID
	Account   string
	Person    PersonID // whose account it is; several members may be one person
	Name      string   // "" until looked up
	Bot       bool
	Admin     bool // admin or owner of the workspace on its platform
	Audience  Audience
	Zone      string    // IANA; "" when not known
	JoinedAt  time.Time // joined the workspace; zero: not known
	Active    bool
	LookedUp  bool // the platform was asked who this is
	Muted     bool // wants no direct notes
	Closed    bool // the platform lets no direct message of Heed's through to them
	Told      bool // and they were told so
}

// RoleSet is what a person may do on a board: a set, united over their members.
type RoleSet []Role

// Has tells whether r is among the roles.
func (rs RoleSet) Has(r Role) bool { return slices.Contains(rs, r) }
