package slack

import (
	"context"
	"net/http"
	"slices"
	"time"

	"heed/bot"
)

// Examine asks Slack who Heed is in a workspace; see bot.Examiner. The answer carries what
// the token may do, and the time.
// https://docs.slack.dev/reference/methods/auth.test
func (m *Messenger) Examine(ctx context.Context, w bot.Workspace) (bot.Standing, error) {
	api, err := m.client(ctx, w.Ref)
	if err != nil {
		return bot.Standing{}, err
	}
	began := time.Now()
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return bot.Standing{}, faultOf("auth.test", err)
	}
	var s bot.Standing
	if granted := splitScopes(who.Header.Get("X-Oauth-Scopes")); len(granted) > 0 { // a proxy may take the header off
		s.Missing = missing(granted)
	}
	if at, err := http.ParseTime(who.Header.Get("Date")); err == nil { // whole seconds, cut off
		s.Timed, s.Ahead = true, began.Add(time.Since(began)/2).Sub(at.Add(time.Second/2))
	}
	return s, nil
}

// missing are the scopes that Heed asks for and was not granted. Those that read messages
// of channels are asked for only where an admin wants so: they are told like the others.
func missing(granted []string) (out []bot.Grant) {
	for _, s := range (Manifest{History: true}).Scopes() {
		if !slices.Contains(granted, s.Name) {
			out = append(out, bot.Grant{Name: s.Name, Cost: s.Cost, Must: s.Must})
		}
	}
	return out
}
