// The page: it starts everything, listens to the server and keeps the parts in step.

import { attempt, get } from "./api.js";
import { forgetMessages, refreshMessages } from "./chat.js";
import { drawClock, onTurn, refreshClock } from "./clock.js";
import { loadCommands, sendNow } from "./composer.js";
import { addPerson, startOver } from "./dialogs.js";
import { $ } from "./dom.js";
import { drawGuide, onStep } from "./guide.js";
import { become, drawHead, drawSide, onChoice } from "./people.js";
import { personOf, sameCommunity, state } from "./state.js";

const WIDE = matchMedia("(min-width: 720px)");

/** Everything anew: people, conversations, messages, clock. One run at a time; a change meanwhile asks for another. */
let running = null;
let again = false;

async function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = attempt(update);
  await running;
  running = null;
  if (again) {
    again = false;
    return refresh();
  }
  return undefined;
}

async function update() {
  const { community, people } = await get("/api/people");
  const same = sameCommunity(community.since);
  Object.assign(state, { community, people });
  state.me = personOf(state.me?.id ?? state.kept.me) ?? null;
  if (!same) {
    state.me = null;
    forgetMessages();
  }
  if (!state.me && people.length) await arrive();
  await refreshConversations();
  await refreshMessages();
  await refreshClock();
  draw();
}

/** Whom one is at first: the guide's first person, else the first of all. */
async function arrive() {
  state.me = state.people.find((person) => person.name === "Ada") ?? state.people[0];
  state.conversation = state.kept.conversation || `dm-${state.me.id}`;
  await loadCommands();
}

async function refreshConversations() {
  if (!state.me) {
    state.conversations = [];
    return;
  }
  state.conversation ||= state.kept.conversation || `dm-${state.me.id}`;
  state.conversations = (await get(`/api/people/${state.me.id}/conversations`)).conversations;
  if (!state.conversations.some((one) => one.id === state.conversation)) state.conversation = `dm-${state.me.id}`;
}

function draw() {
  drawSide();
  drawHead();
  drawClock();
  drawGuide();
}

function show(pane) {
  document.body.dataset.pane = pane;
  for (const tab of $("tabs").children) tab.setAttribute("aria-pressed", String(tab.dataset.pane === pane));
}

onChoice(async () => {
  show("chat");
  drawHead();
  await attempt(loadCommands);
  await refresh();
  if (WIDE.matches) $("text").focus();
});
onStep(async (person, words) => {
  await become(person);
  await sendNow(words);
});
onTurn(refresh);
$("tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("[data-pane]");
  if (tab) show(tab.dataset.pane);
});
$("add").addEventListener("click", () => addPerson(async (id) => {
  await refresh();
  await become(personOf(id));
}));
$("over").addEventListener("click", () => startOver(refresh));

show("chat");
await refresh();
await attempt(loadCommands);
const events = new EventSource("/api/events");
events.addEventListener("message", refresh);
