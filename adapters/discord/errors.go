package discord

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"heed/bot"
)

// defaultRetryAfter is the rest after a limit that came without a time.
const defaultRetryAfter = 5 * time.Second

// faultKinds says what Discord's error codes mean for the next try. What is not here
// is judged by the HTTP status.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
var faultKinds = map[int]bot.FaultKind{
	10003: bot.FaultGone, // unknown channel
	10004: bot.FaultGone, // unknown guild
	10007: bot.FaultGone, // unknown member
	10008: bot.FaultGone, // unknown message
	10013: bot.FaultGone, // unknown user
	10015: bot.FaultGone, // unknown webhook: the interaction is over
	10062: bot.FaultGone, // unknown interaction
	50027: bot.FaultGone, // invalid webhook token: the interaction is over

	20028: bot.FaultLimited, // the channel's write limit

	40333: bot.FaultTransient, // an answer of the network before Discord, not of Discord

	50001: bot.FaultForbidden, // missing access
	50007: bot.FaultForbidden, // can't send messages to this person
	50013: bot.FaultForbidden, // missing permissions

	160006: bot.FaultFull, // too many active threads

	50006: bot.FaultUnrenderable, // empty message
	50035: bot.FaultUnrenderable, // invalid form body
	50109: bot.FaultUnrenderable, // not JSON
}

// faultOf makes a fault of what a call answered; nil stays nil. Of err only Discord's
// own number is kept: its text may hold addresses and what people wrote.
func faultOf(method string, err error) error {
	if err == nil {
		return nil
	}
	var fault *bot.Fault
	if errors.As(err, &fault) {
		return fault
	}
	f := &bot.Fault{Kind: bot.FaultTransient, Reason: "no_answer", Method: method}
	var limited *discordgo.RateLimitError
	var refusal *discordgo.RESTError
	var network net.Error
	switch {
	case errors.As(err, &limited):
		f.Kind, f.Reason, f.RetryAfter = bot.FaultLimited, "ratelimited", limited.RetryAfter
	case errors.As(err, &refusal):
		status, code := refusal.Response.StatusCode, 0
		if refusal.Message != nil {
			code = refusal.Message.Code
		}
		f.Kind, f.Reason = kindOf(status, code)
	case errors.Is(err, context.Canceled):
		f.Reason = "cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		f.Reason = "timeout"
	}
	if f.Kind == bot.FaultLimited && f.RetryAfter <= 0 {
		f.RetryAfter = defaultRetryAfter
	}
	return f
}

func kindOf(status, code int) (bot.FaultKind, string) {
	reason := "http_" + strconv.Itoa(status)
	if code != 0 {
		reason = "discord_" + strconv.Itoa(code)
	}
	if kind, ok := faultKinds[code]; ok {
		return kind, reason
	}
	switch status {
	case http.StatusUnauthorized:
		return bot.FaultRevoked, reason
	case http.StatusForbidden:
		return bot.FaultForbidden, reason
	case http.StatusNotFound:
		return bot.FaultGone, reason
	case http.StatusBadRequest:
		return bot.FaultUnrenderable, reason
	case http.StatusTooManyRequests:
		return bot.FaultLimited, reason
	}
	return bot.FaultTransient, reason
}

// refusedWith tells whether err is Discord's refusal of this number.
func refusedWith(err error, code int) bool {
	return err != nil && bot.FaultOf(err).Reason == "discord_"+strconv.Itoa(code)
}
