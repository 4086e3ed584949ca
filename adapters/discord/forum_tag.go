package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"heed/bot"
)

var _ bot.Tagger = (*Messenger)(nil)

const (
	// maxForumTags is how many tags a forum offers, maxPostTags how many a post has.
	// https://docs.discord.com/developers/resources/channel#channel-object-channel-structure
	maxForumTags = 20
	maxPostTags  = 5

	tagRequired = 40067 // a forum that takes no post without one
	unknownTag  = 10087
)

// tagged are the statuses in the order in which their tags are made.
var tagged = []bot.Status{
	bot.StatusNew, bot.StatusUnderReview, bot.StatusNeedsInfo, bot.StatusPlanned, bot.StatusStarted, bot.StatusShipped, bot.StatusDeclined,
}

// forumTags are the tags that a forum offers, each as Discord gave it: what Heed does not
// know of one has to stay when others are added.
type forumTags struct {
	all []json.RawMessage
	ids map[bot.Status]string // those that are called as a status
	any string                // one that anybody may set; "" none
}

// tagName is what a status' tag is called.
func tagName(s bot.Status) string { return s.Label() }

// Tag makes the tag of a post show a status; see bot.Tagger. Nothing is sent when it does.
func (m *Messenger) Tag(ctx context.Context, to bot.Destination, s bot.Status) error {
	want, err := m.statusTag(ctx, to.Channel, s)
	if err != nil {
		return err
	}
	tags, err := m.forumTags(ctx, to.Channel)
	if err != nil {
		return err
	}
	post, err := get[wireChannel](ctx, m.rest, at(http.MethodGet, "channels", to.Thread))
	if err != nil {
		return err
	}
	var next []string
	for _, id := range post.AppliedTags {
		if !tags.shows(id) {
			next = append(next, id)
		}
	}
	if len(next)+len(want) <= maxPostTags {
		next = append(want, next...)
	}
	slices.Sort(next)
	have := slices.Sorted(slices.Values(post.AppliedTags))
	if slices.Equal(next, have) {
		return nil
	}
	return m.whileOpen(ctx, to, func() error {
		body := struct {
			Tags []string `json:"applied_tags"`
		}{append([]string{}, next...)}
		return m.rest.call(ctx, at(http.MethodPatch, "channels", to.Thread), body, nil)
	})
}

// shows tells whether a tag shows a status.
func (t forumTags) shows(id string) bool {
	for _, own := range t.ids {
		if own == id {
			return true
		}
	}
	return false
}

// forumTags reads what tags a forum offers.
func (m *Messenger) forumTags(ctx context.Context, forum string) (forumTags, error) {
	there, err := get[struct {
		Tags []json.RawMessage `json:"available_tags"`
	}](ctx, m.rest, at(http.MethodGet, "channels", forum))
	if err != nil {
		return forumTags{}, err
	}
	out := forumTags{all: there.Tags, ids: map[bot.Status]string{}}
	for _, data := range there.Tags {
		tag, ok := raw[struct {
			ID        string `json:"id"`
			Name      string `json:"name"`
			Moderated bool   `json:"moderated"`
		}](data)
		if !ok {
			continue
		}
		known := false
		for _, s := range tagged {
			if strings.EqualFold(strings.TrimSpace(tag.Name), tagName(s)) && out.ids[s] == "" {
				out.ids[s], known = tag.ID, true
			}
		}
		if !known && !tag.Moderated && out.any == "" {
			out.any = tag.ID
		}
	}
	return out, nil
}

// statusTag is the tag of a status, in a list; none for no status. Missing ones are made,
// all at once where there is room: only who moderates may set them.
func (m *Messenger) statusTag(ctx context.Context, forum string, s bot.Status) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	tags, err := m.forumTags(ctx, forum)
	if err != nil || tags.ids[s] != "" {
		return oneTag(tags.ids[s]), err
	}
	type newTag struct {
		Name      string `json:"name"`
		Moderated bool   `json:"moderated"`
	}
	room := maxForumTags - len(tags.all)
	if room < 1 {
		return nil, &bot.Fault{Kind: bot.FaultFull, Reason: "no_room_for_tags", Method: "channels"}
	}
	add := []bot.Status{s}
	for _, other := range tagged {
		if other != s && tags.ids[other] == "" {
			add = append(add, other)
		}
	}
	body := struct {
		Tags []any `json:"available_tags"`
	}{}
	for _, have := range tags.all {
		body.Tags = append(body.Tags, have)
	}
	for _, s := range add[:min(room, len(add))] {
		body.Tags = append(body.Tags, newTag{tagName(s), true})
	}
	if err := m.rest.call(ctx, at(http.MethodPatch, "channels", forum), body, nil); err != nil {
		return nil, err
	}
	if tags, err = m.forumTags(ctx, forum); err != nil {
		return nil, err
	}
	return oneTag(tags.ids[s]), nil
}

// anyTag is a tag for a post that is no request, where the forum asks for one.
func (m *Messenger) anyTag(ctx context.Context, forum string) ([]string, error) {
	tags, err := m.forumTags(ctx, forum)
	if err != nil {
		return nil, err
	}
	if tags.any == "" {
		for _, s := range tagged {
			if id := tags.ids[s]; id != "" {
				return []string{id}, nil
			}
		}
		return nil, &bot.Fault{Kind: bot.FaultForbidden, Reason: "no_tag_to_use", Method: "channels"}
	}
	return []string{tags.any}, nil
}

func oneTag(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
