// The left: who one is, one's conversations, and everybody else to be.

import { $, avatar, h } from "./dom.js";
import { HOUR, format, keep, now, personOf, seen, seenAtAll, state } from "./state.js";

const DUTIES = [["coordinator", "coordinator"], ["liaison", "liaison"], ["committee", "committee"]];

let changed = () => {};

/** `act` is called after another person or conversation was chosen. */
export function onChoice(act) {
  changed = act;
}

export function drawSide() {
  $("community").textContent = state.community?.name ?? "sandbox";
  drawMe();
  drawList($("conversations"), state.conversations.map(conversationRow));
  drawList($("people"), state.people.map(personRow));
}

/** Become a person, in their own conversation with the bot or the one they were last in. */
export function become(person, conversation = `dm-${person.id}`) {
  state.me = person;
  state.conversation = conversation;
  Object.assign(state.kept, { me: person.id, conversation });
  keep();
  return changed();
}

export function enter(conversation) {
  return become(state.me, conversation);
}

/** Replace the rows of a list and keep the focus on the row that had it. */
function drawList(list, rows) {
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(...rows.map((row) => h("li", {}, row)));
  if (held) list.querySelector(`[data-key="${held}"]`)?.focus();
}

function drawMe() {
  if (!state.me) return $("me").replaceChildren(h("p", { class: "fine" }, "Nobody yet"));
  return $("me").replaceChildren(
    avatar(state.me),
    h("div", {}, h("b", {}, state.me.name), h("span", { class: "fine" }, duty(state.me))),
    h("span", { class: "fine", id: "my-hour" }, format(now(), HOUR)),
  );
}

function duty(person) {
  const held = DUTIES.filter(([name]) => person[name]).map(([, spoken]) => spoken);
  const city = person.timezone.split("/").at(-1).replaceAll("_", " ");
  return [...held, city].join(" · ");
}

function conversationRow(one) {
  const here = one.id === state.conversation;
  const unread = !here && one.newest > seen(state.me.id, one.id);
  return h(
    "button",
    {
      type: "button",
      class: unread ? "row unread" : "row",
      "aria-current": here ? "page" : undefined,
      "data-key": one.id,
      onclick: () => enter(one.id),
    },
    mark(one),
    h("span", { class: "name" }, one.title),
    unread ? h("span", { class: "dot" }, h("span", { class: "hidden" }, "new messages")) : null,
  );
}

function mark(one) {
  if (one.kind === "bot") return avatar(null);
  if (one.kind === "channel") return h("span", { class: "hash", "aria-hidden": "true" }, one.private ? "⌂" : "#");
  const others = one.people.map(personOf).filter(Boolean);
  return h("span", { class: "pair", "aria-hidden": "true" }, ...others.slice(0, 2).map(avatar));
}

function personRow(person) {
  const here = person.id === state.me?.id;
  const unread = !here && person.newest > seenAtAll(person.id);
  return h(
    "button",
    {
      type: "button",
      class: unread ? "row unread" : "row",
      "aria-current": here ? "true" : undefined,
      "data-key": `p${person.id}`,
      onclick: () => become(person),
    },
    avatar(person),
    h("span", { class: "name" }, person.name, h("span", { class: "fine" }, duty(person))),
    unread ? h("span", { class: "dot" }, h("span", { class: "hidden" }, "new messages")) : null,
  );
}

const SUBTITLES = {
  bot: () => "Between you and mentorbot. Nobody else reads this.",
  room: () => "For the two of you. mentorbot posts here, and cannot read it.",
  channel: (one) => (one.private ? "For coordinators and liaisons." : "Everybody is here."),
};

export function drawHead() {
  const where = state.conversations.find((one) => one.id === state.conversation);
  $("title").textContent = where ? (where.kind === "channel" ? `#${where.title}` : where.title) : "mentorbot";
  $("subtitle").textContent = where ? SUBTITLES[where.kind](where) : "";
  $("as").replaceChildren(...(state.me ? [avatar(state.me), h("span", {}, `You are ${state.me.name}`)] : []));
  $("text").placeholder = where?.kind === "bot" ? "Write to mentorbot, or type /" : `Write as ${state.me?.name ?? ""}`;
  $("text").disabled = $("send").disabled = !state.me;
  document.title = state.me ? `${$("title").textContent} as ${state.me.name} · mentorbot sandbox` : "mentorbot sandbox";
}
