package bot

import "strings"

// spoken turns the mentions and channels that an adapter marked, <@ACCOUNT|name>
// and <#REF|name>, back into what a reader saw: "@name", "#name". Words are kept
// so: nothing in them links or pings.
func spoken(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		sign, name, n := marked(text[i:])
		if n == 0 {
			out.WriteByte(text[i])
			i++
			continue
		}
		if name == "" {
			name = map[byte]string{'@': "someone", '#': "a-channel"}[sign]
		}
		if i > 0 && text[i-1] == '<' { // or "<<@U1|A>>" would become a mark of its own
			out.WriteByte(' ')
		}
		out.WriteByte(sign)
		out.WriteString(name)
		i += n
	}
	return out.String()
}

// marked reads <@REF|name> or <#REF|name> at the start of s: its sign, its name and
// its length, 0 when there is none.
func marked(s string) (sign byte, name string, size int) {
	if !strings.HasPrefix(s, "<@") && !strings.HasPrefix(s, "<#") {
		return 0, "", 0
	}
	end := strings.IndexAny(s[2:], "<>\n\r") // no further than the next one could begin
	if end < 1 || s[2+end] != '>' {
		return 0, "", 0
	}
	inside := s[2 : 2+end]
	ref, name, _ := strings.Cut(inside, "|")
	for _, r := range ref {
		if !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("!-_.:", r)) {
			return 0, "", 0
		}
	}
	return s[1], strings.TrimLeft(name, "@#"), len("<@") + len(inside) + len(">")
}

// withoutMention drops a mention of account from the front and back of text: "@Heed
// dark mode please" is "dark mode please".
func withoutMention(text, account string) string {
	for {
		trimmed := strings.TrimSpace(text)
		if said, n := mention(trimmed); n > 0 && said == account {
			text = strings.TrimLeft(trimmed[n:], " ,:")
			continue
		}
		if at := strings.LastIndex(trimmed, "<@"); at >= 0 {
			if said, n := mention(trimmed[at:]); said == account && at+n == len(trimmed) {
				text = trimmed[:at]
				continue
			}
		}
		return trimmed
	}
}
