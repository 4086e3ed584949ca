package slack

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// terse leaves the message out of Slack's answers to chat.postMessage and chat.update.
// Slack sends back all that it was sent, block by block, and the library reads it all:
// for a digest that took longer than to make it. Nothing here looks at it.
type terse struct{ client *http.Client }

// maxAnswer bounds what is read of such an answer: a message of 50 blocks has a tenth.
const maxAnswer = 4 << 20

// Do is http.Client's.
func (t terse) Do(r *http.Request) (*http.Response, error) {
	res, err := t.client.Do(r) // #nosec G704 -- where the library sends it
	if err != nil || res.StatusCode != http.StatusOK || !strings.HasSuffix(r.URL.Path, "/chat.postMessage") && !strings.HasSuffix(r.URL.Path, "/chat.update") {
		return res, err
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if closed := res.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(withoutMessage(raw)))
	return res, nil
}

// withoutMessage is an answer without its message; what is no JSON object is left as it is.
func withoutMessage(raw []byte) []byte {
	var answer map[string]json.RawMessage
	if json.Unmarshal(raw, &answer) != nil || answer["message"] == nil {
		return raw
	}
	delete(answer, "message")
	short, err := json.Marshal(answer)
	if err != nil {
		return raw
	}
	return short
}
