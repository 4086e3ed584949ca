package slackfake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// delivery is what the fake knows of sending to the app. Guarded by Server.mu.
type delivery struct {
	hold, drop bool
	repeat     int
	held       []Event
	events     []Event
	retries    []retry
	made       []Delivery
}

// Delivery is one attempt to reach the app.
type Delivery struct {
	Kind    string // "event", "command", "interaction", or "raw" for Post
	Type    string // "reaction_added", "/feedback", "block_actions"
	EventID string
	Attempt int // 0 at first, then 1 to 3
	Reason  string
	Time    time.Time
	Socket  bool
	Status  int    // 200 for an acknowledged envelope, 0 when nothing came
	Answer  []byte // the body, or the payload of the acknowledgement
	Path    string // where it goes over HTTP; the same over a socket
	Body    []byte // what it says there
	Err     error  // why nothing came

	noRetry bool
}

// OK says whether the app acknowledged.
func (d Delivery) OK() bool { return d.Err == nil && d.Status >= 200 && d.Status < 300 }

// failure is the value of x-slack-retry-reason.
// Source: https://docs.slack.dev/apis/events-api/#retries
func (d Delivery) failure() string {
	var late interface{ Timeout() bool }
	switch {
	case d.Err == nil:
		return "http_error"
	case errors.As(d.Err, &late) && late.Timeout():
		if d.Socket {
			return "timeout"
		}
		return "http_timeout"
	default:
		return "connection_failed"
	}
}

// Deliveries returns every attempt to reach the app, the oldest first.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.delivery.made)
}

// parcel is what goes to the app, over HTTP or a socket.
type parcel struct {
	kind, name, id string
	payload        object
	attempt        int
	reason         string
}

// send makes one attempt and records it.
func (s *Server) send(p parcel) Delivery {
	s.mu.Lock()
	base := s.appURL
	s.mu.Unlock()
	d := Delivery{Kind: p.kind, Type: p.name, EventID: p.id, Attempt: p.attempt, Reason: p.reason, Time: s.Now()}
	path, contentType, body := p.http()
	d.Path, d.Body = path, body
	if base == "" {
		d.Socket = true
		d.Answer, d.Err = s.sendSocket(p)
		if d.Err == nil {
			d.Status = http.StatusOK
		}
	} else {
		s.postTo(base+path, contentType, body, p.headers(), &d)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery.made = append(s.delivery.made, d)
	s.touch()
	return d
}

// http is the parcel as a request: its path, content type and body.
func (p parcel) http() (path, contentType string, body []byte) {
	const form = "application/x-www-form-urlencoded"
	switch p.kind {
	case "command":
		fields := url.Values{}
		for name, value := range p.payload {
			fields.Set(name, fmt.Sprint(value))
		}
		return "/slack/commands", form, []byte(fields.Encode())
	case "interaction":
		return "/slack/interactions", form, []byte(url.Values{"payload": {rawJSON(p.payload)}}.Encode())
	default:
		return "/slack/events", "application/json", []byte(rawJSON(p.payload))
	}
}

func (p parcel) headers() http.Header {
	h := http.Header{}
	if p.attempt > 0 {
		h.Set("X-Slack-Retry-Num", strconv.Itoa(p.attempt))
		h.Set("X-Slack-Retry-Reason", p.reason)
	}
	return h
}

// Sign returns the signature that Slack sends with a body at a time.
// Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
func (s *Server) Sign(at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(s.config.SigningSecret))
	fmt.Fprintf(mac, "v0:%d:%s", at.Unix(), body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// Post sends any body, signed, to a path of the app: a malformed one, a
// url_verification, an ssl_check. change may alter the headers after signing
// and may be nil. It is not retried.
func (s *Server) Post(path, contentType string, body []byte, change func(http.Header)) Delivery {
	s.mu.Lock()
	base := s.appURL
	s.mu.Unlock()
	d := Delivery{Kind: "raw", Type: path, Time: s.Now()}
	s.postTo(base+path, contentType, body, nil, &d, change)
	return d
}

func (s *Server) postTo(target, contentType string, body []byte, extra http.Header, d *Delivery, change ...func(http.Header)) {
	r, err := http.NewRequest(http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		d.Err = err
		return
	}
	at := s.config.SigningTime()
	r.Header = extra.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("X-Slack-Signature", s.Sign(at, body))
	for _, f := range change {
		if f != nil {
			f(r.Header)
		}
	}
	client := http.Client{
		Timeout:       s.config.AckTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	w, err := client.Do(r)
	if err != nil {
		d.Err = err
		return
	}
	defer func() { _ = w.Body.Close() }()
	d.Status, d.noRetry = w.StatusCode, w.Header.Get("X-Slack-No-Retry") == "1"
	if d.Answer, err = io.ReadAll(w.Body); err != nil {
		d.Err = err
	}
}

// Challenge is Slack checking the events URL: the app must answer with the
// challenge. It returns an error that says what was wrong.
func (s *Server) Challenge() error {
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	body := rawJSON(object{"token": verificationToken, "challenge": challenge, "type": "url_verification"})
	d := s.Post("/slack/events", "application/json", []byte(body), nil)
	if !d.OK() || !strings.Contains(string(d.Answer), challenge) {
		return fmt.Errorf("url_verification answered %d %q: %w", d.Status, d.Answer, d.Err)
	}
	return nil
}
