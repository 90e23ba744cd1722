// What the page knows: who one is, where, and what was seen. The last two outlive a reload.

const KEY = "mentorbot-sandbox";

export const state = {
  since: 0, // when this community began: another one means that somebody started over
  community: null,
  people: [],
  me: null,
  conversations: [],
  conversation: "",
  now: 0, // the sandbox's clock in milliseconds, and when it was read
  readAt: 0,
  due: [],
  kept: read(),
};

function read() {
  try {
    return { since: 0, seen: {}, done: [], me: 0, conversation: "", ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { since: 0, seen: {}, done: [], me: 0, conversation: "" };
  }
}

export function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify(state.kept));
  } catch {
    // a browser that keeps nothing forgets which messages were read, and nothing else
  }
}

/** Whether this is the community that was kept; if not, everything kept is forgotten. */
export function sameCommunity(since) {
  state.since = since;
  if (state.kept.since === since) return true;
  state.kept = { since, seen: {}, done: [], me: 0, conversation: "" };
  keep();
  return false;
}

export const personOf = (id) => state.people.find((person) => person.id === id);

export const seen = (person, conversation) => state.kept.seen[`${person}:${conversation}`] ?? 0;

/** The newest letter that somebody has seen, wherever it lay. */
export const seenAtAll = (person) => seen(person, "letters");

export function see(person, conversation, id) {
  if (!conversation.startsWith("channel-") && id > seenAtAll(person)) state.kept.seen[`${person}:letters`] = id;
  if (id <= seen(person, conversation)) return false;
  state.kept.seen[`${person}:${conversation}`] = id;
  keep();
  return true;
}

/** The sandbox's present, running on since it was last told. */
export const now = () => state.now + (Date.now() - state.readAt);

export const zone = () => state.me?.timezone ?? state.community?.timezone ?? "UTC";

const formats = new Map();

export function format(instant, options) {
  const key = JSON.stringify([zone(), options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone(), ...options }));
  return formats.get(key).format(instant);
}

export const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
export const DAY = { weekday: "long", month: "long", day: "numeric" };
export const DAY_AND_YEAR = { ...DAY, year: "numeric" };
