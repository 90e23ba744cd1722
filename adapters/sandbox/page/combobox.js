// A field whose choices are searched while one types: a text with a list under it, worked by keys or by pointer.

import { get } from "./api.js";
import { h } from "./dom.js";

const PAUSE = 120; // milliseconds of not typing before the search

export function combobox({ field, id, given, described, person, run }) {
  let choices = field.choices;
  let chosen = choices.find(([value]) => value === given) ?? (given ? [given, given.replaceAll("_", " ")] : null);
  let active = -1;
  let waiting;
  let asked = 0;

  const list = h("ul", { role: "listbox", id: `${id}-list`, class: "options", hidden: true });
  const input = h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": `${id}-list`, "aria-describedby": described, "aria-required": String(field.required), placeholder: "Type to search",
  });
  input.value = chosen ? chosen[1] : "";

  async function search() {
    const turn = (asked += 1);
    const query = new URLSearchParams({ run, field: field.name, typed: input.value.trim(), kind: field.picker });
    const found = await get(`/api/people/${person}/choices?${query}`).catch(() => ({ choices: [] }));
    if (turn !== asked) return;
    choices = found.choices;
    if (choices.length || input.value.trim()) open();
    else close();
  }

  function open() {
    list.replaceChildren(...choices.map(([value, label], index) =>
      h("li", { role: "option", id: `${id}-option-${index}`, "aria-selected": "false",
        onmousedown: (event) => { event.preventDefault(); take(index); } }, label)));
    if (!choices.length) list.replaceChildren(h("li", { class: "fine", role: "option", "aria-disabled": "true" }, "Nothing fits. Try another word."));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    list.scrollIntoView({ block: "nearest" }); // a form that scrolls would cut it off at its lower edge
    mark(choices.length && input.value.trim() ? 0 : -1);
  }

  function close() {
    clearTimeout(waiting);
    asked += 1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(index) {
    chosen = choices[index];
    input.value = chosen[1];
    close();
  }

  const KEYS = {
    ArrowDown: () => (list.hidden ? search() : mark(active + 1 < choices.length ? active + 1 : 0)),
    ArrowUp: () => (list.hidden ? search() : mark(active > 0 ? active - 1 : choices.length - 1)),
    Enter: () => take(active),
    Escape: close,
  };

  input.addEventListener("keydown", (event) => {
    const opens = event.key.startsWith("Arrow") && ["ArrowDown", "ArrowUp"].includes(event.key);
    const works = opens || (!list.hidden && (event.key === "Escape" || (event.key === "Enter" && active >= 0)));
    if (!works) return;
    event.preventDefault(); // Escape closes the list and not the form
    event.stopPropagation();
    KEYS[event.key]();
  });
  input.addEventListener("input", () => {
    chosen = null;
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE);
  });
  input.addEventListener("click", () => list.hidden && search());
  input.addEventListener("blur", () => {
    const typed = input.value.trim().toLowerCase();
    chosen ??= choices.find(([, label]) => label.toLowerCase() === typed) ?? null;
    close();
  });

  // what was typed and not chosen is sent as it is: the server may know what is meant by "Chicago"
  return { element: h("div", { class: "combobox" }, input, list), value: () => (chosen ? chosen[0] : input.value.trim()) };
}
