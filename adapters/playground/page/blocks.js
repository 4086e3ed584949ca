// Draws what Heed says: documents and cards, from data.
import { h } from "./dom.js";

// drawDoc makes the element of a document. press is told the action and the button.
export function drawDoc(d, press) {
  if (d.card) return drawCard(d.card, press);
  return h("div", { class: "doc doc-" + d.kind }, drawBlocks(d.blocks ?? [], press));
}

export function drawBlocks(blocks, press) {
  return blocks.map((b) => {
    switch (b.kind) {
      case "heading": return h("h3", {}, spans(b.spans));
      case "para": return h("p", {}, spans(b.spans));
      case "quote": return h("blockquote", {}, spans(b.spans));
      case "small": return h("p", { class: "small" }, spans(b.spans));
      case "row": return h("div", { class: "row" }, h("p", {}, spans(b.spans)), b.buttons?.length ? h("div", { class: "keys" }, buttons(b.buttons, press)) : null);
      case "buttons": return h("div", { class: "keys" }, buttons(b.buttons, press));
      case "bars": return bars(b.bars);
      case "rule": return h("hr");
      default: return null;
    }
  }).filter(Boolean);
}

export function spans(list) {
  return (list ?? []).map((s) => {
    let el;
    if (s.account) el = h("span", { class: "mention", "data-account": s.account }, "@" + s.text.replace(/^@/, ""));
    else if (s.channel) el = h("a", { class: "mention", href: "#" + s.channel }, "#" + s.text.replace(/^#/, ""));
    else if (s.url) el = link(s.url, s.text);
    else el = document.createTextNode(s.text);
    if (s.code) el = h("code", {}, el);
    if (s.italic) el = h("em", {}, el);
    if (s.bold) el = h("strong", {}, el);
    return el;
  });
}

// link opens other pages beside this one; a place in this page opens here.
function link(url, text) {
  const here = url.startsWith("/#") || url.startsWith(location.origin + "/#");
  if (here) return h("a", { href: url.slice(url.indexOf("#")) }, text);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

export function buttons(list, press) {
  return (list ?? []).map((b) => {
    const cls = "key " + (b.style ?? "");
    if (!b.action) return Object.assign(link(b.url, b.label), { className: cls });
    return h("button", { type: "button", class: cls, "data-action": b.action, onclick: (e) => press(b.action, e.currentTarget) }, b.label);
  });
}

// bars compares numbers: the picture is for the eye, the table's text for everyone.
function bars(list) {
  return h("div", { class: "bars", role: "table" }, list.map((b) => {
    const fill = h("span", { class: "fill" });
    fill.style.inlineSize = b.percent + "%";
    return h("div", { class: "bar", role: "row" },
      h("span", { class: "bar-label", role: "rowheader" }, b.label),
      h("span", { class: "track", "aria-hidden": "true" }, fill),
      h("span", { class: "bar-value", role: "cell" }, h("strong", {}, String(b.value)), b.note ? h("small", {}, " " + b.note) : null));
  }));
}

function drawCard(c, press) {
  if (c.gone) return h("div", { class: "card gone", "data-item": c.number }, h("p", {}, c.gone));
  const vote = (c.buttons ?? []).find((b) => b.action?.startsWith("vote "));
  const rest = (c.buttons ?? []).filter((b) => b !== vote);
  return h("section", { class: "card", "data-item": c.number, "aria-label": `Request #${c.number}: ${c.title}` },
    h("header", {},
      h("h3", {}, h("span", { class: "number" }, "#" + c.number), " ", c.title),
      h("span", { class: "chip status-" + c.status }, c.label)),
    c.reason ? h("p", { class: "reason" }, c.reason) : null,
    c.excerpt ? h("blockquote", {}, c.excerpt, c.more ? h("span", { class: "more" }, " …more in Details") : null) : null,
    c.into ? h("p", { class: "reason" }, c.into) : null,
    c.facts || c.pictures ? h("p", { class: "small" }, [c.facts, c.pictures].filter(Boolean).join(" · "),
      c.original ? [" · ", link(c.original, "Original")] : null) : null,
    h("footer", {},
      vote ? h("button", { type: "button", class: "vote", "data-action": vote.action, onclick: (e) => press(vote.action, e.currentTarget) }, vote.label) : null,
      h("p", { class: "count" }, h("strong", { class: "votes", "data-votes": c.votes }, String(c.votes)), " ", c.people.replace(/^\d+ /, ""), c.week ? h("span", { class: "week" }, c.week) : null),
      h("div", { class: "keys" }, buttons(rest, press))),
    c.closed ? h("p", { class: "small closed" }, c.closed) : null,
    c.deaf ? h("p", { class: "small" }, c.deaf) : null);
}
