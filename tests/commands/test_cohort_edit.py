"""Changing a cohort: what may change now, a look at whom it tells, doing it, and taking it back."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.domain import Cohort, CohortState, Event, Person, Wanted
from bot.ui import Changed, Form, Message
from tests.commands.cohort_stage import applies, olga, reads
from tests.stage import Actor, Stage
from tests.wording import notice_of

__all__ = ["olga"]


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (
            CohortState.DRAFT,
            "title opens_on closes_on announced_on starts_on ends_on zone topics capacity quiet_days",
        ),
        (CohortState.OPEN, "title closes_on announced_on starts_on ends_on topics capacity quiet_days"),
        (CohortState.MATCHING, "title announced_on starts_on ends_on capacity quiet_days"),
        (CohortState.ACTIVE, "title ends_on capacity quiet_days"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_is_settled_is_not_asked(stage: Stage, olga: Actor, state: CohortState, names: str) -> None:
    await stage.cohort(state=state, quiet_days=["2027-12-24", "2027-12-25", "2028-02-01"], capacity=30)
    form = await olga.types("/cohort edit")
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == names.split()
    assert form.values["quiet_days"] == "2027-12-24 to 2027-12-25, 2028-02-01"
    assert form.values["title"] == "Mentoring 2027-28"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_call_that_was_closed_on_its_first_day_does_not_keep_the_rest_from_being_changed(
    stage: Stage, olga: Actor
) -> None:
    await stage.cohort(state=CohortState.ACTIVE, opens_on=date(2027, 1, 15), closes_on=date(2027, 1, 15))
    await olga.types("/cohort edit")
    preview = await olga.sends(title="Mentoring")
    assert isinstance(preview, Message), preview


async def test_the_preview_shows_what_moves_and_whom_it_tells(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.OPEN)
    for name in ("Ada", "Ben"):
        await applies(stage, await stage.person(name), cohort)
    await olga.types("/cohort edit")
    preview = await olga.sends(closes_on="2027-03-22", announced_on="2027-05-10", capacity="40")
    assert isinstance(preview, Message)
    assert olga.text.split("\n") == [
        "This is what changes:",
        "Applications close",
        "Monday, March 15 → Monday, March 22",
        "Pairs are announced",
        "Monday, May 3 → Monday, May 10",
        "The most mentees",
        "no limit → 40",
        "2 people hear of it from me.",
        "Do it",
        "Leave it",
    ]
    assert (await reads(stage, Cohort, cohort.id)).closes_on == date(2027, 3, 15)
    await olga.presses("Leave it")
    assert olga.text == "Nothing was changed, and nobody was told."


async def test_done_applicants_hear_the_days_and_the_call_closes_later(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await applies(stage, ada, cohort)
    await olga.types("/cohort edit")
    await olga.sends(closes_on="2027-03-22", quiet_days="May 17, 2027-12-24 to 2027-12-26")
    reply = await olga.presses("Do it")
    assert isinstance(reply, Changed)
    assert "Done. This has changed:" in olga.text
    assert "none → Wednesday, May 17 and Friday, December 24 to Sunday, December 26" not in olga.text
    assert "Friday, December 24 to Sunday, December 26" in olga.text
    changed = await reads(stage, Cohort, cohort.id)
    assert changed.next_date_at == datetime(2027, 3, 23, 5, tzinfo=UTC)
    assert changed.quiet_days == ["2027-05-17", "2027-12-24", "2027-12-25", "2027-12-26"]
    await stage.forward(minutes=10)
    [post] = ada.inbox
    assert notice_of(post.message) == "Some dates of your mentoring program have moved"
    assert "Monday, March 22 (it was Monday, March 15)" in post.text
    assert "Olga is glad to answer questions." in post.text


async def test_undone_in_time_nobody_hears(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.OPEN, topics=["cataloging", "publishing"])
    ada = await stage.person("Ada")
    await applies(stage, ada, cohort)
    await olga.types("/cohort edit")
    await olga.sends(closes_on="2027-03-22", topics=["cataloging", "leadership"], capacity="12")
    await olga.presses("Do it")
    await olga.presses("Undo")
    await stage.forward(hours=1)
    assert ada.inbox == []
    again = await reads(stage, Cohort, cohort.id)
    assert (again.closes_on, again.capacity) == (date(2027, 3, 15), None)
    assert again.topics == ["cataloging", "publishing"]
    assert again.next_date_at == datetime(2027, 3, 16, 5, tzinfo=UTC)


async def test_once_told_it_can_be_edited_again(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.OPEN)
    await applies(stage, await stage.person("Ada"), cohort)
    await olga.types("/cohort edit")
    await olga.sends(closes_on="2027-03-22")
    await olga.presses("Do it")
    await stage.forward(minutes=10)
    await olga.presses("Undo")
    assert olga.text == "People have heard of this already, so I cannot undo it. /cohort edit changes it again."


async def test_a_later_end_plans_the_letters_of_pairs_anew_and_tells_them(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(ends_on=date(2027, 6, 10))
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await stage.pair(ben, ada, cohort=cohort)
    assert (await reads(stage, Person, ada.id)).next_letter_at is None
    await olga.types("/cohort edit")
    await olga.sends(ends_on="2028-04-30")
    assert "2 people hear of it from me." in olga.text
    await olga.presses("Do it")
    assert (await reads(stage, Person, ada.id)).next_letter_at == datetime(2027, 6, 15, 14, tzinfo=UTC)
    assert (await reads(stage, Cohort, cohort.id)).next_date_at == datetime(2028, 5, 1, 5, tzinfo=UTC)
    await stage.forward(minutes=10)
    assert "The program ends\nSunday, April 30 (it was Thursday, June 10)" in ada.inbox[0].text
    assert len(ben.inbox) == 1


async def test_a_new_name_alone_tells_nobody(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.OPEN)
    await applies(stage, await stage.person("Ada"), cohort)
    await olga.types("/cohort edit")
    await olga.sends(title="Mentoring for everybody")
    assert "Nobody is told." in olga.text
    await olga.presses("Do it")
    assert (await reads(stage, Cohort, cohort.id)).title == "Mentoring for everybody"


async def test_the_words_of_a_name_are_never_in_the_trail(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    await olga.types("/cohort edit")
    await olga.sends(title="Mentoring for everybody", capacity="9")
    await olga.presses("Do it")
    async with stage.app.storage.reading() as work:
        facts = [event.facts for event in await work.all(select(Event).where(Event.kind == "cohort.edited"))]
    assert "everybody" not in str(facts)
    assert "Mentoring 2027" not in str(facts)


async def test_nothing_changed_changes_nothing(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    await olga.types("/cohort edit")
    await olga.sends()
    assert "Everything in Mentoring 2027-28 is like that already" in olga.text


@pytest.mark.parametrize(
    ("state", "answers", "field", "sentence"),
    [
        (
            CohortState.OPEN,
            {"announced_on": "2027-03-01"},
            "announced_on",
            "Monday, March 1 is not after Monday, March 15 (Applications close).",
        ),
        (CohortState.OPEN, {"closes_on": "2027-01-31"}, "closes_on", "Sunday, January 31 has passed."),
        (
            CohortState.ACTIVE,
            {"ends_on": "2027-05-31"},
            "ends_on",
            "Monday, May 31 is not after Tuesday, June 1 (The program starts).",
        ),
        (
            CohortState.OPEN,
            {"topics": ["publishing"]},
            "topics",
            "Somebody has applied with cataloging and metadata already.",
        ),
        (CohortState.OPEN, {"quiet_days": "Christmas"}, "quiet_days", "I cannot read “Christmas”"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_cannot_be_is_said_beside_the_field(
    stage: Stage, olga: Actor, state: CohortState, answers: dict[str, object], field: str, sentence: str
) -> None:
    cohort = await stage.cohort(state=state)
    await applies(stage, await stage.person("Ada"), cohort, Wanted.MENTEE, "cataloging")
    await olga.types("/cohort edit")
    form = await olga.sends(**answers)
    assert isinstance(form, Form)
    assert list(form.errors) == [field]
    assert sentence in olga.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_button_checks_what_it_is_given(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.ACTIVE)
    await olga.runs("cohort change", cohort=str(cohort.id), title="x", ends_on="2020-01-01", quiet_days="")
    assert "is not after Tuesday, June 1" in olga.text
    assert (await reads(stage, Cohort, cohort.id)).ends_on == date(2028, 4, 30)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_has_ended_is_not_edited(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.CANCELLED)
    await olga.types(f"/cohort edit cohort:{cohort.id}")
    assert olga.text == "“Mentoring 2027-28” was cancelled. /cohort create starts another one."


async def test_a_form_that_was_open_too_long_is_refused_kindly(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    await olga.types("/cohort edit")
    form = olga.last
    await olga.types("/cohort cancel")
    await olga.presses("Yes, cancel it")
    olga.last = form
    await olga.sends(closes_on="2027-03-22")
    assert olga.text == "“Mentoring 2027-28” was cancelled. /cohort create starts another one."
