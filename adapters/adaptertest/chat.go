package adaptertest

import (
	"testing"
	"time"

	"heed/bot"
)

// The people of every chat. Ana is the product manager, Ben the product owner, Zoe
// the admin; none of it was given yet when the chat begins.
const (
	Rui  = "rui"
	Mira = "mira"
	Omar = "omar"
	Ana  = "ana"
	Ben  = "ben"
	Zoe  = "zoe"
)

// People lists them all.
func People() []string { return []string{Rui, Mira, Omar, Ana, Ben, Zoe} }

// The channels of every chat. Everybody and Heed are in both; cards live in
// Feedback, which is the workspace's default intake.
const (
	Support  = "support"
	Feedback = "feedback"
)

// Undo is how long outward messages wait, in every chat of this test.
const Undo = 5 * time.Minute

// Start makes a chat for one test: with the people and channels above, an empty
// board, and the core that stage made. It ends with the test.
type Start func(t *testing.T) Chat

// Chat is one chat platform with Heed on it. Where a verb can't be done as the
// platform has it, it fails the test. What a person does has reached Heed, and what
// Heed answers at once has been shown, when the verb returns.
type Chat interface {
	// Stage is what stands between the adapter and the core.
	Stage() *Stage

	// Command types a slash command into a channel: "/feedback dark mode". A mention
	// is written @rui.
	Command(who, channel, line string)
	// Say types an ordinary message into a channel, pictures named by file.
	Say(who, channel, words string, pictures ...string) Message
	// Tell writes to Heed directly.
	Tell(who, words string)
	// Save is the message action "Save as feedback". The form is open after it.
	Save(who string, m Message)
	// React puts a reaction on a message; emoji as the platform names 👍: Thumb.
	React(who string, m Message, emoji string)
	// Unreact takes it back.
	Unreact(who string, m Message, emoji string)
	// Press presses the button with this label, on a message that they see.
	Press(who string, m Message, label string)
	// Submit fills fields of the open form by their name, leaves the others, and sends
	// it. It returns what the form says at its fields; empty when it closed.
	Submit(who string, values map[string]string) map[string]string

	// Shown is what stands in a channel, the oldest first, without threads.
	Shown(channel string) []Message
	// Thread is what answers a message.
	Thread(m Message) []Message
	// Private is what only this person sees, the oldest first: answers and direct
	// messages of Heed's.
	Private(who string) []Message
	// Form is the form that is open before a person.
	Form(who string) (Form, bool)

	// Show has Heed post content into a channel by the adapter's Messenger.
	Show(channel string, c bot.Content) (Message, error)
	// Home is the person's own page, opened now; false where the platform has none.
	Home(who string) (Message, bool)

	// Repeat delivers everything that Heed was told so far once more.
	Repeat()
	// Settle sends what is due, until nothing is.
	Settle()
	// Later lets time pass, and settles.
	Later(d time.Duration)
	// Thumb is 👍 as the platform names it, without skin tone and with.
	Thumb() (plain, toned string)
}

// Message is a message as a person sees it.
type Message struct {
	Ref     string // the platform's id, with which the Chat finds it again
	Channel string
	Text    string   // all of it, buttons in brackets
	Buttons []string // labels, from top to bottom
	Pings   []string // whom it would notify
}

// Form is an open form as a person sees it.
type Form struct {
	Title  string
	Text   string            // all of it
	Values map[string]string // what stands in its fields, by name
}
