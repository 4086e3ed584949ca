package discordfake

import "encoding/json"

// CheckMessage tells why Discord would refuse this body of a new message; nil when
// it would take it.
func CheckMessage(body []byte) error { return refusal(checkMessage(body)) }

// CheckEdit tells why Discord would refuse this body of an edit; stands is the
// message as it was sent.
func CheckEdit(body, stands []byte) error {
	m, refused := parseBody(stands)
	if refused != nil {
		return refused
	}
	return refusal(checkEdit(body, m, 0))
}

// CheckModal tells why Discord would refuse this form.
func CheckModal(form []byte) error {
	k := newChecker()
	m, refused := parseBody(form)
	if refused != nil {
		return refused
	}
	k.modal("", m)
	return refusal(k.refused())
}

// Shown is a message's body as a person sees it; "" when it is none.
func Shown(body []byte) string {
	m, refused := parseBody(body)
	if refused != nil {
		return ""
	}
	return renderMessage(m, nil)
}

// ShownForm is a form as a person sees it; "" when it is none.
func ShownForm(form []byte) string {
	m, refused := parseBody(form)
	if refused != nil {
		return ""
	}
	return renderModal(m, nil)
}

// Pinged tells whether this body of a new message would notify anybody.
func Pinged(body []byte) bool {
	var m object
	if json.Unmarshal(body, &m) != nil {
		return false
	}
	return !notified(m, sub(m, "allowed_mentions"), false).none()
}

// refusal is e as an error that is nil when e is.
func refusal(e *apiError) error {
	if e == nil {
		return nil
	}
	return e
}
