package discordfake

// MaxPins is how many messages a channel pins.
// Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes (30003)
const MaxPins = 250

// mayPin refuses without PIN_MESSAGES, which took the place of MANAGE_MESSAGES.
// Source: https://docs.discord.com/developers/resources/message#pin-message
func (c *call) mayPin() (*message, *apiError) {
	ch, m, refused := c.found()
	if refused == nil {
		refused = c.may(ch, PinMessages)
	}
	return m, refused
}

func putPin(c *call) (answer, *apiError) {
	m, refused := c.mayPin()
	switch {
	case refused != nil:
		return answer{}, refused
	case m.system():
		return answer{}, systemMessage
	case m.channel.archived:
		return answer{}, threadArchived
	case !m.pinned && len(m.channel.pins()) >= MaxPins:
		return answer{}, tooManyPins
	}
	m.pin(c.s.bot, true)
	return noContent, nil
}

func deletePin(c *call) (answer, *apiError) {
	m, refused := c.mayPin()
	if refused != nil {
		return answer{}, refused
	}
	m.pin(c.s.bot, false)
	return noContent, nil
}

// getOldPins is the deprecated list: messages, without when they were pinned.
func getOldPins(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	out := []object{}
	if ch.permissions(c.s.bot).has(ReadMessageHistory) {
		for _, m := range ch.pins() {
			if len(out) < 50 {
				out = append(out, c.s.wireMessage(m))
			}
		}
	}
	return ok(out), nil
}

// getPins is the list by pages. Source:
// https://docs.discord.com/developers/resources/message#get-channel-pins
func getPins(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	limit, refused := c.limit(50, 50)
	if refused != nil {
		return answer{}, refused
	}
	list, more := []object{}, false
	if ch.permissions(c.s.bot).has(ReadMessageHistory) {
		for _, m := range ch.pins() {
			if until := c.query.Get("before"); until != "" && timestamp(m.pinnedAt) >= until {
				continue
			}
			if len(list) == limit {
				more = true
				break
			}
			list = append(list, object{"pinned_at": timestamp(m.pinnedAt), "message": c.s.wireMessage(m)})
		}
	}
	return ok(object{"items": list, "has_more": more}), nil
}
