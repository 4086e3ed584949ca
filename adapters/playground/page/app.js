// The playground's page: puts the parts together and decides what is shown where.
import { $, h, clear, act, ask, newKey, once, remembered, toast } from "./dom.js";
import { model, load, me, room, roomMessages, markRead, unread } from "./model.js";
import { MessageList, avatar, today } from "./messages.js";
import { Composer, placeholderFor } from "./composer.js";
import { Guide } from "./guide.js";
import { Side } from "./side.js";
import { openForm, showDoc } from "./forms.js";
import { openMenu, closeMenu } from "./menu.js";
import { drawDoc } from "./blocks.js";

const log = $("log");
const hooks = { deliver, press, asked: () => { asked = performance.now(); }, openThread: (ref, write) => side.openThread(ref, write), refocus: () => composer.focus() };
const list = new MessageList(log, hooks, false);
const side = new Side(hooks);
const composer = new Composer($("composer"), hooks, () => ({ channel: model.room, thread: "" }));
const guide = new Guide({
  become, goTo, startOver,
  say: (words) => composer.send(words),
  prefill: (words) => { if (model.room === "support" && !composer.box.value) { composer.set(words); composer.focus(); } },
  lookAt: (item) => lookAt(item),
});
let homeAsked = 0;
let ended = true; // the newest message is in sight
let asked = -Infinity; // when the person last did something that is answered at the end of the room
const answerTime = 5000;

// press is a button of Heed's under a message, or on the person's own page.
// A vote shows on its card, so that stays in sight; other answers are gone to.
function press(action, button, m) {
  if (!action.startsWith("vote ")) hooks.asked();
  const place = { key: newKey(), as: model.as, channel: m?.channel ?? "", thread: m?.thread ?? "", message: m?.ref ?? "" };
  return once(button ?? document.body, async () => deliver(await act("press", { ...place, action }), place));
}

function deliver(answer, place) {
  if (answer.form) openForm(answer.form, place, deliver);
  if (answer.say && place.channel === "") showDoc("Heed", answer.say, (action, button) => press(action, button));
  else if (answer.say) toast(answer.say.plain);
  if (model.room === "home") drawHome();
  side.draw();
}

// draw shows the present state. Cheap where nothing has changed.
function draw(why) {
  if (why === "reset") { start(model.as); return; }
  drawPersonas();
  drawRooms();
  drawTop();
  if (model.room !== "home") drawLog();
  side.draw();
  guide.draw();
  $("notice").hidden = model.live;
  if (!model.live) $("notice").textContent = "The line to Heed is cut. Trying again…";
}

const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

function drawLog() {
  const atEnd = nearEnd();
  const before = log.lastElementChild?.dataset.key;
  list.draw(roomMessages(model.room));
  if (!log.children.length) clear(log, h("p", { class: "empty" }, "Nothing here yet."));
  const last = model.messages.get(log.lastElementChild?.dataset.key);
  const forMe = last && (last.to === model.as || last.author === model.as);
  if (before && last && last.ref > before && forMe && performance.now() - asked < answerTime) toNewest();
  else if (atEnd) toEnd();
  else if (before && last?.ref > before) {
    $("newer").textContent = last.to ? "Heed answered ↓" : "New messages ↓";
    $("newer").hidden = false;
  }
  if (document.visibilityState === "visible") { markRead(model.room); drawRooms(); }
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  ended = true;
  $("newer").hidden = true;
}

async function drawHome() {
  const question = ++homeAsked;
  try {
    const d = await ask("/playground/api/home?as=" + model.as);
    if (question !== homeAsked || model.room !== "home") return;
    clear(log, h("div", { class: "home" }, drawDoc(d, (action, button) => press(action, button))));
  } catch (e) {
    if (model.room === "home") clear(log, h("p", { class: "empty" }, e.message));
  }
}

function drawPersonas() {
  const box = $("personas");
  const sign = model.as + model.people.length;
  if (box.dataset.sign === sign) return;
  box.dataset.sign = sign;
  clear(box, model.people.filter((p) => p.persona).map((p) =>
    h("li", {}, h("button", { type: "button", "data-persona": p.account, "aria-pressed": String(p.account === model.as), title: `${p.name}, ${p.title}`, onclick: () => become(p.account) },
      avatar(p.account), h("span", { class: "name" }, p.name), h("span", { class: "hidden-label" }, ", " + p.title)))),
    h("li", { class: "who" }, h("strong", {}, me().name), " · ", me().title));
}

function drawRooms() {
  const item = (ref, label, mark) => {
    const n = unread(ref);
    const here = model.room === ref;
    return h("li", {}, h("a", { href: "#" + ref, class: n && !here ? "unread" : "", "aria-current": here ? "page" : null, "data-room": ref },
      h("span", { class: "mark", "aria-hidden": "true" }, mark), label, n && !here ? h("span", { class: "dot" }, String(n), h("span", { class: "hidden-label" }, " unread")) : null));
  };
  const focused = document.activeElement?.dataset?.room;
  clear($("channels"), model.rooms.filter((r) => r.kind !== "direct").map((r) => item(r.ref, r.name, r.audience === "team" ? "🔒" : "#")));
  clear($("heed-rooms"), item("home", "Home", "⌂"), item("dm-" + model.as, "Messages", "✉"));
  if (focused) document.querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus();
}

