package discord

import (
	"encoding/json"
	"hash/fnv"
	"strconv"
	"strings"

	"heed/bot"
)

// A custom_id is an action, and behind it what makes it one of its message:
// "vote 42", "vote 42|2" for a second button that does the same, and behind that
// the post's key, "vote 42|2|k3y", by which Heed finds its message again.
const idMark = "|"

// actionOf is the action in a custom_id.
func actionOf(customID string) bot.Action {
	action, _, _ := strings.Cut(customID, idMark)
	return bot.Action(action)
}

// stamped is m with the post's key in it: as the id of its first component, which
// every message of components v2 has, and in every custom_id that has room.
// Without a key it only makes the custom_ids unique.
func (m message) stamped(key string) message {
	used := map[string]bool{}
	m.Components = stampAll(m.Components, key, used)
	if key != "" && m.Flags&flagComponentsV2 != 0 && len(m.Components) > 0 {
		m.Components[0].ID = componentID(key)
	}
	return m
}

// stampAll returns copies with their custom_ids made unique and stamped; a button
// that can have none left is dropped, for Discord refuses the whole message.
func stampAll(cs []component, key string, used map[string]bool) []component {
	var out []component
	for _, c := range cs {
		if c.CustomID != "" {
			id, ok := freeID(c.CustomID, used)
			if !ok {
				continue
			}
			if stamped := withKey(id, key); len(stamped) <= maxCustomID {
				id = stamped
			}
			c.CustomID = id
		}
		c.Components = stampAll(c.Components, key, used)
		if c.Accessory != nil {
			if only := stampAll([]component{*c.Accessory}, key, used); len(only) == 1 {
				c.Accessory = &only[0]
			} else {
				out = append(out, c.Components...)
				continue
			}
		}
		if c.Type == typeActionRow && len(c.Components) == 0 {
			continue
		}
		out = append(out, c)
	}
	return out
}

// freeID is action, or action with the first number that no other has.
func freeID(action string, used map[string]bool) (string, bool) {
	id := action
	for n := 2; used[id]; n++ {
		id = action + idMark + strconv.Itoa(n)
	}
	if len(id) > maxCustomID {
		return "", false
	}
	used[id] = true
	return id, true
}

func withKey(id, key string) string {
	switch {
	case key == "":
		return id
	case strings.Contains(id, idMark):
		return id + idMark + key
	}
	return id + idMark + idMark + key
}

// componentID is a key as the number that Discord lets a component have.
func componentID(key string) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return max(1, int(h.Sum32()&0x7fffffff))
}

// stampedWith tells whether components were stamped with key. Components of any kind
// and shape are read.
func stampedWith(components json.RawMessage, key string) bool {
	var found any
	if key == "" || json.Unmarshal(components, &found) != nil {
		return false
	}
	all, ok := found.([]any)
	if !ok || len(all) == 0 {
		return false
	}
	first, _ := all[0].(map[string]any)
	if id, ok := first["id"].(float64); ok && int(id) == componentID(key) {
		return true
	}
	return holdsKey(found, idMark+key)
}

func holdsKey(v any, suffix string) bool {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if holdsKey(e, suffix) {
				return true
			}
		}
	case map[string]any:
		if id, ok := v["custom_id"].(string); ok && strings.HasSuffix(id, suffix) {
			return true
		}
		for _, e := range v {
			if holdsKey(e, suffix) {
				return true
			}
		}
	}
	return false
}
