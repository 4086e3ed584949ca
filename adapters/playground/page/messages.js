// Draws messages: a list keeps the elements of messages that have not changed, so
// that focus, scrolling and screen readers stay where they are.
import { h, once, act, newKey, toast } from "./dom.js";
import { model, person, emojiChar, answers, now } from "./model.js";
import { drawDoc } from "./blocks.js";
import { openMenu, openPicker } from "./menu.js";

const together = 5 * 60 * 1000; // messages of one person this near are one block
const shownFirst = 150;

// zoned formats an instant in the playground's zone.
export const zoned = (at, options) => new Intl.DateTimeFormat("en-GB", { timeZone: model.zone, ...options }).format(at);
const clockTime = (at) => zoned(at, { hour: "2-digit", minute: "2-digit" });
const day = (at) => zoned(at, { weekday: "long", day: "numeric", month: "long" });

export function avatar(account) {
  const p = person(account);
  if (account === model.heed) return h("img", { class: "avatar", src: "/playground/page/heed.svg", alt: "", width: "36", height: "36" });
  return h("span", { class: "avatar tint-" + tint(account), "aria-hidden": "true" }, p.name.slice(0, 1));
}

function tint(account) {
  const own = ["rui", "lena", "ana", "ben", "zoe"].indexOf(account);
  if (own >= 0) return own;
  return [...account].reduce((n, c) => n + c.charCodeAt(0), 0) % 5;
}

// MessageList draws into an element. hooks: deliver(answer, place), openThread(ref).
export class MessageList {
  constructor(el, hooks, inThread) {
    this.el = el;
    this.hooks = hooks;
    this.inThread = inThread;
    this.drawn = new Map();
    this.limit = shownFirst;
  }

  reset() {
    this.drawn.clear();
    this.limit = shownFirst;
    this.el.replaceChildren();
  }

  draw(messages) {
    const hidden = Math.max(0, messages.length - this.limit);
    const rows = [];
    if (hidden > 0) {
      rows.push(this.keep("earlier", String(hidden), () =>
        h("button", { class: "earlier", type: "button", onclick: () => { this.limit += shownFirst; this.draw(messages); } }, `Show ${Math.min(hidden, shownFirst)} earlier messages`)));
    }
    let before = null;
    for (const m of messages.slice(hidden)) {
      const at = new Date(m.at);
      const newDay = !before || day(new Date(before.at)) !== day(at);
      if (newDay && !this.inThread) rows.push(this.keep("day-" + day(at) + at.getFullYear(), "", () => h("h2", { class: "day" }, h("span", {}, day(at)))));
      const joined = !newDay && before && before.author === m.author && !before.to === !m.to && at - new Date(before.at) < together;
      const replies = this.inThread ? [] : answers(m.ref);
      const sign = JSON.stringify([m, joined, replies.length, replies.at(-1)?.at, model.as]);
      rows.push(this.keep(m.ref, sign, (old) => this.message(m, at, joined, replies, old)));
      before = m;
    }
    const wanted = new Set(rows);
    for (const el of [...this.el.children]) if (!wanted.has(el)) el.remove();
    rows.forEach((el, i) => { if (this.el.children[i] !== el) this.el.insertBefore(el, this.el.children[i] ?? null); });
    const keys = new Set(rows.map((el) => el.dataset.key));
    for (const k of this.drawn.keys()) if (!keys.has(k)) this.drawn.delete(k);
    this.rove();
  }

  keep(key, sign, make) {
    const old = this.drawn.get(key);
    if (old?.sign === sign) return old.el;
    const el = make(old?.el);
    el.dataset.key = key;
    if (old?.el.contains(document.activeElement)) restoreFocus(old.el, el);
    if (old) old.el.replaceWith(el);
    this.drawn.set(key, { sign, el });
    return el;
  }

  // One message at a time is a tab stop; the arrows move it.
  rove(to) {
    const all = [...this.el.querySelectorAll("article.message")];
    const current = to ?? all.find((x) => x.tabIndex === 0 && x.contains(document.activeElement)) ?? all.at(-1);
    for (const x of all) x.tabIndex = x === current ? 0 : -1;
    return current;
  }

  message(m, at, joined, replies, old) {
    const who = person(m.author);
    const heed = m.author === model.heed;
    const direct = m.channel.startsWith("dm-");
    const el = h("article", {
      class: "message" + (joined ? " joined" : "") + (m.to && !direct ? " private" : "") + (m.author === model.as ? " own" : ""),
      id: (this.inThread ? "t-" : "") + m.ref, tabindex: "-1", "data-kind": m.doc?.kind ?? "words", "aria-label": `${who.name}, ${clockTime(at)}`,
      onkeydown: (e) => this.onKey(e, el),
    });
    const press = (action, button) => this.hooks.press(action, button, m);
    el.append(
      joined ? h("time", { class: "gutter", datetime: m.at, "aria-hidden": "true" }, clockTime(at)) : avatar(m.author),
      h("div", { class: "body" },
        m.to && !direct ? h("p", { class: "only-you" }, "👁 Only you see this ", h("button", { type: "button", class: "link", onclick: (e) => once(e.currentTarget, () => this.send("delete", m, {})) }, "Dismiss")) : null,
        joined ? null : h("p", { class: "by" }, h("strong", {}, who.name), heed ? h("span", { class: "badge" }, "bot") : null,
          !heed && who.title && m.author !== model.as ? h("span", { class: "title" }, who.title) : null, h("time", { datetime: m.at }, clockTime(at))),
        m.words ? h("p", { class: "words", dir: "auto" }, words(m.words)) : null,
        m.doc ? drawDoc(m.doc, press) : null,
        this.reactions(m),
        replies.length ? h("button", { type: "button", class: "replies", onclick: () => this.hooks.openThread(m.ref) },
          avatar(replies.at(-1).author), `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`) : null),
      this.toolbar(m, el) ?? "");
    const was = old?.querySelector(".votes")?.dataset.votes;
    const is = el.querySelector(".votes");
    if (was && is && was !== is.dataset.votes) is.classList.add("bumped");
    return el;
  }

