package discordfake

import "encoding/json"

// object is a JSON object as it stands on the wire.
type object = map[string]any

// str is the string under key, "" when there is none.
func str(m object, key string) string {
	text, _ := m[key].(string)
	return text
}

// list is v as a list, nil when it is none.
func list(v any) []any {
	items, _ := v.([]any)
	return items
}

// sub is the object under key, nil when there is none.
func sub(m object, key string) object {
	inner, _ := m[key].(object)
	return inner
}

// num is the whole number under key, 0 when there is none.
func num(m object, key string) int {
	switch n := m[key].(type) {
	case float64:
		return int(n)
	case int:
		return n
	case json.Number:
		whole, _ := n.Int64()
		return int(whole)
	}
	return 0
}
