"""What a command is: declared once, with no word about any platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain import Community, Duty, Letter, Person, Place, Space
from bot.domain.rhythm import day_in
from bot.ports import Receipt
from bot.storage.work import Work
from bot.texts import asking
from bot.ui import Answer, Button, Choice, Field, Reply, Words

Handler = Callable[..., Awaitable["Reply | Onward"]]
Guard = Callable[[Work, "Me"], Awaitable[None]]
MoreFields = Callable[[Work, "Me", Mapping[str, Any]], Awaitable[Sequence[Field]]]
Prefill = Callable[[Work, "Me", Mapping[str, Any]], Awaitable[Mapping[str, Answer]]]


class Refused(Exception):  # noqa: N818 - an answer to a person, not an error of ours
    """Ends a command with one sentence that says what to do; everything it wrote is rolled back.

    `field` names the question that the sentence belongs to: the form comes back with it, filled in as it was. `reply`
    is a whole message where a sentence is not enough.
    """

    def __init__(self, words: Words, *, field: str = "", reply: Reply | None = None) -> None:
        super().__init__(words.msgid)
        self.words = words
        self.field = field
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks, and from where."""

    person: Person
    community: Community
    space: Space
    duties: frozenset[Duty] = frozenset()
    place: Place | None = None
    pressed: Letter | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody typed, pressed or sent.

    `text` is a typed command or a form's `run`; `args` are its fields by name. `submitted` is true for a sent form.
    `conversation` is where it was typed, or nothing where no room can be, `pressed` the message whose button it was,
    `community` the one that a button or form carries: where `space` is nothing, as in a direct message that belongs to
    no server, it chooses among this user's accounts. All ids are the platform's, but for `community`. `name` and
    `zone` are what the platform knows of somebody whom we meet for the first time, and `mail` is an address of theirs
    that the platform has verified, or nothing. `is_admin`: the platform says that they rule this space; asked only for
    commands with `asks_admin`. `event` is the platform's id of what happened, which acts once however often it comes.
    `unasked`: what they see anyway is shown anew, and it is no sign of life. `mentioned`: whom a name in a typed text
    means, by our number of them, where several have it and the platform's own mention says which.
    """

    platform: str
    space: str | None
    user: str
    text: str
    args: Mapping[str, Answer] = field(default_factory=dict)
    submitted: bool = False
    conversation: str = ""
    pressed: Receipt | None = None
    community: int | None = None
    name: str = ""
    zone: str = ""
    mail: str = ""
    is_admin: bool = False
    event: str = ""
    unasked: bool = False
    mentioned: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Onward:
    """A handler's answer that another command gives: dispatch runs that one instead, in the same Work."""

    run: str


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that people can ask.

    `team`: the duties that may use it; empty means everybody. `reads`: it writes nothing. `opens`: it may answer with a
    form. `guard` raises Refused before anything is asked. `more`: fields that depend on the answers to `fields`; one of
    the same name takes the place of the other. `prefill`: what the form knows already. `asks_admin`: the platform is
    asked whether they rule the space. `confirms`: the form is shown even where everything was typed, and sending it is
    the yes.
    """

    path: str
    summary: Words
    fields: tuple[Field, ...]
    run: Handler
    team: frozenset[Duty] = frozenset()
    reads: bool = False
    listed: bool = True
    guard: Guard | None = None
    more: MoreFields | None = None
    prefill: Prefill | None = None
    intro: Words | None = None
    asks_admin: bool = False
    confirms: bool = False

    @property
    def opens(self) -> bool:
        """Whether it may answer with a form: platforms that must open one at once want to know."""
        return bool(self.fields) or self.more is not None


def command(
    path: str,
    summary: Words,
    *fields: Field,
    team: Sequence[Duty] = (),
    reads: bool = False,
    listed: bool = True,
    guard: Guard | None = None,
    more: MoreFields | None = None,
    prefill: Prefill | None = None,
    intro: Words | None = None,
    asks_admin: bool = False,
    confirms: bool = False,
) -> Callable[[Handler], Command]:
    """Declare a command; the handler gets `(work, me, **answers)` with each answer read by its field's kind."""

    def declare(handler: Handler) -> Command:
        shape = (frozenset(team), reads, listed, guard, more, prefill, intro, asks_admin, confirms)
        return Command(path, summary, fields, handler, *shape)

    return declare


@dataclass(frozen=True, slots=True)
class Source:
    """A named query behind a field. It alone decides which values a person may give.

    `find(work, me, typed, answers)` gives at most 25 choices; `load(work, me, value)` gives what the handler gets, or
    nothing where this person may not use that value. `none` says what to do when there is nothing to choose, `refuse`
    where that depends on who asks; `step` is what a coordinator can do about that. `unknown` is said of a value that is
    not among them.
    """

    name: str
    find: Callable[[Work, Me, str, Mapping[str, Answer]], Awaitable[Sequence[Choice]]]
    load: Callable[[Work, Me, str], Awaitable[object | None]]
    none: Words | None = None
    refuse: Callable[[Work, Me], Awaitable[Refused]] | None = None
    step: Button | None = None
    unknown: Callable[[str], Words] | None = None


def check_duty(found: Command, me: Me) -> None:
    """Whether this person's duties allow the command: the only place that decides it. Raises Refused."""
    if found.team and not found.team & me.duties:
        words = asking.not_your_duty(found.path, found.team)
        raise Refused(words, reply=asking.refused(words))


def today_here(work: Work, me: Me) -> date:
    """The person's own calendar day."""
    return day_in(work.now, me.person.tz)
