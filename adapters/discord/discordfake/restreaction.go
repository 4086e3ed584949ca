package discordfake

import "strconv"

// reactable finds the message and the emoji of the path.
func (c *call) reactable() (*message, emoji, *apiError) {
	ch, m, refused := c.found()
	if refused != nil {
		return nil, emoji{}, refused
	}
	if refused := c.may(ch, ReadMessageHistory); refused != nil {
		return nil, emoji{}, refused
	}
	e, known := c.s.emojiOf(c.id("emoji"), nil)
	if !known {
		return nil, emoji{}, unknownEmoji
	}
	return m, e, nil
}

func putReaction(c *call) (answer, *apiError) {
	m, e, refused := c.reactable()
	if refused != nil {
		return answer{}, refused
	}
	if m.channel.archived {
		return answer{}, threadArchived
	}
	if m.reaction(e) == nil {
		if refused := c.may(m.channel, AddReactions); refused != nil {
			return answer{}, refused
		}
		if refused := checkReaction(len(m.reactions), false); refused != nil {
			return answer{}, refused
		}
	}
	m.react(c.s.bot, e, false)
	return noContent, nil
}

func deleteMyReaction(c *call) (answer, *apiError) {
	m, e, refused := c.reactable()
	if refused != nil {
		return answer{}, refused
	}
	if m.channel.archived {
		return answer{}, threadArchived
	}
	m.unreact(c.s.bot, e, false)
	return noContent, nil
}

// deleteReaction takes somebody's reaction away, which needs MANAGE_MESSAGES.
func deleteReaction(c *call) (answer, *apiError) {
	m, e, refused := c.reactable()
	if refused == nil {
		refused = c.may(m.channel, ManageMessages)
	}
	if refused != nil {
		return answer{}, refused
	}
	u := c.s.users[c.id("user")]
	if u == nil {
		return answer{}, unknownUser
	}
	m.unreact(u, e, false)
	m.unreact(u, e, true)
	return noContent, nil
}

// getReactions lists who chose an emoji, a hundred at most, by rising id.
// Source: https://docs.discord.com/developers/resources/message#get-reactions
func getReactions(c *call) (answer, *apiError) {
	m, e, refused := c.reactable()
	if refused != nil {
		return answer{}, refused
	}
	limit, refused := c.limit(25, 100)
	if refused != nil {
		return answer{}, refused
	}
	after := c.query.Get("after")
	if _, err := strconv.ParseUint(after, 10, 64); after != "" && err != nil {
		return answer{}, invalid("after", "NUMBER_TYPE_COERCE", "Value \""+after+"\" is not snowflake.")
	}
	out := []object{}
	r := m.reaction(e)
	if r == nil {
		return ok(out), nil
	}
	for _, u := range *r.who(c.query.Get("type") == "1") {
		if len(out) < limit && (after == "" || before(after, u.ID)) {
			out = append(out, u.wire())
		}
	}
	return ok(out), nil
}

func deleteReactions(c *call) (answer, *apiError) {
	ch, m, refused := c.found()
	if refused == nil {
		refused = c.may(ch, ManageMessages)
	}
	if refused != nil {
		return answer{}, refused
	}
	m.clear(nil)
	return noContent, nil
}

func deleteEmojiReactions(c *call) (answer, *apiError) {
	m, e, refused := c.reactable()
	if refused == nil {
		refused = c.may(m.channel, ManageMessages)
	}
	if refused != nil {
		return answer{}, refused
	}
	m.clear(&e)
	return noContent, nil
}
