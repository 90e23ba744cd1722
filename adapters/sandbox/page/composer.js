// Writing, and completing commands and their options after a "/".

import { attempt, get, post } from "./api.js";
import { answered } from "./chat.js";
import { $, h } from "./dom.js";
import { noted } from "./guide.js";
import { state } from "./state.js";

const text = $("text");
const list = $("completions");
const MOST = 40;

let commands = [];
let offered = []; // what the list shows: {insert, label, detail}
let active = -1;
let from = 0; // where in the text the completion begins
let asked = 0;

/** What this person may type. */
export async function loadCommands() {
  commands = state.me ? (await get(`/api/commands?person=${state.me.id}`)).commands : [];
}

/** Write a text and send it. */
export function sendNow(words) {
  text.value = words;
  text.focus();
  return send();
}

/** Put a text into the composer and go there. */
function write(words) {
  text.value = words;
  grow();
  text.focus();
  complete();
}

function grow() {
  text.style.setProperty("height", "auto");
  text.style.setProperty("height", `${Math.min(text.scrollHeight, 160)}px`);
}

async function complete() {
  const turn = (asked += 1);
  const found = await candidates(text.value);
  if (turn === asked) offer(found);
}

/** What fits behind what was typed, and whether its first is chosen by Enter. */
async function candidates(typed) {
  if (!typed.startsWith("/") || text.selectionEnd < typed.length) return { options: [], first: -1 };
  const body = typed.slice(1).toLowerCase();
  const command = [...commands].sort((a, b) => b.path.length - a.path.length).find((one) => body.startsWith(`${one.path} `));
  if (command) return options(command, typed);
  from = 0;
  const fits = commands.filter((one) => one.path.startsWith(body));
  const near = fits.length ? fits : commands.filter((one) => one.path.includes(body));
  const exact = near.length === 1 && near[0].path === body;
  return {
    options: exact ? [] : near.map((one) => ({ insert: `/${one.path} `, label: `/${one.path}`, detail: one.summary })),
    first: body ? 0 : -1,
  };
}

async function options(command, typed) {
  const rest = typed.slice(command.path.length + 2);
  const last = rest.match(/(?:[a-z_]+:)?(?:"[^"]*|[^\s"]*)$/)[0];
  from = typed.length - last.length;
  const named = last.match(/^([a-z_]+):"?(.*)$/s);
  const field = named && command.fields.find((one) => one.name === named[1]);
  if (field) return { options: (await choices(command, field, named[2])).map((choice) => answer(field, choice)), first: -1 };
  const left = command.fields.filter((one) => one.name.startsWith(last) && !rest.includes(`${one.name}:`));
  return { options: left.map((one) => ({ insert: `${one.name}:`, label: `${one.name}:`, detail: one.label })), first: -1 };
}

async function choices(command, field, typed) {
  if (field.kind === "yes") return [["yes", "yes"], ["no", "no"]];
  if (!field.search) return field.choices.filter(([, label]) => label.toLowerCase().includes(typed.toLowerCase()));
  const query = new URLSearchParams({ run: command.path, field: field.name, typed, kind: field.picker });
  return (await get(`/api/people/${state.me.id}/choices?${query}`).catch(() => ({ choices: [] }))).choices;
}

function answer(field, [value, label]) {
  const spoken = /[\s"]/.test(value) ? `"${value}"` : value;
  return { insert: `${field.name}:${spoken} `, label, detail: value === label ? "" : value };
}

function offer({ options: found, first }) {
  offered = found.slice(0, MOST);
  list.replaceChildren(
    ...offered.map((one, index) =>
      h("li", { role: "option", id: `completion-${index}`, "aria-selected": "false",
        onmousedown: (event) => { event.preventDefault(); accept(index); } },
        h("b", {}, one.label), one.detail ? h("span", {}, one.detail) : null)),
  );
  list.hidden = !offered.length;
  text.setAttribute("aria-expanded", String(!list.hidden));
  choose(offered.length ? first : -1);
}

function choose(index) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = index;
  const option = list.children[active];
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) text.setAttribute("aria-activedescendant", option.id);
  else text.removeAttribute("aria-activedescendant");
}

function accept(index) {
  text.value = text.value.slice(0, from) + offered[index].insert;
  grow();
  text.focus();
  complete();
}

function close() {
  asked += 1;
  offer({ options: [], first: -1 });
}

async function send() {
  const words = text.value.trim();
  if (!words || !state.me) return;
  close();
  text.value = "";
  grow();
  const [me, conversation] = [state.me, state.conversation];
  const answer = await attempt(() => post(`/api/people/${me.id}/type`, { text: words, conversation }));
  if (answer === undefined) {
    text.value = words;
    return;
  }
  noted(words.replace(/^\//, ""));
  answered(answer, { conversation });
}

const KEYS = {
  ArrowDown: () => choose(active + 1 < offered.length ? active + 1 : 0),
  ArrowUp: () => choose(active > 0 ? active - 1 : offered.length - 1),
  Tab: () => accept(Math.max(active, 0)),
  Escape: close,
};

text.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (offered.length && KEYS[event.key] && !(event.key === "Tab" && event.shiftKey)) {
    event.preventDefault();
    KEYS[event.key]();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (active >= 0) accept(active);
    else send();
  }
});
text.addEventListener("input", () => { grow(); complete(); });
text.addEventListener("blur", close);
$("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
document.addEventListener("click", (event) => {
  const run = event.target.closest("button.run");
  if (run) write(`${run.textContent} `);
});
