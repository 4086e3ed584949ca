package playground

import (
	"strings"
	"unicode"

	"heed/bot"
)

// place is where an act happens and who acts.
type place struct {
	Key     string `json:"key"` // of the act; the page sends the same one again on a retry
	As      string `json:"as"`
	Channel string `json:"channel"` // "": the person's own page
	Thread  string `json:"thread"`
	Message string `json:"message"` // the message that was pressed or is meant
}

// call is an act as the core hears it.
func (a *Adapter) call(p place, who Person) bot.Call {
	key := p.As + ":" + p.Key
	c := bot.Call{
		Key: key, At: a.times.of(key), Workspace: a.options.Workspace,
		Thread: p.Thread, Message: p.Message, Member: who.seen(),
	}
	if r, ok := a.chat.room(p.Channel); ok {
		c.Channel = r.seen()
	}
	return c
}

// heard is a message that somebody saves, with the reactions that stand on it.
func (a *Adapter) heard(m message) bot.Heard {
	h := bot.Heard{
		Message: m.Ref, Thread: m.Thread, Words: m.Words, Permalink: a.permalink(m), At: m.At, Votes: m.reacted(),
		Author: bot.MemberSeen{Account: m.Author, Name: m.Author},
	}
	if m.Doc != nil {
		h.Words = m.Doc.Plain
	}
	if m.Author == heedAccount {
		h.Author = bot.MemberSeen{Account: heedAccount, Name: "Heed", Bot: true, Complete: true}
	} else if p, ok := a.person(m.Author); ok {
		h.Author = p.seen()
	}
	return h
}

// parseCommand splits "/feedback dark mode" into the command and its text. Words that
// begin with no slash, or with one alone or before a space, are no command.
func parseCommand(words string) (name, text string, ok bool) {
	words = strings.TrimSpace(words)
	if len(words) < 2 || words[0] != '/' {
		return "", "", false
	}
	end := strings.IndexFunc(words, unicode.IsSpace)
	if end < 0 {
		end = len(words)
	}
	if end < 2 || strings.ContainsRune(words[1:end], '/') {
		return "", "", false // "/ 2" and "/usr/bin" are words
	}
	return strings.ToLower(words[:end]), strings.TrimSpace(words[end:]), true
}

// entities writes names behind @ and # as the core reads them, <@ACCOUNT|name> and
// <#REF|name>, where somebody or some channel has that name. All else stays.
func (a *Adapter) entities(text string) string {
	var b strings.Builder
	boundary := true
	for i := 0; i < len(text); {
		c := text[i]
		if boundary && (c == '@' || c == '#') {
			end := i + 1
			for end < len(text) && nameByte(text[end]) {
				end++
			}
			name := text[i+1 : end]
			if p, ok := a.named(name); ok && c == '@' {
				b.WriteString("<@" + p.Account + "|" + p.Name + ">")
				i, boundary = end, false
				continue
			}
			if r, ok := a.chat.roomNamed(name); ok && c == '#' {
				b.WriteString("<#" + r.Ref + "|" + r.Name + ">")
				i, boundary = end, false
				continue
			}
		}
		boundary = c == ' ' || c == '\n' || c == '\t' || c == '(' || c == ','
		b.WriteByte(c)
		i++
	}
	return b.String()
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// withoutMention is words without "@Heed", and whether it stood there as a word.
func withoutMention(words string) (string, bool) {
	const mention = "@heed"
	lower := strings.ToLower(words)
	if len(lower) != len(words) { // a letter whose lower case is longer: look for it as it is usually written
		lower = strings.ReplaceAll(words, "@Heed", mention)
	}
	for from := 0; ; {
		i := strings.Index(lower[from:], mention)
		if i < 0 {
			return words, false
		}
		i += from
		end := i + len(mention)
		if (i == 0 || !nameByte(lower[i-1])) && (end == len(lower) || !nameByte(lower[end])) {
			rest := strings.TrimLeft(words[end:], " ,:")
			return strings.TrimSpace(words[:i] + rest), true
		}
		from = end
	}
}
