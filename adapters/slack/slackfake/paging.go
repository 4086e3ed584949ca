package slackfake

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// paginate cuts a list by the arguments limit and cursor. A limit of zero or
// less means all, up to standard when that is set; next is "" at the end. Pages
// may be told by position because what they list only grows at its end.
func paginate[T any](a args, all []T, standard int) (page []T, next string, refused *refusal) {
	limit := standard
	if a["limit"] != "" {
		n, err := strconv.Atoi(a["limit"])
		if err != nil || n < 0 || n > MaxPage+1 {
			return nil, "", refuse("invalid_limit")
		}
		if n > 0 {
			limit = n
		}
	}
	start := 0
	if a["cursor"] != "" {
		raw, err := base64.StdEncoding.DecodeString(a["cursor"])
		text, ok := strings.CutPrefix(string(raw), "next:")
		if err == nil && ok {
			start, err = strconv.Atoi(text)
		}
		if err != nil || !ok || start > len(all) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	end := len(all)
	if limit > 0 && start+limit < end {
		end = start + limit
		next = base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(end)))
	}
	page = append([]T{}, all[start:end]...) // never null on the wire
	return page, next, nil
}
