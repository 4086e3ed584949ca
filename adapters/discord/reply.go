package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"heed/bot"
)

// The kinds of answer to an interaction.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	answerPong           = 1
	answerMessage        = 4
	answerDeferred       = 5
	answerDeferredUpdate = 6
	answerUpdate         = 7
	answerSuggestions    = 8
	answerModal          = 9
)

// answer is the first answer to an interaction.
type answer struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// suggestions are the data of an answer to an autocompletion.
type suggestions struct {
	Choices []appChoice `json:"choices"`
}

// deferral are the data of a deferred answer.
type deferral struct {
	Flags int `json:"flags"`
}

const (
	// repliesLimit bounds how much of a refusal is read.
	repliesLimit = 64 << 10
	// again is the pause before an answer that Discord's side broke off is sent once more.
	again = 150 * time.Millisecond
	// againLimited is how long a limit on an answer is waited out: who asked waits too, and
	// Discord takes a first answer for three seconds.
	againLimited = time.Second
)

// alreadyAnswered is Discord's refusal of a second first answer.
const alreadyAnswered = 40060

// respond gives the first answer to an interaction, within three seconds of it. One
// that broke off on the way is given once more, which does no harm: Discord
// takes only one.
func (a *Adapter) respond(ctx context.Context, i interaction, with answer) error {
	path := "interactions/" + url.PathEscape(i.ID) + "/" + url.PathEscape(i.Token) + "/callback"
	err := oncemore(ctx, true, func() error { return a.messenger.rest.answer(ctx, http.MethodPost, path, with) })
	if err == nil && with.Type != answerDeferred && with.Type != answerSuggestions && with.Type != answerPong {
		a.log.InfoContext(ctx, "answered")
	}
	return err
}

// oncemore gives an answer, and gives it once more where Discord asked for a short wait,
// or, where twice does no harm, when it broke off on the way.
func oncemore(ctx context.Context, twice bool, give func() error) error {
	err := give()
	wait := again
	switch f := bot.FaultOf(err); {
	case err == nil:
		return nil
	case f.Kind == bot.FaultLimited && f.RetryAfter <= againLimited:
		wait = f.RetryAfter
	case f.Kind != bot.FaultTransient || !twice:
		return err
	}
	if pause(ctx, wait) != nil {
		return err
	}
	if err = give(); refusedWith(err, alreadyAnswered) {
		return nil // the first one came through
	}
	return err
}

// followUp shows one more message in answer to an interaction, for 15 minutes.
func (a *Adapter) followUp(ctx context.Context, i interaction, m message) error {
	return oncemore(ctx, false, func() error { return a.messenger.rest.answer(ctx, http.MethodPost, i.webhook(), m.ephemeral()) })
}

// editOriginal changes what the first answer shows: the message that was announced by a
// deferral, or the one whose button was pressed.
func (a *Adapter) editOriginal(ctx context.Context, i interaction, m message) error {
	err := oncemore(ctx, true, func() error {
		return a.messenger.rest.answer(ctx, http.MethodPatch, i.webhook()+"/messages/@original", m)
	})
	if err == nil {
		a.log.InfoContext(ctx, "answered")
	}
	return err
}

// webhook is where an interaction's further answers go.
func (i interaction) webhook() string {
	return "webhooks/" + url.PathEscape(i.Application) + "/" + url.PathEscape(i.Token)
}

// ephemeral is m as only the person sees it.
func (m message) ephemeral() message {
	m.Flags |= flagEphemeral
	return m
}

// answer calls a route that an interaction's own token opens. These have limits of
// their own, a bucket for each token: nothing is counted ahead, and none waits for another.
// The bot's token is not sent, the interaction's never logged.
func (r *rest) answer(ctx context.Context, method, path string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "not_json", Method: "interaction"}
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, bytes.NewReader(data))
	if err != nil {
		return &bot.Fault{Kind: bot.FaultUnrenderable, Reason: "no_address", Method: "interaction"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", r.session.UserAgent)
	resp, err := r.session.Client.Do(req)
	if err != nil {
		var fault *bot.Fault
		if errors.As(faultOf("interaction", err), &fault) {
			return fault
		}
		return &bot.Fault{Kind: bot.FaultTransient, Reason: "no_answer", Method: "interaction"}
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, repliesLimit))
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return nil
	}
	var refusal struct {
		Code       int     `json:"code"`
		RetryAfter float64 `json:"retry_after"`
	}
	_ = json.Unmarshal(said, &refusal) // a proxy's page has neither
	f := &bot.Fault{Method: "interaction"}
	if f.Kind, f.Reason = kindOf(resp.StatusCode, refusal.Code); f.Kind == bot.FaultLimited {
		seconds, err := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64)
		if err != nil || seconds < refusal.RetryAfter {
			seconds = refusal.RetryAfter
		}
		if f.RetryAfter = time.Duration(seconds * float64(time.Second)); f.RetryAfter <= 0 {
			f.RetryAfter = defaultRetryAfter
		}
	}
	return f
}
