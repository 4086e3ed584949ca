package discordfake

import (
	"time"
)

// Flags that a request may set on a message:
// https://docs.discord.com/developers/resources/message#message-object-message-flags
const (
	flagEphemeral    = 1 << 6
	flagComponentsV2 = 1 << 15
)

// checkMessage checks what creates a message: POST to a channel's messages, to
// an interaction's follow-ups, or a starter message. Nil when Discord would take it.
func checkMessage(body []byte) *apiError { return checkUpload(body, 0) }

// checkUpload is [checkMessage] for a message that brings files with it.
func checkUpload(body []byte, files int) *apiError {
	m, refused := parseBody(body)
	if refused != nil {
		return refused
	}
	return checkNew("", m, files)
}

// checkNew checks a new message that stands at path in its request.
func checkNew(path string, m object, files int) *apiError {
	k := newChecker()
	k.message(path, m, num(m, "flags")&flagComponentsV2 != 0)
	if files > MaxAttachments {
		return refuse(400, 30015, "Maximum number of attachments in a message reached (10)")
	}
	if refused := k.sum(path); refused != nil {
		return refused
	}
	if files == 0 && empty(m) {
		return errEmptyMessage
	}
	return nil
}

// checkEdit checks an edit of a message: PATCH of a message, of an
// interaction's answer, or an interaction answered by UPDATE_MESSAGE. stands is
// what the message holds now, its attachments under "attachments"; nil when it
// holds nothing yet (a deferred answer).
func checkEdit(body []byte, stands object, files int) *apiError {
	m, refused := parseBody(body)
	if refused != nil {
		return refused
	}
	return checkChange("", m, stands, files)
}

func checkChange(path string, m, stands object, files int) *apiError {
	k := newChecker()
	// The flag, once set, can't be taken off.
	v2 := (num(m, "flags")|num(stands, "flags"))&flagComponentsV2 != 0
	k.message(path, m, v2)
	if refused := k.sum(path); refused != nil {
		return refused
	}
	after := object{}
	for _, part := range []string{"content", "embeds", "components", "attachments", "poll", "sticker_ids"} {
		after[part] = stands[part]
		if given, changed := m[part]; changed {
			after[part] = given
		}
	}
	if v2 && num(stands, "flags")&flagComponentsV2 == 0 {
		for _, legacy := range []string{"content", "embeds"} {
			if length(str(after, legacy)) > 0 || len(list(after[legacy])) > 0 {
				k.legacy(path, legacy)
			}
		}
		if refused := k.refused(); refused != nil {
			return refused
		}
	}
	if files == 0 && len(list(after["attachments"])) == 0 && empty(after) {
		return errEmptyMessage
	}
	return nil
}

// empty says whether a message would show nothing at all.
func empty(m object) bool {
	return length(str(m, "content")) == 0 && len(list(m["embeds"])) == 0 && len(list(m["components"])) == 0 &&
		len(list(m["sticker_ids"])) == 0 && m["poll"] == nil && sub(m, "message_reference")["type"] != float64(1)
}

func (k *checker) legacy(path, name string) {
	k.fail(under(path, name), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
		"The %q field cannot be used when using MessageFlags.IS_COMPONENTS_V2", name)
}

func (k *checker) message(path string, m object, v2 bool) {
	if v2 {
		// https://docs.discord.com/developers/resources/message#create-message
		for _, name := range []string{"content", "embeds", "sticker_ids", "poll", "shared_client_theme"} {
			if str(m, name) != "" || len(list(m[name])) > 0 || sub(m, name) != nil {
				k.legacy(path, name)
			}
		}
	}
	k.text(path, m, "content", 0, MaxContent)
	k.whole(path, m, "flags", 0, 1<<31-1, 0)
	k.nonce(path, m)
	k.flag(path, m, "tts", false)
	k.flag(path, m, "enforce_nonce", false)
	k.snowflakes(path, m, "sticker_ids", MaxStickers)
	k.mentions(path, m)
	k.embeds(path, m)
	k.each(under(path, "attachments"), k.items(path, m, "attachments", 0, MaxAttachments), func(at string, a object) {
		k.text(at, a, "description", 0, MaxAltText)
	})
	if ref := sub(m, "message_reference"); ref != nil && ref["message_id"] != nil {
		k.snowflake(under(path, "message_reference"), "message_id", ref["message_id"])
	}
	k.messageComponents(path, m, v2)
}