function drawTop() {
  const r = room(model.room);
  const [name, topic] = model.room === "home" ? ["Home", `${me().name}'s own page: what you asked for, and what became of it`]
    : r?.kind === "direct" ? ["Heed", "Between you and Heed. Whatever you write here is feedback."]
    : ["#" + (r?.name ?? ""), r?.topic ?? ""];
  $("room-name").textContent = name;
  $("room-topic").textContent = topic;
  document.title = `${name} · ${me().name} · Heed playground`;
  $("stored").hidden = !model.rows;
  $("clock").disabled = !model.moves;
  drawClock();
}

function drawClock() {
  const text = today();
  if ($("clock").textContent !== text) $("clock").textContent = text;
}

// show goes to what the address names: #room or #room/message.
function show() {
  const [ref, message] = decodeURIComponent(location.hash.slice(1)).split("/");
  const wanted = ref === "home" || room(ref) ? ref : "support";
  if (model.room !== wanted || !log.dataset.room) {
    model.room = wanted;
    if (side.mode === "thread") side.close();
  }
  log.dataset.room = wanted;
  list.reset();
  sidebar(false);
  $("newer").hidden = true;
  $("composer").hidden = wanted === "home";
  $("words-label").textContent = placeholderFor(wanted) || "Message";
  composer.moved(placeholderFor(wanted));
  draw();
  if (wanted === "home") drawHome();
  else if (message) find(message);
  else toNewest();
}

// toNewest shows the newest message, from its beginning where it is longer than the room.
function toNewest() {
  toEnd();
  const last = log.lastElementChild;
  if (!last || last.offsetHeight <= log.clientHeight) return;
  last.scrollIntoView({ block: "start" });
  ended = false;
}

function find(ref) {
  const m = model.messages.get(ref);
  if (m?.thread) { side.openThread(m.thread); return; }
  if (m && !$(ref)) { list.limit = Infinity; drawLog(); }
  const el = $(ref);
  if (!el) { toast("That message isn't there any more."); toEnd(); return; }
  el.scrollIntoView({ block: "center" });
  el.classList.add("found");
}

// lookAt brings an item's card before the person's eyes.
function lookAt(item) {
  const card = [...log.querySelectorAll(`.card[data-item="${item}"]`)].at(-1);
  if (!card) return;
  card.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  card.closest(".message").classList.add("found");
}

function goTo(ref) {
  if (location.hash === "#" + ref) show();
  else location.hash = ref;
}

async function become(account, to) {
  if (account !== model.as) {
    closeMenu();
    side.close();
    const stay = to ?? model.room;
    if (!(await start(account, stay.startsWith("dm-") && !to ? "dm-" + account : stay))) return;
    remembered.set("as", account);
  } else if (to) goTo(to);
  composer.focus();
}

async function start(account, to) {
  try {
    await load(account, draw);
  } catch (e) {
    toast(e.message);
    return false;
  }
  $("personas").dataset.sign = "";
  if (to && location.hash.slice(1) !== to) { log.dataset.room = ""; history.replaceState(null, "", "#" + (to === "home" || room(to) ? to : "support")); }
  show();
  document.body.dataset.as = account;
  return true;
}

async function startOver() {
  toast("Starting over: this takes a few seconds.");
  try {
    await act("startover", { key: newKey(), as: model.as });
    remembered.set("as", "rui");
    location.hash = "support";
    location.reload();
  } catch (e) {
    toast(e.message);
  }
}

function sidebar(open) {
  document.body.classList.toggle("sidebar-open", open);
  $("open-sidebar").setAttribute("aria-expanded", String(open));
  if (open) $("personas").querySelector("button")?.focus();
}

function theme(choice) {
  const dark = choice ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (choice) document.documentElement.dataset.theme = choice;
  $("theme").setAttribute("aria-pressed", String(dark));
}

theme(remembered.get("theme"));
$("theme").addEventListener("click", () => {
  const choice = $("theme").getAttribute("aria-pressed") === "true" ? "light" : "dark";
  remembered.set("theme", choice);
  theme(choice);
});
$("clock").addEventListener("click", (e) => openMenu(e.currentTarget, [
  { label: "An hour on", to: "hour" }, { label: "To tomorrow", to: "day" },
  { label: "To Monday, 09:00", hint: "the digest", to: "monday" }, { label: "A week on", to: "week" },
].map((x) => ({ ...x, run: () => once($("clock"), () => act("move", { key: newKey(), as: model.as, to: x.to })) }))
  .concat(model.restarts ? [{ label: "Start over", hint: "everything as at first", danger: true, run: startOver }] : []), "Move the clock"));
$("stored").addEventListener("click", () => side.toggleRows());
$("newer").addEventListener("click", toEnd);
$("open-sidebar").addEventListener("click", () => sidebar(true));
$("close-sidebar").addEventListener("click", () => { sidebar(false); $("open-sidebar").focus(); });
$("main").addEventListener("pointerdown", () => document.body.classList.contains("sidebar-open") && sidebar(false));
$("skip").addEventListener("click", (e) => { e.preventDefault(); composer.focus(); });
log.addEventListener("scroll", () => { ended = nearEnd(); if (ended) $("newer").hidden = true; }, { passive: true });
new ResizeObserver(() => ended && toEnd()).observe(log); // a panel or keyboard that opens leaves the newest message in sight
addEventListener("hashchange", show);
addEventListener("keydown", (e) => { if (e.key === "Escape" && document.body.classList.contains("sidebar-open")) sidebar(false); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") draw(); });
setInterval(drawClock, 5000);
await start(remembered.get("as") ?? "rui");
if (!matchMedia("(pointer: coarse)").matches) composer.focus(); // where that opens no keyboard over the page
document.body.dataset.ready = "true";
