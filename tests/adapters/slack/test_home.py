"""The Home tab: kept up for whoever has opened it, by whatever changes what it shows."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from adapters.slack import home, limits
from adapters.slack.serve import open_slack
from adapters.slack.tables import HomeTab
from bot.domain import Goal, Member
from bot.domain import Person as Somebody
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.slack.conftest import Town, settings_for
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.test_answering import account
from tests.adapters.slack.test_deliver import parcel
from tests.adapters.slack.test_whole_way import matched, wait_for


def tab(town: Town, person: Person) -> str:
    return words(town.fake.homes[person.user]["blocks"])


def published(town: Town, person: Person) -> int:
    return sum(method == "views.publish" and given["user_id"] == person.user for method, given in town.fake.calls)


@pytest.fixture
async def pair(town: Town) -> tuple[Person, Person]:
    """Ada and Ben in their first days as a pair; Ada has opened her Home tab."""
    _olga, ada, ben = await matched(town)
    await wait_for(town, ada, f"<@{ada.user}>, meet <@{ben.user}>", days=5)
    await ada.opens_home()
    return ada, ben


async def test_it_shows_what_the_partner_does(town: Town, pair: tuple[Person, Person]) -> None:
    ada, ben = pair
    assert "1 of 3" not in tab(town, ada)
    before = tab(town, ada)
    await ben.types("/goals set")
    await ben.sends(title="Publish a paper", help="Read a first draft")
    assert tab(town, ada) != before
    assert "1" in tab(town, ada)


async def test_a_letter_brings_it_up_to_date(town: Town, pair: tuple[Person, Person]) -> None:
    ada, _ben = pair
    async with town.app.storage.work() as work:  # as another process would
        member = await work.first(select(Member))
        assert member is not None
        goal = Goal(
            pairing_id=member.pairing_id, written_by_id=member.id, title="Publish", help="", created_at=work.now
        )
        work.add(goal)
    before = tab(town, ada)
    await town.slack.messenger.send(parcel(user=ada.user))
    await town.slack.settled()
    assert tab(town, ada) != before


async def test_where_it_is_too_short_for_a_status_it_says_where_all_of_it_is(
    town: Town, pair: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, _ben = pair
    await ada.opens_home()
    whole = town.fake.homes[ada.user]["blocks"]
    monkeypatch.setattr(limits, "VIEW_BLOCKS", len(whole) - 2)
    await ada.opens_home()
    *first, last = town.fake.homes[ada.user]["blocks"]
    assert first == whole[: len(first)]
    assert words([last]) == "There is more than fits here. /mentor status shows you all of it."


async def test_who_never_looked_at_it_costs_nothing(town: Town, pair: tuple[Person, Person]) -> None:
    _ada, ben = pair
    await ben.types("/goals set")
    await ben.sends(title="Publish a paper", help="Read a first draft")
    assert published(town, ben) == 0


async def test_many_changes_at_once_are_shown_once(
    town: Town, pair: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = pair
    monkeypatch.setattr(home, "DELAY", 0.3)
    town.line.settle = False
    before = published(town, ada)
    await ben.types("/mentor pause 2027-12-01")
    await ada.types("/mentor pause 2027-11-01")
    await ada.types("/mentor resume")
    assert published(town, ada) == before
    await town.slack.settled()
    assert published(town, ada) - before <= 1


async def test_what_is_the_same_is_not_sent_again(town: Town, pair: tuple[Person, Person]) -> None:
    ada, _ben = pair
    before = published(town, ada)
    await ada.types("/mentor status")
    await ada.types("/mentor help")
    assert published(town, ada) == before
    await ada.opens_home()
    assert published(town, ada) == before + 1


async def test_that_somebody_looked_is_known_after_a_restart(town: Town, pair: tuple[Person, Person]) -> None:
    ada, ben = pair
    await town.slack.close()
    again = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
    before = published(town, ada)
    found = await account(town, ben.user)
    assert found is not None
    again.answering.home.watch([])
    async with town.app.storage.work() as work:
        pairing = await work.first(select(Member.pairing_id))
        work.note("goal.set", community=found[1].community_id, person=found[1].id, pairing=pairing)
    await again.settled()
    assert published(town, ada) == before + 1
    await again.close()


async def test_a_tab_that_is_renewed_is_no_sign_of_life(town: Town, pair: tuple[Person, Person]) -> None:
    ada, _ben = pair
    found = await account(town, ada.user)
    assert found is not None
    async with town.app.storage.work() as work:
        await work.session.execute(update(Somebody).where(Somebody.id == found[1].id).values(unanswered=2))
        work.note("goal.set", community=found[1].community_id, person=found[1].id)
    await town.slack.settled()
    after = await account(town, ada.user)
    assert after is not None
    assert after[1].unanswered == 2


async def test_nothing_else_is_kept_of_who_looks(town: Town, pair: tuple[Person, Person]) -> None:
    ada, _ben = pair
    await ada.opens_home()
    async with town.app.storage.reading() as work:
        rows = await work.all(select(HomeTab))
    assert len(rows) == 1
