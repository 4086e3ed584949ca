// One menu at a time, beside the button that opened it: by keyboard too.
import { $, h, clear } from "./dom.js";

let opener = null;

// openMenu shows items {label, hint, run} as a menu, or any content as a popover.
export function openMenu(button, items, label) {
  const again = opener === button;
  closeMenu();
  if (again) return;
  const menu = $("menu");
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  menu.className = "menu";
  clear(menu, items.map((item) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : "", onclick: () => { closeMenu(true); item.run(); } },
      h("span", {}, item.label), item.hint ? h("small", {}, item.hint) : null)));
  place(button);
}

// openPicker shows rows of emoji; choose is told the name.
export function openPicker(button, emojis, choose) {
  const again = opener === button;
  closeMenu();
  if (again) return;
  const menu = $("menu");
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", "Pick a reaction");
  menu.className = "menu picker";
  const key = (name, char, label) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", "aria-label": label, title: label, "data-emoji": name, onclick: () => { closeMenu(true); choose(name); } }, char);
  const shades = ["light", "medium-light", "medium", "medium-dark", "dark"];
  const toned = emojis.find((e) => e.name === "+1");
  clear(menu,
    h("div", { class: "picks" }, emojis.map((e) => key(e.name, e.char, e.label))),
    toned ? h("div", { class: "picks tones" }, shades.map((shade, i) =>
      key(`+1::skin-tone-${i + 2}`, toned.char + ["🏻", "🏼", "🏽", "🏾", "🏿"][i], `${toned.label}, ${shade} skin`))) : null);
  place(button);
}

function place(button) {
  const menu = $("menu");
  opener = button;
  button.setAttribute("aria-expanded", "true");
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8));
  const below = at.bottom + 6 + size.height <= innerHeight - 8;
  menu.style.left = left + "px";
  menu.style.top = (below ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)) + "px";
  menu.querySelector("button")?.focus();
}

export function closeMenu(refocus) {
  const menu = $("menu");
  if (menu.matches(":popover-open")) menu.hidePopover();
  const was = opener;
  opener = null;
  was?.setAttribute("aria-expanded", "false");
  if (refocus) was?.focus();
}

export const menuOpen = () => opener !== null;

$("menu").addEventListener("keydown", (e) => {
  const keys = [...$("menu").querySelectorAll("button")];
  const i = keys.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
  if (step) keys[(i + step + keys.length) % keys.length].focus();
  else if (e.key === "Home") keys[0].focus();
  else if (e.key === "End") keys[keys.length - 1].focus();
  else if (e.key === "Escape" || e.key === "Tab") closeMenu(true);
  else return;
  e.preventDefault();
  e.stopPropagation();
});

document.addEventListener("pointerdown", (e) => {
  if (opener && !$("menu").contains(e.target) && !opener.contains(e.target)) closeMenu();
});
