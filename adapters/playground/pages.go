package playground

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed page
var pageFiles embed.FS

// pages are the templates and the files that they need, as they were built in.
type pages struct {
	templates *template.Template
	files     map[string]pageFile // by name
}

type pageFile struct {
	kind string // Content-Type
	etag string
	data []byte
}

func parsePages() (*pages, error) {
	t, err := template.ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("the playground's pages: %w", err)
	}
	p := &pages{templates: t, files: map[string]pageFile{}}
	kinds := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
	entries, err := fs.ReadDir(pageFiles, "page")
	if err != nil {
		return nil, fmt.Errorf("the playground's files: %w", err)
	}
	for _, e := range entries {
		kind, ok := kinds[path.Ext(e.Name())]
		if !ok {
			continue
		}
		data, err := pageFiles.ReadFile("page/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("the playground's file %s: %w", e.Name(), err)
		}
		sum := sha256.Sum256(data)
		p.files[e.Name()] = pageFile{kind, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, data}
	}
	return p, nil
}

func (p *pages) serveFile(w http.ResponseWriter, r *http.Request) {
	f, ok := p.files[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", f.etag)
	if strings.Contains(r.Header.Get("If-None-Match"), f.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	_, _ = w.Write(f.data) // a page that is gone needs nothing
}

// pageData is what the templates show.
type pageData struct {
	Company string
	Token   string
	URL     string
}

func (a *Adapter) servePage(w http.ResponseWriter, r *http.Request) {
	a.serveTemplate(w, "index.html")
}

func (a *Adapter) serveConnect(w http.ResponseWriter, r *http.Request) {
	a.serveTemplate(w, "connect.html")
}

func (a *Adapter) serveTemplate(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	data := pageData{Company: a.options.Name, Token: a.token, URL: a.options.URL}
	if err := a.pages.templates.ExecuteTemplate(w, name, data); err != nil {
		a.options.Log.Warn("a page was not sent whole", "page", name)
	}
}
