// What every part of the page is made with. Data becomes text nodes and attributes
// here, never markup.

export const $ = (id) => document.getElementById(id);

// h makes an element: props that begin with "on" are listeners, "class" and "data-",
// "aria-" and other names are attributes; false and null leave one out.
export function h(tag, props, ...kids) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "value") el.value = value;
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...kids.flat().filter((k) => k !== null && k !== undefined && k !== false && k !== ""));
  return el;
}

export const clear = (el, ...kids) => el.replaceChildren(...kids.flat().filter(Boolean));

const token = document.querySelector('meta[name="heed-token"]').content;

// newKey names an act, so that the same act sent twice counts once.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// ask reads from the server. A refusal is an Error with the sentence to show.
export async function ask(path) {
  return answerOf(await reach(path, {}));
}

// act sends one act.
export async function act(name, body) {
  return answerOf(await reach("/playground/api/" + name, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Heed-Token": token },
    body: JSON.stringify(body),
  }));
}

async function reach(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", ...options });
  } catch {
    throw new Error("Heed doesn't answer. Is it still running? Your words are still here.");
  }
}

async function answerOf(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    throw new Error("Heed's answer broke off. Please try again in a moment.");
  }
  if (!response.ok) throw new Error(body.error ?? "That didn't work. Please try again.");
  return body;
}

let toastTimer = 0;

// toast shows a sentence for some seconds, read out by screen readers.
export function toast(text) {
  const box = $("toast");
  clear(box, h("p", {}, text));
  box.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove("shown"), 7000);
}

// once keeps a button from being pressed again while its act is under way.
export async function once(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (e) {
    toast(e.message);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

// remembered keeps small choices in the browser, where it lets us: who one is until
// the tab closes, all else for longer.
const shelf = (key) => (key === "as" ? sessionStorage : localStorage);
export const remembered = {
  get(key) {
    try { return shelf(key).getItem("heed." + key); } catch { return null; }
  },
  set(key, value) {
    try { shelf(key).setItem("heed." + key, value); } catch { /* private window: forgotten with it */ }
  },
};
