// The panel at the side: a thread, or what Heed stored just now.
import { $, h, clear, ask, toast } from "./dom.js";
import { model, answers, room, now } from "./model.js";
import { MessageList, zoned } from "./messages.js";
import { Composer } from "./composer.js";

export class Side {
  constructor(hooks) {
    this.hooks = hooks;
    this.el = $("side");
    this.mode = "";
    this.seen = new Set();
    this.el.addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) this.close(); });
  }

  close() {
    if (!this.mode) return;
    const opener = this.opener;
    this.mode = "";
    model.thread = "";
    this.el.hidden = true;
    clear(this.el);
    $("stored").setAttribute("aria-expanded", "false");
    document.body.classList.remove("side-open");
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    else this.hooks.refocus();
  }

  frame(mode, title, label) {
    this.opener = document.activeElement;
    this.mode = mode;
    this.el.hidden = false;
    this.el.setAttribute("aria-label", label);
    document.body.classList.add("side-open");
    $("stored").setAttribute("aria-expanded", String(mode === "rows"));
    const body = h("div", { class: "side-body" });
    clear(this.el, h("header", { class: "side-top" }, h("h2", {}, title),
      h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => this.close() }, "✕")), body);
    return body;
  }

  openThread(ref, write) {
    const parent = model.messages.get(ref);
    if (!parent) return;
    model.thread = ref;
    const body = this.frame("thread", `Thread in #${room(parent.channel)?.name ?? ""}`, "Thread");
    body.classList.add("log");
    body.setAttribute("role", "log");
    body.setAttribute("aria-label", "Messages of the thread");
    this.list = new MessageList(body, this.hooks, true);
    const form = h("form", { class: "composer", autocomplete: "off" },
      h("ul", { class: "completions", id: "thread-completions", role: "listbox", "aria-label": "Suggestions", hidden: true }),
      h("textarea", { rows: "1", id: "thread-words", role: "combobox", "aria-label": "Reply", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "thread-completions" }),
      h("button", { class: "send", type: "submit", "aria-label": "Send the reply" }, "➤"));
    this.el.append(form);
    this.composer = new Composer(form, this.hooks, () => ({ channel: parent.channel, thread: ref }));
    this.composer.moved("Reply…");
    this.draw();
    if (write) this.composer.focus();
    else this.el.querySelector(".side-top button").focus();
  }

  toggleRows() {
    if (this.mode === "rows") { this.close(); return; }
    const body = this.frame("rows", "What Heed stored just now", "What Heed stored just now");
    body.append(h("p", { class: "small" }, "Newest first, straight from Postgres. Everything the chat shows comes from rows like these."),
      h("div", { class: "stored-rows" }));
    this.seen = new Set();
    this.first = true;
    this.el.querySelector(".side-top button").focus();
    this.readRows();
  }

  draw() {
    if (this.mode === "thread") {
      const parent = model.messages.get(model.thread);
      if (!parent) { this.close(); return; }
      const body = this.el.querySelector(".side-body");
      const atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < 60;
      this.list.draw([parent, ...answers(model.thread)]);
      if (atEnd) body.scrollTop = body.scrollHeight;
    } else if (this.mode === "rows") {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.readRows(), 200);
    }
  }

  async readRows() {
    if (this.mode !== "rows") return;
    let rows;
    try {
      rows = await ask("/playground/api/rows");
    } catch (e) {
      toast(e.message);
      return;
    }
    const box = this.el.querySelector(".stored-rows");
    if (!box) return;
    const fresh = new Set();
    clear(box, rows.map((r) => {
      const id = JSON.stringify(r);
      fresh.add(id);
      const isNew = !this.first && !this.seen.has(id);
      return h("section", { class: "stored-row" + (isNew ? " fresh" : "") },
        h("header", {}, h("code", {}, r.table), h("time", { datetime: r.at }, when(new Date(r.at)))),
        h("dl", {}, r.fields.filter(([, value]) => value !== "").map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, value)))));
    }));
    this.seen = fresh;
    this.first = false;
  }
}

function when(at) {
  const near = Math.abs(now() - at) < 12 * 3600 * 1000;
  return zoned(at, near ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
