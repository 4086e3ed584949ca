package bot

import (
	"encoding/json"
	"time"
)

// PostKind is what a post is about.
type PostKind string

// The kinds of post. A mark is Heed's own reaction on a captured message, a top the
// live Top 10 of a channel.
const (
	PostCard         PostKind = "card"
	PostDigest       PostKind = "digest"
	PostAnnouncement PostKind = "announcement"
	PostDirect       PostKind = "direct"
	PostNote         PostKind = "note"
	PostMark         PostKind = "mark"
	PostTop          PostKind = "top"
)

// Post is one message that Heed owns: what it shows, and whether it is due.
type Post struct {
	Board       BoardID
	ID          PostID
	Key         string // what it is, once: "card:42:7:C1"
	Kind        PostKind
	Workspace   WorkspaceID
	Channel     string
	Account     string // the person of a direct post
	Thread      string
	Message     string // "" until it is shown
	Permalink   string
	Item        ItemID          // 0: none
	Subject     json.RawMessage // what else its content is made from: ids only
	Shown       int64           // the version it shows; 0: never shown
	Paused      Paused          // why the conversation that it stands in takes no reactions now
	ShownPaused bool            // it says so
	ShownTag    Status          // what the conversation's tag shows; "": nothing of Heed's
	Attempts    int
	Cause       string // the id of the event that made it due last; "": none, or nothing is due
	CreatedAt   time.Time
}

// Want says that a post should exist and be looked at from Due on. Wanting the
// same key again only makes it due.
type Want struct {
	Key       string
	Kind      PostKind
	Workspace WorkspaceID
	Channel   string
	Account   string
	Thread    string
	Message   string // for a mark: the message to mark
	Item      ItemID
	Subject   any // marshalled; ids only, never words
	Due       time.Time
}
