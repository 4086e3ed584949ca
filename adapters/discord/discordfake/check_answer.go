package discordfake

// Kinds of interaction:
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindModalSubmit  = 5
)

// Kinds of answer:
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	answerMessage        = 4
	answerDeferred       = 5
	answerDeferredUpdate = 6
	answerUpdate         = 7
	answerAutocomplete   = 8
	answerModal          = 9
	answerLaunchActivity = 12
)

// checkAnswer checks the first answer to an interaction of a kind, POST to its
// callback. on is the message that the interaction came from, as it stands; nil
// when it came from none (a command, or a form that a command opened). files is
// how many came along.
func checkAnswer(body []byte, kind int, on object, files int) *apiError {
	m, refused := parseBody(body)
	if refused != nil {
		return refused
	}
	k := newChecker()
	k.answerType(m, kind, on != nil)
	if refused := k.refused(); refused != nil {
		return refused
	}
	data := sub(m, "data")
	switch num(m, "type") {
	case answerMessage:
		return checkNew("data", orNone(data), files)
	case answerUpdate:
		if data == nil {
			return nil
		}
		return checkChange("data", data, on, files)
	case answerDeferred:
		if flags := num(data, "flags"); flags&^flagEphemeral != 0 {
			k.fail("data.flags", "MESSAGE_FLAGS_NOT_ALLOWED", "Only EPHEMERAL may be set on a deferred answer")
		}
	case answerAutocomplete:
		k.suggestions("data", orNone(data))
	case answerModal:
		k.modal("data", orNone(data))
	}
	return k.refused()
}

func orNone(m object) object {
	if m == nil {
		return object{}
	}
	return m
}

func (k *checker) answerType(m object, kind int, onMessage bool) {
	all := map[int][]int{
		kindCommand:      {answerMessage, answerDeferred, answerModal, answerLaunchActivity},
		kindComponent:    {answerMessage, answerDeferred, answerDeferredUpdate, answerUpdate, answerModal, answerLaunchActivity},
		kindAutocomplete: {answerAutocomplete},
		kindModalSubmit:  {answerMessage, answerDeferred, answerLaunchActivity},
	}[kind]
	if kind == kindModalSubmit && onMessage {
		all = append(all, answerDeferredUpdate, answerUpdate)
	}
	k.oneOf("", m, "type", all...)
}

// suggestions checks https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-autocomplete
func (k *checker) suggestions(path string, m object) {
	if m["choices"] == nil {
		k.fail(under(path, "choices"), "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	k.each(under(path, "choices"), k.items(path, m, "choices", 0, MaxChoices), func(at string, c object) {
		k.choice(at, c, 0)
	})
}

// choice checks a choice of a command's option, or a suggestion. kind is the
// option's, 0 when it is not known.
func (k *checker) choice(at string, c object, kind int) {
	k.text(at, c, "name", 1, MaxChoiceName)
	k.localized(at, c, "name", MaxChoiceName, nil)
	switch value := c["value"].(type) {
	case nil:
		k.fail(under(at, "value"), "BASE_TYPE_REQUIRED", "This field is required")
	case string:
		if kind != 0 && kind != optionString {
			k.fail(under(at, "value"), "NUMBER_TYPE_COERCE", "Value \"%v\" is not int.", value)
			return
		}
		k.text(at, c, "value", 1, MaxChoiceValue)
	case float64:
		if kind == optionString {
			k.fail(under(at, "value"), "STRING_TYPE_CONVERT", "Could not interpret \"%v\" as string.", value)
		}
	default:
		k.fail(under(at, "value"), "UNION_TYPE_CHOICES", "A choice's value is a string or a number.")
	}
}
