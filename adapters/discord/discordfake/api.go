package discordfake

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// call is one API call while it is answered. Handlers run with mu held.
type call struct {
	s       *Server
	r       *http.Request
	path    string // without the version
	query   url.Values
	raw     []byte // the JSON as it came
	body    object // of a JSON object, or of a multipart's payload_json
	list    []any  // of a JSON list
	files   []upload
	tooFast *limited // the 429 that the handler found
}

// upload is a file in a multipart body.
type upload struct {
	field, name, contentType string
	data                     []byte
}

// answer is what a handler says: a status and a body, nil for none.
type answer struct {
	status int
	body   any
}

var noContent = answer{status: http.StatusNoContent}

func ok(body any) answer      { return answer{http.StatusOK, body} }
func created(body any) answer { return answer{http.StatusCreated, body} }

// serveAPI answers a call under any version that discordgo and its like use.
// Source: https://docs.discord.com/developers/reference#api-versioning
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/api")
	path = strings.TrimPrefix(strings.TrimPrefix(path, "/v9"), "/v10")
	x, values, refused := find(r.Method, path)
	for name, value := range values {
		r.SetPathValue(name, value)
	}
	record := Request{
		Method: r.Method, Route: x.path, Path: path, Query: r.URL.RawQuery, Time: s.Now(),
		Reason: r.Header.Get("X-Audit-Log-Reason"),
	}
	c, bad := s.read(r, &record)
	if refused == nil {
		refused = bad
	}
	s.mu.Lock()
	f := s.takeFault(x.method + " " + x.path)
	s.mu.Unlock()
	if f != nil && f.before(s, w, r, &record) {
		return
	}
	out := s.perform(x, c, refused)
	record.Code = out.code
	if f != nil && f.after(s, w, r, &record) {
		return
	}
	record.Status = out.status
	s.record(record)
	out.write(w)
}

// outcome is what is answered.
type outcome struct {
	status, code int
	raw          []byte
	header       http.Header
	limit        *limited
	ban          time.Duration
}

// perform does a call, unless it comes too fast.
func (s *Server) perform(x route, c *call, refused *apiError) outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, out := s.Now(), outcome{}
	if !s.config.Unchecked {
		if out.ban = s.rates.banned(now); out.ban > 0 {
			out.status = http.StatusTooManyRequests
			return out
		}
		if out.header, out.limit = s.rates.take(now, x.method, c.path); out.limit != nil {
			out.status = http.StatusTooManyRequests
			s.rates.answered(now, out.status, out.limit.scope)
			return out
		}
	}
	var said answer
	switch {
	case refused == notFound || refused == methodNotAllowed:
	case !x.open && !s.authorized(c.r):
		refused = unauthorized
	case refused == nil:
		said, refused = x.answer(c)
	}
	if c.tooFast != nil {
		out.status, out.limit, out.code = http.StatusTooManyRequests, c.tooFast, c.tooFast.code
		return out
	}
	if refused != nil {
		out.code, said = refused.code, answer{refused.status, refused.body()}
	}
	if !s.config.Unchecked {
		s.rates.answered(now, said.status, "")
	}
	raw, err := json.Marshal(said.body) // now, while what it shows stands still
	if err != nil {
		panic("discordfake: " + err.Error()) // it is this package's
	}
	out.status, out.raw = said.status, raw
	return out
}

func (out outcome) write(w http.ResponseWriter) {
	switch {
	case out.ban > 0:
		writeBan(w, out.ban)
		return
	case out.limit != nil:
		out.limit.write(w, out.header)
		return
	}
	for name, values := range out.header {
		w.Header()[name] = values
	}
	if out.status == http.StatusNoContent {
		w.WriteHeader(out.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(out.status)
	_, _ = w.Write(out.raw)
}

// authorized says whether the request carries the bot's token.
func (s *Server) authorized(r *http.Request) bool {
	token, isBot := strings.CutPrefix(r.Header.Get("Authorization"), "Bot ")
	return isBot && s.token != "" && token == s.token
}

// read reads the body: JSON, or multipart with payload_json and files[n].
// Source: https://docs.discord.com/developers/reference#uploading-files
func (s *Server) read(r *http.Request, record *Request) (*call, *apiError) {
	c := &call{s: s, r: r, path: record.Path, query: r.URL.Query(), body: object{}}
	raw := []byte(nil)
	if r.ContentLength > MaxRequest {
		return c, tooLarge
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		if err := r.ParseMultipartForm(32 << 20); err != nil {
			return c, refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
		}
		raw = []byte(r.FormValue("payload_json"))
		for field, all := range r.MultipartForm.File {
			for _, f := range all {
				data, err := readFile(f.Open())
				if err != nil {
					return c, refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
				}
				c.files = append(c.files, upload{field: field, name: f.Filename, contentType: f.Header.Get("Content-Type"), data: data})
				record.Files = append(record.Files, f.Filename)
			}
		}
		for _, f := range c.files {
			if len(f.data) > MaxFile {
				return c, tooLarge
			}
		}
	} else {
		var err error
		if raw, err = io.ReadAll(r.Body); err != nil {
			return c, errNotJSON
		}
	}
	record.Body, c.raw = string(raw), raw
	if len(raw) == 0 {
		return c, nil
	}
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return c, errNotJSON
	}
	switch v := value.(type) {
	case object:
		c.body = v
	case []any:
		c.list = v
	}
	return c, nil
}

func readFile(f io.ReadCloser, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	return data, errors.Join(err, f.Close())
}

// id is a part of the path.
func (c *call) id(name string) string { return c.r.PathValue(name) }

// limit is the query's limit; a refusal outside of 1 to most.
func (c *call) limit(standard, most int) (int, *apiError) {
	raw := c.query.Get("limit")
	if raw == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 || n > most {
		return 0, invalid("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to "+strconv.Itoa(most)+".")
	}
	return n, nil
}

// plain is a JSON value as text: an id, a name, a nonce that is a number.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return ""
	}
}
