package store

import (
	"context"
	"time"

	"heed/bot"
)

// DigestTotals counts a time; see bot.DigestStore and digest_totals.
func (q queries) DigestTotals(ctx context.Context, b bot.BoardID, audience bot.Audience, from, until time.Time) (bot.DigestTotals, error) {
	var t bot.DigestTotals
	err := q.row(ctx, &t, `
		select o_new as new, o_votes as votes, o_voters as voters, o_shipped as shipped, o_waiting as waiting, o_overdue as overdue, o_customers as customers
		  from digest_totals($1, $2, $3, $4)`, b, audience, from, until)
	return t, err
}

// DigestQuote picks somebody's words; see bot.DigestStore and digest_quote.
func (q queries) DigestQuote(ctx context.Context, b bot.BoardID, audience bot.Audience, from, until time.Time) (bot.DigestQuote, error) {
	var quote bot.DigestQuote
	err := q.row(ctx, &quote, `select o_words as words, o_name as name, o_number as number from digest_quote($1, $2, $3, $4)`, b, audience, from, until)
	return quote, err
}
