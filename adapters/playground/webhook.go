package playground

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heed/bot"
)

// bodyMost bounds what a page may send, in bytes: 100,000 characters of any script
// and the JSON around them.
const bodyMost = 1 << 20

// completeMost is how long a line may be, in bytes, for ways to go on to be looked for.
const completeMost = 400

// Handler serves the page at /, what it needs under /playground/, and /connect.
// Requests for another host's name and acts from another site's page are refused.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.servePage)
	mux.HandleFunc("GET /connect", a.serveConnect)
	mux.HandleFunc("GET /playground/page/{file}", a.pages.serveFile)
	mux.HandleFunc("GET /playground/api/state", a.serveState)
	mux.HandleFunc("GET /playground/api/home", a.serveHome)
	mux.HandleFunc("GET /playground/api/rows", a.serveRows)
	mux.HandleFunc("GET /playground/events", a.serveEvents)
	mux.HandleFunc("POST /playground/api/{act}", a.serveAct)
	return a.guard(mux)
}

// guard sets what every answer carries and refuses what does not come from a page of
// ours: a foreign name in Host is how another site's page reaches a loopback address.
func (a *Adapter) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !a.ownHost(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, "Heed's playground answers to localhost only. Open it under the address that heed printed.")
			return
		}
		if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" && strings.HasPrefix(r.URL.Path, "/playground/") {
			refuse(w, http.StatusForbidden, "That came from another site's page. Nothing has changed.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *Adapter) ownHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(strings.ToLower(name), "[]")
	for _, own := range append([]string{"localhost", "127.0.0.1", "::1"}, a.options.Hosts...) {
		if name == strings.ToLower(own) {
			return true
		}
	}
	return false
}

// act is what a page sends. Which fields count depends on the act.
type act struct {
	place
	Words  string            `json:"words"`
	Action string            `json:"action"`
	Form   string            `json:"form"`
	State  string            `json:"state"`
	Opened string            `json:"opened"`
	Values map[string]string `json:"values"`
	Emoji  string            `json:"emoji"`
	On     bool              `json:"on"`
	To     string            `json:"to"` // of the clock
}

// serveAct takes in one act of a page.
func (a *Adapter) serveAct(w http.ResponseWriter, r *http.Request) {
	if !a.ownPage(r) {
		refuse(w, http.StatusForbidden, "This page is from an earlier start of Heed. Nothing has changed; please reload it.")
		return
	}
	core := a.started()
	if core == nil {
		refuse(w, http.StatusServiceUnavailable, "Heed is still starting. Please try again in a moment.")
		return
	}
	var x act
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMost)).Decode(&x); err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			refuse(w, http.StatusRequestEntityTooLarge, "That is more than I can take at once. Nothing was sent and your words are still here; please shorten them.")
			return
		}
		refuse(w, http.StatusBadRequest, "I couldn't read that. Nothing has changed; please reload the page.")
		return
	}
	name := r.PathValue("act")
	if name == "move" || name == "startover" {
		a.serveTime(w, r, name, x)
		return
	}
	who, why := a.checkPlace(x.place)
	if why != "" {
		refuse(w, http.StatusUnprocessableEntity, why)
		return
	}
	began, kind := time.Now(), meteredKind(name)
	a.options.Meter.Heard(bot.Playground, kind)
	ctx := bot.WithEvent(r.Context(), bot.EventOfKey(x.Key))
	out, why, err := a.do(ctx, core, name, who, x)
	took := time.Since(began)
	a.options.Meter.Acked(bot.Playground, kind, bot.AckOf(err), took)
	if err == nil && why == "" {
		a.options.Log.Log(ctx, bot.AckLevel(kind), "kept", "kind", kind, "took", took)
	}
	switch {
	case why != "":
		refuse(w, http.StatusUnprocessableEntity, why)
	case errors.Is(err, bot.ErrNotFound):
		refuse(w, http.StatusNotFound, "That message isn't there any more. Nothing has changed.")
	case err != nil && bot.FaultOf(err).Kind == bot.FaultForbidden:
		refuse(w, http.StatusForbidden, "Only its author or an admin can do that. Nothing has changed.")
	case err != nil:
		a.options.Log.ErrorContext(ctx, "an act failed", "act", name, "account", who.Account, "cause", err)
		refuse(w, http.StatusServiceUnavailable, "I couldn't save that; that's on me. Your words are still here. Please try again in a minute.")
	default:
		respond(w, out)
	}
}

// meteredKind is what an act counts as.
func meteredKind(name string) string {
	switch name {
	case "say":
		return "message"
	case "react":
		return "vote"
	case "submit":
		return "form"
	case "give":
		return "shortcut"
	case "press", "save":
		return name
	}
	return "event"
}

// do does one act. why is not "" when the page sent something that can't be meant.
func (a *Adapter) do(ctx context.Context, core Core, name string, who Person, x act) (out answer, why string, err error) {
	switch name {
	case "say":
		if strings.TrimSpace(x.Words) == "" || x.Channel == "" {
			return out, "There is nothing to send yet.", nil
		}
		out, err = a.say(ctx, core, who, x.place, x.Words)
	case "press":
		if x.Action == "" || len(x.Action) > 100 {
			return out, "That button does nothing here.", nil
		}
		out, err = a.press(ctx, core, who, x.place, bot.Action(x.Action))
	case "submit":
		out, err = a.submit(ctx, core, who, x.place, bot.Submission{Form: x.Form, State: x.State, Values: x.Values}, x.Opened)
	case "save":
		out, err = a.save(ctx, core, who, x.place)
	case "give":
		out, err = a.give(ctx, core, who, x.place)
	case "react":
		if _, ok := emojiChar(x.Emoji); !ok {
			return out, "I don't know that emoji.", nil
		}
		out, err = a.react(ctx, core, who, x.Message, x.Emoji, x.On)
	case "complete":
		if len(x.Words) <= completeMost {
			out = a.complete(ctx, core, who, x.place, x.Words)
		}
	case "delete":
		err = a.remove(ctx, core, who, x.Message)
	default:
		return out, "The page asked for something that I don't know. Please reload it.", nil
	}
	return out, "", err
}

// checkPlace finds who acts, and says why not when a place can't be theirs.
func (a *Adapter) checkPlace(p place) (Person, string) {
	who, ok := a.person(p.As)
	if !ok || !who.Persona {
		return who, "Nobody here has that name. Please reload the page."
	}
	if p.Key == "" || len(p.Key) > 64 {
		return who, "The page is out of step. Nothing has changed; please reload it."
	}
	if p.Channel != "" && !a.chat.sees(who.Account, p.Channel, "") {
		return who, who.Name + " isn't in that channel. Nothing was sent."
	}
	for _, ref := range []string{p.Message, p.Thread} {
		if m, ok := a.chat.message(ref); ok && !a.chat.sees(who.Account, m.Channel, m.To) {
			return who, who.Name + " can't see that message. Nothing was sent."
		}
	}
	if p.Thread != "" {
		if m, ok := a.chat.message(p.Thread); !ok || m.Channel != p.Channel {
			return who, "That thread isn't there any more. Nothing was sent; your words are still here."
		}
	}
	return who, ""
}

// ownPage tells whether an act comes from a page of this process and of this site.
func (a *Adapter) ownPage(r *http.Request) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || u.Host != r.Host {
			return false
		}
	}
	return subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Heed-Token")), []byte(a.token)) == 1
}

func respond(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // a page that is gone hears nothing
}

// refuse answers with a sentence for the person.
func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": why})
}
