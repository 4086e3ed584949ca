// Dialogs that Heed asks with.
import { $, h, clear, act } from "./dom.js";
import { model } from "./model.js";
import { drawBlocks } from "./blocks.js";

// What a person had typed into a form that they closed, so that it is not lost.
const drafts = new Map();
const keyOf = (f) => [model.as, f.id, f.state ?? ""].join("\n");

// openForm shows a form; deliver is told the answer once it is taken.
export function openForm(f, place, deliver) {
  const sheet = $("sheet");
  const opener = document.activeElement;
  const draft = drafts.get(keyOf(f));
  const fields = f.fields.map((x) => drawField(x, draft));
  const failed = h("p", { class: "error", role: "alert" });
  const send = h("button", { type: "submit", class: "key primary" }, f.submit);
  const form = h("form", { method: "dialog", novalidate: true },
    h("header", {}, h("h2", { id: "sheet-title" }, f.title), h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => leave() }, "✕")),
    h("div", { class: "fields" }, fields.map((x) => x.el)),
    h("footer", {}, failed, h("button", { type: "button", class: "key", onclick: () => leave() }, "Cancel"), send));
  const values = () => Object.fromEntries(fields.filter((x) => x.name).map((x) => [x.name, x.value()]));
  // leave closes the form; what was typed waits for the next time.
  const leave = (taken) => {
    if (taken) drafts.delete(keyOf(f));
    else drafts.set(keyOf(f), values());
    close();
    if (!opener?.isConnected) return;
    opener.blur(); // Chromium's own restoring leaves the caret outside: a text field would take no keys
    opener.focus({ preventScroll: true });
  };

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (send.getAttribute("aria-busy")) return;
    if (!complete(fields)) return;
    send.setAttribute("aria-busy", "true");
    failed.textContent = "";
    try {
      const answer = await act("submit", { ...place, key: f.key, form: f.id, state: f.state ?? "", opened: f.opened ?? "", values: values() });
      if (answer.errors) {
        showErrors(fields, answer.errors, failed);
        return;
      }
      leave(true);
      deliver(answer, place);
    } catch (err) {
      failed.textContent = err.message;
    } finally {
      send.removeAttribute("aria-busy");
    }
  });
  // Enter in a one-line field sends; in one of several lines Ctrl+Enter does.
  form.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); form.requestSubmit(); }
  });
  sheet.oncancel = (e) => { e.preventDefault(); leave(); };
  clear(sheet, form);
  sheet.showModal();
  (fields.find((x) => x.name && x.input.value === "") ?? fields.find((x) => x.name))?.input.focus();
}

// showDoc shows a document by itself, with its buttons.
export function showDoc(title, doc, press) {
  const sheet = $("sheet");
  sheet.oncancel = (e) => { e.preventDefault(); close(); };
  clear(sheet, h("form", { method: "dialog" },
    h("header", {}, h("h2", { id: "sheet-title" }, title), h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: close }, "✕")),
    h("div", { class: "fields" }, h("div", { class: "doc" }, drawBlocks(doc.blocks ?? [], (action, button) => { close(); press(action, button); })))));
  if (!sheet.open) sheet.showModal();
}

// close closes the dialog at once. (Its close event comes later: when the next form is
// open already, at times.)
function close() {
  const sheet = $("sheet");
  if (sheet.open) sheet.close();
  clear(sheet);
}

function drawField(x, draft) {
  if (x.kind === "info") return { el: h("div", { class: "doc info" }, drawBlocks(x.blocks ?? [], () => {})) };
  const id = "field-" + x.name;
  const value = draft?.[x.name] ?? x.value ?? "";
  const error = h("p", { class: "error", id: id + "-error", role: "alert" });
  if (x.kind === "check") {
    const input = h("input", { type: "checkbox", id, name: x.name });
    input.checked = value === "on";
    const el = h("div", { class: "field check" }, input, h("label", { for: id }, x.text || x.label), error);
    return { el, name: x.name, input, error, optional: true, value: () => (input.checked ? "on" : "") };
  }
  const told = [x.hint ? id + "-hint" : "", id + "-error"].filter(Boolean).join(" ");
  const common = { id, name: x.name, "aria-describedby": told, "aria-required": x.optional ? null : "true", value };
  let input;
  if (x.kind === "choice") {
    input = h("select", { ...common, value: null }, x.optional || !value ? h("option", { value: "" }, x.optional ? "None" : "Choose…") : null,
      (x.options ?? []).map((o) => h("option", { value: o.value }, o.label)));
    input.value = value;
  } else if (x.lines) {
    input = h("textarea", { ...common, rows: "4", dir: "auto", maxlength: x.max, placeholder: x.placeholder });
  } else {
    input = h("input", { ...common, type: "text", dir: "auto", maxlength: x.max, placeholder: x.placeholder });
  }
  const el = h("div", { class: "field" },
    h("label", { for: id }, x.label, x.optional ? h("span", { class: "optional" }, " optional") : null),
    x.hint ? h("p", { class: "hint", id: id + "-hint" }, x.hint) : null, input, error);
  return { el, name: x.name, input, error, optional: x.optional, value: () => input.value };
}

function complete(fields) {
  const errors = {};
  for (const x of fields) {
    if (x.name && !x.optional && !x.value().trim()) errors[x.name] = "Please fill this in.";
  }
  showErrors(fields, errors, null);
  return Object.keys(errors).length === 0;
}

function showErrors(fields, errors, rest) {
  let first = null;
  for (const x of fields.filter((f) => f.name)) {
    const text = errors[x.name] ?? "";
    x.error.textContent = text;
    x.input.setAttribute("aria-invalid", String(text !== ""));
    if (text && !first) first = x.input;
  }
  const other = Object.entries(errors).filter(([name]) => !fields.some((f) => f.name === name)).map(([, text]) => text);
  if (rest) rest.textContent = other.join(" ");
  first?.focus();
}

