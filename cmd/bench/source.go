package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math/rand"
	"strconv"
	"time"
)

// source makes signed votes, each by another known member than those before on the
// same item.
type source struct {
	round, client, clients int
	zipf                   *rand.Zipf
	voters                 []int // by item: how many have voted, of this client's share
	stamp                  string
	mac                    hash.Hash
	body, request          []byte
	sum                    [sha256.Size]byte
	n                      int
}

func newSource(s spread, round, client, clients int) *source {
	src := &source{round: round, client: client, clients: clients, voters: make([]int, s.items), stamp: strconv.FormatInt(time.Now().Unix(), 10), mac: hmac.New(sha256.New, []byte(secret))}
	if s.items > 1 {
		src.zipf = rand.NewZipf(rand.New(rand.NewSource(int64(round*1000+client))), s.skew, 1, uint64(s.items-1)) // #nosec G404 G115 -- a load, not a secret
	}
	return src
}

// next is a whole HTTP request.
func (s *source) next() []byte {
	item := 0
	if s.zipf != nil {
		item = int(s.zipf.Uint64()) // #nosec G115 -- below the number of items
	}
	account := (item*7919+s.voters[item]*s.clients+s.client)%members + 1 // each item has voters of its own, as wishes do
	s.voters[item]++
	s.n++
	b := append(s.body[:0], `{"token":"x","team_id":"`+team+`","api_app_id":"ABENCH","event":{"type":"reaction_added","user":"U`...)
	b = strconv.AppendInt(b, int64(account), 10)
	b = append(b, `","reaction":"+1","item":{"type":"message","channel":"`+channel+`","ts":"`...)
	b = strconv.AppendInt(b, int64(s.round), 10)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(item+1), 10)
	b = append(b, `"},"item_user":"UHEED","event_ts":"`...)
	b = append(b, s.stamp...)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(100_000+s.n%900_000), 10)
	b = append(b, `"},"type":"event_callback","event_id":"Ev`...)
	b = strconv.AppendInt(b, int64(s.round), 10)
	b = append(b, 'X')
	b = strconv.AppendInt(b, int64(s.client), 10)
	b = append(b, 'X')
	b = strconv.AppendInt(b, int64(s.n), 10)
	b = append(b, `","event_time":`...)
	b = append(b, s.stamp...)
	s.body = append(b, '}')

	s.mac.Reset()
	s.mac.Write([]byte("v0:" + s.stamp + ":"))
	s.mac.Write(s.body)
	r := append(s.request[:0], "POST /slack/events HTTP/1.1\r\nHost: heed\r\nContent-Type: application/json\r\nX-Slack-Request-Timestamp: "...)
	r = append(r, s.stamp...)
	r = append(r, "\r\nX-Slack-Signature: v0="...)
	r = hex.AppendEncode(r, s.mac.Sum(s.sum[:0]))
	r = append(r, "\r\nContent-Length: "...)
	r = strconv.AppendInt(r, int64(len(s.body)), 10)
	r = append(r, "\r\n\r\n"...)
	s.request = append(r, s.body...)
	return s.request
}
