// Making elements. Text always goes in as text; only the server's own renderer writes HTML (see chat.js).

export const $ = (id) => document.getElementById(id);

/** An element with attributes (`on…` are listeners, `class` and `data-…` as in HTML) and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A round picture with somebody's initials; the bot has its own. */
export function avatar(person) {
  if (!person) return h("span", { class: "avatar bot", "aria-hidden": "true" });
  const initials = person.name.split(/\s+/).slice(0, 2).map((word) => Array.from(word)[0] ?? "").join("");
  const element = h("span", { class: "avatar", "aria-hidden": "true" }, initials.toUpperCase());
  element.style.setProperty("--hue", String((person.id * 137.5) % 360));
  return element;
}

let fading;

/** Say something once, at the bottom of the page and to screen readers. */
export function say(sentence) {
  const status = $("status");
  status.textContent = sentence;
  status.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => status.classList.remove("shown"), 6000);
}

/** Tell something to screen readers alone: everybody else sees it happen. */
export function tell(sentence) {
  $("told").textContent = sentence;
}

export const names = (list) =>
  list.length < 3 ? list.join(" and ") : `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`;
