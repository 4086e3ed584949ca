package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// initialState is what stands in the inputs of a view before anyone types.
func initialState(spec object) object {
	state := object{}
	for _, raw := range list(spec["blocks"]) {
		b, _ := raw.(object)
		for _, e := range interactive(b) {
			value := stateOf(e)
			if value == nil {
				continue
			}
			block := str(b, "block_id")
			if state[block] == nil {
				state[block] = object{}
			}
			state[block].(object)[str(e, "action_id")] = value
		}
	}
	return state
}

// stateOf is the state of an element as it was sent, nil for buttons.
func stateOf(e object) object {
	kind := str(e, "type")
	out := object{"type": kind}
	one := map[string]string{
		"static_select": "option", "external_select": "option", "radio_buttons": "option",
		"users_select": "user", "conversations_select": "conversation", "channels_select": "channel",
		"datepicker": "date", "timepicker": "time", "datetimepicker": "date_time",
	}
	many := map[string]string{
		"multi_static_select": "options", "multi_external_select": "options", "checkboxes": "options",
		"multi_users_select": "users", "multi_conversations_select": "conversations", "multi_channels_select": "channels",
	}
	switch {
	case one[kind] != "":
		out["selected_"+one[kind]] = e["initial_"+one[kind]]
	case many[kind] != "":
		out["selected_"+many[kind]] = append([]any{}, list(e["initial_"+many[kind]])...)
	case strings.HasSuffix(kind, "_input"):
		out["value"] = e["initial_value"]
	default:
		return nil
	}
	return out
}

// chosen is the state of an element after the person gave it these values.
func chosen(e object, values []string) (object, error) {
	if str(e, "type") == "overflow" {
		e = object{"type": "static_select", "options": e["options"]}
	}
	state := stateOf(e)
	if state == nil {
		return nil, fmt.Errorf("a %s takes no value", str(e, "type"))
	}
	for name, before := range state {
		if name == "type" {
			continue
		}
		var picked []any
		for _, v := range values {
			if name == "selected_option" || name == "selected_options" {
				option, err := optionOf(e, v)
				if err != nil {
					return nil, err
				}
				picked = append(picked, option)
			} else {
				picked = append(picked, v)
			}
		}
		_, many := before.([]any)
		switch {
		case many:
			state[name] = append([]any{}, picked...)
		case len(picked) > 1:
			return nil, fmt.Errorf("a %s takes one value", str(e, "type"))
		case len(picked) == 1 && picked[0] != "":
			state[name] = picked[0]
		default:
			state[name] = nil
		}
	}
	delete(state, "type")
	return state, nil
}

func optionOf(e object, value string) (any, error) {
	var there []string
	for _, raw := range allOptions(e) {
		o, _ := raw.(object)
		if str(o, "value") == value {
			return o, nil
		}
		there = append(there, str(o, "value"))
	}
	return nil, fmt.Errorf("no option %q, only: %s", value, strings.Join(there, ", "))
}

// keep remembers what stands in an element.
func (v *view) keep(block, action, kind string, state object) {
	if values, _ := v.state[block].(object); values[action] != nil {
		next := object{"type": kind}
		for name, value := range state {
			next[name] = value
		}
		values[action] = next
	}
}

// Submission is what a person sees after they sent a form.
type Submission struct {
	Errors map[string]string // by block_id; the form stays open
	Next   *View             // what the app showed instead, by update or push
}

