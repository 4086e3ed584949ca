package discordfake

import "net/http"

// The refusals, by their codes.
// Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
var (
	unauthorized       = &apiError{status: http.StatusUnauthorized, message: "401: Unauthorized"}
	notFound           = &apiError{status: http.StatusNotFound, message: "404: Not Found"}
	methodNotAllowed   = &apiError{status: http.StatusMethodNotAllowed, message: "405: Method Not Allowed"}
	unknownChannel     = missing(10003, "Unknown Channel")
	unknownGuild       = missing(10004, "Unknown Guild")
	unknownMember      = missing(10007, "Unknown Member")
	unknownMessage     = missing(10008, "Unknown Message")
	unknownUser        = missing(10013, "Unknown User")
	unknownEmoji       = refuse(http.StatusBadRequest, 10014, "Unknown Emoji")
	unknownWebhook     = missing(10015, "Unknown Webhook")
	unknownInteraction = missing(10062, "Unknown interaction")
	unknownCommand     = missing(10063, "Unknown application command")
	unknownApplication = missing(10002, "Unknown Application")
	tooManyPins        = refuse(http.StatusBadRequest, 30003, "Maximum number of pins reached (50)")
	tooManyCreates     = refuse(http.StatusBadRequest, 30034, "Max number of daily application command creates has been reached (200)")
	tagRequired        = refuse(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")
	acknowledged       = refuse(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	missingAccess      = forbidden(50001, "Missing Access")
	notInDM            = refuse(http.StatusBadRequest, 50003, "Cannot execute action on a DM channel")
	othersMessage      = forbidden(50005, "Cannot edit a message authored by another user")
	tooLarge           = &apiError{status: http.StatusRequestEntityTooLarge, code: 40005, message: "Request entity too large"}
	closedDM           = forbidden(50007, "Cannot send messages to this user")
	noTextChannel      = refuse(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
	missingPermission  = forbidden(50013, "Missing Permissions")
	systemMessage      = forbidden(50021, "Cannot execute action on a system message")
	wrongChannelType   = refuse(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	badWebhookToken    = &apiError{status: http.StatusUnauthorized, code: 50027, message: "Invalid Webhook Token"}
	tooOldToDelete     = refuse(http.StatusBadRequest, 50034, "You can only bulk delete messages that are under 14 days old.")
	threadArchived     = refuse(http.StatusBadRequest, 50083, "Thread is archived")
	hasThread          = refuse(http.StatusBadRequest, 160004, "A thread has already been created for this message")
	threadLocked       = forbidden(160005, "This thread is locked")
)

func missing(code int, message string) *apiError {
	return refuse(http.StatusNotFound, code, message)
}

func forbidden(code int, message string) *apiError {
	return refuse(http.StatusForbidden, code, message)
}

// invalid is 50035 for one field.
func invalid(path, code, message string) *apiError {
	k := newChecker()
	k.fail(path, code, "%s", message)
	return k.refused()
}
