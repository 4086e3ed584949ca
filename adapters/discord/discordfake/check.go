package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checker collects what is wrong with a request as the tree of a 50035.
type checker struct {
	tree object

	// Over the whole message or form:
	customIDs    map[string]bool
	ids          map[int]bool
	components   int
	displayText  int
	displayBytes int
	displays     int
}

func newChecker() *checker {
	return &checker{customIDs: map[string]bool{}, ids: map[int]bool{}}
}

// refused is what is wrong, nil when nothing is.
func (k *checker) refused() *apiError {
	if k.tree == nil {
		return nil
	}
	return &apiError{status: http.StatusBadRequest, code: 50035, message: "Invalid Form Body", errors: k.tree}
}

// fail notes an error at a path such as "components.0.label".
func (k *checker) fail(path, code, format string, args ...any) {
	if k.tree == nil {
		k.tree = object{}
	}
	at := k.tree
	for step := range strings.SplitSeq(path, ".") {
		if step == "" {
			continue
		}
		inner, ok := at[step].(object)
		if !ok {
			inner = object{}
			at[step] = inner
		}
		at = inner
	}
	all, _ := at["_errors"].([]object)
	at["_errors"] = append(all, object{"code": code, "message": fmt.Sprintf(format, args...)})
}

// under is the path of a name under a path.
func under(path string, name any) string { return strings.TrimPrefix(fmt.Sprint(path, ".", name), ".") }

// parseBody reads a JSON object.
func parseBody(body []byte) (object, *apiError) {
	var m object
	if err := json.Unmarshal(body, &m); err != nil {
		if json.Valid(body) {
			k := newChecker()
			k.fail("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
			return nil, k.refused()
		}
		return nil, errNotJSON
	}
	return m, nil
}

// length counts as Discord does: characters, without white space around them.
func length(text string) int { return utf8.RuneCountInString(strings.TrimSpace(text)) }

// text checks a string of least to most characters under name. A least of 0
// lets it be missing, null or empty.
func (k *checker) text(path string, m object, name string, least, most int) string {
	at, value := under(path, name), m[name]
	text, ok := value.(string)
	n := length(text)
	switch {
	case value == nil && least == 0:
	case value == nil:
		k.fail(at, "BASE_TYPE_REQUIRED", "This field is required")
	case !ok:
		k.fail(at, "STRING_TYPE_CONVERT", "Could not interpret \"%v\" as string.", value)
	case least > 0 && (n < least || n > most):
		k.fail(at, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	case n > most:
		k.fail(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	}
	return text
}

// needed checks a string that must be there, as [checker.text]; an empty one is
// missing.
func (k *checker) needed(path string, m object, name string, most int) string {
	text, isText := m[name].(string)
	if isText && length(text) == 0 {
		k.fail(under(path, name), "BASE_TYPE_REQUIRED", "This field is required")
		return ""
	}
	if m[name] == nil {
		return k.text(path, m, name, 1, most)
	}
	return k.text(path, m, name, 0, most)
}

// whole checks a whole number; def stands for a missing one.
func (k *checker) whole(path string, m object, name string, least, most, def int) int {
	at := under(path, name)
	if m[name] == nil {
		return def
	}
	n, ok := m[name].(float64)
	switch {
	case !ok || n != float64(int(n)):
		k.fail(at, "NUMBER_TYPE_COERCE", "Value \"%v\" is not int.", m[name])
	case int(n) < least:
		k.fail(at, "NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", least)
	case int(n) > most:
		k.fail(at, "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", most)
	default:
		return int(n)
	}
	return def
}

// oneOf checks a whole number that must be one of the choices.
func (k *checker) oneOf(path string, m object, name string, choices ...int) int {
	at := under(path, name)
	n, ok := m[name].(float64)
	switch {
	case m[name] == nil:
		k.fail(at, "BASE_TYPE_REQUIRED", "This field is required")
	case !ok || !slices.Contains(choices, int(n)):
		k.fail(at, "BASE_TYPE_CHOICES", "Value must be one of %s.", listed(choices))
	}
	return int(n)
}

// flag checks a boolean; def stands for a missing one.
func (k *checker) flag(path string, m object, name string, def bool) bool {
	b, ok := m[name].(bool)
	if m[name] != nil && !ok {
		k.fail(under(path, name), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
	}
	if !ok {
		return def
	}
	return b
}

// items checks a list of least to most entries. A least of 0 lets it be missing.
func (k *checker) items(path string, m object, name string, least, most int) []any {
	at, value := under(path, name), m[name]
	all, ok := value.([]any)
	switch {
	case value == nil && least == 0:
	case value == nil:
		k.fail(at, "BASE_TYPE_REQUIRED", "This field is required")
	case !ok:
		k.fail(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
	case least > 0 && (len(all) < least || len(all) > most):
		k.fail(at, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	case len(all) > most:
		k.fail(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	}
	return all
}

// each calls check for every entry of a list that is an object.
func (k *checker) each(path string, all []any, check func(path string, entry object)) {
	for i, raw := range all {
		at := under(path, i)
		entry, ok := raw.(object)
		if !ok {
			k.fail(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
			continue
		}
		check(at, entry)
	}
}

// link checks an address of one of the schemes.
func (k *checker) link(path string, m object, name string, most int, schemes ...string) {
	text := k.text(path, m, name, 0, most)
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	switch {
	case err == nil && u.Scheme != "" && !slices.Contains(schemes, u.Scheme):
		k.fail(under(path, name), "URL_TYPE_INVALID_SCHEME", "Scheme %q is not supported. Scheme must be one of ('%s').",
			u.Scheme, strings.Join(schemes, "', '"))
	case err != nil || u.Scheme == "" || u.Host == "":
		k.fail(under(path, name), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	}
}

// snowflakes checks a list of ids.
func (k *checker) snowflakes(path string, m object, name string, most int) []any {
	all := k.items(path, m, name, 0, most)
	for i, id := range all {
		k.snowflake(under(path, name), i, id)
	}
	return all
}

func (k *checker) snowflake(path string, name, id any) {
	text, isText := id.(string)
	if !isText {
		text = fmt.Sprintf("%.0f", id)
	}
	if _, err := strconv.ParseUint(text, 10, 64); err != nil {
		k.fail(under(path, name), "NUMBER_TYPE_COERCE", "Value \"%v\" is not snowflake.", id)
	}
}

func listed(choices []int) string {
	text := make([]string, len(choices))
	for i, c := range choices {
		text[i] = strconv.Itoa(c)
	}
	return "(" + strings.Join(text, ", ") + ",)"
}
