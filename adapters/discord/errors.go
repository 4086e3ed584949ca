package discord

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

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

	20016: bot.FaultLimited, // the channel's slow mode
	20028: bot.FaultLimited, // the channel's write limit
	20029: bot.FaultLimited, // the server's write limit

	30003: bot.FaultFull, // the channel holds as many pins as it may
	30046: bot.FaultSlow, // too many edits of messages older than an hour

	40333: bot.FaultTransient, // an answer of the network before Discord, not of Discord

	50001: bot.FaultForbidden, // missing access
	50007: bot.FaultForbidden, // can't send messages to this person
	50013: bot.FaultForbidden, // missing permissions
	50083: bot.FaultForbidden, // the thread is closed

	160006: bot.FaultFull, // too many active threads

	50006: bot.FaultUnrenderable, // empty message
	50008: bot.FaultForbidden,    // no messages in this kind of channel
	10014: bot.FaultForbidden,    // unknown emoji: the guild's own was deleted
	50035: bot.FaultUnrenderable, // invalid form body
	50109: bot.FaultUnrenderable, // not JSON
}

// faultOf makes a fault of an error that came instead of an answer; nil stays nil, and a
// fault stays as it is. Of err nothing is kept: an error of the network holds addresses.
func faultOf(method string, err error) error {
	if err == nil {
		return nil
	}
	var fault *bot.Fault
	if errors.As(err, &fault) {
		return fault
	}
	f := &bot.Fault{Kind: bot.FaultTransient, Reason: "no_answer", Method: method}
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		f.Reason = "cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		f.Reason = "timeout"
	}
	return f
}

// retryAfter is how long Discord asks to wait: its body says it to the millisecond, its
// header in whole seconds.
func retryAfter(h http.Header, said float64) time.Duration {
	if said <= 0 || said > maxRetryAfter.Seconds() {
		said, _ = strconv.ParseFloat(h.Get("Retry-After"), 64)
	}
	if said <= 0 {
		return 0
	}
	return time.Duration(min(said, maxRetryAfter.Seconds()) * float64(time.Second))
}

// maxRetryAfter is the longest wait that is believed.
const maxRetryAfter = 24 * time.Hour

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
	case http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed:
		return bot.FaultForbidden, reason // Discord's own "unknown" has a number
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
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
