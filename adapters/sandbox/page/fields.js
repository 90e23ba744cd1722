// One question of a form, by its kind: an element, its value, and a place for what is wrong with it.

import { combobox } from "./combobox.js";
import { h } from "./dom.js";

const PLACES = ["First choice", "Second choice", "Third choice", "Fourth choice", "Fifth choice"];
const RADIOS = 4; // so few choices are shown at once

let counted = 0;

/** {field, element, value(), wrong(sentence), focus()} for a field of a form. */
export function drawField(field, form, to) {
  const id = `field-${(counted += 1)}`;
  const given = form.values[field.name];
  const make = MAKERS[field.kind] ?? line;
  const described = [field.hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  const made = make({ field, id, given, described, to, run: form.run });
  const hint = field.hint && h("p", { class: "hint", id: `${id}-hint` }, field.hint);
  const error = h("p", { class: "error", id: `${id}-error` });
  const label = [field.label, field.required ? null : h("span", { class: "fine" }, " optional")];
  const element = made.group
    ? h("fieldset", { class: `question ${field.kind}`, "aria-describedby": described }, h("legend", {}, ...label), hint || null, made.element, error)
    : made.inline
      ? h("div", { class: `question ${field.kind}` }, h("div", { class: "inline" }, made.element, h("label", { for: id }, ...label)), hint || null, error)
      : h("div", { class: `question ${field.kind}` }, h("label", { for: id }, ...label), hint || null, made.element, error);
  if (field.kind === "hidden") element.hidden = true;
  const controls = () => [...element.querySelectorAll("input, select, textarea")];
  const wrong = (sentence) => {
    error.textContent = sentence;
    for (const control of field.kind === "ranked" ? controls().slice(0, 1) : controls()) {
      if (sentence) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  };
  wrong(form.errors[field.name] ?? "");
  for (const event of ["input", "change"]) element.addEventListener(event, () => wrong("")); // it is being mended
  const focus = () => (controls().find((control) => control.checked) ?? controls()[0])?.focus();
  return { field, element, value: made.value, wrong, focus };
}

const single = (given) => (Array.isArray(given) ? given[0] ?? "" : given ?? "");
const several = (given) => (Array.isArray(given) ? given : given ? String(given).split(",").map((part) => part.trim()) : []);

function line({ field, id, given, described }, attributes = {}) {
  const element = h("input", {
    id, type: "text", maxlength: field.max_length, "aria-describedby": described, "aria-required": String(field.required), autocomplete: "off", ...attributes,
  });
  element.value = single(given);
  return { element, value: () => element.value.trim() };
}

function text({ field, id, given, described }) {
  const element = h("textarea", { id, rows: 4, maxlength: field.max_length, "aria-describedby": described, "aria-required": String(field.required) });
  element.value = single(given);
  return { element, value: () => element.value.trim() };
}

function number(asked) {
  return line(asked, { inputmode: "numeric", maxlength: 8, class: "short" });
}

function date(asked) {
  const plain = single(asked.given);
  return line(asked, plain === "" || /^\d{4}-\d{2}-\d{2}$/.test(plain) ? { type: "date", class: "short", maxlength: null } : {});
}

function time(asked) {
  const plain = single(asked.given);
  return line(asked, plain === "" || /^\d{2}:\d{2}$/.test(plain) ? { type: "time", class: "short", maxlength: null } : {});
}

function yes({ id, given, described, field }) {
  const element = h("input", { id, type: "checkbox", "aria-describedby": described, "aria-required": String(field.required) });
  element.checked = ["yes", "true", "on", "1", "y"].includes(single(given).toLowerCase());
  return { element, inline: true, value: () => (element.checked ? "yes" : field.required ? "" : "no") };
}

function one(asked) {
  const { field, id, given, described } = asked;
  if (field.search) return searched(asked);
  if (field.choices.length <= RADIOS) return ticks(asked, "radio");
  const element = select(field.choices, single(given), { id, "aria-describedby": described, "aria-required": String(field.required) });
  return { element, value: () => element.value };
}

function select(choices, given, attributes, empty = "Choose …") {
  const options = choices.map(([value, label]) => h("option", { value }, label));
  const element = h("select", attributes, h("option", { value: "" }, empty), ...options);
  element.value = choices.some(([value]) => value === given) ? given : "";
  return element;
}

function many(asked) {
  return ticks(asked, "checkbox");
}

function ticks({ field, id, given }, type) {
  const chosen = several(given);
  const boxes = field.choices.map(([value, label], index) => {
    const box = h("input", { type, name: id, value, id: `${id}-${index}` });
    box.checked = chosen.includes(value);
    return { box, row: h("label", { class: "tick-row", for: `${id}-${index}` }, box, h("span", {}, label)) };
  });
  const element = h("div", { class: boxes.length > 6 ? "ticks many" : "ticks" }, ...boxes.map(({ row }) => row));
  const values = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  return { element, group: true, value: () => (type === "radio" ? values()[0] ?? "" : values()) };
}

function ranked({ field, id, given }) {
  const chosen = several(given);
  const selects = Array.from({ length: field.places }, (_, index) =>
    select(field.choices, chosen[index] ?? "", { id: `${id}-${index}` }, index ? "None" : "Choose …"));
  const rows = selects.map((control, index) =>
    h("div", { class: "rank" }, h("label", { for: control.id }, PLACES[index] ?? `Choice ${index + 1}`), control));
  const shown = Math.max(field.shown ?? field.places, chosen.length);
  rows.forEach((row, index) => (row.hidden = index >= shown));
  const more = h("button", { type: "button", class: "plain small", onclick: () => {
    const next = rows.find((row) => row.hidden);
    next.hidden = false;
    next.querySelector("select").focus();
    more.hidden = !rows.some((row) => row.hidden);
  } }, "Add another choice");
  more.hidden = shown >= field.places;
  return { element: h("div", { class: "ranks" }, ...rows, more), group: true, value: () => selects.map((control) => control.value).filter(Boolean) };
}

function searched({ field, id, given, described, to, run }) {
  return combobox({ field, id, given: single(given), described, person: to.person, run });
}

const MAKERS = {
  line, text, number, date, time, yes, one, many, ranked, people: many, person: searched, timezone: searched, channel: searched, file: line, hidden: line,
};