// SubmitView fills the inputs of the modal on top of the person's stack and
// sends it. Keys of values are block_ids or action_ids; a value is a string or
// a []string. Inputs that are not named keep what stands in them. It fails,
// without reaching the app, where Slack's client would refuse: an unknown
// input, a required one left empty, too long a text. What the app answers is
// done: errors are returned, an update or push is shown, else the view closes.
func (u *User) SubmitView(v View, values map[string]any) (Submission, error) {
	s := u.team.s
	s.mu.Lock()
	payload, found, err := u.submission(v, values)
	s.mu.Unlock()
	if err != nil {
		return Submission{}, err
	}
	d, err := u.interact(payload)
	if err != nil {
		return Submission{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return u.answered(found, d.Answer)
}

// submission is called with mu held.
func (u *User) submission(v View, values map[string]any) (object, *view, error) {
	p, err := v.now()
	if err != nil {
		return nil, nil, err
	}
	if u.top() != p.view {
		return nil, nil, errors.New("the view is not on top of the person's stack")
	}
	if err := p.fill(values); err != nil {
		return nil, nil, err
	}
	for _, raw := range p.blocks {
		b, _ := raw.(object)
		for _, e := range interactive(b) {
			if b["type"] != "input" {
				continue
			}
			if err := p.view.complete(b, e); err != nil {
				return nil, nil, err
			}
		}
	}
	payload := u.interaction("view_submission", p.view)
	payload["view"], payload["response_urls"] = p.view.wire(), []any{}
	return payload, p.view, nil
}

// Fill is the person typing into inputs of a view without sending it; what
// stands there then is part of the next press and of the submission. Keys and
// values as in [User.SubmitView].
func (u *User) Fill(v View, values map[string]any) error {
	u.team.s.mu.Lock()
	defer u.team.s.mu.Unlock()
	p, err := v.now()
	if err != nil {
		return err
	}
	return p.fill(values)
}

// fill sets the inputs that values name. Called with mu held.
func (p place) fill(values map[string]any) error {
	used := map[string]bool{}
	for _, raw := range p.blocks {
		b, _ := raw.(object)
		block := str(b, "block_id")
		for _, e := range interactive(b) {
			action := str(e, "action_id")
			for _, name := range []string{block, action} {
				value, given := values[name]
				if !given || used[name] || stateOf(e) == nil {
					continue
				}
				used[name] = true
				state, err := chosen(e, stringsOf(value))
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				p.view.keep(block, action, str(e, "type"), state)
			}
		}
	}
	for name := range values {
		if !used[name] {
			return fmt.Errorf("no input %q in the view", name)
		}
	}
	return nil
}

func stringsOf(value any) []string {
	switch v := value.(type) {
	case []string:
		return v
	default:
		return []string{fmt.Sprint(v)}
	}
}

// complete says what Slack's client would of an input before sending it.
func (v *view) complete(b, e object) error {
	values, _ := v.state[str(b, "block_id")].(object)
	state, _ := values[str(e, "action_id")].(object)
	label := textOf(b["label"])
	for name, value := range state {
		if name == "type" {
			continue
		}
		text, isText := value.(string)
		items, isList := value.([]any)
		empty := value == nil || isText && text == "" || isList && len(items) == 0
		if empty && b["optional"] != true {
			return fmt.Errorf("%q is required", label)
		}
		most := MaxInputLength
		if n, ok := e["max_length"].(float64); ok {
			most = int(n)
		}
		if isText && utf8.RuneCountInString(text) > most {
			return fmt.Errorf("%q takes at most %d characters", label, most)
		}
		if n, ok := e["min_length"].(float64); ok && isText && !empty && utf8.RuneCountInString(text) < int(n) {
			return fmt.Errorf("%q takes at least %d characters", label, int(n))
		}
	}
	return nil
}

// answered does what the app answered to a submission. Called with mu held.
func (u *User) answered(v *view, raw []byte) (Submission, error) {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   object            `json:"view"`
	}
	if len(raw) > 0 && string(raw) != "null" {
		if err := json.Unmarshal(raw, &answer); err != nil {
			return Submission{}, fmt.Errorf("answer to view_submission: %w: %w", ErrNoAnswer, err)
		}
	}
	switch answer.Action {
	case "":
		if u.top() == v {
			u.closeTop()
		}
		return Submission{}, nil
	case "clear":
		u.closeAll()
		return Submission{}, nil
	case "errors":
		inputs := initialInputs(v)
		for block := range answer.Errors {
			if !slices.Contains(inputs, block) {
				return Submission{}, fmt.Errorf("answer to view_submission: %w: error for %q, which is no input block", ErrNoAnswer, block)
			}
		}
		return Submission{Errors: answer.Errors}, nil
	case "update", "push":
		if problems := checkView(answer.View, "modal"); len(problems) > 0 {
			return Submission{}, fmt.Errorf("answer to view_submission: %w: %s", ErrNoAnswer, strings.Join(problems, "; "))
		}
		nameBlocks(list(answer.View["blocks"]))
		if answer.Action == "update" {
			v.setSpec(answer.View)
		} else if len(u.modals) >= MaxViewStack {
			return Submission{}, fmt.Errorf("answer to view_submission: %w: push_limit_reached", ErrNoAnswer)
		} else {
			v = u.newView(answer.View, v)
			u.modals = append(u.modals, v)
		}
		next := v.copy()
		return Submission{Next: &next}, nil
	}
	return Submission{}, fmt.Errorf("answer to view_submission: %w: unknown response_action %q", ErrNoAnswer, answer.Action)
}

func initialInputs(v *view) []string {
	var out []string
	for _, raw := range list(v.spec["blocks"]) {
		if b, _ := raw.(object); b["type"] == "input" {
			out = append(out, str(b, "block_id"))
		}
	}
	return out
}

// CloseView is the person closing the modal on top of their stack with ✕. The
// app is told when the view asked for it.
func (u *User) CloseView(v View) error { return u.closeView(v, false) }

// CloseAllViews is the person closing the whole stack at once.
func (u *User) CloseAllViews(v View) error { return u.closeView(v, true) }

func (u *User) closeView(v View, all bool) error {
	s := u.team.s
	s.mu.Lock()
	p, err := v.now()
	if err == nil && u.top() != p.view {
		err = errors.New("the view is not on top of the person's stack")
	}
	if err != nil {
		s.mu.Unlock()
		return err
	}
	payload := u.interaction("view_closed", nil)
	delete(payload, "trigger_id")
	payload["view"], payload["is_cleared"] = p.view.wire(), all
	if all {
		u.closeAll()
	} else {
		u.closeTop()
	}
	told := p.view.spec["notify_on_close"] == true
	s.mu.Unlock()
	if !told {
		return nil
	}
	_, err = u.interact(payload)
	return err
}
