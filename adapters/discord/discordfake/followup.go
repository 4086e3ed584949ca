package discordfake

import "slices"

// token finds the interaction whose token stands in the path. Before the first answer
// the token opens nothing; after fifteen minutes nothing any more.
func (c *call) token() (*interaction, *apiError) {
	if c.id("app") != c.s.appID {
		return nil, unknownWebhook
	}
	x := c.s.calls.open[c.id("token")]
	switch {
	case x == nil, c.s.Now().Sub(x.at) > TokenLife:
		return nil, badWebhookToken
	case !x.answered:
		return nil, unknownWebhook
	}
	return x, nil
}

// think ends "is thinking…".
func (x *interaction) think() {
	if x.first != nil && x.first.flags&flagLoading != 0 {
		x.first.flags &^= flagLoading
		close(x.thought)
	}
}

// postFollowup posts another answer. Right after "is thinking…" it is the answer that
// was announced. Source:
// https://docs.discord.com/developers/interactions/receiving-and-responding#create-followup-message
func postFollowup(c *call) (answer, *apiError) {
	x, refused := c.token()
	if refused != nil {
		return answer{}, refused
	}
	if x.first != nil && x.first.flags&flagLoading != 0 && !x.first.gone {
		return c.edit(x, x.first)
	}
	if x.channel.deleted {
		return answer{}, unknownChannel
	}
	if refused := checkUpload(c.raw, len(c.files)); refused != nil {
		return answer{}, refused
	}
	m := c.compose(x.channel, c.body, nil)
	if x.first != nil {
		m.replyTo, m.reply, m.kind = x.first.id, x.first, typeReply
	}
	x.show(m)
	x.following = append(x.following, m)
	return ok(m.wire(false)), nil
}

// message finds what a token may reach: @original, and what followed.
func (c *call) answerOf(x *interaction) (*message, *apiError) {
	id := c.id("message")
	if id == "@original" || x.first != nil && x.first.id == id {
		if x.first == nil || x.first.gone {
			return nil, unknownMessage
		}
		return x.first, nil
	}
	i := slices.IndexFunc(x.following, func(m *message) bool { return m.id == id && !m.gone })
	if i < 0 {
		return nil, unknownMessage
	}
	return x.following[i], nil
}

func (c *call) reached() (*interaction, *message, *apiError) {
	x, refused := c.token()
	if refused != nil {
		return nil, nil, refused
	}
	m, refused := c.answerOf(x)
	return x, m, refused
}

func getFollowup(c *call) (answer, *apiError) {
	_, m, refused := c.reached()
	if refused != nil {
		return answer{}, refused
	}
	return ok(m.wire(false)), nil
}

func patchFollowup(c *call) (answer, *apiError) {
	x, m, refused := c.reached()
	if refused != nil {
		return answer{}, refused
	}
	return c.edit(x, m)
}

func (c *call) edit(x *interaction, m *message) (answer, *apiError) {
	var stands object
	if m.flags&flagLoading == 0 {
		stands = m.wire(false)
	}
	if refused := checkEdit(c.raw, stands, len(c.files)); refused != nil {
		return answer{}, refused
	}
	c.compose(m.channel, c.body, m)
	if m == x.first {
		x.think()
	}
	m.updated()
	return ok(m.wire(false)), nil
}

func deleteFollowup(c *call) (answer, *apiError) {
	x, m, refused := c.reached()
	if refused != nil {
		return answer{}, refused
	}
	if m == x.first {
		x.think()
	}
	m.remove()
	return noContent, nil
}
