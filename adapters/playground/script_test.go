package playground_test

import (
	"context"
	"fmt"
	"sync"

	"heed/adapters/playground"
	"heed/bot"
)

// script is a core that says what the tests want said, and remembers what it heard.
type script struct {
	adapter *playground.Adapter

	mu      sync.Mutex
	heard   []string
	ballots []bot.Ballot
	calls   []bot.Call
	fail    error // what every act ends with
	say     func(what string) bot.Reply
}

func (s *script) hear(c bot.Call, format string, args ...any) (bot.Reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what := fmt.Sprintf(format, args...)
	s.heard = append(s.heard, c.Member.Account+" "+what)
	s.calls = append(s.calls, c)
	if s.fail != nil {
		return bot.Sayf("I couldn't save this; that's on me. Here are your words:").With(bot.Quote{Text: bot.Literal(what)}), s.fail
	}
	if s.say != nil {
		return s.say(what), nil
	}
	return bot.Nothing{}, nil
}

// broken makes every act end with err from now on.
func (s *script) broken(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// answer makes say the core's reply to what it hears.
func (s *script) answer(say func(what string) bot.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say = say
}

// acts are what was heard so far, "rui command /feedback dark mode".
func (s *script) acts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.heard...)
}

func (s *script) Attach(_ context.Context, w bot.Workspace) (bot.Workspace, error) {
	w.Board, w.ID = 1, 1
	return w, nil
}

func (s *script) ChannelChanged(context.Context, bot.WorkspaceRef, bot.ChannelChange) error {
	return nil
}

func (s *script) MessageGone(_ context.Context, _ bot.WorkspaceRef, channel, message string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, "gone "+channel+"/"+message)
	return s.fail
}

func (s *script) Command(_ context.Context, c bot.Call, name, text string) (bot.Reply, error) {
	return s.hear(c, "command %s %s", name, text)
}

func (s *script) Say(_ context.Context, c bot.Call, words string, h bot.Heard) (bot.Reply, error) {
	return s.hear(c, "say %s (%s)", words, h.Author.Account)
}

func (s *script) Save(_ context.Context, c bot.Call, h bot.Heard) (bot.Reply, error) {
	return s.hear(c, "save %s by %s votes %v", h.Words, h.Author.Account, h.Votes)
}

func (s *script) Give(_ context.Context, c bot.Call) (bot.Reply, error) { return s.hear(c, "give") }

func (s *script) Press(_ context.Context, c bot.Call, a bot.Action) (bot.Reply, error) {
	return s.hear(c, "press %s", a)
}

func (s *script) Submit(_ context.Context, c bot.Call, f bot.Submission) (bot.Reply, error) {
	return s.hear(c, "submit %s %v", f.Form, f.Values)
}

func (s *script) Home(context.Context, bot.Call) (bot.Home, error) {
	return bot.Home{Doc: everyBlock()}, s.fail
}

func (s *script) React(_ context.Context, ballots []bot.Ballot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ballots = append(s.ballots, ballots...)
	return s.fail
}

func (s *script) Complete(_ context.Context, _ bot.Call, name, text string) []bot.Completion {
	if name == "" {
		return []bot.Completion{{Text: "/feedback ", Summary: "Say what you need"}, {Text: "/heed ", Summary: "Everything else"}}
	}
	return []bot.Completion{{Text: "/heed top", Summary: "What people want most"}, {Text: "/heed mine", Summary: "What you asked for"}}
}

// everyBlock is a document with each kind of block and each kind of span.
func everyBlock() bot.Doc {
	return bot.Doc{
		bot.Heading{Text: "What people want"},
		bot.Para{Text: bot.Textf("*Bold*, _italic_ and `code`; %v by %v in %v, not <b>markup</b>.",
			bot.Link("a link", "https://example.com/x"), bot.Span{Text: "Ana", Account: "ana"}, bot.Span{Text: "ideas", Channel: "ideas"})},
		bot.Bars{{Label: "#12 Dark theme", Value: 31, Note: "+9"}, {Label: "#7 CSV export", Value: 29, Note: "+1"}, {Label: "#31 SSO", Value: 14, Note: "new"}},
		bot.Quote{Text: bot.Literal("My eyes hurt after 9 pm.\nI use it next to a sleeping baby.")},
		bot.Row{Text: bot.Textf("1 ▲2 *#12 Dark theme* 👍 31 (+9) · Planned"), Buttons: []bot.Button{{Label: "👍 Vote", Action: "vote 12"}}},
		bot.Rule{},
		bot.Buttons{{Label: "Triage 12", Action: "triage", Style: bot.Primary}, {Label: "Whole list", Action: "top"}, {Label: "Hide", Action: "hide 12", Style: bot.Danger}, {Label: "Open", URL: "https://example.com"}},
		bot.Small{Text: bot.Textf("Next Monday 09:00 Berlin · `/heed digest` changes this")},
	}
}

// everyField is a form with each kind of field.
func everyField() bot.Form {
	return bot.Form{
		ID: "promote", State: "12", Title: "Promote #12", Submit: "Add to backlog",
		Fields: []bot.Field{
			bot.InfoField{Doc: bot.Doc{bot.Para{Text: bot.Textf("*#12 Dark theme*, wanted by Rui and 30 others")}, bot.Quote{Text: bot.Literal("My eyes hurt after 9 pm.")}}},
			bot.TextField{Name: "as", Label: "Who is it for?", Hint: "Rui and 30 others asked, mostly in #support", Value: "person who works at night"},
			bot.TextField{Name: "want", Label: "What do they want?", Placeholder: "I want…"},
			bot.TextField{Name: "criteria", Label: "We accept it when…", Hint: "One a line. Try: Given … When … Then …", Lines: true},
			bot.ChoiceField{Name: "size", Label: "Size", Options: []bot.Option{{Value: "s", Label: "Small"}, {Value: "m", Label: "Medium"}}, Optional: true},
			bot.MemberField{Name: "who", Label: "Who builds it?", Optional: true},
			bot.ChannelField{Name: "where", Label: "Where is it told?", Value: "product"},
			bot.CheckField{Name: "tell", Label: "Tell", Text: "Tell the people who asked", On: true},
		},
	}
}
