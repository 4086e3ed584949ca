package slackfake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// TriggerLife is how long a trigger_id opens a view; it does so once.
// Source: https://docs.slack.dev/interactivity/handling-user-interaction/#modal_responses
const TriggerLife = 3 * time.Second

type trigger struct {
	team *Team
	user *User
	from *view // the modal in which it arose, nil elsewhere
	at   time.Time
	used bool
}

// view is a modal or a home tab.
type view struct {
	id       string
	user     *User
	spec     object // as the app sent it
	hash     string
	root     *view
	previous *view
	state    object // values by block_id and action_id
	closed   bool
}

// View is a copy of a view as the person sees it.
type View struct {
	ID, Type, Title, Submit, Close string
	CallbackID, ExternalID, Hash   string
	PrivateMetadata                string
	Blocks                         []map[string]any
	NotifyOnClose                  bool
	Opened                         bool                                 // false once it was closed
	State                          map[string]map[string]map[string]any // what stands in its inputs, by block_id and action_id

	user *User
}

func (v *view) copy() View {
	out := View{
		ID: v.id, Type: str(v.spec, "type"), Title: textOf(v.spec["title"]), Submit: textOf(v.spec["submit"]),
		Close: textOf(v.spec["close"]), CallbackID: str(v.spec, "callback_id"), Hash: v.hash,
		ExternalID: str(v.spec, "external_id"), PrivateMetadata: str(v.spec, "private_metadata"),
		NotifyOnClose: v.spec["notify_on_close"] == true, Opened: !v.closed, user: v.user,
	}
	clone(v.spec["blocks"], &out.Blocks)
	clone(v.state, &out.State)
	return out
}

// String renders the view to plain text: its title, its blocks, its buttons.
func (v View) String() string {
	parts := []string{renderBlocks(v.Blocks)}
	if v.Title != "" {
		parts = append([]string{v.Title}, parts...)
	}
	if v.Submit != "" {
		parts = append(parts, "["+v.Submit+"]")
	}
	return strings.Join(parts, "\n")
}

// View returns the modal on top of the person's stack; false when none is open.
func (s *Server) View(u *User) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if top := u.top(); top != nil {
		return top.copy(), true
	}
	return View{}, false
}

// Home returns what the app published for the person; false when it never did.
func (s *Server) Home(u *User) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.published == nil {
		return View{}, false
	}
	return u.published.copy(), true
}

func (u *User) top() *view {
	if len(u.modals) == 0 {
		return nil
	}
	return u.modals[len(u.modals)-1]
}

// wire is the view object.
// Source: https://docs.slack.dev/reference/objects/view-object
func (v *view) wire() object {
	out := object{}
	clone(v.spec, &out)
	t := v.user.team
	for _, name := range []string{"callback_id", "external_id", "private_metadata"} {
		out[name] = str(v.spec, name)
	}
	for _, name := range []string{"title", "submit", "close"} {
		if v.spec[name] == nil {
			out[name] = nil
		}
	}
	if str(v.spec, "type") == "home" {
		out["title"] = object{"type": "plain_text", "text": "View Title", "emoji": true} // as Slack fills it in
	}
	for _, name := range []string{"clear_on_close", "notify_on_close"} {
		out[name] = v.spec[name] == true
	}
	state := object{}
	clone(v.state, &state)
	out["id"], out["team_id"], out["hash"], out["state"] = v.id, t.ID, v.hash, object{"values": state}
	out["root_view_id"], out["previous_view_id"] = v.root.id, nil
	if v.previous != nil {
		out["previous_view_id"] = v.previous.id
	}
	out["app_id"], out["app_installed_team_id"], out["bot_id"] = t.s.appID, t.ID, t.bot.botID
	return out
}

// newTrigger is called with mu held.
func (s *Server) newTrigger(u *User, from *view) string {
	id := s.id("TR")
	sum := sha256.Sum256([]byte(id))
	id = strings.TrimLeft(strings.TrimPrefix(id, "TR"), "0") + "." + u.team.ID + "." + hex.EncodeToString(sum[:8])
	s.triggers[id] = &trigger{team: u.team, user: u, from: from, at: s.Now()}
	return id
}

