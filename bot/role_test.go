package bot

import "testing"

func TestParseRole(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"", "boss", "p m", "pmo", "42", "admin pm"} {
		if r, ok := ParseRole(word); ok {
			t.Errorf("ParseRole(%q) = %q, want it refused", word, r)
		}
	}
	for word, want := range map[string]Role{
		"pm": PM, "PM": PM, "Product Manager": PM, "po": PO, "product-owner": PO,
		"admin": Admin, " Admins ": Admin,
	} {
		if got, ok := ParseRole(word); !ok || got != want {
			t.Errorf("ParseRole(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
}

func TestRole(t *testing.T) {
	t.Parallel()
	for _, r := range Roles() {
		if got, ok := ParseRole(string(r)); !ok || got != r {
			t.Errorf("the stored name %q reads as %q, %v", r, got, ok)
		}
		if r.Label() == string(r) {
			t.Errorf("%q has no label for people", r)
		}
	}
}
