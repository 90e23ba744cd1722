// The server, as docs/sandbox-api.md tells it.

import { say } from "./dom.js";

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(found.error ?? `The sandbox answered with ${answer.status}.`);
  return found;
}

export const get = (path) => ask(path);

export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Run an action; what goes wrong is said, and undefined comes back. */
export async function attempt(action) {
  try {
    return await action();
  } catch (problem) {
    say(problem.message);
    return undefined;
  }
}
