"""How the letters of the rhythm sound: short, with a notice that gives nothing away, and never a reproach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot import programs
from bot.domain import ConcernTo
from bot.texts import answers, concerns, first_contact, nudges, paces, silence
from bot.texts.sheet import About, Answer, Sheet, Topic
from bot.ui import Inline, Message, Who, Words
from tests.wording import label_of, notice_of, words_of

ADA, BEN, OLGA, CORA = Who(1, "Ada"), Who(2, "Ben"), Who(3, "Olga"), Who(4, "Cora")
AT = datetime(2027, 7, 13, 15, tzinfo=UTC)
LONGEST = max((text for phase in programs.template("alcts").phases for text in phase.prompts.mentor.values()), key=len)


def about(topic: Topic, partner: Inline = ADA, *, pair: int = 7) -> About:
    prompt = Words(LONGEST) if topic in {Topic.TALK, Topic.THANKS} else None
    return About(pair=pair, partner=partner, topic=topic, prompt=prompt, listener=OLGA, hears_at=AT)


def answered(answer: Answer) -> About:
    return replace(about(Topic.TALK), answer=answer, talked_on=date(2027, 7, 13), noted=12, until=AT)


def _letters() -> Iterator[tuple[str, Message]]:
    for topic in Topic:
        yield f"letter {topic}", nudges.letter(Sheet(reader=BEN, abouts=[about(topic)]))
        yield f"pace {topic}", nudges.letter(Sheet(reader=BEN, abouts=[about(topic)], asks_pace=True))
        two = [about(topic), about(topic, CORA, pair=8)]
        yield f"two {topic}", nudges.letter(Sheet(reader=BEN, abouts=two))
        yield f"closed {topic}", nudges.closed(Sheet(reader=BEN, abouts=two), since=AT, until=AT)
    for answer in Answer:
        sheet = Sheet(reader=BEN, abouts=[answered(answer)])
        yield f"answered {answer}", nudges.letter(sheet)
        yield f"answered closed {answer}", nudges.closed(sheet, since=AT, until=AT)
        yield f"alone {answer}", answers.alone(answered(answer))
        yield f"late {answer}", answers.late(answered(answer))
    yield "noted by the partner", answers.alone(replace(answered(Answer.TALKED), noted_by=ADA))
    yield "undone", answers.undone(about(Topic.TALK))
    yield "over", answers.over(about(Topic.TALK))


def _others() -> Iterator[tuple[str, Message]]:
    pair = first_contact.Beginning(7, ADA, AT)
    heard = replace(pair, heard=True)
    yield "first", first_contact.letter(BEN, [pair])
    yield "first of two", first_contact.letter(BEN, [pair, heard])
    yield "first heard", first_contact.letter(BEN, [heard])
    yield "first closed", first_contact.closed([pair, heard], since=AT)
    yield "first not yet", first_contact.not_yet(ADA)
    yield "first outcome", first_contact.outcome(heard)
    quiet = silence.QuietPair(7, [BEN, ADA], AT, date(2027, 6, 1), AT)
    never = replace(quiet, heard_at=None, asked_at=None)
    yield "silence", silence.quiet(OLGA, [quiet])
    yield "silences", silence.quiet(OLGA, [quiet, never])
    both = {ConcernTo.LIAISON: OLGA, ConcernTo.COORDINATOR: CORA}
    yield "concern", concerns.ask(7, BEN, both, told=[])
    yield "concern, again", concerns.ask(7, BEN, {ConcernTo.COORDINATOR: CORA}, told=[OLGA])
    yield "concern, coordinator", concerns.ask(7, BEN, {ConcernTo.COORDINATOR: CORA}, told=[])
    yield "concern, nobody", concerns.nobody()
    yield "concern told", concerns.told(OLGA, BEN, others=[CORA])
    yield "concern known", concerns.knows_already(OLGA)
    yield "concern kept", concerns.kept()
    yield "concern heard", concerns.heard(7, ADA, [BEN, ADA], also=[], alone=True)
    yield "concern heard, too", concerns.heard(7, ADA, [BEN, ADA], also=[OLGA], alone=False)
    yield "pace offered", paces.offered()
    for choice in paces.Choice:
        yield f"pace {choice}", paces.chosen(choice, AT)
    phases = programs.template("alcts").phases
    for phase in phases:
        yield f"phase {phase.key}", nudges.new_phase(Words(phase.title), Words(phase.tasks.mentor[0]), role=None)


MESSAGES = dict([*_letters(), *_others()])


def _sentences(shown: Message) -> str:
    """All words but those of the buttons."""
    labels = {label_of(button) for button in shown.buttons()}
    return "\n".join(line for line in words_of(shown).split("\n") if line not in labels)


REPROACHES = (
    "overdue",
    "reminder",
    "you have not",
    "you haven't",
    "still have",
    "only once",
    "!",
    " we decide",
    "we think",
)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_notice_is_at_most_80_characters_and_a_message_at_most_90_words(name: str) -> None:
    shown = MESSAGES[name]
    assert 0 < len(notice_of(shown)) <= 80
    assert len(_sentences(shown).split()) <= 90


@pytest.mark.parametrize("name", MESSAGES)
def test_nothing_reproaches_or_speaks_for_a_we(name: str) -> None:
    text = _sentences(MESSAGES[name]).replace(LONGEST, "").replace("“We have written”", "").lower()
    assert [word for word in REPROACHES if word in text] == []


@pytest.mark.parametrize("name", [name for name in MESSAGES if name.startswith(("concern", "letter", "silence"))])
def test_a_notice_gives_nothing_away(name: str) -> None:
    notice = notice_of(MESSAGES[name]).lower()
    assert [word for word in ("ada", "ben", "quiet pair", "help", "problem", "silent") if word in notice] == []


@pytest.mark.parametrize("name", MESSAGES)
def test_no_label_is_longer_than_a_button_takes_and_no_row_has_more_than_five(name: str) -> None:
    assert all(len(label_of(button)) <= 75 for button in MESSAGES[name].buttons())


def test_what_comes_regularly_says_how_to_hear_less() -> None:
    for topic in Topic:
        assert "nudge less" in [
            button.run for button in nudges.letter(Sheet(reader=BEN, abouts=[about(topic)])).buttons()
        ]
