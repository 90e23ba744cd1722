// The page's own two dialogs: somebody new, and starting over.

import { attempt, post } from "./api.js";
import { h } from "./dom.js";
import { state } from "./state.js";

function open(title, fill) {
  const dialog = h("dialog", { class: "form small", "aria-labelledby": "dialog-title" });
  const leave = () => dialog.close();
  const head = h("header", {}, h("h2", { id: "dialog-title" }, title), h("button", { type: "button", class: "close", onclick: leave }, "Close"));
  dialog.append(fill(head, leave));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const DUTIES = [
  ["coordinator", "Coordinator: runs the program"],
  ["liaison", "Liaison: looks after pairs"],
  ["committee", "Committee: reviews matches"],
];

/** Ask who comes, and call `added` with the new person's number. */
export function addPerson(added) {
  open("Add a person", (head, leave) => {
    const name = h("input", { id: "new-name", maxlength: 100, autocomplete: "off", "aria-describedby": "new-error" });
    const zone = h("input", { id: "new-zone", list: "zones", autocomplete: "off", "aria-describedby": "new-error new-zone-hint" });
    zone.value = state.community?.timezone ?? "";
    const zones = (Intl.supportedValuesOf?.("timeZone") ?? []).map((value) => h("option", { value }));
    const boxes = DUTIES.map(([duty, label]) => ({ duty, box: h("input", { type: "checkbox", id: `new-${duty}` }), label }));
    const error = h("p", { class: "error", id: "new-error", role: "alert" });

    async function send(event) {
      event.preventDefault();
      const duties = Object.fromEntries(boxes.map(({ duty, box }) => [duty, box.checked]));
      try {
        const { id } = await post("/api/people", { name: name.value, timezone: zone.value, ...duties });
        leave();
        await added(id);
      } catch (problem) {
        error.textContent = problem.message;
        (name.value.trim() ? zone : name).focus();
      }
    }

    return h("form", { onsubmit: send, novalidate: true },
      head,
      h("div", { class: "fields" },
        h("p", { class: "intro" }, state.people.length ? "Somebody invented who joins the community." : "The first person of a community is its coordinator."),
        h("div", { class: "question" }, h("label", { for: "new-name" }, "Name"), name),
        h("div", { class: "question" }, h("label", { for: "new-zone" }, "Time zone"), h("p", { class: "hint", id: "new-zone-hint" }, "The nearest large city, such as Chicago."), zone, h("datalist", { id: "zones" }, ...zones)),
        state.people.length ? h("fieldset", { class: "question" }, h("legend", {}, "In the team", h("span", { class: "fine" }, " optional")), h("div", { class: "ticks" }, ...boxes.map(({ duty, box, label }) => h("label", { class: "tick-row", for: `new-${duty}` }, box, h("span", {}, label))))) : null,
        error),
      h("footer", {}, h("span", { class: "gap" }), h("button", { type: "submit", class: "main" }, "Add")));
  });
}

/** Ask before everything is forgotten, and call `done` when it was. */
export function startOver(done) {
  open("Start over", (head, leave) => {
    const begin = (cast) => async (event) => {
      event.target.disabled = true;
      await attempt(() => post("/api/reset", { cast }));
      leave();
      await done();
    };
    return h("div", {},
      head,
      h("div", { class: "fields" }, h("p", { class: "intro" }, "Everything in this sandbox is forgotten: people, messages, pairs, and how far the clock was turned.")),
      h("footer", {},
        h("button", { type: "button", class: "plain", onclick: begin(false) }, "With nobody"),
        h("span", { class: "gap" }),
        h("button", { type: "button", class: "main", onclick: begin(true) }, "With the invented people")));
  });
}
