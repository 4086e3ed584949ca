package discord

import (
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"time"
)

// marked is what Discord puts between < and > for somebody or something.
// https://docs.discord.com/developers/reference#message-formatting
var marked = regexp.MustCompile(`<(@!?|@&|#|/|a?:|t:|id:)([^<>\s][^<>]*)>`)

// asRead is what a person wrote, as they read it: mentions and emoji by name, times
// as dates. Roles and channels that are not named with the message are called what they are.
func asRead(text string, mentions []wireUser) string {
	return marked.ReplaceAllStringFunc(text, func(m string) string {
		parts := marked.FindStringSubmatch(m)
		kind, inside := parts[1], parts[2]
		switch kind {
		case "@", "@!":
			for _, u := range mentions {
				if u.ID == inside {
					return "@" + cmp.Or(u.GlobalName, u.Username, "someone")
				}
			}
			return "@someone"
		case "@&":
			return "@a role"
		case "#":
			return "a channel"
		case "id:":
			return "a channel"
		case "/":
			return "/" + beforeColon(inside)
		case ":", "a:":
			return ":" + beforeColon(inside) + ":"
		case "t:":
			if seconds, err := strconv.ParseInt(beforeColon(inside), 10, 64); err == nil {
				return time.Unix(seconds, 0).UTC().Format("2 Jan 2006 15:04 UTC")
			}
		}
		return m
	})
}

func beforeColon(s string) string {
	for i := range s {
		if s[i] == ':' {
			return s[:i]
		}
	}
	return s
}

// lenient decodes one of Discord's JSON payloads; false where it is none. A field of
// another kind than expected is left out: it must not lose the rest.
func lenient[T any](data []byte) (T, bool) {
	var v T
	err := json.Unmarshal(data, &v)
	return v, err == nil || errors.As(err, new(*json.UnmarshalTypeError))
}
