package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"heed/bot"
)

// Handler serves Slack's requests: POST /slack/events, /slack/commands and
// /slack/interactions, and the two pages of an OAuth install. With Socket Mode
// the three answer 404; without a client id the two do.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	if a.options.AppToken == "" {
		mux.HandleFunc("POST /slack/events", a.signed(a.serveEvent))
		mux.HandleFunc("POST /slack/commands", a.signed(a.serveCommand))
		mux.HandleFunc("GET /slack/commands", serveSSLCheck)
		mux.HandleFunc("GET /slack/interactions", serveSSLCheck)
		mux.HandleFunc("POST /slack/interactions", a.signed(a.serveInteraction))
	}
	if a.options.OAuth.ClientID != "" {
		mux.HandleFunc("GET /slack/install", a.serveInstall)
		mux.HandleFunc("GET /slack/oauth/callback", a.serveCallback)
	}
	return mux
}

// signed reads a request's body and hands it on when Slack signed it just now.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func (a *Adapter) signed(next func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		body, err := a.read(w, r)
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			a.log.WarnContext(r.Context(), "request refused", "path", r.URL.Path, "why", "too large")
			a.turnedAway(began)
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		case errors.Is(err, errNoRoom):
			a.turnedAway(began)
			http.Error(w, "too much at once, please deliver again", http.StatusServiceUnavailable)
			return
		}
		if err != nil {
			http.Error(w, "not readable", http.StatusBadRequest)
			return
		}
		if isSSLCheck(r, body) {
			w.WriteHeader(http.StatusOK)
			return
		}
		if why := a.unsigned(r.Header, body); why != "" {
			a.log.WarnContext(r.Context(), "request refused", "path", r.URL.Path, "why", why)
			a.turnedAway(began)
			http.Error(w, why, http.StatusUnauthorized)
			return
		}
		next(w, r, body)
	}
}

// read takes a request's body. Whether Slack signed it is known only afterwards, so that
// only a few may be large at a time: errNoRoom beyond that.
func (a *Adapter) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	rest := http.MaxBytesReader(w, r.Body, maxBody)
	body, err := io.ReadAll(io.LimitReader(rest, smallBody))
	if err != nil || len(body) < smallBody {
		return body, err
	}
	select {
	case a.large <- struct{}{}:
		defer func() { <-a.large }()
	default:
		return nil, errNoRoom
	}
	more, err := io.ReadAll(rest)
	return append(body, more...), err
}

var errNoRoom = errors.New("too many large requests at once")

// turnedAway counts a request of which nothing was read.
func (a *Adapter) turnedAway(began time.Time) {
	a.options.Meter.Heard(bot.Slack, "request")
	a.options.Meter.Acked(bot.Slack, "request", bot.AckRefused, time.Since(began))
}

// isSSLCheck tells whether Slack only checks the certificate, which may come without a
// signature; nothing else in such a request is looked at.
// https://docs.slack.dev/interactivity/implementing-slash-commands/#app_command_handling
func isSSLCheck(r *http.Request, body []byte) bool {
	if r.URL.Path == "/slack/events" || len(body) > maxSSLCheck {
		return false
	}
	form, err := url.ParseQuery(string(body))
	return err == nil && form.Get("ssl_check") == "1"
}

// maxSSLCheck is larger than any such body: a flag and a token.
const maxSSLCheck = 1024

// unsigned says why a request is not to be trusted, "" when it is.
func (a *Adapter) unsigned(h http.Header, body []byte) string {
	stamped := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamped, 10, 64)
	if err != nil {
		return "no timestamp"
	}
	if off := a.options.Clock.Now().Sub(time.Unix(seconds, 0)); off > signatureWindow || off < -signatureWindow {
		return "timestamp too far off"
	}
	if a.options.SigningSecret == "" {
		return "no signing secret set"
	}
	mac := hmac.New(sha256.New, []byte(a.options.SigningSecret))
	mac.Write([]byte("v0:" + stamped + ":"))
	mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(want), []byte(h.Get("X-Slack-Signature"))) {
		return "wrong signature"
	}
	return ""
}

// lastRetry is the number of the last delivery of an event that Slack makes.
// https://docs.slack.dev/apis/events-api/#retries
const lastRetry = "3"

// serveEvent acknowledges an event once the core has committed it. An error makes
// Slack deliver it again: at once, after a minute and after five.
func (a *Adapter) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	env, ok := raw[envelope](body)
	if !ok {
		a.log.WarnContext(r.Context(), "event not readable", "type", "malformed")
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	if env.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, env.Challenge)
		return
	}
	if err := a.event(context.WithoutCancel(r.Context()), env, r.Header.Get("X-Slack-Retry-Num") == lastRetry); err != nil {
		http.Error(w, "not kept, please deliver again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (a *Adapter) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		a.log.WarnContext(r.Context(), "command not readable", "type", "malformed")
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	s := slashOf(form)
	s.Sent = sentAt(r)
	a.respond(r.Context(), w, a.command(context.WithoutCancel(r.Context()), s))
}

func (a *Adapter) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		a.log.WarnContext(r.Context(), "interaction not readable", "type", "malformed")
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	i, ok := decodeInteraction([]byte(form.Get("payload")))
	if !ok {
		a.log.WarnContext(r.Context(), "interaction not readable", "type", "malformed")
		http.Error(w, "not an interaction", http.StatusBadRequest)
		return
	}
	i.Sent = sentAt(r)
	a.respond(r.Context(), w, a.interaction(context.WithoutCancel(r.Context()), i))
}

// sentAt is when Slack sent a request whose signature was found good: it covers the stamp.
func sentAt(r *http.Request) time.Time {
	seconds, _ := strconv.ParseInt(r.Header.Get("X-Slack-Request-Timestamp"), 10, 64)
	return time.Unix(seconds, 0).UTC()
}

// serveSSLCheck answers Slack's check of the certificate, which carries nothing.
func serveSSLCheck(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("ssl_check") != "1" {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// respond acknowledges, and then sends what follows.
func (a *Adapter) respond(ctx context.Context, w http.ResponseWriter, out answer) {
	ctx = bot.WithEvent(ctx, out.event)
	a.finish(ctx, out, func() {
		if out.body == nil {
			w.WriteHeader(http.StatusOK)
		} else {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			if err := json.NewEncoder(w).Encode(out.body); err != nil {
				a.log.WarnContext(ctx, "answer not sent", "why", "connection")
			}
		}
		_ = http.NewResponseController(w).Flush() // what follows must not overtake it
	})
}
