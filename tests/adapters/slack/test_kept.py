"""What is needed again lies where it stays: replies that one person alone sees vanish from Slack."""

from __future__ import annotations

import pytest

from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import Post, Refusal
from tests.adapters.slack.test_whole_way import MENTEE, founded

ARRIVED = "Your mentoring application has arrived"


def arrived(person: Person) -> list[Post]:
    return [post for post in person.posts if ARRIVED in words(post.blocks)]


@pytest.fixture
async def ada(town: Town) -> Person:
    await founded(town)
    return town.person("Ada")


async def apply(ada: Person, **more: str) -> None:
    await ada.types("/mentor join mentee", **more)
    await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)


async def test_an_application_sent_from_a_channel_is_received_there_and_stays_in_the_direct_message(
    town: Town, ada: Person
) -> None:
    channel = next(iter(town.fake.channels))
    await apply(ada, channel=channel)
    found = {(post.channel, post.only_for) for post in arrived(ada)}
    assert found == {(channel, ada.user), (town.fake.direct(ada.user), "")}
    assert len(arrived(ada)) == 2


async def test_one_sent_from_the_direct_message_is_received_there_once_and_stays(town: Town, ada: Person) -> None:
    await apply(ada)
    assert [(post.channel, post.only_for) for post in arrived(ada)] == [(town.fake.direct(ada.user), "")]


async def test_one_sent_from_the_home_tab_is_received_once(town: Town, ada: Person) -> None:
    await ada.opens_home()
    await ada.presses("Apply")
    await ada.presses("As a mentee")
    await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)
    assert [(post.channel, post.only_for) for post in arrived(ada)] == [(town.fake.direct(ada.user), "")]


async def test_an_address_that_has_expired_brings_it_no_second_time(town: Town, ada: Person) -> None:
    await ada.types("/mentor join mentee", channel=next(iter(town.fake.channels)))
    for found in town.fake.urls.values():
        found[3] = 99
    await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)
    assert [post.channel for post in arrived(ada)] == [town.fake.direct(ada.user)]


async def test_where_the_messages_tab_is_off_the_reply_is_still_there(
    town: Town, ada: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    town.fake.faults["chat.postMessage"] = [Refusal("messages_tab_disabled")]
    await apply(ada)
    assert [post.only_for for post in arrived(ada)] == [ada.user]
    assert "messages_tab_disabled" in capsys.readouterr().out


async def test_a_form_that_could_not_open_waits_in_the_direct_message(
    town: Town, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.adapters.slack.fake.TRIGGER_SECONDS", -1)
    await ada.types("/mentor join mentee", channel=next(iter(town.fake.channels)))
    assert "has a few questions" in words(ada.found("has a few questions").blocks)
    assert {(post.channel, post.only_for) for post in ada.posts} >= {(town.fake.direct(ada.user), "")}


async def test_a_form_that_was_left_is_offered_in_the_home_tab(town: Town, ada: Person) -> None:
    await ada.opens_home()
    await ada.types("/mentor join mentee")
    await ada.closes(institution="Millbrook Library")
    await ada.presses("Go on with my application")
    assert ada.modal is not None
