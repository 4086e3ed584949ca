// The message box: drafts, history of what was sent, and suggestions for commands,
// people and channels.
import { h, clear, act, newKey, toast } from "./dom.js";
import { model, room } from "./model.js";

export class Composer {
  // hooks: deliver(answer, place). at() is where words go: {channel, thread}.
  constructor(form, hooks, at) {
    Object.assign(this, { form, hooks, at, drafts: new Map(), options: [], active: -1, asked: 0, sent: [], back: -1 });
    this.box = form.querySelector("textarea");
    this.list = form.querySelector("[role=listbox]");
    form.addEventListener("submit", (e) => { e.preventDefault(); this.send(); });
    this.box.addEventListener("input", () => { this.grow(); this.suggest(); });
    this.box.addEventListener("keydown", (e) => this.onKey(e));
    this.box.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  slot() {
    const { channel, thread } = this.at();
    return `${model.as}/${channel}/${thread}`;
  }

  // moved takes up the draft of the place that the person came to.
  moved(placeholder) {
    if (this.where) this.drafts.set(this.where, this.box.value);
    this.where = this.slot();
    this.box.value = this.drafts.get(this.where) ?? "";
    this.box.placeholder = placeholder;
    this.close();
    this.grow();
  }

  set(text) {
    this.box.value = text;
    this.grow();
    this.box.setSelectionRange(text.length, text.length);
  }

  focus() { this.box.focus({ preventScroll: true }); }

  grow() {
    this.box.style.blockSize = "auto";
    this.box.style.blockSize = Math.min(this.box.scrollHeight, innerHeight / 3) + "px";
    this.form.classList.toggle("filled", this.box.value.trim() !== "");
  }

  // send hands the words over. They come back into the box when they were not taken.
  async send(text = this.box.value) {
    const words = text.trim();
    if (!words) return;
    const place = { key: newKey(), as: model.as, ...this.at() };
    const slot = this.slot();
    if (text === this.box.value) this.set("");
    this.close();
    this.hooks.asked();
    try {
      const answer = await act("say", { ...place, words: text });
      this.sent.push(text);
      this.back = -1;
      this.hooks.deliver(answer, place);
    } catch (e) {
      if (this.slot() === slot && !this.box.value) this.set(text);
      else this.drafts.set(slot, text);
      toast(e.message);
    }
  }

  onKey(e) {
    const open = !this.list.hidden;
    if (e.isComposing) return;
    if (open && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
      this.point((this.active + (e.key === "ArrowDown" ? 1 : -1) + this.options.length) % this.options.length);
    } else if (open && e.key === "Tab" && !e.shiftKey) {
      this.take(Math.max(this.active, 0));
    } else if (open && e.key === "Escape") {
      this.close();
    } else if (e.key === "Enter" && !e.shiftKey) {
      if (open && this.active >= 0) this.take(this.active);
      else this.send();
    } else if (e.key === "ArrowUp" && !this.box.value && this.sent.length) {
      this.set(this.sent.at(this.back = Math.max(this.back - 1, -this.sent.length)));
    } else return;
    e.preventDefault();
  }

  // suggest offers what may come at the caret. An answer to an older question is let go.
  async suggest() {
    const question = ++this.asked;
    const text = this.box.value.slice(0, this.box.selectionStart);
    const options = await this.offers(text);
    if (question === this.asked) this.show(options);
  }

  async offers(text) {
    if (/^\/\S*(\s.*)?$/s.test(text) && text.length < 200) {
      const named = namesAt(text);
      if (named.length) return named;
      try {
        const a = await act("complete", { key: newKey(), as: model.as, ...this.at(), words: text });
        return a.completions ?? [];
      } catch {
        return []; // suggestions are a help: without them the words still go
      }
    }
    return namesAt(text);
  }

  show(options) {
    this.options = options;
    this.active = -1;
    this.list.hidden = options.length === 0;
    this.box.setAttribute("aria-expanded", String(options.length > 0));
    this.box.removeAttribute("aria-activedescendant");
    clear(this.list, options.map((o, i) =>
      h("li", { role: "option", id: `${this.list.id}-${i}`, "aria-selected": "false", onmousedown: (e) => { e.preventDefault(); this.take(i); } },
        h("strong", {}, o.label), o.hint ? h("span", {}, o.hint) : null)));
  }

  // point chooses one of the list, which then stays as it is until something is typed: an
  // answer that comes late would take the choice away under the person's fingers.
  point(i) {
    this.asked++;
    this.active = i;
    [...this.list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === i)));
    this.list.children[i].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", this.list.children[i].id);
  }

  take(i) {
    const tail = this.box.value.slice(this.box.selectionStart);
    this.set(this.options[i].text + tail);
    this.box.setSelectionRange(this.options[i].text.length, this.options[i].text.length);
    this.close();
    this.focus();
    if (this.options[i].text.endsWith(" ")) this.suggest();
  }

  close() {
    this.asked++; // what is still under way comes too late
    this.show([]);
  }
}

// namesAt offers people after @ and channels after #.
function namesAt(text) {
  const m = text.match(/(^|[\s(])([@#])([\w-]*)$/);
  if (!m) return [];
  const [, , mark, typed] = m;
  const all = mark === "@"
    ? [{ name: "Heed", hint: "Takes your words as feedback" }, ...model.people.filter((p) => p.persona).map((p) => ({ name: p.name, hint: p.title }))]
    : model.rooms.filter((r) => r.kind !== "direct").map((r) => ({ name: r.name, hint: r.topic }));
  if (mark === "#" && /^\d/.test(typed)) return [];
  const start = text.slice(0, text.length - typed.length);
  return all.filter((x) => x.name.toLowerCase().startsWith(typed.toLowerCase())).slice(0, 8)
    .map((x) => ({ text: start + x.name + " ", label: mark + x.name, hint: x.hint ?? "" }));
}

// placeholderFor says whom the words will reach.
export function placeholderFor(ref) {
  const r = room(ref);
  if (!r) return "";
  return r.kind === "direct" ? "Message Heed: what would make it better?" : `Message #${r.name}, or type / for commands`;
}
