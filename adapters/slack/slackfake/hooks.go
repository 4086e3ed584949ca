package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// HookLife is how long a response_url answers.
// Source: https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
const HookLife = 30 * time.Minute

// hook is one response_url.
type hook struct {
	channel *Channel
	user    *User
	origin  *message // the message that was pressed; nil for commands and shortcuts
	at      time.Time
	uses    int
}

// newHook is called with mu held.
func (s *Server) newHook(ch *Channel, u *User, origin *message) string {
	id := s.id("RU")
	s.hooks[id] = &hook{channel: ch, user: u, origin: origin, at: s.Now()}
	return s.http.URL + "/hooks/" + id
}

// HookMethod is the name under which the record of calls and the faults know a
// request to a response_url.
const HookMethod = "response_url"

func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	record := Call{Method: HookMethod, Time: s.Now(), Args: map[string]string{"body": string(raw), "hook": r.PathValue("hook")}}
	if err != nil {
		record.Error = "request_timeout"
	}
	s.mu.Lock()
	f := s.takeFault(HookMethod)
	s.mu.Unlock()
	if f != nil && f.before(s, w, r, &record) {
		return
	}
	s.mu.Lock()
	status, refused, after := http.StatusOK, (*refusal)(nil), (*event)(nil)
	h := s.hooks[r.PathValue("hook")]
	switch {
	case h == nil:
		status, refused = http.StatusNotFound, refuse("no_service")
	case s.Now().Sub(h.at) > HookLife:
		status, refused = http.StatusNotFound, refuse("expired_url")
	case h.uses >= MaxHookUses:
		status, refused = http.StatusNotFound, refuse("used_url")
	default:
		record.Team = h.channel.team.ID
		if after, refused = s.respond(h, raw); refused != nil {
			status = http.StatusBadRequest
		} else {
			h.uses++
		}
	}
	s.mu.Unlock()
	if after != nil {
		s.queue.add(func() { s.deliverEvent(after) })
	}
	body := any(object{"ok": true})
	if refused != nil {
		record.Error, body = refused.code, refused.body()
	}
	record.OK = refused == nil
	if f != nil && f.after(s, w, r, &record) {
		return
	}
	s.reply(w, &record, status, body, nil)
}

// response is the body of a command's answer and of a post to a response_url.
type response struct {
	Type     string `json:"response_type"`
	Text     string `json:"text"`
	Blocks   []any  `json:"blocks"`
	Replace  bool   `json:"replace_original"`
	Delete   bool   `json:"delete_original"`
	ThreadTS string `json:"thread_ts"`
	Unfurl   *bool  `json:"unfurl_links"`
	Metadata object `json:"metadata"`
}

// respond does what a response says and returns the event that follows, if
// any. Called with mu held.
func (s *Server) respond(h *hook, raw []byte) (*event, *refusal) {
	var answer response
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, refuse("invalid_payload")
	}
	if answer.Delete {
		if h.origin == nil {
			return nil, refuse("no_original_message")
		}
		return h.remove(), nil
	}
	m := &message{
		text: answer.Text, blocks: answer.Blocks, author: h.channel.team.bot, byApp: true,
		threadTS: answer.ThreadTS, metadata: answer.Metadata, unfurl: answer.Unfurl == nil || *answer.Unfurl,
	}
	if refused := checkMessage(m, MaxPostText); refused != nil {
		return nil, refused
	}
	switch {
	case answer.Replace && h.origin != nil:
		before := *h.origin
		h.origin.text, h.origin.blocks = m.text, m.blocks
		if h.origin.onlyFor != nil {
			return nil, nil
		}
		if len(m.blocks) == 0 {
			h.origin.edited, h.origin.editor = s.nextTS(), h.channel.team.bot.ID
		}
		return h.origin.changed(&before), nil
	case answer.Type == "in_channel":
		h.channel.post(m)
		return m.said(), nil
	default:
		h.user.show(h.channel, m)
		return nil, nil
	}
}

// remove deletes the message that was pressed.
func (h *hook) remove() *event {
	if h.origin.onlyFor != nil {
		h.origin.gone = true
		return nil
	}
	h.channel.drop(h.origin)
	return h.origin.removed()
}
