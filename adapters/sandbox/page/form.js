// A form as a dialog: its pages, its errors, and what was begun when it is left.

import { attempt, post } from "./api.js";
import { h, say } from "./dom.js";
import { drawField } from "./fields.js";
import { noted } from "./guide.js";

/** Show a form. `to` says for which person, in which conversation and from which message; `to.done` gets the answer. */
export function openForm(form, to) {
  const sheet = new Sheet(form, to);
  document.body.append(sheet.dialog);
  sheet.dialog.showModal();
  sheet.turnTo(sheet.firstWrong() ?? 0);
  return sheet;
}

class Sheet {
  constructor(form, to) {
    this.form = form;
    this.to = to;
    this.fields = form.fields.map((field) => drawField(field, form, to));
    this.steps = [...new Set(form.fields.map((field) => field.page))].sort((a, b) => a - b);
    this.step = 0;
    this.dialog = this.draw();
    this.before = JSON.stringify(this.values());
  }

  values() {
    return Object.fromEntries(this.fields.map(({ field, value }) => [field.name, value()]));
  }

  draw() {
    const title = h("h2", { id: "form-title", tabindex: "-1" }, this.form.title);
    this.progress = h("p", { class: "fine progress" });
    const intro = h("div", { class: "intro" });
    intro.innerHTML = this.form.intro_html ?? ""; // from adapters/sandbox/markup.py, which escapes every text
    this.sets = this.steps.map((page) =>
      h("div", { class: "step" }, ...this.fields.filter(({ field }) => field.page === page).map(({ element }) => element)));
    this.buttons = {
      back: this.button("Back", "plain", () => this.turnTo(this.step - 1)),
      more: this.button("Add more", "plain", () => this.turnTo(this.step + 1)),
      next: h("button", { type: "submit", class: "main" }, "Next"),
    };
    const body = h(
      "form",
      { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.forward(); } },
      h("header", {}, h("div", {}, title, this.progress), this.button("Close", "close", () => this.leave())),
      h("div", { class: "fields" }, this.form.intro_html ? intro : null, ...this.sets),
      h("footer", {}, this.buttons.back, h("span", { class: "gap" }), this.buttons.more, this.buttons.next),
    );
    const dialog = h("dialog", { class: "form", "aria-labelledby": "form-title" }, body);
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.leave(); });
    return dialog;
  }

  button(label, look, act) {
    return h("button", { type: "button", class: look, onclick: act }, label);
  }

  firstWrong() {
    const wrong = this.fields.find(({ field }) => this.form.errors[field.name]);
    return wrong && this.steps.indexOf(wrong.field.page);
  }

  /** Whether all that comes after this step may be left out. */
  restIsOptional() {
    const left = this.steps.slice(this.step + 1);
    return this.fields.every(({ field }) => !field.required || !left.includes(field.page));
  }

  turnTo(step) {
    this.step = step;
    this.sets.forEach((set, index) => (set.hidden = index !== step));
    const last = step === this.steps.length - 1;
    const sends = last || this.restIsOptional();
    this.buttons.back.hidden = step === 0;
    this.buttons.more.hidden = last || !sends;
    this.buttons.next.textContent = sends ? "Send" : "Next";
    this.progress.textContent = this.steps.length > 1 ? `Step ${step + 1} of ${this.steps.length}` : "";
    this.dialog.querySelector(".fields").scrollTop = 0;
    const here = this.fields.filter(({ field }) => field.page === this.steps[step]);
    const wrong = here.find(({ element }) => element.querySelector("[aria-invalid=true]"));
    (wrong ?? here[0])?.focus();
  }

  forward() {
    if (this.lacksAnswers()) return undefined;
    if (this.buttons.next.textContent === "Send") return this.send();
    this.keep();
    return this.turnTo(this.step + 1);
  }

  /** Say beside each required field of this step that it is empty; the server says everything else. */
  lacksAnswers() {
    const here = this.fields.filter(({ field }) => field.page === this.steps[this.step]);
    const empty = here.filter(({ field, value }) => field.required && !value().length);
    for (const drawn of here) drawn.wrong(empty.includes(drawn) ? MISSING[drawn.field.kind] ?? "Please fill this in." : "");
    empty[0]?.focus();
    return empty.length > 0;
  }

  async send() {
    const { person, conversation, message } = this.to;
    const { next } = this.buttons;
    next.disabled = true;
    const body = { run: this.form.run, values: this.values(), conversation, ...(message ? { message } : {}) };
    const answer = await attempt(() => post(`/api/people/${person}/submit`, body));
    next.disabled = false;
    if (!answer) return;
    this.close();
    if (!answer.form) noted(this.form.run, { sent: true });
    this.to.done(answer, this.to);
  }

  keep() {
    const values = this.values();
    if (JSON.stringify(values) === this.before) return false;
    attempt(() => post(`/api/people/${this.to.person}/draft`, { run: this.form.run, values }));
    return true;
  }

  leave() {
    if (this.keep()) say("What you began is kept. Open the form again to go on.");
    this.close();
  }

  close() {
    this.dialog.close();
    this.dialog.remove();
  }
}

const MISSING = { one: "Please choose here.", many: "Please choose here.", ranked: "Please choose here.", yes: "Please tick this to go on." };
