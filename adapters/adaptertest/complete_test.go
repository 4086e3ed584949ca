package adaptertest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"heed/bot"
)

// TestNothingIsLeftOut holds the contract to the core: of all that the core can say, ask
// and answer the contract shows every kind, so that no adapter can lack one unseen.
func TestNothingIsLeftOut(t *testing.T) {
	t.Parallel()
	d, _ := doc()
	shown := map[string][]any{
		"content": {bot.Home{}}, // by Chat.Home
		"reply":   {bot.Say{}, bot.Nothing{}, bot.Ask{}, bot.Fix{}},
	}
	for _, c := range contents() {
		shown["content"] = append(shown["content"], c.Content)
	}
	for _, b := range d {
		shown["block"] = append(shown["block"], b)
	}
	for _, f := range form().Fields {
		shown["field"] = append(shown["field"], f)
	}
	for method, all := range shown {
		var names []string
		for _, x := range all {
			names = append(names, reflect.TypeOf(x).Name())
		}
		for _, name := range sealed(t, method) {
			if !slices.Contains(names, name) {
				t.Errorf("the contract never shows bot.%s", name)
			}
		}
	}
}

// sealed lists the core's types that carry a sealing method, by its name.
func sealed(t *testing.T, method string) []string {
	t.Helper()
	files, err := filepath.Glob("../../bot/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != method {
				continue
			}
			if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				names = append(names, id.Name)
			}
		}
	}
	if len(names) == 0 {
		t.Fatalf("no type of the core has the method %s", method)
	}
	return names
}
