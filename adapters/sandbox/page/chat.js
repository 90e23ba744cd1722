// The conversation in the middle: its messages, their buttons, and what changes in them.

import { attempt, get, post } from "./api.js";
import { $, avatar, h, tell } from "./dom.js";
import { openForm } from "./form.js";
import { noted } from "./guide.js";
import { DAY_AND_YEAR, HOUR, format, personOf, see, state } from "./state.js";

const log = $("log");
const APART = 5 * 60_000; // messages of one person closer than this stand under one name

let messages = new Map();
let revision = 0;
let shownFor = "";

/** Bring the conversation up to date, or show another one. */
export async function refreshMessages() {
  if (!state.me) return showNobody();
  const [me, conversation] = [state.me.id, state.conversation];
  const fresh = shownFor !== `${me}:${conversation}`;
  const path = `/api/people/${me}/messages?conversation=${conversation}&since=${fresh ? 0 : revision}`;
  const found = await get(path);
  if (me !== state.me?.id || conversation !== state.conversation) return undefined;
  if (fresh) {
    messages = new Map();
    shownFor = `${me}:${conversation}`;
    log.setAttribute("aria-live", "off");
    log.replaceChildren();
  }
  revision = found.revision;
  show(found.messages, fresh);
  if (fresh) requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  const newest = Math.max(0, ...messages.keys());
  return see(me, conversation, newest);
}

export function forgetMessages() {
  shownFor = "";
}

/** Whoever reads the newest message goes on seeing its end, also when the composer or the window changes its height. */
let atEnd = true;
log.addEventListener("scroll", () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120));
new ResizeObserver(() => atEnd && (log.scrollTop = log.scrollHeight)).observe(log);

function show(found, fresh) {
  atEnd ||= fresh;
  for (const message of found) {
    if (messages.has(message.id)) change(message);
    else add(message);
  }
  if (!messages.size) log.replaceChildren(welcome());
  if (atEnd && found.length) toEnd(fresh);
}

function toEnd(fresh) {
  log.scrollTo({ top: log.scrollHeight, behavior: fresh ? "instant" : "auto" });
  for (const image of log.querySelectorAll("img:not([data-placed])")) {
    image.dataset.placed = "";
    image.addEventListener("load", () => (log.scrollTop = log.scrollHeight), { once: true });
  }
}

function add(message) {
  const before = [...messages.values()].at(-1);
  if (!before) log.replaceChildren();
  const day = format(new Date(message.at), DAY_AND_YEAR);
  const newDay = !before || format(new Date(before.at), DAY_AND_YEAR) !== day;
  if (newDay) log.append(h("p", { class: "day" }, h("span", {}, day)));
  const joined =
    !newDay && before.author === message.author && before.only_you === message.only_you &&
    new Date(message.at) - new Date(before.at) < APART;
  messages.set(message.id, message);
  log.append(draw(message, joined));
}

function change(message) {
  messages.set(message.id, message);
  const old = log.querySelector(`[data-message="${message.id}"]`);
  if (!old) return;
  const held = old.contains(document.activeElement);
  const drawn = draw(message, old.classList.contains("joined"));
  drawn.classList.add("changed");
  old.replaceWith(drawn);
  if (held) drawn.focus({ preventScroll: true });
  tell(message.notice);
}

function draw(message, joined) {
  const author = personOf(message.author);
  const mine = message.author === state.me.id;
  const time = h("time", { datetime: message.at }, format(new Date(message.at), HOUR));
  const head = h("p", { class: "head" }, h("b", {}, message.author ? message.from : "mentorbot"), time);
  if (message.only_you) head.append(h("span", { class: "only-you" }, "only you see this"));
  return h(
    "article",
    {
      class: `message${joined ? " joined" : ""}${message.author ? " person" : ""}${mine ? " mine" : ""}`,
      "data-message": message.id,
      tabindex: "-1",
      "aria-label": `${message.from}, ${format(new Date(message.at), HOUR)}`,
    },
    avatar(message.author ? author ?? { id: message.author, name: message.from } : null),
    h("div", { class: "said" }, head, content(message)),
  );
}

function content(message) {
  if (message.author) {
    const command = message.text.startsWith("/");
    return h("p", { class: command ? "typed command" : "typed" }, message.text);
  }
  const body = h("div", { class: "content" });
  body.innerHTML = message.html; // written by adapters/sandbox/markup.py, which escapes every text
  return body;
}

function welcome() {
  const where = state.conversations.find((one) => one.id === state.conversation);
  if (where?.kind !== "bot") return h("p", { class: "empty" }, "Nothing has been said here yet.");
  return h(
    "div",
    { class: "empty" },
    avatar(null),
    h("p", {}, h("b", {}, `${state.me.name}, this is between you and mentorbot.`)),
    h("p", {}, "Type / to see what you can ask, or begin with ",
      h("button", { type: "button", class: "run" }, "/mentor help"), "."),
  );
}

function showNobody() {
  forgetMessages();
  messages = new Map();
  log.replaceChildren(
    h("div", { class: "empty" }, avatar(null),
      h("p", {}, h("b", {}, "Nobody is here yet.")),
      h("p", {}, "Add a person to begin. Whoever comes first is the coordinator.")),
  );
  return false;
}

/** Handle what came back from typing, pressing or sending; `from` is the message that was pressed. */
export function answered(answer, { conversation, message } = {}) {
  if (answer?.form) openForm(answer.form, { person: state.me.id, conversation, message, done: answered });
}

log.addEventListener("click", async (event) => {
  const target = event.target.closest("button[data-button]");
  if (!target || target.disabled) return;
  const article = target.closest("[data-message]");
  const message = messages.get(Number(article.dataset.message));
  const { run, args } = message.buttons[Number(target.dataset.button)];
  article.setAttribute("aria-busy", "true");
  const body = { run, args, message: message.id };
  const answer = await attempt(() => post(`/api/people/${state.me.id}/press`, body));
  article.removeAttribute("aria-busy");
  noted(run);
  answered(answer, { conversation: state.conversation, message: message.id });
});
