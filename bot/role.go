package bot

import "strings"

// Role is what a person may decide on a board. Roles are a set: one person
// may hold several, and none stands above another.
type Role string

const (
	// Admin installs Heed, says what channels are for and gives roles.
	Admin Role = "admin"
	// PM, the product manager, decides what is built and why.
	PM Role = "pm"
	// PO, the product owner, decides how and when it is delivered.
	PO Role = "po"
)

// Roles lists every role in the order in which people read them.
func Roles() []Role { return []Role{PM, PO, Admin} }

// Label is the role as people read it in a sentence: "a product owner".
func (r Role) Label() string {
	switch r {
	case Admin:
		return "an admin"
	case PM:
		return "a product manager"
	case PO:
		return "a product owner"
	}
	return string(r)
}

// ParseRole reads a role as people type it, in any case: "pm", "product
// owner", "Admins". It reports false for anything else.
func ParseRole(s string) (Role, bool) {
	switch wordKey(s) {
	case "admin", "admins", "administrator":
		return Admin, true
	case "pm", "pms", "product manager", "productmanager":
		return PM, true
	case "po", "pos", "product owner", "productowner":
		return PO, true
	}
	return "", false
}

// wordKey is a word or phrase in the one spelling that lookups use: lower
// case, with dashes, underscores and runs of space as single spaces.
func wordKey(s string) string {
	return strings.Join(strings.Fields(wordMarks.Replace(strings.ToLower(s))), " ")
}

var wordMarks = strings.NewReplacer("-", " ", "_", " ", "’", "", "'", "")