  reactions(m) {
    if (!m.reactions?.length) return null;
    return h("div", { class: "reactions" }, m.reactions.map((r) => {
      const mine = r.by.includes(model.as);
      const names = r.by.map((a) => person(a).name).join(", ");
      return h("button", {
        type: "button", class: "reaction", "aria-pressed": String(mine), title: names, "data-emoji": r.emoji,
        "aria-label": `${emojiChar(r.emoji)} ${r.by.length}: ${names}`,
        onclick: (e) => once(e.currentTarget, () => this.react(m, r.emoji, !mine)),
      }, h("span", {}, emojiChar(r.emoji)), h("span", {}, String(r.by.length)));
    }));
  }

  toolbar(m, el) {
    if (m.to) return null;
    const mine = (name) => m.reactions?.some((r) => r.emoji === name && r.by.includes(model.as));
    const pick = (button) => openPicker(button, model.emojis, (name) => once(button, () => this.react(m, name, !mine(name))));
    const items = [
      { label: "Save as feedback", run: () => once(el, () => this.send("save", m, {})) },
      this.inThread ? null : { label: "Reply in thread", run: () => this.hooks.openThread(m.ref, true) },
      { label: "Copy link", run: () => copyLink(m) },
      m.author === model.as || model.as === "zoe" ? { label: "Delete message", danger: true, run: () => once(el, () => this.send("delete", m, {})) } : null,
    ].filter(Boolean);
    return h("div", { class: "toolbar" },
      h("button", { type: "button", "aria-label": "React with 👍", title: "👍", onclick: (e) => once(e.currentTarget, () => this.react(m, "+1", !mine("+1"))) }, "👍"),
      h("button", { type: "button", "aria-label": "Pick a reaction", title: "React", "aria-haspopup": "menu", onclick: (e) => pick(e.currentTarget) }, "☺"),
      this.inThread ? null : h("button", { type: "button", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => this.hooks.openThread(m.ref, true) }, "↩"),
      h("button", { type: "button", class: "more-actions", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", onclick: (e) => openMenu(e.currentTarget, items, "Message actions") }, "⋯"));
  }

  react(m, emoji, on) { return this.send("react", m, { emoji, on }); }

  async send(name, m, body) {
    const place = { key: newKey(), as: model.as, channel: m.channel, thread: m.thread ?? "", message: m.ref };
    this.hooks.deliver(await act(name, { ...place, ...body }), place);
  }

  onKey(e, el) {
    if (e.target !== el) return;
    const all = [...this.el.querySelectorAll("article.message")];
    const next = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (next) {
      const to = all[all.indexOf(el) + next];
      if (to) { this.rove(to); to.focus(); }
      e.preventDefault();
    }
  }
}

// words sets mentions, channels and addresses apart; all else is text.
function words(text) {
  const out = [];
  let last = 0;
  for (const m of text.matchAll(/(^|[\s(,])([@#][\w-]+|https?:\/\/[^\s<>"]+)/g)) {
    const start = m.index + m[1].length;
    const el = entity(m[2]);
    if (!el) continue;
    out.push(text.slice(last, start), el);
    last = start + m[2].length;
  }
  out.push(text.slice(last));
  return out;
}

function entity(s) {
  if (s.startsWith("http")) return h("a", { href: s, target: "_blank", rel: "noopener noreferrer" }, s);
  const name = s.slice(1).toLowerCase();
  if (s[0] === "#") {
    const r = model.rooms.find((x) => x.kind !== "direct" && x.name === name);
    return r ? h("a", { class: "mention", href: "#" + r.ref }, s) : null;
  }
  const p = name === "heed" ? { account: model.heed } : model.people.find((x) => x.name.toLowerCase() === name);
  return p ? h("span", { class: "mention" + (p.account === model.as ? " me" : "") }, s) : null;
}

function restoreFocus(from, to) {
  const at = document.activeElement;
  const same = (name) => at.hasAttribute(name) && to.querySelector(`[${name}="${CSS.escape(at.getAttribute(name))}"]`);
  const target = at === from ? to : same("data-action") || same("data-emoji") || same("aria-label") || to;
  requestAnimationFrame(() => target.focus({ preventScroll: true }));
}

async function copyLink(m) {
  try {
    await navigator.clipboard.writeText(`${location.origin}/#${m.channel}/${m.ref}`);
    toast("Copied.");
  } catch {
    location.hash = `${m.channel}/${m.ref}`;
    toast("The link is in the address bar.");
  }
}

const narrow = matchMedia("(max-width: 760px)");

// today is the playground's clock, as much of it as there is room for.
export const today = () => zoned(now(), { weekday: "short", ...(narrow.matches ? {} : { day: "numeric", month: "short" }), hour: "2-digit", minute: "2-digit" });
