package discordfake

// checkThread checks what starts a thread: POST to a message's threads
// (onMessage), to a channel's, or to a forum's, where it is a post and brings its
// first message: https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
func checkThread(body []byte, forum bool, files int) *apiError {
	m, refused := parseBody(body)
	if refused != nil {
		return refused
	}
	k := newChecker()
	k.needed("", m, "name", MaxChannelName)
	k.thread(m)
	if !forum {
		return k.refused()
	}
	if sub(m, "message") == nil {
		k.fail("message", "BASE_TYPE_REQUIRED", "This field is required")
	}
	k.snowflakes("", m, "applied_tags", MaxAppliedTags)
	if refused := k.refused(); refused != nil {
		return refused
	}
	return checkNew("message", sub(m, "message"), files)
}

func (k *checker) thread(m object) {
	if m["auto_archive_duration"] != nil {
		k.oneOf("", m, "auto_archive_duration", 60, 1440, 4320, 10080)
	}
	k.whole("", m, "rate_limit_per_user", 0, MaxSlowmode, 0)
}

// checkChannel checks what makes or changes a channel or a thread:
// https://docs.discord.com/developers/resources/channel#modify-channel
func checkChannel(body []byte, forum bool) *apiError {
	m, refused := parseBody(body)
	if refused != nil {
		return refused
	}
	k := newChecker()
	if m["name"] != nil {
		k.text("", m, "name", 1, MaxChannelName)
	}
	topic := MaxTopic
	if forum {
		topic = MaxForumTopic
	}
	k.text("", m, "topic", 0, topic)
	k.thread(m)
	k.flag("", m, "archived", false)
	k.flag("", m, "locked", false)
	k.snowflakes("", m, "applied_tags", MaxAppliedTags)
	names := map[string]bool{}
	k.each("available_tags", k.items("", m, "available_tags", 0, MaxAvailableTags), func(at string, tag object) {
		// "0-20 characters", but for a name that is not there:
		// https://docs.discord.com/developers/resources/channel#forum-tag-object
		name := k.needed(at, tag, "name", MaxTagName)
		if names[name] {
			k.fail(under(at, "name"), "FORUM_TAG_NAME_DUPLICATED", "Tag names must be unique")
		}
		names[name] = true
		if tag["emoji_id"] != nil && tag["emoji_name"] != nil {
			k.fail(at, "FORUM_TAG_EMOJI_EXCLUSIVE", "At most one of emoji_id and emoji_name may be set")
		}
		k.flag(at, tag, "moderated", false)
	})
	return k.refused()
}

// checkReaction checks that a message that holds this many different emoji can
// take one more. An emoji that stands there already is always taken.
func checkReaction(different int, stands bool) *apiError {
	if !stands && different >= MaxReactions {
		return errReactions
	}
	return nil
}
