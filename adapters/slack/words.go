package slack

import (
	"context"
	"regexp"
	"strings"

	"heed/bot"
)

// entity is what Slack puts between < and >.
// https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
var entity = regexp.MustCompile(`<([^<>]*)>`)

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// maxMentions bounds how many unknown accounts in one text are looked up.
const maxMentions = 5

// words are what a person wrote, as they read it: mentions and channels by name,
// links by their text and address, emoji as characters, escapes undone. name tells what an account is
// called, "" when not known.
func words(text string, name func(account string) string) string {
	return emojiChars(unescape.Replace(entity.ReplaceAllStringFunc(text, func(e string) string {
		inside := e[1 : len(e)-1]
		target, label, _ := strings.Cut(inside, "|")
		switch {
		case strings.HasPrefix(target, "@"):
			if label == "" {
				label = name(target[1:])
			}
			if label == "" {
				label = "someone"
			}
			return "@" + strings.TrimPrefix(label, "@")
		case strings.HasPrefix(target, "#"):
			if label == "" {
				return "a channel" // Slack names none that the reader may not know
			}
			return "#" + strings.TrimPrefix(label, "#")
		case strings.HasPrefix(target, "!"):
			return broadcast(target[1:], label)
		case target == "":
			return e
		}
		return linkWords(target, label)
	})))
}

// broadcast is <!here>, <!subteam^S1|@team> or <!date^…|fallback> as read.
func broadcast(target, label string) string {
	kind, _, _ := strings.Cut(target, "^")
	switch {
	case kind == "here" || kind == "channel" || kind == "everyone":
		return "@" + kind
	case label != "":
		return label
	case kind == "subteam":
		return "@a group"
	}
	return kind
}

// linkWords is a link as read: the address alone where the text says no more.
func linkWords(target, label string) string {
	bare := strings.TrimPrefix(target, "mailto:")
	for _, scheme := range []string{"https://", "http://"} {
		bare = strings.TrimPrefix(bare, scheme)
	}
	switch {
	case label == "" || label == target:
		return strings.TrimPrefix(target, "mailto:")
	case label == bare || label == strings.TrimSuffix(bare, "/"):
		return label
	}
	return label + " (" + target + ")"
}

// commandText is what stands behind a slash command: mentions and channels keep
// their ids, in the form that the core reads, everything else is as typed.
func commandText(text string) string {
	return emojiChars(unescape.Replace(entity.ReplaceAllStringFunc(text, func(e string) string {
		inside := e[1 : len(e)-1]
		target, label, _ := strings.Cut(inside, "|")
		switch {
		case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
			return e
		case strings.HasPrefix(target, "!"):
			return broadcast(target[1:], label)
		case target == "":
			return e
		}
		return linkWords(target, label)
	})))
}

// withoutMention is text without mentions of account: Heed's own, which called it.
func withoutMention(text, account string) string {
	if account == "" {
		return text
	}
	return strings.TrimSpace(entity.ReplaceAllStringFunc(text, func(e string) string {
		target, _, _ := strings.Cut(e[1:len(e)-1], "|")
		if target == "@"+account {
			return ""
		}
		return e
	}))
}

// namer tells what accounts are called: from memory, else from Slack as long as
// ctx and the bound last.
func (m *Messenger) namer(ctx context.Context, w bot.WorkspaceRef) func(string) string {
	asked := 0
	return func(account string) string {
		if known := m.names.of(w, account); known != "" {
			return known
		}
		if asked++; asked > maxMentions || ctx.Err() != nil {
			return ""
		}
		seen, err := m.Member(ctx, bot.Workspace{Ref: w}, account)
		if err != nil {
			return ""
		}
		return seen.Name
	}
}

// text is what the message says; for a bot's message that has none, what its
// attachments say.
func (m message) text() string {
	if strings.TrimSpace(m.Text) != "" {
		return m.Text
	}
	var parts []string
	for _, a := range m.Attachments {
		said := len(parts)
		for _, p := range []string{a.Pretext, a.Title, a.Text} {
			if strings.TrimSpace(p) != "" {
				parts = append(parts, p)
			}
		}
		if len(parts) == said && a.Fallback != "" {
			parts = append(parts, a.Fallback)
		}
	}
	return strings.Join(parts, "\n")
}
