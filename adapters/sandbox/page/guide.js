// A short path through a program: what to try, step by step. Steps are ticked off when they were done.

import { $, h } from "./dom.js";
import { keep, state } from "./state.js";

const STEPS = [
  { who: "Ada", does: "apply as a mentee", type: "/mentor join", done: "mentor join", sent: true },
  { who: "Olga", does: "close the call and have pairs proposed", type: "/cohort match", done: "cohort match now", duty: "coordinator" },
  { who: "Olga", does: "look at the reasons, then publish the pairs and confirm it", type: "/cohort review", done: "cohort publish now", duty: "coordinator" },
  { does: "Go to the next thing due until Ada has a room with a mentor, and open it", done: "clock" },
  { who: "Ada", does: "write down a first goal", type: "/goals set", done: "goals set", sent: true },
  { does: "Turn the clock by two weeks until a letter asks whether they talked, and answer it with one tap", done: "nudge" },
  { who: "Lena", does: "see how the pairs are doing", type: "/liaison pairs", done: "liaison pairs", duty: "liaison" },
];

let go = () => {};

/** `act` takes a step: be this person and send this text. */
export function onStep(act) {
  go = act;
}

export function drawGuide() {
  const next = STEPS.findIndex((_, index) => !state.kept.done.includes(index));
  $("guide").replaceChildren(...STEPS.map((step, index) => row(step, index, index === next)));
  $("hint").replaceChildren(...(next < 0 ? [] : [row(STEPS[next], next, true)]));
}

/** Somebody typed, pressed or, as a form, `sent` something: tick off the first open step of theirs that it is. */
export function noted(run, { sent = false } = {}) {
  const next = STEPS.findIndex((_, place) => !state.kept.done.includes(place));
  const fits = (step, place) => run.startsWith(step.done) && (sent || !step.sent) && (step.who ? isFor(step) : place === next);
  const index = STEPS.findIndex((step, place) => !state.kept.done.includes(place) && fits(step, place));
  if (index < 0) return;
  const before = (step, place) => place < index && step.duty && step.duty === STEPS[index].duty; // who publishes has matched
  STEPS.forEach((step, place) => (place === index || before(step, place)) && !state.kept.done.includes(place) && state.kept.done.push(place));
  keep();
  drawGuide();
}

function isFor(step) {
  return step.duty ? Boolean(state.me?.[step.duty]) : state.me?.id === actor(step)?.id;
}

function actor(step) {
  const named = state.people.find((person) => person.name === step.who);
  return named ?? state.people.find((person) => (step.duty ? person[step.duty] : !person.coordinator)) ?? state.people[0];
}

function row(step, index, next) {
  const done = state.kept.done.includes(index);
  const person = step.who && actor(step);
  const words = person ? `Be ${person.name}: ${step.does}.` : `${step.does}.`;
  const button = person && h("button", { type: "button", class: "run-step", onclick: () => go(person, step.type) }, step.type);
  return h("li", { class: done ? "done" : next ? "next" : "" },
    h("span", { class: "tick", "aria-hidden": "true" }, done ? "✓" : String(index + 1)),
    h("div", {}, h("span", {}, words, done ? h("span", { class: "hidden" }, " Done.") : null), button || null));
}
