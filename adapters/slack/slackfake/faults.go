package slackfake

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is one thing that goes wrong with an API call.
type Fault struct {
	status  int
	header  http.Header
	body    string
	delay   time.Duration
	cut     bool
	taken   bool // the call is done all the same; only its answer suffers
	refusal string
}

// TooManyRequests answers 429 with Retry-After; the call is not done.
func TooManyRequests(after time.Duration) Fault {
	return Fault{
		status: http.StatusTooManyRequests, body: `{"ok":false,"error":"ratelimited"}`,
		header: http.Header{"Retry-After": {strconv.Itoa(seconds(after))}},
	}
}

// TooManyRequestsBare answers 429 without Retry-After; the call is not done.
func TooManyRequestsBare() Fault {
	return Fault{status: http.StatusTooManyRequests}
}

// RateLimitedBody answers 200 with the error "ratelimited"; the call is not
// done.
func RateLimitedBody() Fault { return Refuse("ratelimited") }

// Refuse answers 200 with this error code; the call is not done.
func Refuse(code string) Fault {
	return Fault{status: http.StatusOK, body: rawJSON(object{"ok": false, "error": code}), refusal: code}
}

// Broken answers with this HTTP status and a page of HTML, as a gateway does;
// the call is not done.
func Broken(status int) Fault {
	return Fault{status: status, body: "<html><body>" + http.StatusText(status) + "</body></html>"}
}

// Slow takes the call only after d. When the app gives up before, the call is
// not done.
func Slow(d time.Duration) Fault { return Fault{delay: d} }

// SlowAnswer does the call at once and answers after d: an app that gives up
// before does not know that it was done.
func SlowAnswer(d time.Duration) Fault { return Fault{delay: d, taken: true} }

// CutBefore ends the connection before the call is done.
func CutBefore() Fault { return Fault{cut: true} }

// CutAfter does the call and ends the connection instead of answering.
func CutAfter() Fault { return Fault{cut: true, taken: true} }

// Malformed does the call and answers with half a JSON object.
func Malformed() Fault {
	return Fault{status: http.StatusOK, body: `{"ok":true,"channel":"C0`, taken: true}
}

// Page does the call and answers 200 with a page of HTML, as a captive network does.
func Page() Fault {
	return Fault{status: http.StatusOK, body: "<!doctype html><html><body>Please sign in.</body></html>", taken: true}
}

// OtherTypes does the call and answers JSON whose fields are of other types than Slack's.
func OtherTypes() Fault {
	return Fault{status: http.StatusOK, body: `{"ok":"yes","channel":[1],"ts":{},"user":7,"view":"none","messages":{},"message":null}`, taken: true}
}

// Nothing does the call and answers 200 with nothing at all.
func Nothing() Fault { return Fault{status: http.StatusOK, taken: true} }

type fault struct {
	Fault
	method string
	left   int
}

// Fail has the next n calls of a method go wrong in this way; "*" is any
// method and [HookMethod] the response URLs. Faults that fit are used up in the
// order in which they were set.
func (s *Server) Fail(method string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{Fault: f, method: method, left: n})
}

// ClearFaults takes back every fault that has not happened yet.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault is called with mu held.
func (s *Server) takeFault(method string) *fault {
	for _, f := range s.faults {
		if f.left > 0 && (f.method == method || f.method == "*") {
			f.left--
			return f
		}
	}
	return nil
}

// before does what precedes the call and reports whether the call is answered
// with it.
func (f *fault) before(s *Server, w http.ResponseWriter, r *http.Request, record *Call) bool {
	if f.taken {
		return false
	}
	if f.delay > 0 {
		late := time.NewTimer(f.delay)
		defer late.Stop()
		select {
		case <-late.C:
			return false
		case <-r.Context().Done():
			record.Error = "request_timeout"
			s.record(*record)
			return true
		}
	}
	record.Error = orDefault(f.refusal, "fault")
	f.answer(s, w, record)
	return true
}

// after does what takes the place of the answer and reports whether anything
// does.
func (f *fault) after(s *Server, w http.ResponseWriter, r *http.Request, record *Call) bool {
	if !f.taken {
		return false
	}
	if f.delay > 0 {
		s.mu.Lock()
		s.touch() // who waits for what the call did need not wait for its answer
		s.mu.Unlock()
		late := time.NewTimer(f.delay)
		defer late.Stop()
		select {
		case <-late.C:
		case <-r.Context().Done():
		}
		return false
	}
	f.answer(s, w, record)
	return true
}

func (f *fault) answer(s *Server, w http.ResponseWriter, record *Call) {
	record.Status = f.status
	s.record(*record)
	if f.cut {
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				_ = conn.Close()
			}
		}
		return
	}
	for name, values := range f.header {
		w.Header()[name] = values
	}
	kind := "application/json; charset=utf-8"
	if f.body == "" || f.body[0] == '<' {
		kind = "text/html"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(f.status)
	_, _ = w.Write([]byte(f.body))
}
