package discordfake

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// seal is a signature that only this fake makes.
func seal(of string) string {
	sum := sha256.Sum256([]byte("discordfake" + of))
	return hex.EncodeToString(sum[:])
}

// NonceLife is how long an enforced nonce answers with the message that it made.
// Discord says "the past few minutes".
// Source: https://docs.discord.com/developers/resources/message#create-message
const NonceLife = 5 * time.Minute

// posted is what a nonce made.
type posted struct {
	message *message
	at      time.Time
}

// compose makes a message of what the app sends, or changes m by it where m stands
// already: then only what is in the body changes. The body was checked before. Called
// with mu held.
func (c *call) compose(ch *Channel, body object, m *message) *message {
	fresh := m == nil
	next := message{channel: ch, author: c.s.bot, byApp: true}
	if !fresh {
		next = *m
	}
	if v, given := body["content"]; given {
		next.content, _ = v.(string)
	}
	if v, given := body["embeds"]; given {
		next.embeds = named(list(v))
	}
	if v, given := body["components"]; given {
		next.components = list(v)
	}
	if v, given := body["flags"]; given && v != nil {
		flags, _ := v.(float64)
		if fresh {
			next.flags |= int(flags) & (flagSuppressEmbeds | flagSilent | flagComponentsV2 | flagEphemeral)
		} else {
			next.flags = next.flags&^flagSuppressEmbeds | int(flags)&(flagSuppressEmbeds|flagComponentsV2)
		}
	}
	c.attach(&next, body)
	next.components = numbered(next.components)
	if allowed, given := body["allowed_mentions"].(object); given || !fresh {
		next.allowed = allowed
	}
	next.notify()
	if fresh {
		return &next
	}
	*m = next
	m.edited = c.s.Now()
	return m
}

// attach takes the uploads, and in a change drops what the list of attachments no
// longer names.
func (c *call) attach(next *message, body object) {
	listed, given := body["attachments"].([]any)
	if given {
		next.attachments = slices.DeleteFunc(slices.Clone(next.attachments), func(a *attachment) bool {
			return !slices.ContainsFunc(listed, func(v any) bool { o, _ := v.(object); return plain(o["id"]) == a.id })
		})
	}
	for _, f := range c.files {
		number, isFile := strings.CutPrefix(f.field, "files[")
		if !isFile {
			continue
		}
		number = strings.TrimSuffix(number, "]")
		a := c.s.keep(next.channel, File{Name: f.name, Data: f.data, ContentType: contentType(f.name)})
		for _, v := range listed {
			if o, _ := v.(object); plain(o["id"]) == number {
				a.name, a.description = orDefault(str(o, "filename"), a.name), str(o, "description")
			}
		}
		next.attachments = append(slices.Clone(next.attachments), a)
	}
}

// named gives embeds the type that Discord gives them.
func named(embeds []any) []any {
	for _, v := range embeds {
		if e, ok := v.(object); ok {
			e["type"] = "rich"
		}
	}
	return embeds
}

// numbered gives every component the id that Discord gives those that have none.
// Source: https://docs.discord.com/developers/components/reference#anatomy-of-a-component
func numbered(components []any) []any {
	taken := map[int]bool{}
	walk(components, func(o object) { taken[num(o, "id")] = true })
	n := 1
	walk(components, func(o object) {
		if num(o, "id") != 0 {
			return
		}
		for taken[n] {
			n++
		}
		o["id"] = float64(n)
		taken[n] = true
	})
	return components
}

// walk visits every component with what stands in it, from top to bottom.
func walk(components []any, visit func(object)) {
	for _, v := range components {
		o, ok := v.(object)
		if !ok {
			continue
		}
		visit(o)
		walk(list(o["components"]), visit)
		for _, inner := range []string{"component", "accessory"} {
			if one, ok := o[inner].(object); ok {
				walk([]any{one}, visit)
			}
		}
	}
}
