package discordfake

import (
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// FileLife is how long a link to an attachment answers; a fresh one stands in the
// message whenever it is read.
// Source: https://docs.discord.com/developers/reference#signed-attachment-cdn-urls
const FileLife = 24 * time.Hour

// File is what a person or a test attaches.
type File struct {
	Name        string
	ContentType string // guessed from the name when empty
	Data        []byte // one byte when empty
}

// attachment is a file on a message, or on a command.
type attachment struct {
	id, name, contentType, description string
	channel                            *Channel
	data                               []byte
	width, height                      int
	ephemeral                          bool
}

// Attachment is a copy of a file on a message.
type Attachment struct {
	ID, Name, ContentType, Description string
	Data                               []byte
}

// files are the attachments that stand. Guarded by Server.mu.
type files struct{ kept map[string]*attachment }

// keep is called with mu held.
func (s *Server) keep(ch *Channel, f File) *attachment {
	if f.ContentType == "" {
		f.ContentType = contentType(f.Name)
	}
	if f.Data == nil {
		f.Data = []byte{0}
	}
	a := &attachment{id: s.nextID(), name: f.Name, contentType: f.ContentType, channel: ch, data: f.Data}
	if strings.HasPrefix(a.contentType, "image/") {
		a.width, a.height = 640, 480
	}
	s.files.kept[a.id] = a
	return a
}

func contentType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".txt", ".csv":
		return "text/plain; charset=utf-8"
	case ".pdf":
		return "application/pdf"
	default:
		return "application/octet-stream"
	}
}

func (a *attachment) copy() Attachment {
	return Attachment{ID: a.id, Name: a.name, ContentType: a.contentType, Description: a.description, Data: a.data}
}

// wire is the attachment object with a link that lives for [FileLife] from now.
// Source: https://docs.discord.com/developers/resources/message#attachment-object
func (a *attachment) wire(s *Server) object {
	until := strconv.FormatInt(s.Now().Add(FileLife).Unix(), 16)
	link := s.http.URL + "/attachments/" + a.channel.ID + "/" + a.id + "/" + a.name + "?ex=" + until + "&is=" +
		strconv.FormatInt(s.Now().Unix(), 16) + "&hm=" + seal(a.id+until) + "&"
	out := object{
		"id": a.id, "filename": a.name, "title": strings.TrimSuffix(a.name, path.Ext(a.name)), "size": len(a.data),
		"url": link, "proxy_url": link, "content_type": a.contentType, "flags": 0,
	}
	if a.description != "" {
		out["description"] = a.description
	}
	if a.width > 0 {
		out["width"], out["height"] = a.width, a.height
	}
	if a.ephemeral {
		out["ephemeral"] = true
	}
	return out
}

// serveFile is Discord's CDN: a link that is over, or that was written by hand, is 404.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	a := s.files.kept[r.PathValue("file")]
	s.mu.Unlock()
	until := r.URL.Query().Get("ex")
	at, err := strconv.ParseInt(until, 16, 64)
	if a == nil || err != nil || r.URL.Query().Get("hm") != seal(a.id+until) || s.Now().Unix() > at {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", a.contentType)
	_, _ = w.Write(a.data)
}
