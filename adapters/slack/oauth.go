package slack

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"heed/bot"
)

// OAuth lets workspaces install Heed by themselves. It is off without a ClientID.
type OAuth struct {
	ClientID, ClientSecret string
	PublicURL              string // how Slack reaches Heed; the callback is below it
	Store                  TokenStore
}

// TokenStore keeps what an install brought.
type TokenStore interface {
	// Installed keeps a workspace's bot token, sealed, in place of an earlier one,
	// and attaches the workspace: a new one, or one that comes back. installer is
	// the account that pressed Allow, whom Heed greets.
	Installed(ctx context.Context, w bot.Workspace, token, installer string) error
}

// stateCookie holds what the callback's state must match.
const stateCookie = "heed_slack_state"

// stateLife is how long a person may take to press Allow.
const stateLife = 10 * time.Minute

// serveInstall sends a person to Slack's question whether Heed may come in.
func (a *Adapter) serveInstall(w http.ResponseWriter, r *http.Request) {
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never fails
	expires := a.options.Clock.Now().Add(stateLife).Unix()
	state := a.state(hex.EncodeToString(nonce), expires)
	http.SetCookie(w, &http.Cookie{
		Name: stateCookie, Value: state, Path: "/slack/", MaxAge: int(stateLife.Seconds()), HttpOnly: true,
		Secure: strings.HasPrefix(a.options.OAuth.PublicURL, "https://"), SameSite: http.SameSiteLaxMode,
	})
	q := url.Values{
		"client_id":    {a.options.OAuth.ClientID},
		"scope":        {strings.Join(scopeNames(Manifest{}), ",")},
		"redirect_uri": {a.callback()},
		"state":        {state},
	}
	http.Redirect(w, r, a.authorizeURL()+"?"+q.Encode(), http.StatusFound)
}

// authorizeURL is Slack's page, beside its API.
func (a *Adapter) authorizeURL() string {
	return strings.TrimSuffix(a.options.APIURL, "api/") + "oauth/v2/authorize"
}

func (a *Adapter) callback() string {
	return strings.TrimSuffix(a.options.OAuth.PublicURL, "/") + "/slack/oauth/callback"
}

// state is a nonce that ends, sealed with the client secret, so that any replica
// can check it.
func (a *Adapter) state(nonce string, expires int64) string {
	body := nonce + "." + strconv.FormatInt(expires, 10)
	mac := hmac.New(sha256.New, []byte(a.options.OAuth.ClientSecret))
	mac.Write([]byte("state:" + body))
	return body + "." + hex.EncodeToString(mac.Sum(nil))
}

// stateGood tells whether the state that came back is ours, still good, and this
// browser's.
func (a *Adapter) stateGood(r *http.Request) bool {
	given := r.URL.Query().Get("state")
	cookie, err := r.Cookie(stateCookie)
	if err != nil || given == "" || !hmac.Equal([]byte(given), []byte(cookie.Value)) {
		return false
	}
	parts := strings.Split(given, ".")
	if len(parts) != 3 {
		return false
	}
	expires, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || a.options.Clock.Now().Unix() > expires {
		return false
	}
	return hmac.Equal([]byte(given), []byte(a.state(parts[0], expires)))
}

// serveCallback takes the code that Slack gave for a workspace's token.
func (a *Adapter) serveCallback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	http.SetCookie(w, &http.Cookie{
		Name: stateCookie, Path: "/slack/", MaxAge: -1, HttpOnly: true, Secure: strings.HasPrefix(a.options.OAuth.PublicURL, "https://"), SameSite: http.SameSiteLaxMode,
	})
	switch {
	case !a.stateGood(r):
		a.page(w, http.StatusBadRequest, "That link is too old", "Nothing was installed. Please start again.", "Start again", "/slack/install")
		return
	case q.Get("error") != "":
		a.page(w, http.StatusOK, "Not installed", "You said no, and that's fine. Nothing has changed in your Slack.", "Start again", "/slack/install")
		return
	}
	got, err := slack.GetOAuthV2ResponseContext(r.Context(), a.options.HTTP, a.options.OAuth.ClientID, a.options.OAuth.ClientSecret,
		q.Get("code"), a.callback(), slack.OAuthOptionAPIURL(a.options.APIURL))
	if err != nil || got.AccessToken == "" || got.Team.ID == "" {
		a.failed(r.Context(), "oauth.v2.access", faultOf("oauth.v2.access", err))
		a.page(w, http.StatusBadGateway, "Slack didn't finish the install", "Nothing was installed. Please start again; if it keeps failing, Slack may be having a bad day.", "Start again", "/slack/install")
		return
	}
	workspace := bot.Workspace{
		Ref: slackRef(got.Team.ID), Name: got.Team.Name, BotAccount: got.BotUserID, Scopes: splitScopes(got.Scope),
	}
	if err := a.options.OAuth.Store.Installed(r.Context(), workspace, got.AccessToken, got.AuthedUser.ID); err != nil {
		a.failed(r.Context(), "install", err)
		a.page(w, http.StatusServiceUnavailable, "I couldn't keep that", "Slack said yes, but I couldn't save it. Please start again in a minute.", "Start again", "/slack/install")
		return
	}
	a.knowBot(workspace.Ref, got.BotUserID)
	a.page(w, http.StatusOK, "Heed is in", "Type /heed in "+got.Team.Name+" and I'll ask you three questions.", "Open Slack",
		"https://slack.com/app_redirect?app="+url.QueryEscape(got.AppID)+"&team="+url.QueryEscape(got.Team.ID))
}

// installStyle is how the page looks: the only style that its policy lets in, by its sum.
const installStyle = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}`

var installPage = template.Must(template.New("install").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}} · Heed</title>
<style>` + installStyle + `</style></head>
<body><h1>{{.Title}}</h1><p>{{.Text}}</p><p><a href="{{.Link}}">{{.Label}}</a></p></body></html>
`))

func (a *Adapter) page(w http.ResponseWriter, status int, title, text, label, link string) {
	sum := sha256.Sum256([]byte(installStyle))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	w.WriteHeader(status)
	_ = installPage.Execute(w, map[string]string{"Title": title, "Text": text, "Label": label, "Link": link})
}
