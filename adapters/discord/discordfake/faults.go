package discordfake

import (
	"fmt"
	"net/http"
	"time"
)

// Fault is what goes wrong with a call of the REST API on demand. Make it with
// [RateLimited], [Broken], [CutBefore] and their like.
type Fault struct {
	status int
	body   string
	code   int
	delay  time.Duration
	cut    bool
	taken  bool // the call is done all the same
	limit  *limited
	ban    time.Duration
}

// Scope is whose rate limit was met.
// Source: https://docs.discord.com/developers/topics/rate-limits#header-format
type Scope string

// The scopes. A shared one is the resource's and not the bot's fault.
const (
	UserScope   Scope = "user"
	GlobalScope Scope = "global"
	SharedScope Scope = "shared"
)

// RateLimited answers 429 in Discord's form; the call is not done.
// Source: https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
func RateLimited(scope Scope, after time.Duration) Fault {
	return Fault{status: http.StatusTooManyRequests, limit: tooMany(after, string(scope))}
}

// EditsExhausted answers an edit as Discord does when messages older than an hour were
// edited too often (30046); the call is not done.
func EditsExhausted(after time.Duration) Fault {
	return Fault{status: http.StatusTooManyRequests, code: 30046, limit: &limited{
		wait: after, scope: string(SharedScope), code: 30046,
		message: "Maximum number of edits to messages older than 1 hour reached. Try again later",
	}}
}

// Cloudflare answers 429 with a page of HTML and none of Discord's headers, as
// Discord's front does to an address that made too many invalid requests. The call is
// not done.
func Cloudflare() Fault { return Fault{status: http.StatusTooManyRequests, ban: time.Hour} }

// Broken answers with this HTTP status and a page of HTML, as a gateway does; the call
// is not done.
func Broken(status int) Fault {
	return Fault{status: status, body: "<html><body>" + http.StatusText(status) + "</body></html>"}
}

// Refuse answers with this HTTP status and Discord's error code; the call is not done.
func Refuse(status, code int, message string) Fault {
	return Fault{status: status, code: code, body: fmt.Sprintf(`{"message":%q,"code":%d}`, message, code)}
}

// Slow takes the call only after d. When the app gives up before, the call is not done.
func Slow(d time.Duration) Fault { return Fault{delay: d} }

// SlowAnswer does the call at once and answers after d: an app that gives up before
// does not know that it was done.
func SlowAnswer(d time.Duration) Fault { return Fault{delay: d, taken: true} }

// CutBefore ends the connection before the call is done.
func CutBefore() Fault { return Fault{cut: true} }

// CutAfter does the call and ends the connection instead of answering.
func CutAfter() Fault { return Fault{cut: true, taken: true} }

// Malformed does the call and answers with half a JSON object.
func Malformed() Fault { return Fault{status: http.StatusOK, body: `{"id":"10`, taken: true} }

type fault struct {
	Fault
	route string
	left  int
}

// Fail has the next n calls of a route go wrong in this way. The route is named with
// its method, "POST /channels/{channel}/messages"; "*" is any. Faults that fit are used
// up in the order in which they were set.
func (s *Server) Fail(route string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{Fault: f, route: route, left: n})
}

// ClearFaults takes back every fault that has not happened yet.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault is called with mu held.
func (s *Server) takeFault(route string) *fault {
	for _, f := range s.faults {
		if f.left > 0 && (f.route == route || f.route == "*") {
			f.left--
			return f
		}
	}
	return nil
}

// before does what precedes the call and reports whether the call is answered with it.
func (f *fault) before(s *Server, w http.ResponseWriter, r *http.Request, record *Request) bool {
	if f.taken {
		return false
	}
	if f.delay > 0 {
		return !f.wait(r)
	}
	f.answer(s, w, record)
	return true
}

// after does what takes the place of the answer and reports whether anything does.
func (f *fault) after(s *Server, w http.ResponseWriter, r *http.Request, record *Request) bool {
	if !f.taken {
		return false
	}
	if f.delay > 0 {
		s.mu.Lock()
		s.touch() // who waits for what the call did need not wait for its answer
		s.mu.Unlock()
		f.wait(r)
		return false
	}
	f.answer(s, w, record)
	return true
}

// wait is false when the app gave up before the delay was over.
func (f *fault) wait(r *http.Request) bool {
	late := time.NewTimer(f.delay)
	defer late.Stop()
	select {
	case <-late.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func (f *fault) answer(s *Server, w http.ResponseWriter, record *Request) {
	record.Status, record.Code = f.status, f.code
	s.record(*record)
	if f.cut {
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				_ = conn.Close()
			}
		}
		return
	}
	if f.limit != nil || f.ban > 0 {
		outcome{limit: f.limit, ban: f.ban}.write(w)
		return
	}
	kind := "application/json"
	if f.body == "" || f.body[0] == '<' {
		kind = "text/html"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(f.status)
	_, _ = w.Write([]byte(f.body))
}
