package bot

import (
	"errors"
	"fmt"
)

// SealedKind says what a sealed value is.
type SealedKind string

const (
	SealedKindToken SealedKind = "token"
	SealedKindText  SealedKind = "text" // of a hidden item
	SealedKindKey   SealedKind = "key"  // one of Heed's own, kept sealed
)

// Sealed is a value that is kept sealed, and where it belongs.
type Sealed struct {
	Kind      SealedKind
	Board     BoardID
	Workspace WorkspaceRef // of a token
	Item      ItemID       // of a text
	Name      string       // of a key
	Value     []byte
}

// about is what the value was bound to when it was sealed.
func (s Sealed) about() string {
	switch s.Kind {
	case SealedKindToken:
		return SealedToken(s.Workspace)
	case SealedKindText:
		return sealedItem(s.Item)
	}
	return SealedKey(s.Name)
}

// SealedToken says where a workspace's token belongs, for Seal and Unseal.
func SealedToken(w WorkspaceRef) string { return string(w.Platform) + ":" + w.Ref }

// SealedKey says where a key of Heed's own belongs.
func SealedKey(name string) string { return "key " + name }

// sealedItem says where a sealed text belongs: an item keeps its id on whichever board.
func sealedItem(id ItemID) string { return fmt.Sprintf("item %d", id) }

// Resealed is what became of sealed values under a new key.
type Resealed struct {
	Changed []Sealed // opened with the old key, now sealed with the new one
	Closed  []Sealed // neither key opens them; as they were
	Already int      // sealed with the new key before
}

// Reseal opens values with the old key and seals them with the new one. What the new
// key opens already stays as it is, so that doing it again changes nothing. An old key
// of nil opens nothing.
func Reseal(old, fresh []byte, values []Sealed) (Resealed, error) {
	var out Resealed
	for _, v := range values {
		if _, err := Unseal(fresh, v.Value, v.about()); err == nil {
			out.Already++
			continue
		}
		plain, err := Unseal(old, v.Value, v.about())
		if errors.Is(err, ErrUnsealable) {
			out.Closed = append(out.Closed, v)
			continue
		}
		if err != nil {
			return Resealed{}, err
		}
		if v.Value, err = Seal(fresh, plain, v.about()); err != nil {
			return Resealed{}, err
		}
		out.Changed = append(out.Changed, v)
	}
	return out, nil
}