// exchange uses a trigger up.
func (c *call) exchange() (*trigger, *refusal) {
	tr := c.s.triggers[c.args["trigger_id"]]
	switch {
	case tr == nil || tr.team != c.team:
		return nil, refuse("invalid_trigger_id")
	case tr.used:
		return nil, refuse("exchanged_trigger_id")
	case c.s.Now().Sub(tr.at) > max(TriggerLife, c.s.config.AckTimeout):
		return nil, refuse("expired_trigger_id")
	}
	return tr, nil
}

// spec reads and checks the argument view.
func (c *call) spec(wanted string) (object, *refusal) {
	var spec object
	if c.args["view"] == "" || !c.args.decode("view", &spec) || spec == nil {
		return nil, &refusal{code: "invalid_arguments", messages: []string{"[ERROR] missing required field: view"}}
	}
	if problems := checkView(spec, wanted); len(problems) > 0 {
		return nil, &refusal{code: "invalid_arguments", messages: problems}
	}
	if len(c.args["view"]) > MaxViewBytes {
		return nil, refuse("view_too_large")
	}
	nameBlocks(list(spec["blocks"]))
	return spec, nil
}

// MaxViewBytes is the size of a view.
// Source: https://docs.slack.dev/reference/methods/views.open, view_too_large
const MaxViewBytes = 250_000

var viewShapes = map[string]shape{
	"modal": {must: "title blocks", may: "submit close private_metadata callback_id clear_on_close notify_on_close external_id submit_disabled"},
	"home":  {must: "blocks", may: "private_metadata callback_id external_id title submit close clear_on_close notify_on_close"},
}

func checkView(spec object, wanted string) []string {
	k := &checker{}
	kind := str(spec, "type")
	s, known := viewShapes[kind]
	if !known || wanted != "" && kind != wanted {
		k.fail("/view/type", "unsupported type: %s", kind)
		return k.problems
	}
	s.fits(k, "/view", spec)
	where := onHome
	if kind == "modal" {
		where = onModal
		k.text("/view/title", spec["title"], MaxViewTitle, "plain_text")
		for _, name := range []string{"submit", "close"} {
			if spec[name] != nil {
				k.text("/view/"+name, spec[name], MaxViewButton, "plain_text")
			}
		}
	}
	k.str("/view", spec, "callback_id", 0, MaxCallbackID)
	k.str("/view", spec, "external_id", 0, MaxExternalID)
	k.str("/view", spec, "private_metadata", 0, MaxPrivateMetadata)
	blocks := list(spec["blocks"])
	for _, raw := range blocks {
		if b, _ := raw.(object); kind == "modal" && b["type"] == "input" && spec["submit"] == nil {
			k.fail("/view/submit", "submit is required when an input block is within the blocks array")
			break
		}
	}
	return append(k.problems, checkBlocks("/view/blocks", blocks, where)...)
}

// setSpec gives a view its content and a new hash; typed values of blocks that
// keep their ids stay, as in a client.
func (v *view) setSpec(spec object) {
	s := v.user.team.s
	sum := sha256.Sum256([]byte(s.id("VH") + v.id))
	v.spec, v.hash = spec, formatTS(s.Now().UnixMicro())[:10]+"."+hex.EncodeToString(sum[:4])
	state := initialState(spec)
	for block, values := range state {
		kept, _ := v.state[block].(object)
		for action := range values.(object) {
			if kept[action] != nil {
				values.(object)[action] = kept[action]
			}
		}
	}
	v.state = state
}

// newView makes a view for the person; its root is itself unless it is pushed.
func (u *User) newView(spec object, previous *view) *view {
	v := &view{id: u.team.s.id("V"), user: u, previous: previous}
	v.root = v
	if previous != nil {
		v.root = previous.root
	}
	v.setSpec(spec)
	u.team.views = append(u.team.views, v)
	return v
}

// taken says whether another living view has the external id.
func (t *Team) taken(spec object, self *view) bool {
	id := str(spec, "external_id")
	for _, v := range t.views {
		if id != "" && v != self && !v.closed && str(v.spec, "external_id") == id {
			return true
		}
	}
	return false
}

func rawJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("slackfake: " + err.Error()) // made from decoded JSON
	}
	return string(raw)
}
