package playground

import (
	"errors"

	"heed/bot"
)

// fault is an error of the chat as the core wants to know it.
func fault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bot.ErrNotFound):
		return gone("message_not_found")
	case errors.Is(err, errRoomsFull):
		return &bot.Fault{Kind: bot.FaultForbidden, Reason: "too_many_channels"}
	}
	var f *bot.Fault
	if errors.As(err, &f) {
		return err
	}
	return &bot.Fault{Kind: bot.FaultTransient, Reason: "not_kept"}
}

func gone(reason string) error { return &bot.Fault{Kind: bot.FaultGone, Reason: reason} }

func forbidden(reason string) error { return &bot.Fault{Kind: bot.FaultForbidden, Reason: reason} }
