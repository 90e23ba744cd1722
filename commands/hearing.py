"""Words typed without a command: they may answer what was asked last, and one press says so."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Draft
from bot.services import drafts
from bot.services.asked import AskedForm, AskedPairs, Question
from bot.storage.work import Work
from bot.texts import hearing as texts
from bot.texts import paces
from bot.texts.sheet import About, Topic
from bot.texts.topics import QUESTIONS
from bot.ui import Button, Changed, Field, Kind, Message, Reply, _
from commands import typed
from commands.catalog import Catalog
from commands.checkin import NOTE
from commands.filling import MOST_TAPS, Filling
from commands.goals import TITLE
from commands.spec import Command, Me, Onward, Refused, check_duty, command

_WRITTEN = frozenset({Kind.LINE, Kind.TEXT})

_KEPT = Field("kept", _("Which words?"), Kind.HIDDEN, max_length=20)


@command(
    "words take",
    _("Take typed words as an answer"),
    _KEPT,
    Field("run", _("What do they answer?"), Kind.HIDDEN),
    Field("field", _("Which question of it?"), Kind.HIDDEN, max_length=60),
    listed=False,
)
async def take(work: Work, me: Me, kept: str, run: str, field: str) -> Reply | Onward:
    """Open the form that asked, with the words in it."""
    words = await drafts.take_words(work, me.person, kept)
    if words:
        await drafts.put(work, me.person, run, field, words)
    return Onward(run)


@command("words leave", _("Typed words were no answer"), _KEPT, listed=False)
async def leave(work: Work, me: Me, kept: str) -> Reply:
    """Give the words back, and keep nothing of them."""
    return Changed(texts.let_be(await drafts.take_words(work, me.person, kept)))


COMMANDS: tuple[Command, ...] = (take, leave)


async def offer(work: Work, me: Me, catalog: Catalog, words: str, *, asked: Sequence[Question]) -> Message | None:
    """What to do with typed words: for the newest question that can have such an answer; nothing if none can."""
    for question in asked:
        found = await _offer(work, me, catalog, words, question)
        if found is not None:
            return found
    return None


async def _offer(work: Work, me: Me, catalog: Catalog, words: str, question: Question) -> Message | None:
    if isinstance(question, AskedForm):
        return await _to_form(work, me, catalog, words, question.draft)
    kept = await drafts.keep_words(work, me.person, words)
    if isinstance(question, AskedPairs):
        return _to_pairs(words, question, kept)
    return texts.as_press(words, question.buttons[:MOST_TAPS], leave=_leave(kept))


async def _to_form(work: Work, me: Me, catalog: Catalog, words: str, draft: Draft) -> Message | None:
    field = await _missing(work, me, catalog, draft)
    if field is None:
        return None
    words = " ".join(words.split()) if field.kind is Kind.LINE else words
    if len(words) > field.max_length:
        again = Button(_("Open the form"), "words take", {"kept": "0", "run": draft.run, "field": field.name})
        return texts.too_long(words, field.label, most=field.max_length, again=again)
    kept = await drafts.keep_words(work, me.person, words)
    put = Button(texts.PUT_THERE, "words take", {"kept": kept, "run": draft.run, "field": field.name})
    return texts.as_answer(words, field.label, field.hint, take=put, leave=_leave(kept))


async def _missing(work: Work, me: Me, catalog: Catalog, draft: Draft) -> Field | None:
    """The first question of a begun form that words can answer, those that must be answered first."""
    try:
        found, rest = catalog.find(draft.run)
        check_duty(found, me)
        if found.guard is not None:
            await found.guard(work, me)
        filling = Filling(work, me, catalog.sources, found, typed.answers(rest, found.fields))
        form = await filling.ask(submitted=False, draft=draft.answers)
    except Refused:  # what was begun cannot be sent any more
        return None
    if form is None or isinstance(form, Message | Changed):
        return None
    open_ones = [one for one in form.fields if one.kind in _WRITTEN and not form.values.get(one.name)]
    return min(open_ones, key=lambda one: not one.required, default=None)


def _to_pairs(words: str, asked: AskedPairs, kept: str) -> Message:
    """The period's letter asks for a talk, a goal, how it goes, or how often to write."""
    abouts = asked.abouts[: MOST_TAPS - 1]
    notes = [_note(about, kept, alone=len(abouts) == 1) for about in abouts]
    meant = texts.pace_meant(words)
    if asked.asks_pace and (meant is not None or not abouts):
        offered = paces.offered_buttons() if meant is None else (paces.button(meant),)
        return texts.as_press(words, offered, leave=_leave(kept), notes=notes)
    about = abouts[0]
    if len(abouts) == 1 and about.topic is Topic.SILENCE:
        return texts.as_press(words, QUESTIONS[Topic.SILENCE].buttons(about), leave=_leave(kept), notes=notes)
    if len(abouts) == 1 and about.topic is Topic.GOALS and len(words) <= TITLE.max_length:
        goal = Button(texts.AS_GOAL, "words take", _to("goals set", TITLE, about, kept))
        return texts.as_goal(words, about, take=goal, note=notes[0], leave=_leave(kept))
    return texts.as_note(words, abouts, notes, leave=_leave(kept))


def _note(about: About, kept: str, *, alone: bool) -> Button:
    return Button(texts.note_label(about, alone=alone), "words take", _to("checkin log", NOTE, about, kept))


def _to(path: str, field: Field, about: About, kept: str) -> dict[str, str]:
    return {"kept": kept, "run": typed.written(path, about.args), "field": field.name}


def _leave(kept: str) -> Button:
    return Button(texts.SOMETHING_ELSE, "words leave", {"kept": kept})
