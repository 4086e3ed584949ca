package bot

import (
	"context"
	"time"
)

// MemberStore keeps members, people and roles.
type MemberStore interface {
	// MeetMember makes the account known, as a person of its own when it is new,
	// and takes over what the platform said. It stamps the member's last act.
	MeetMember(ctx context.Context, b BoardID, w WorkspaceID, seen MemberSeen, audience Audience, now time.Time) (Member, error)
	// Member reads a member.
	Member(ctx context.Context, b BoardID, m MemberID) (Member, error)
	// MemberByAccount finds a member by the platform's account.
	MemberByAccount(ctx context.Context, b BoardID, w WorkspaceID, account string) (Member, error)
	// RolesOf unites the roles granted to all members of a person, with the
	// platform's admins as admins; those of a Discord server only on a board that no
	// other chat shares. While nobody on the board holds pm (or po), its
	// admins hold it.
	RolesOf(ctx context.Context, b BoardID, p PersonID) (RoleSet, error)
	// Holders lists the active members who hold a role by grant or, for admin, by
	// the platform; one a person, by name.
	Holders(ctx context.Context, b BoardID, r Role) ([]Member, error)
	// Grant gives or takes a role.
	Grant(ctx context.Context, b BoardID, m MemberID, r Role, on bool, by MemberID, now time.Time) error
}
