package discordfake

import "time"

// Request is one call of the REST API, as the app made it.
type Request struct {
	Method string
	Route  string // as the documentation writes it: "/channels/{channel}/messages"
	Path   string // as it came, without the version: "/channels/1/messages"
	Query  string
	Body   string // the JSON; of a multipart body its payload_json
	Files  []string
	Time   time.Time
	Reason string // X-Audit-Log-Reason
	Status int    // 0 when the connection was cut
	Code   int    // Discord's error code; 0 when there is none
}

// OK says whether Discord did what was asked.
func (r Request) OK() bool { return r.Status >= 200 && r.Status < 300 }

// Requests returns the calls of a method and route in the order in which they were
// answered, all calls for "". Refused and failed ones are included. The route is named
// as in [Request.Route] after its method: "POST /channels/{channel}/messages".
func (s *Server) Requests(route string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if route == "" || r.Method+" "+r.Route == route {
			out = append(out, r)
		}
	}
	return out
}

// ForgetRequests empties the record of calls.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	s.touch()
}
