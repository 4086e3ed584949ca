package discordfake

import "net/http"

// postCallback is the first answer to an interaction: within three seconds, once.
// Source: https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response
func postCallback(c *call) (answer, *apiError) {
	x := c.s.calls.open[c.id("token")]
	switch {
	case x == nil || x.id != c.id("interaction"), x.late:
		return answer{}, unknownInteraction
	case x.answered:
		return answer{}, acknowledged
	}
	data, _ := c.body["data"].(object)
	if data == nil {
		data = object{}
	}
	kind := num(c.body, "type")
	var on object
	if x.origin != nil {
		on = x.origin.wire(false)
	}
	if refused := checkAnswer(c.raw, x.kind, on, len(c.files)); refused != nil {
		return answer{}, refused
	}
	if kind == answerUpdate && x.origin.gone {
		return answer{}, unknownMessage
	}
	if ch := x.channel; ch.archived && ch.locked && !ch.permissions(c.s.bot).has(ManageThreads) {
		return answer{}, threadArchived
	}
	x.do(c, kind, data)
	x.answered, x.callback = true, kind
	if x.kind == kindModalSubmit && x.user.modal != nil && x.user.modal.sending == x {
		x.user.modal = nil
	}
	close(x.done)
	c.s.touch()
	if c.query.Get("with_response") != "true" {
		return noContent, nil
	}
	said := object{"id": x.id, "type": x.kind, "response_message_loading": kind == answerDeferred, "response_message_ephemeral": false}
	resource := object{"type": kind}
	if x.first != nil && kind != answerDeferredUpdate {
		said["response_message_id"], said["response_message_ephemeral"] = x.first.id, x.first.onlyFor != nil
		if kind == answerMessage || kind == answerUpdate {
			resource["message"] = x.first.wire(false)
		}
	}
	return answer{http.StatusOK, object{"interaction": said, "resource": resource}}, nil
}

// do does what a checked answer says.
func (x *interaction) do(c *call, kind int, data object) {
	switch kind {
	case answerMessage:
		x.first = c.compose(x.channel, data, nil)
		x.show(x.first)
	case answerDeferred:
		x.first = &message{author: x.s.bot, byApp: true, flags: flagLoading | num(data, "flags")&flagEphemeral}
		x.show(x.first)
	case answerDeferredUpdate:
		x.first = x.origin
	case answerUpdate:
		x.first = c.compose(x.channel, data, x.origin)
		x.first.updated()
	case answerAutocomplete:
		for _, v := range list(data["choices"]) {
			o, _ := v.(object)
			x.choices = append(x.choices, Choice{Name: str(o, "name"), Value: o["value"]})
		}
	case answerModal:
		data["components"] = numbered(list(data["components"]))
		x.user.modal = &modal{channel: x.channel, origin: x.origin, data: data}
	}
}

// show puts an answer where it belongs: into the channel, or before one person.
func (x *interaction) show(m *message) {
	switch {
	case m.kind != typeDefault:
	case x.kind == kindCommand:
		m.kind = typeCommand
	case x.kind == kindComponent && x.origin != nil:
		m.kind, m.replyTo, m.reply = typeReply, x.origin.id, x.origin
	}
	m.cause, m.channel = x.cause, x.channel
	m.notify()
	if m.flags&flagEphemeral == 0 {
		x.channel.post(m)
		return
	}
	m.onlyFor, m.at, m.id = x.user, x.s.Now(), x.s.nextID()
	x.user.ephemerals = append(x.user.ephemerals, m)
}

// updated tells of a change, where anybody else sees it.
func (m *message) updated() {
	if m.onlyFor == nil {
		m.changed()
		return
	}
	m.channel.s.touch()
}

// remove deletes it.
func (m *message) remove() {
	if m.onlyFor == nil {
		m.channel.drop(m)
		return
	}
	m.gone = true
	m.channel.s.touch()
}
