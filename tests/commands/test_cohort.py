"""Planning a cohort, closing its call, cancelling it, and taking all of that back."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.domain import (
    Cohort,
    CohortState,
    Duty,
    Event,
    Letter,
    LetterKind,
    LetterState,
    Member,
    Nudge,
    Pairing,
    PairingState,
    Person,
    Wanted,
)
from bot.storage.outbox import NewLetter, post
from bot.ui import Changed, Form, Message, _, message
from tests.commands.cohort_stage import applies, olga, reads, waiting
from tests.stage import Actor, Stage
from tests.wording import notice_of

__all__ = ["olga"]


async def _cohort(stage: Stage) -> Cohort:
    async with stage.app.storage.reading() as work:
        found = await work.first(select(Cohort).order_by(Cohort.id.desc()))
        assert found is not None
        return found


async def test_a_new_cohort_is_proposed_with_the_usual_dates(olga: Actor) -> None:
    await olga.types("/cohort create")
    assert olga.labels() == ["Mentoring in library collections and technical services", "Three months of mentoring"]
    form = await olga.presses("Mentoring in library collections and technical services")
    assert isinstance(form, Form)
    assert form.values["title"] == "Mentoring 2027–28"
    assert [form.values[name] for name in ("opens_on", "closes_on", "announced_on", "starts_on", "ends_on")] == [
        "2027-02-01",
        "2027-03-15",
        "2027-05-03",
        "2027-06-01",
        "2028-04-30",
    ]
    assert form.values["zone"] == "America/Chicago"
    assert len(form.values["topics"]) == 8


async def test_a_new_cohort_is_a_draft_that_nobody_hears_of(stage: Stage, olga: Actor) -> None:
    await olga.types("/cohort create template:alcts")
    reply = await olga.sends(quiet_days="December 24 to January 2, 2028-02-21", capacity="40")
    assert isinstance(reply, Message)
    assert notice_of(reply) == "The new cohort is written down as a draft"
    cohort = await _cohort(stage)
    assert (cohort.state, cohort.capacity, cohort.next_date_at) == (CohortState.DRAFT, 40, None)
    assert cohort.quiet_days[:2] == ["2027-12-24", "2027-12-25"]
    assert cohort.quiet_days[-2:] == ["2028-01-02", "2028-02-21"]
    assert await waiting(stage) == 0


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        (
            {"closes_on": "2027-01-20"},
            "closes_on",
            "Wednesday, January 20 is not after Monday, February 1 (The call opens). "
            "Please choose a later day here, or an earlier one there.",
        ),
        ({"starts_on": "2027-05-03"}, "starts_on", "Monday, May 3 is not after Monday, May 3 (Pairs are announced)."),
        ({"quiet_days": "2027-12-24 to soon"}, "quiet_days", "I cannot read “2027-12-24 to soon” as a day"),
        ({"quiet_days": "2027-12-24 to 2027-12-20"}, "quiet_days", "the last day comes before the first"),
        ({"quiet_days": "2027-01-01 to 2028-01-01"}, "quiet_days", "These are 121 days; 120 fit."),
        ({"zone": "Atlantis"}, "zone", "I do not know the time zone “Atlantis”."),
        ({"title": "x" * 41}, "title", "This is 41 characters long; 40 fit."),
        ({"topics": []}, "topics", "Please choose here."),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_is_wrong_is_said_beside_the_field(
    olga: Actor, answers: dict[str, object], field: str, sentence: str
) -> None:
    await olga.types("/cohort create template:alcts")
    form = await olga.sends(**answers)
    assert isinstance(form, Form)
    assert list(form.errors) == [field]
    assert sentence in olga.text
    assert form.values["closes_on"] == answers.get("closes_on", "2027-03-15")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_call_cannot_close_in_the_past(olga: Actor) -> None:
    await olga.types("/cohort create template:alcts")
    await olga.sends(opens_on="2027-01-01", closes_on="2027-01-31")
    assert "Friday, January 1 has passed. Please choose today or a later day." in olga.text


@pytest.mark.parametrize("path", ["create", "edit", "close", "cancel", "cancel now", "open", "post", "undo", "team"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_only_coordinators_run_a_cohort(stage: Stage, olga: Actor, path: str) -> None:
    await stage.cohort(state=CohortState.OPEN)
    for actor in (await stage.person("Lena", Duty.LIAISON, Duty.COMMITTEE), await stage.person("Ada")):
        await actor.types(f"/cohort {path}")
        assert f"/cohort {path} is for coordinators of this program." in actor.text


async def test_status_shows_numbers_and_next_steps_to_coordinators(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.OPEN)
    for name, wanted, topics, places in (
        ("Ada", Wanted.MENTEE, ("cataloging", "publishing"), 1),
        ("Ben", Wanted.MENTOR, ("cataloging",), 2),
        ("Cleo", Wanted.BOTH, ("cataloging",), 1),
    ):
        await applies(stage, await stage.person(name), cohort, wanted, *topics, places=places)
    await olga.types("/cohort status")
    assert "Mentoring 2027-28: open for applications" in olga.text
    assert "Applications close\nMonday, March 15" in olga.text
    assert "Applications as a mentee\n1" in olga.text
    assert "cataloging and metadata\n2\n3" in olga.text
    assert "publishing\n1\n0" in olga.text
    assert olga.labels() == [
        "Close the call now",
        "Change dates and topics",
        "Apply for somebody",
        "Enter somebody new",
        "Get everybody as a file",
        "Cancel the cohort",
    ]


async def test_the_rest_of_the_team_sees_numbers_without_buttons(stage: Stage, olga: Actor) -> None:
    await stage.cohort()
    lena = await stage.person("Lena", Duty.LIAISON)
    await lena.types("/cohort status")
    assert "running" in lena.text
    assert lena.labels() == []
    ada = await stage.person("Ada")
    await ada.types("/cohort status")
    assert "is for coordinators, liaisons and the committee of this program" in ada.text


async def test_without_a_cohort_the_refusal_says_how_to_start_one(olga: Actor) -> None:
    await olga.types("/cohort close")
    assert olga.text.startswith("There is no cohort yet. /cohort create starts one as a draft that nobody sees.")
    assert olga.labels()[0] == "Plan a program"


async def test_with_two_cohorts_each_command_takes_the_fitting_one(stage: Stage, olga: Actor) -> None:
    await stage.cohort(title="The running one")
    await stage.cohort(title="The open one", state=CohortState.OPEN)
    await olga.types("/cohort close")
    assert "The call is closed." in olga.text
    await olga.types("/cohort status")
    assert olga.labels() == ["The open one", "The running one"]


class TestClosing:
    """Ending a call before its day."""

    async def test_applicants_hear_it_ten_minutes_later(self, stage: Stage, olga: Actor) -> None:
        cohort = await stage.cohort(state=CohortState.OPEN)
        ada = await stage.person("Ada")
        await applies(stage, ada, cohort)
        await olga.types("/cohort close")
        assert "The call is closed. There is one application." in olga.text
        assert "Nobody hears of it before Monday, February 1 at 09:10. Until then you can undo it." in olga.text
        assert olga.labels() == ["Propose pairs", "Undo"]
        await stage.forward(minutes=9)
        assert ada.inbox == []
        await stage.forward(minutes=1)
        assert [notice_of(post.message) for post in ada.inbox] == [
            "The call for mentoring has closed, and your application is in"
        ]
        assert "You hear from me by Monday, May 3, whatever the result." in ada.inbox[0].text
        closed = await _cohort(stage)
        assert (closed.state, closed.closes_on) == (CohortState.MATCHING, date(2027, 2, 1))
        assert closed.next_date_at == datetime(2027, 4, 26, 15, tzinfo=UTC)

    async def test_undone_in_time_nobody_hears_anything(self, stage: Stage, olga: Actor) -> None:
        cohort = await stage.cohort(state=CohortState.OPEN)
        ada = await stage.person("Ada")
        await applies(stage, ada, cohort)
        await olga.types("/cohort close")
        await stage.forward(minutes=5)
        reply = await olga.presses("Undo")
        assert isinstance(reply, Changed)
        assert olga.text == "Undone. Everything is as it was before, and nobody was told."
        await stage.forward(hours=1)
        assert ada.inbox == []
        reopened = await _cohort(stage)
        assert (reopened.state, reopened.closes_on) == (CohortState.OPEN, date(2027, 3, 15))
        assert reopened.next_date_at == datetime(2027, 3, 16, 5, tzinfo=UTC)

    async def test_undone_twice_says_so(self, stage: Stage, olga: Actor) -> None:
        await stage.cohort(state=CohortState.OPEN)
        await olga.types("/cohort close")
        first = olga.last
        await olga.presses("Undo")
        olga.last = first
        await olga.presses("Undo")
        assert "This was undone or changed again since." in olga.text

    async def test_after_the_news_went_out_it_says_what_to_do_instead(self, stage: Stage, olga: Actor) -> None:
        cohort = await stage.cohort(state=CohortState.OPEN)
        await applies(stage, await stage.person("Ada"), cohort)
        await olga.types("/cohort close")
        await stage.forward(minutes=11)
        await olga.presses("Undo")
        assert olga.text == (
            "People have heard of this already, so I cannot undo it. "
            "Whoever would like to apply now reaches you as a late application, and you decide."
        )
        assert (await _cohort(stage)).state is CohortState.MATCHING

    async def test_an_old_undo_leaves_a_newer_change_alone(self, stage: Stage, olga: Actor) -> None:
        await stage.cohort(state=CohortState.OPEN)
        await olga.types("/cohort close")
        closed = olga.last
        await olga.types("/cohort cancel")
        await olga.presses("Yes, cancel it")
        olga.last = closed
        await olga.presses("Undo")
        assert "This was undone or changed again since." in olga.text
        assert (await _cohort(stage)).state is CohortState.CANCELLED

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            (CohortState.DRAFT, "“Mentoring 2027-28” is a draft, and its call is not open yet. /cohort open opens it."),
            (
                CohortState.MATCHING,
                "“Mentoring 2027-28” has closed its call, and its pairs are being formed. /cohort match goes on "
                "with it.",
            ),
            (
                CohortState.ACTIVE,
                "“Mentoring 2027-28” is running, and its pairs are talking. /cohort status shows how it stands.",
            ),
        ],
    )
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    async def test_in_another_state_it_says_how_things_stand(
        self, stage: Stage, olga: Actor, state: CohortState, sentence: str
    ) -> None:
        await stage.cohort(state=state)
        await olga.types("/cohort close")
        assert olga.text == sentence


class TestCancelling:
    """Ending a cohort in any state before its own end."""

    async def _running(self, stage: Stage) -> tuple[Cohort, Actor, Actor, Actor, int]:
        cohort = await stage.cohort()
        ada, ben, cleo = [await stage.person(name) for name in ("Ada", "Ben", "Cleo")]
        await applies(stage, cleo, cohort)
        await stage.person("Lena", Duty.LIAISON)
        pairing = await stage.pair(ben, ada, cohort=cohort)
        return cohort, ada, ben, cleo, pairing

    async def _queue(self, stage: Stage, actor: Actor, about: str) -> int:
        async with stage.app.storage.work() as work:
            person = await work.get(Person, actor.id)
            letter = NewLetter(
                key="queued",
                kind=LetterKind.NEWS,
                to=person,
                message=message(_("Queued")),
                about=about,
                held_until=datetime(2027, 2, 1, 15, 5, tzinfo=UTC),
            )
            return (await post(work, person.community_id, letter))[0]

    async def test_it_asks_once_and_says_whom_it_tells(self, stage: Stage, olga: Actor) -> None:
        cohort, *_people = await self._running(stage)
        await olga.types("/cohort cancel")
        assert "Cancel Mentoring 2027-28?" in olga.text
        assert "2 people in pairs, one applicant and one more person of the team" in olga.text
        assert olga.labels() == ["Yes, cancel it", "Keep it"]
        assert (await reads(stage, Cohort, cohort.id)).state is CohortState.ACTIVE
        await olga.presses("Keep it")
        assert olga.text == "Nothing was changed, and nobody was told."

    async def test_pairs_end_queued_letters_stay_unsaid_and_everybody_hears_kindly(
        self, stage: Stage, olga: Actor
    ) -> None:
        _, ada, ben, cleo, pairing = await self._running(stage)
        await self._queue(stage, ada, f"pairing:{pairing}")
        await olga.types("/cohort cancel")
        await olga.presses("Yes, cancel it")
        assert olga.labels() == ["Undo"]
        assert (await reads(stage, Pairing, pairing)).state is PairingState.ENDED
        assert (await reads(stage, Person, ada.id)).next_letter_at is None
        await stage.forward(hours=1)
        for actor in (ada, ben, cleo):
            assert [notice_of(post.message) for post in actor.inbox] == ["News about the mentoring program"]
            assert "Olga is glad to answer questions." in actor.inbox[0].text
        assert "Your conversation need not" in ada.inbox[0].text
        assert "says nothing about your application" in cleo.inbox[0].text
        assert "Mentoring 2027-28 is cancelled." in stage.people["Lena"].inbox[0].text
        assert olga.inbox == []

    async def test_undone_in_time_everything_is_as_before(self, stage: Stage, olga: Actor) -> None:
        cohort, ada, ben, _cleo, pairing = await self._running(stage)
        queued = await self._queue(stage, ada, f"pairing:{pairing}")
        before = (await reads(stage, Person, ben.id)).next_letter_at
        await olga.types("/cohort cancel")
        await olga.presses("Yes, cancel it")
        await stage.forward(minutes=9)
        await olga.presses("Undo")
        assert olga.text == "Undone. Everything is as it was before, and nobody was told."
        again = await reads(stage, Pairing, pairing)
        assert (again.state, again.ended_at, again.ends_on) == (PairingState.ACTIVE, None, None)
        assert (await reads(stage, Cohort, cohort.id)).state is CohortState.ACTIVE
        assert (await reads(stage, Person, ben.id)).next_letter_at == before
        await stage.forward(hours=1)
        assert (await reads(stage, Letter, queued)).state is LetterState.SENT
        assert [notice_of(post.message) for post in ada.inbox] == ["Queued"]

    async def test_when_it_is_final_every_period_has_its_end(self, stage: Stage, olga: Actor) -> None:
        cohort, ada, _ben, _cleo, pairing = await self._running(stage)
        await stage.to(datetime(2027, 7, 14, 15, tzinfo=UTC))
        before = len(ada.inbox)
        await olga.types("/cohort cancel")
        await olga.presses("Yes, cancel it")
        await stage.forward(days=30)
        ended = await reads(stage, Pairing, pairing)
        assert (ended.state, ended.ends_on) == (PairingState.ENDED, date(2027, 7, 14))
        assert (await reads(stage, Cohort, cohort.id)).next_date_at is None
        async with stage.app.storage.reading() as work:
            outcomes = await work.all(
                select(Nudge).join(Member, Member.id == Nudge.member_id).where(Member.person_id == ada.id)
            )
        assert sorted(nudge.period for nudge in outcomes) == [1, 2, 3]
        assert len(ada.inbox) == before + 1

    async def test_at_night_it_waits_for_the_morning_of_each(self, stage: Stage, olga: Actor) -> None:
        cohort = await stage.cohort(state=CohortState.MATCHING)
        kiri = await stage.person("Kiri", zone="Pacific/Auckland")
        await applies(stage, kiri, cohort)
        await stage.to(datetime(2027, 2, 3, 15, tzinfo=UTC))
        await olga.types("/cohort cancel")
        await olga.presses("Yes, cancel it")
        await stage.forward(days=1)
        assert [post.at for post in kiri.inbox] == [datetime(2027, 2, 3, 19, tzinfo=UTC)]

    async def test_a_draft_tells_nobody(self, stage: Stage, olga: Actor) -> None:
        await stage.cohort(state=CohortState.DRAFT)
        await olga.types("/cohort cancel")
        assert "Nobody is told." in olga.text
        await olga.presses("Yes, cancel it")
        assert "Nobody is told about this, and you can undo it." in olga.text
        assert await waiting(stage) == 0

    @pytest.mark.parametrize("state", [CohortState.CLOSED, CohortState.CANCELLED])
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    async def test_what_has_ended_stays_so(self, stage: Stage, olga: Actor, state: CohortState) -> None:
        cohort = await stage.cohort(state=state)
        await olga.runs("cohort cancel now", cohort=str(cohort.id))
        assert "/cohort create starts another one." in olga.text


async def test_a_change_of_another_community_cannot_be_undone(stage: Stage, olga: Actor) -> None:
    await olga.runs("cohort undo", change="999")
    assert "I do not find what this was about." in olga.text


async def test_figures_are_noted_with_who_did_it(stage: Stage, olga: Actor) -> None:
    await olga.types("/cohort create template:alcts")
    await olga.sends()
    await olga.types("/cohort open channel:mentoring")
    await olga.presses("Post it")
    await olga.types("/cohort close")
    await olga.presses("Undo")
    await olga.types("/cohort cancel")
    await olga.presses("Yes, cancel it")
    async with stage.app.storage.reading() as work:
        events = await work.all(select(Event).order_by(Event.id))
    assert [event.kind for event in events] == [
        "cohort.created",
        "cohort.opened",
        "cohort.closed",
        "change.undone",
        "cohort.cancelled",
    ]
    assert {event.person_id for event in events} == {olga.id}
