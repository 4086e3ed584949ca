package slackfake

func viewsOpen(c *call) (object, *refusal) { return c.place(false) }
func viewsPush(c *call) (object, *refusal) { return c.place(true) }

// place opens a view, or pushes one onto the stack from which the trigger came.
// A trigger that arose in a modal opens onto the stack too, as at Slack.
func (c *call) place(push bool) (object, *refusal) {
	tr, refused := c.exchange()
	if refused != nil {
		return nil, refused
	}
	spec, refused := c.spec("modal")
	if refused != nil {
		return nil, refused
	}
	top := tr.user.top()
	switch {
	case push && (tr.from == nil || top == nil):
		return nil, refuse("no_parent_view") // nothing to push onto
	case tr.from == nil:
		tr.user.closeAll() // one modal at a time; a new one takes its place
		top = nil
	case len(tr.user.modals) >= MaxViewStack:
		return nil, refuse("push_limit_reached")
	}
	if c.team.taken(spec, nil) {
		return nil, refuse("duplicate_external_id")
	}
	tr.used = true
	v := tr.user.newView(spec, top)
	tr.user.modals = append(tr.user.modals, v)
	return object{"view": v.wire()}, nil
}

func (u *User) closeAll() {
	for _, v := range u.modals {
		v.closed = true
	}
	u.modals = nil
}

func (u *User) closeTop() {
	if top := u.top(); top != nil {
		top.closed = true
		u.modals = u.modals[:len(u.modals)-1]
	}
}

func viewsUpdate(c *call) (object, *refusal) {
	var found *view
	for _, v := range c.team.views {
		id, external := c.args["view_id"], c.args["external_id"]
		if !v.closed && (id != "" && v.id == id || id == "" && external != "" && str(v.spec, "external_id") == external) {
			found = v
		}
	}
	if found == nil {
		return nil, refuse("not_found")
	}
	if hash := c.args["hash"]; hash != "" && hash != found.hash {
		return nil, refuse("hash_conflict")
	}
	spec, refused := c.spec(str(found.spec, "type"))
	if refused != nil {
		return nil, refused
	}
	if c.team.taken(spec, found) {
		return nil, refuse("duplicate_external_id")
	}
	found.setSpec(spec)
	return object{"view": found.wire()}, nil
}

func viewsPublish(c *call) (object, *refusal) {
	u := c.team.user(c.args["user_id"])
	if u == nil || u.isBot || u.deleted {
		return nil, &refusal{code: "invalid_arguments", messages: []string{"[ERROR] invalid user_id [json-pointer:/user_id]"}}
	}
	spec, refused := c.spec("home")
	if refused != nil {
		return nil, refused
	}
	if hash := c.args["hash"]; hash != "" && (u.published == nil || hash != u.published.hash) {
		return nil, refuse("hash_conflict")
	}
	if c.team.taken(spec, u.published) {
		return nil, refuse("duplicate_external_id")
	}
	if u.published == nil {
		u.published = u.newView(spec, nil)
	} else {
		u.published.setSpec(spec)
	}
	return object{"view": u.published.wire()}, nil
}
