package slackfake

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is one request to the Web API, as the app made it.
type Call struct {
	Method string
	Time   time.Time
	Team   string            // the workspace of the token; empty when it has none
	Args   map[string]string // without the token; objects and lists as JSON
	OK     bool
	Error  string // Slack's error code; empty when OK or when nothing was answered
	Status int    // HTTP status; 0 when the connection was cut
}

// refusal is Slack's "ok": false.
type refusal struct {
	code     string
	messages []string // response_metadata.messages
	extra    object
}

func refuse(code string) *refusal { return &refusal{code: code} }

func (r *refusal) body() object {
	body := object{"ok": false, "error": r.code}
	if len(r.messages) > 0 {
		body["response_metadata"] = object{"messages": r.messages}
	}
	for key, value := range r.extra {
		body[key] = value
	}
	return body
}

// call is one API call while it is being answered. Handlers run with mu held.
type call struct {
	s     *Server
	args  args
	token *token
	team  *Team
	after []func() // queued events: what the call causes in the chat
}

// then has an event delivered in the background once the call is answered.
func (c *call) then(e *event) {
	if e != nil {
		c.after = append(c.after, func() { c.s.deliverEvent(e) })
	}
}

type args map[string]string

func (a args) bool(name string) bool { return a[name] == "true" || a[name] == "1" }

// has says whether the argument was given at all, even empty.
func (a args) has(name string) bool { _, ok := a[name]; return ok }

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	secret, arguments, bad := readArgs(r)
	record := Call{Method: name, Time: s.Now(), Args: arguments}

	s.mu.Lock()
	if t := s.tokens[secret]; t != nil && t.team != nil {
		record.Team = t.team.ID
	}
	f := s.takeFault(name)
	s.mu.Unlock()
	if f != nil && f.before(s, w, r, &record) {
		return
	}

	s.mu.Lock()
	c := &call{s: s, args: arguments}
	var answer object
	var refused *refusal
	limited := time.Duration(0)
	m, known := methods[name]
	switch {
	case bad != "":
		refused = refuse(bad)
	case !known:
		refused = &refusal{code: "unknown_method", extra: object{"req_method": name}}
	default:
		if refused = c.authorize(secret, m, r); refused == nil {
			if limited = s.rates.take(s, c, name, m); limited == 0 {
				answer, refused = m.answer(c)
			}
		}
	}
	s.mu.Unlock()

	if limited > 0 {
		record.Error = "ratelimited"
		s.reply(w, &record, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"},
			http.Header{"Retry-After": {strconv.Itoa(seconds(limited))}})
		return
	}
	header := http.Header{}
	if c.token != nil {
		header.Set("X-Oauth-Scopes", strings.Join(c.token.scopes, ","))
	}
	body := answer
	if refused != nil {
		record.Error, body = refused.code, refused.body()
	} else {
		record.OK = true
		if body == nil {
			body = object{}
		}
		body["ok"] = true
	}
	for _, next := range c.after {
		s.queue.add(next)
	}
	if f != nil && f.after(s, w, r, &record) {
		return
	}
	s.reply(w, &record, http.StatusOK, body, header)
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// reply records the call, then answers it.
func (s *Server) reply(w http.ResponseWriter, record *Call, status int, body any, header http.Header) {
	record.Status = status
	s.record(*record)
	for key, values := range header {
		w.Header()[key] = values
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	s.touch()
}

// Calls returns the calls of a method in the order in which they were
// answered, those of all methods for "". Refused and failed ones are included.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// ForgetCalls empties the record of calls.
func (s *Server) ForgetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// authorize finds the token and checks that it may call m.
func (c *call) authorize(secret string, m method, r *http.Request) *refusal {
	if m.open {
		if id, password, ok := r.BasicAuth(); ok {
			c.args["client_id"], c.args["client_secret"] = id, password
		}
		return nil
	}
	if secret == "" {
		return refuse("not_authed")
	}
	t := c.s.tokens[secret]
	switch {
	case t == nil:
		return refuse("invalid_auth")
	case t.dead != "":
		return refuse(t.dead)
	case (t.kind == appLevel) != m.appLevel:
		return refuse("not_allowed_token_type")
	}
	c.token, c.team = t, t.team
	if len(m.scopes) > 0 && !t.hasAny(m.scopes) {
		return c.missing(m.scopes[0])
	}
	return nil
}

// need refuses when the token lacks the scope.
func (c *call) need(scope string) *refusal {
	if c.token.hasAny([]string{scope}) {
		return nil
	}
	return c.missing(scope)
}

func (c *call) missing(scope string) *refusal {
	return &refusal{code: "missing_scope", extra: object{
		"needed": scope, "provided": strings.Join(c.token.scopes, ","),
	}}
}

func (t *token) hasAny(scopes []string) bool {
	return slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(t.scopes, scope) })
}

// readArgs reads a call's arguments from a form, a multipart form or a JSON
// object, and its token from the header or the arguments. bad is the error code
// when the body cannot be read.
func readArgs(r *http.Request) (secret string, arguments args, bad string) {
	arguments = args{}
	secret, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(secret, "Basic ") {
		secret = ""
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return secret, arguments, "request_timeout"
		}
		if len(body) == 0 {
			body = []byte("{}")
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(body, &fields); err != nil {
			if json.Valid(body) {
				return secret, arguments, "json_not_object"
			}
			return secret, arguments, "invalid_json"
		}
		for name, raw := range fields {
			var text string
			if json.Unmarshal(raw, &text) == nil {
				if string(raw) != "null" {
					arguments[name] = text
				}
				continue
			}
			arguments[name] = string(raw)
		}
	} else {
		if err := r.ParseMultipartForm(32 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return secret, arguments, "invalid_form_data"
		}
		for name, values := range r.Form {
			arguments[name] = values[0]
		}
	}
	if secret == "" {
		secret = arguments["token"]
	}
	delete(arguments, "token")
	return secret, arguments, ""
}

// decode reads a JSON argument into target; it reports false when the argument
// is present and is no such JSON.
func (a args) decode(name string, target any) bool {
	raw := a[name]
	return raw == "" || json.Unmarshal([]byte(raw), target) == nil
}
