package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"strings"

	"heed/bot"
)

// PostPicture sends c with a picture; see bot.Attacher.
func (m *Messenger) PostPicture(ctx context.Context, to bot.Destination, key string, c bot.Content, p bot.Picture) (bot.Sent, error) {
	return m.post(ctx, to, key, c, &p)
}

// illustrated is a message with a picture that goes along.
type illustrated struct {
	message message
	picture bot.Picture
	name    string
}

// withPicture puts a picture under a message. One of components shows only what these
// name; every other shows what is attached.
// https://docs.discord.com/developers/components/reference#media-gallery
func withPicture(m message, p bot.Picture) illustrated {
	name := fileName(p)
	if m.Flags&flagComponentsV2 != 0 {
		m.Components = append(m.Components[:len(m.Components):len(m.Components)], component{
			Type: typeMediaGallery, Items: []galleryItem{{Media: media{"attachment://" + name}}},
		})
	}
	return illustrated{m, p, name}
}

// fileName is a name of our own for a picture: what people call their files stays with them.
func fileName(p bot.Picture) string {
	ending := strings.TrimPrefix(p.Type, "image/")
	if ending == "" || strings.Trim(ending, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		ending = "png"
	}
	return "picture." + ending
}

// multipart is the body as Discord takes files.
// https://docs.discord.com/developers/reference#uploading-files
func (x illustrated) multipart() (data []byte, kind string, err error) {
	body, err := json.Marshal(struct {
		message
		Attachments []attached `json:"attachments"`
	}{x.message, []attached{{0, x.name}}})
	if err != nil {
		return nil, "", err
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for _, part := range []struct {
		disposition, kind string
		data              []byte
	}{
		{`form-data; name="payload_json"`, "application/json", body},
		{fmt.Sprintf(`form-data; name="files[0]"; filename=%q`, x.name), x.picture.Type, x.picture.Data},
	} {
		p, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {part.disposition}, "Content-Type": {part.kind}})
		if err != nil {
			return nil, "", err
		}
		if _, err := p.Write(part.data); err != nil {
			return nil, "", err
		}
	}
	err = w.Close()
	return out.Bytes(), w.FormDataContentType(), err
}

// attached names a file that goes along.
type attached struct {
	ID       int    `json:"id"`
	Filename string `json:"filename"`
}

var errNoPicture = errors.New("no picture that can be kept")

// picture is what is attached to the command, if it is a picture.
func (i interaction) picture() (wireAttachment, bool) {
	_, values, _ := i.command()
	u, _ := bot.UsageOf(bot.Verb(i.Data.Name))
	for _, p := range u.Params {
		if f, there := i.Data.Resolved.Attachments[values[p.Name]]; p.Kind == bot.KindPicture && there {
			return f, true
		}
	}
	return wireAttachment{}, false
}

// copyPicture keeps what came with a command, since Discord's link to it ends, and tells
// the person where it can't.
func (x *act) copyPicture(ctx context.Context) {
	f, there := x.i.picture()
	if !there {
		return
	}
	err := errNoPicture
	if f.picture() && f.Size <= bot.MaxPicture {
		var p bot.Picture
		if p, err = x.a.fetch(ctx, f); err == nil {
			err = x.a.core.KeepPicture(ctx, x.i.call(x.workspace), p)
		}
	}
	if err == nil {
		return
	}
	x.a.failed(ctx, "picture", err)
	x.a.answered(ctx, "picture", x.a.followUp(ctx, x.i, drawPages(bot.Doc{bot.Para{Text: bot.Textf(
		"I couldn't keep the file that came with it: I take pictures of up to %d MB. Your words are not touched by that.", bot.MaxPicture>>20)}})[0]))
}

// fetch reads a file that was attached.
func (a *Adapter) fetch(ctx context.Context, f wireAttachment) (bot.Picture, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	if err != nil || !webLink(f.URL) {
		return bot.Picture{}, errNoPicture
	}
	resp, err := a.options.HTTP.Do(req)
	if err != nil {
		return bot.Picture{}, faultOf("picture", err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, bot.MaxPicture+1))
	if err != nil {
		return bot.Picture{}, faultOf("picture", err)
	}
	kind := f.ContentType
	if !strings.HasPrefix(kind, "image/") {
		kind = http.DetectContentType(data)
	}
	if resp.StatusCode != http.StatusOK || len(data) > bot.MaxPicture || !strings.HasPrefix(kind, "image/") {
		return bot.Picture{}, errNoPicture
	}
	return bot.Picture{Name: path.Base(f.Filename), Type: kind, Data: data}, nil
}
