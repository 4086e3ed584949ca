package bot

import (
	"errors"
	"strings"
)

// Unkept is what to show when an act came to an error: the core's own words where it
// had some, else what was typed, so that it is not lost. platform is what people call
// the chat.
func Unkept(reply Reply, err error, typed, platform string) Reply {
	switch {
	case reply != nil:
		return reply
	case errors.Is(err, ErrLate):
		return lateReply(typed, platform)
	case errors.Is(err, ErrBusy):
		return busyReply(typed)
	}
	return WordsBack(typed)
}

// WordsBack is the answer of last resort: what was typed, so that it is not lost.
func WordsBack(typed string) Say {
	if strings.TrimSpace(typed) == "" {
		return Sayf("I couldn't do this; that's on me. Nothing has changed. Please try again in a minute.")
	}
	return Sayf("I couldn't save this; that's on me. Here are your words:").With(
		Quote{Literal(typed)}, Para{Textf("Please send them again in a minute.")})
}

// busyReply is the answer where more is under way than can be done in time.
func busyReply(typed string) Say {
	if strings.TrimSpace(typed) == "" {
		return Sayf("So many are talking to me right now that I couldn't get to this. Nothing has changed. Please try again in a minute.")
	}
	return Sayf("So many are talking to me right now that I couldn't get to this. Here are your words:").With(
		Quote{Literal(typed)}, Para{Textf("Nothing was saved; please send them again in a minute.")})
}

// lateReply is the answer where it is not known whether the core kept an act.
func lateReply(typed, platform string) Reply {
	say := Sayf("That took longer than %s lets me, so I don't know yet whether it worked. Please look before you do it again: `/heed mine`.", platform)
	if typed != "" {
		say = say.With(Para{Textf("Here are your words, in case:")}, Quote{Literal(typed)})
	}
	return say
}
