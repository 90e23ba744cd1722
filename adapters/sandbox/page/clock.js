// The right: the sandbox's clock, what is due, and turning it.

import { attempt, get, post } from "./api.js";
import { $, h, names } from "./dom.js";
import { noted } from "./guide.js";
import { DAY, DAY_AND_YEAR, HOUR, format, now, state, zone } from "./state.js";

const MOST = 6;
const YEAR = { year: "numeric" };
const STEPS = { next: "The next thing has happened.", "days:1": "A day later.", "weeks:1": "A week later.", "weeks:2": "Two weeks later." };

let turned = async () => {};

/** `act` brings the page up to date after the clock was turned. */
export function onTurn(act) {
  turned = act;
}

export async function refreshClock() {
  take(await get("/api/clock"));
}

export function take(found) {
  state.now = Date.parse(found.now);
  state.readAt = Date.now();
  state.due = found.due ?? state.due;
  drawClock();
}

export function drawClock() {
  const present = now();
  $("hour").textContent = format(present, HOUR);
  $("day").textContent = format(present, DAY_AND_YEAR);
  $("zone").textContent = state.me ? `where ${state.me.name} is, in ${city(zone())}` : city(zone());
  const mine = $("my-hour");
  if (mine) mine.textContent = format(present, HOUR);
  drawDue(present);
}

const city = (name) => name.split("/").at(-1).replaceAll("_", " ");

let drawn = "";

function drawDue(present) {
  const rows = state.due.slice(0, MOST).map(({ at, what }) => ({ what, when: moment(Date.parse(at)), far: distance(Date.parse(at) - present) }));
  const next = JSON.stringify([rows, zone()]);
  if (next === drawn) return;
  drawn = next;
  $("due").replaceChildren(
    ...(rows.length
      ? rows.map(({ what, when, far }) => h("li", {}, h("span", { class: "what" }, what), h("span", { class: "fine" }, `${when} · ${far}`)))
      : [h("li", { class: "fine" }, "Nothing, for now.")]),
  );
}

function moment(instant) {
  const thisYear = format(instant, YEAR) === format(now(), YEAR);
  return `${format(instant, thisYear ? DAY : DAY_AND_YEAR)}, ${format(instant, HOUR)}`;
}

const UNITS = [[86_400_000, "day"], [3_600_000, "hour"], [60_000, "minute"]];
const spans = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function distance(milliseconds) {
  const [length, unit] = UNITS.find(([size]) => milliseconds >= size) ?? [60_000, "minute"];
  const count = Math.round(milliseconds / length);
  return count <= 0 ? "now" : spans.format(count, unit);
}

async function turn(step, pressed) {
  const [unit, count] = step.split(":");
  const before = new Map(state.people.map((person) => [person.id, person.newest]));
  const group = $("turns");
  group.setAttribute("aria-busy", "true");
  for (const button of group.children) button.disabled = true;
  $("turned").textContent = "Turning the clock …";
  const forward = unit === "next" ? { next: true } : { [unit]: Number(count) };
  const found = await attempt(() => post("/api/clock", { forward }));
  group.removeAttribute("aria-busy");
  for (const button of group.children) button.disabled = false;
  pressed.focus({ preventScroll: true });
  if (!found) {
    $("turned").textContent = "";
    return;
  }
  noted(`clock ${unit}`);
  take(found);
  await turned();
  const told = state.people.filter((person) => person.newest > (before.get(person.id) ?? 0)).map((person) => person.name);
  $("turned").textContent = `${STEPS[step]} ${told.length ? `New messages for ${names(told)}.` : "No new messages."}`;
}

$("turns").addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-turn]");
  if (pressed) turn(pressed.dataset.turn, pressed);
});
setInterval(drawClock, 1000);
