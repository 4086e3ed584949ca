// The guided first minute: one hint above the message box. It follows what really
// happened, blocks nothing, and goes on any other click.
import { $, h, clear, act, newKey, toast } from "./dom.js";
import { model } from "./model.js";

let shown = ""; // the step and persona that the hint is for
let waved = ""; // the step and persona whose hint was clicked away

// Guide's hooks: become(account, room), say(words), goTo(room), prefill(words).
export class Guide {
  constructor(hooks) {
    this.hooks = hooks;
    this.el = $("guide");
    document.addEventListener("click", (e) => {
      if (!shown || this.el.contains(e.target) || e.target.closest("#show-guide") || e.detail === 0) return;
      if (e.target.closest("#composer")) return; // where the first step wants people
      waved = shown;
      this.draw();
    }, true);
    $("show-guide").addEventListener("click", () => { waved = ""; shown = ""; this.draw(); this.el.querySelector("button")?.focus(); });
  }

  draw() {
    const { step, item } = model.guide;
    $("show-guide").hidden = !step;
    const hint = step && this.hint(step, item ? "#" + item : "it", item);
    const key = `${step}/${model.as}/${hint?.at ?? ""}`;
    if (!hint || waved === key) {
      shown = "";
      this.el.hidden = true;
      return;
    }
    if (shown === key) return;
    shown = key;
    this.el.hidden = false;
    this.el.dataset.step = step;
    clear(this.el,
      h("div", { class: "hint" }, hint.title ? h("h2", {}, hint.title) : null, h("p", {}, hint.text)),
      h("div", { class: "keys" }, hint.keys ?? []),
      h("button", { type: "button", class: "icon", "aria-label": "Hide this hint", onclick: () => { waved = shown; this.draw(); } }, "✕"));
    if (step === "start") this.hooks.prefill("/feedback dark mode");
    if (step === "voted" && item) this.hooks.lookAt(item);
  }

  hint(step, name, item) {
    const { hooks } = this;
    const back = (account, room, text, label) => ({ text, keys: [key(label, () => hooks.become(account, room), true)] });
    switch (step) {
      case "start":
        if (model.as !== "rui") return null;
        return { text: [`You are Rui, a customer of ${model.company}. `, ...pressEnter()] };
      case "similar":
        if (model.as !== "rui") return back("rui", "support", "Heed has a question for Rui.", "Back to Rui");
        return { text: ["Somebody asked before you. Press ", h("strong", {}, "👍 That's it"), ": your words are kept either way."] };
      case "voted":
        return {
          text: "Your vote counts, and your words are kept beside it. Every Monday the team hears what people want.",
          keys: model.moves ? [key("Jump to Monday", () => this.move("monday"), true)] : [],
        };
      case "digest":
        if (model.as !== "ben") return back("ben", "product", "It's Monday, and the digest is in #product, where only the team reads.", "Become Ben, the product owner");
        if (model.room !== "product") return { at: "away", text: "The digest waits in #product.", keys: [key("Go to #product", () => hooks.goTo("product"), true)] };
        return { text: `Now you are Ben. Promote ${name}: the story comes with the quotes filled in.`, keys: item ? [key(`/promote ${item}`, () => hooks.say(`/promote ${item}`), true)] : [] };
      case "promoted":
        if (model.as !== "ben") return back("ben", "product", `${name} is in the backlog. Ben builds it.`, "Be Ben");
        return { text: `${name} is in the backlog. Say it's built: who will hear of it comes before you confirm.`, keys: item ? [key(`/ship ${item}`, () => hooks.say(`/ship ${item}`), true)] : [] };
      case "shipped":
        return {
          text: "Heed waits five minutes before it tells anyone, in case Ben thinks again.",
          keys: model.moves ? [key("Let five minutes pass", () => this.move("undo"), true)] : [],
        };
      case "told":
        if (model.as !== "rui") return back("rui", "dm-rui", "Rui has a note, with his own words in it.", "Back to Rui");
        if (model.room !== "dm-rui") return { at: "away", text: "Heed wrote to you.", keys: [key("Read it", () => hooks.goTo("dm-rui"), true)] };
        return {
          title: "That's Heed.", text: "You asked once, were counted once, and heard back in your own words.",
          keys: [
            link("Connect Slack", "/connect#slack", true), link("Connect Discord", "/connect#discord"),
            key("Play on", () => { waved = shown; this.draw(); }),
            model.restarts ? key("Start over", () => hooks.startOver()) : null,
          ].filter(Boolean),
        };
      default: return null;
    }
  }

  async move(to) {
    try {
      await act("move", { key: newKey(), as: model.as, to });
    } catch (e) {
      toast(e.message);
    }
  }
}

// pressEnter says how to send: where there is no keyboard, by the button.
function pressEnter() {
  if (matchMedia("(pointer: coarse)").matches) return [h("strong", {}, "Press ➤.")];
  return [h("strong", {}, "Press ", h("kbd", {}, "Enter"), ".")];
}

const key = (label, run, primary) => h("button", { type: "button", class: "key" + (primary ? " primary" : ""), onclick: run }, label);
const link = (label, href, primary) => h("a", { class: "key" + (primary ? " primary" : ""), href }, label);