func (k *checker) nonce(path string, m object) {
	switch n := m["nonce"].(type) {
	case nil:
	case float64:
	case string:
		if len([]rune(n)) > MaxNonce {
			k.fail(under(path, "nonce"), "NONCE_TYPE_TOO_LONG", "Nonce must be %d or fewer in length.", MaxNonce)
		}
	default:
		k.fail(under(path, "nonce"), "STRING_TYPE_CONVERT", "Could not interpret \"%v\" as string.", n)
	}
}

// mentions checks allowed_mentions:
// https://docs.discord.com/developers/resources/message#allowed-mentions-object
func (k *checker) mentions(path string, m object) {
	raw, given := m["allowed_mentions"]
	if !given || raw == nil {
		return
	}
	at := under(path, "allowed_mentions")
	am, ok := raw.(object)
	if !ok {
		k.fail(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return
	}
	parsed := map[string]bool{}
	for i, kind := range k.items(at, am, "parse", 0, 3) {
		name, _ := kind.(string)
		if name != "users" && name != "roles" && name != "everyone" {
			k.fail(under(at, under("parse", i)), "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
		}
		parsed[name] = true
	}
	for _, kind := range []string{"users", "roles"} {
		if len(k.snowflakes(at, am, kind, MaxAllowedMentions)) > 0 && parsed[kind] {
			k.fail(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[%q] and %s: [ids...] are mutually exclusive.", kind, kind)
		}
	}
	k.flag(at, am, "replied_user", false)
}

// embeds checks the embeds of a message, alone and together:
// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
func (k *checker) embeds(path string, m object) {
	all := k.items(path, m, "embeds", 0, MaxEmbeds)
	sum := 0
	k.each(under(path, "embeds"), all, func(at string, e object) { sum += k.embed(at, e) })
	if sum > MaxEmbedText {
		k.fail(under(path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", MaxEmbedText)
	}
}

// embed returns how many characters count against the sum.
func (k *checker) embed(at string, e object) int {
	sum := length(k.text(at, e, "title", 0, MaxEmbedTitle)) + length(k.text(at, e, "description", 0, MaxEmbedDescription))
	k.link(at, e, "url", 2048, "http", "https")
	k.whole(at, e, "color", 0, MaxColor, 0)
	if stamp, ok := e["timestamp"].(string); ok {
		if _, err := time.Parse(time.RFC3339, stamp); err != nil {
			k.fail(under(at, "timestamp"), "DATE_TIME_TYPE_PARSE", "Could not parse %s. Should be ISO8601.", stamp)
		}
	}
	for name, most := range map[string]int{"footer": MaxFooter, "author": MaxAuthor} {
		inner := sub(e, name)
		if inner == nil {
			continue
		}
		what := map[string]string{"footer": "text", "author": "name"}[name]
		sum += length(k.needed(under(at, name), inner, what, most))
		k.link(under(at, name), inner, "url", 2048, "http", "https")
		k.link(under(at, name), inner, "icon_url", 2048, "http", "https", "attachment")
	}
	for _, name := range []string{"image", "thumbnail"} {
		if inner := sub(e, name); inner != nil {
			k.link(under(at, name), inner, "url", 2048, "http", "https", "attachment")
		}
	}
	k.each(under(at, "fields"), k.items(at, e, "fields", 0, MaxEmbedFields), func(at string, f object) {
		sum += length(k.needed(at, f, "name", MaxFieldName)) + length(k.needed(at, f, "value", MaxFieldValue))
		k.flag(at, f, "inline", false)
	})
	if sum == 0 && sub(e, "image") == nil && sub(e, "thumbnail") == nil {
		k.fail(under(at, "description"), "BASE_TYPE_REQUIRED", "This field is required")
	}
	return sum
}
