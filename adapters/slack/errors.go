package slack

import (
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"heed/bot"
)

// faultKinds says what Slack's error codes mean for the next try. What is not
// here counts as transient, so that nothing is given up by mistake.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors and the other methods' own lists.
var faultKinds = map[string]bot.FaultKind{
	"ratelimited":  bot.FaultLimited,
	"rate_limited": bot.FaultLimited,

	"message_not_found":  bot.FaultGone,
	"thread_not_found":   bot.FaultGone,
	"user_not_found":     bot.FaultGone,
	"users_not_found":    bot.FaultGone,
	"user_disabled":      bot.FaultGone,
	"no_item_specified":  bot.FaultGone,
	"already_deleted":    bot.FaultGone,
	"cant_update_thread": bot.FaultGone,

	// What stands in a channel is there again when the channel is: unarchived, or
	// Heed is back in a private one, which looks like none meanwhile.
	"channel_not_found":                        bot.FaultForbidden,
	"is_archived":                              bot.FaultForbidden,
	"not_in_channel":                           bot.FaultForbidden,
	"user_not_in_channel":                      bot.FaultForbidden,
	"missing_scope":                            bot.FaultForbidden,
	"unknown_method":                           bot.FaultForbidden,
	"method_deprecated":                        bot.FaultForbidden,
	"no_permission":                            bot.FaultForbidden,
	"permission_denied":                        bot.FaultForbidden,
	"not_pinnable":                             bot.FaultForbidden,
	"access_denied":                            bot.FaultForbidden,
	"not_allowed_token_type":                   bot.FaultForbidden,
	"restricted_action":                        bot.FaultForbidden,
	"restricted_action_read_only_channel":      bot.FaultForbidden,
	"restricted_action_thread_only_channel":    bot.FaultForbidden,
	"restricted_action_non_threadable_channel": bot.FaultForbidden,
	"restricted_action_thread_locked":          bot.FaultForbidden,
	"restricted_action_not_allowed":            bot.FaultForbidden,
	"ekm_access_denied":                        bot.FaultForbidden,
	"cannot_dm_bot":                            bot.FaultForbidden,
	"method_not_supported_for_channel_type":    bot.FaultForbidden,
	"messages_tab_disabled":                    bot.FaultForbidden,
	"cant_update_message":                      bot.FaultForbidden,
	"cant_delete_message":                      bot.FaultForbidden,
	"name_taken":                               bot.FaultForbidden,
	"too_many_emoji":                           bot.FaultForbidden,
	"too_many_reactions":                       bot.FaultForbidden,
	"message_limit_exceeded":                   bot.FaultForbidden,
	"invalid_name":                             bot.FaultForbidden,
	"external_channel_migrating":               bot.FaultTransient,
	"slack_connect_canvas_sharing_blocked":     bot.FaultForbidden,
	"team_access_not_granted":                  bot.FaultForbidden,
	"not_authorized_to_post_in_external_chan":  bot.FaultForbidden,
	"slack_connect_file_link_sharing_blocked":  bot.FaultForbidden,
	"accesslimited":                            bot.FaultForbidden,
	"org_login_required":                       bot.FaultTransient,
	"team_added_to_org":                        bot.FaultTransient,
	"edit_window_closed":                       bot.FaultClosed,
	"invalid_blocks":                           bot.FaultUnrenderable,
	"invalid_blocks_format":                    bot.FaultUnrenderable,
	"invalid_arguments":                        bot.FaultUnrenderable,
	"msg_too_long":                             bot.FaultUnrenderable,
	"msg_blocks_too_long":                      bot.FaultUnrenderable,
	"no_text":                                  bot.FaultUnrenderable,
	"too_many_attachments":                     bot.FaultUnrenderable,
	"metadata_too_large":                       bot.FaultUnrenderable,
	"metadata_must_be_sent_from_app":           bot.FaultUnrenderable,
	"invalid_metadata_format":                  bot.FaultUnrenderable,
	"invalid_metadata_schema":                  bot.FaultUnrenderable,
	"view_too_large":                           bot.FaultUnrenderable,
	"token_revoked":                            bot.FaultRevoked,
	"token_expired":                            bot.FaultRevoked,
	"account_inactive":                         bot.FaultRevoked,
	"invalid_auth":                             bot.FaultRevoked,
	"not_authed":                               bot.FaultRevoked,
}

// ungranted are the codes by which Slack refuses a method as such: a scope that was not
// granted, or a Slack that does not have it.
var ungranted = map[string]bool{"missing_scope": true, "unknown_method": true, "method_deprecated": true, "not_allowed_token_type": true}

// errorCode is the form of Slack's error codes. Anything else that a server in
// between may say is not repeated.
var errorCode = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}$`)

// faultOf makes a fault of what a call to method answered; nil stays nil. Of err
// only Slack's own code is kept: an error of the network may hold addresses, and
// with them tokens.
func faultOf(method string, err error) error {
	if err == nil {
		return nil
	}
	var fault *bot.Fault
	if errors.As(err, &fault) {
		return fault
	}
	f := &bot.Fault{Kind: bot.FaultTransient, Reason: "no_answer", Method: method}
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var network net.Error
	switch code := slackCode(err); {
	case errors.As(err, &limited):
		f.Kind, f.Reason, f.RetryAfter = bot.FaultLimited, "ratelimited", limited.RetryAfter
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		f.Kind, f.Reason = bot.FaultLimited, "ratelimited"
	case errors.As(err, &status):
		f.Reason = "http_" + strconv.Itoa(status.Code)
		if status.Code == http.StatusNotFound || status.Code == http.StatusNotImplemented {
			f.Kind, f.Ungranted = bot.FaultForbidden, true // nothing answers at this method's address
		}
	case code != "":
		f.Reason, f.Ungranted = code, ungranted[code]
		if kind, known := faultKinds[code]; known {
			f.Kind = kind
		}
	case errors.Is(err, context.Canceled):
		f.Reason = "cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		f.Reason = "timeout"
	}
	if f.Kind == bot.FaultLimited && f.RetryAfter <= 0 {
		f.RetryAfter = defaultRetryAfter
	}
	f.RetryAfter = min(f.RetryAfter, time.Hour)
	return f
}

// slackCode is the code of a Slack refusal, "" when err is none.
func slackCode(err error) string {
	var refusal slack.SlackErrorResponse
	code := ""
	if errors.As(err, &refusal) {
		code = refusal.Err
	} else if errors.As(err, new(*bot.Fault)) {
		code = bot.FaultOf(err).Reason
	}
	if !errorCode.MatchString(code) {
		return ""
	}
	return code
}
