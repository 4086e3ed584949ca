// What the page knows, and how it hears of changes.
import { ask, remembered } from "./dom.js";

export const model = {
  as: "rui", room: "support", thread: "", company: "", people: [], rooms: [], emojis: [], messages: new Map(),
  newest: 0, zone: "UTC", moves: false, restarts: false, rows: false, guide: { step: "" }, epoch: "", heed: "heed",
  clock: { at: 0, since: 0 }, live: false, read: {},
};

export const person = (account) =>
  model.people.find((p) => p.account === account) ?? { account, name: account === model.heed ? "Heed" : account, title: "" };
export const me = () => person(model.as);
export const room = (ref) => model.rooms.find((r) => r.ref === ref);
export const emojiChar = (name) => {
  const [base, tone] = name.split("::skin-tone-");
  const e = model.emojis.find((x) => x.name === base);
  return e ? e.char + (tone ? ["🏻", "🏼", "🏽", "🏾", "🏿"][Number(tone) - 2] ?? "" : "") : "❔";
};
export const seq = (ref) => Number(ref.slice(1));
export const now = () => new Date(model.clock.at + (performance.now() - model.clock.since));
export const roomMessages = (ref) =>
  [...model.messages.values()].filter((m) => m.channel === ref && !m.thread).sort((a, b) => seq(a.ref) - seq(b.ref));
export const answers = (ref) =>
  [...model.messages.values()].filter((m) => m.thread === ref).sort((a, b) => seq(a.ref) - seq(b.ref));

let source = null;
let changed = () => {};
let lastEvent = "";

// load reads everything that a persona sees and listens from there on.
export async function load(as, onChange) {
  changed = onChange;
  const s = await ask("/playground/api/state?as=" + encodeURIComponent(as));
  if (model.epoch && model.epoch !== s.epoch) { // another start of Heed: this page's token is of the one before
    location.reload();
    return;
  }
  Object.assign(model, {
    as, company: s.company, people: s.people, rooms: s.rooms ?? [], emojis: s.emojis, heed: s.heed, zone: s.zone,
    moves: s.moves, restarts: s.restarts, rows: s.rows, guide: s.guide, epoch: s.epoch, newest: s.newest,
    messages: new Map((s.messages ?? []).map((m) => [m.ref, m])),
  });
  setClock(s.now);
  readMarks();
  lastEvent = s.epoch + "-" + s.position;
  listen();
}

function setClock(at) {
  model.clock = { at: Date.parse(at), since: performance.now() };
}

function listen() {
  source?.close();
  const mine = new EventSource(`/playground/events?as=${encodeURIComponent(model.as)}&from=${encodeURIComponent(lastEvent)}`);
  source = mine;
  const on = (name, take) =>
    mine.addEventListener(name, (e) => {
      if (source !== mine) return;
      lastEvent = e.lastEventId || lastEvent;
      take(JSON.parse(e.data));
      changed(name);
    });
  on("message", (m) => {
    model.messages.set(m.ref, m);
    model.newest = Math.max(model.newest, seq(m.ref));
  });
  on("gone", (m) => model.messages.delete(m.ref));
  on("room", (r) => {
    const i = model.rooms.findIndex((x) => x.ref === r.ref);
    if (i >= 0) model.rooms[i] = r;
    else model.rooms.splice(model.rooms.findIndex((x) => x.kind === "direct"), 0, r);
  });
  on("clock", (c) => setClock(c.now));
  on("guide", (g) => { model.guide = g; });
  on("reset", () => {});
  mine.onopen = () => {
    if (source !== mine) return;
    model.live = true;
    changed("live");
  };
  mine.onerror = () => {
    if (source !== mine) return;
    model.live = false;
    changed("live");
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => source === mine && listen(), 2000);
  };
}

// The unread marks: for each persona and room the newest message that they saw. Where
// nothing is remembered all that there is counts as seen.
function readMarks() {
  const key = "read." + model.epoch;
  try { model.read = JSON.parse(remembered.get(key) ?? "{}"); } catch { model.read = {}; }
  model.read.base ??= model.newest;
  remembered.set(key, JSON.stringify(model.read));
}

export function markRead(ref) {
  const top = Math.max(0, ...[...model.messages.values()].filter((m) => m.channel === ref).map((m) => seq(m.ref)));
  const slot = model.as + "/" + ref;
  if ((model.read[slot] ?? model.read.base) >= top) return;
  model.read[slot] = top;
  remembered.set("read." + model.epoch, JSON.stringify(model.read));
}

export function unread(ref) {
  const from = model.read[model.as + "/" + ref] ?? model.read.base ?? 0;
  let n = 0;
  for (const m of model.messages.values()) {
    if (m.channel === ref && seq(m.ref) > from && m.author !== model.as && (!m.thread || ref.startsWith("dm-"))) n++;
  }
  return n;
}
