"""A program from its founding to the first talks, from payload to payload, on a fake Slack."""

from __future__ import annotations

from unittest.mock import ANY

from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import BOT, Post

MENTEE = {"name": "Ada", "zone": "America/New_York", "institution": "Millbrook Library", "career": "first_years"}
MENTOR = {"name": "Ben", "zone": "America/New_York", "institution": "Harbor University", "career": "over_ten"}

DATES = {
    "opens_on": "2027-02-01",
    "closes_on": "2027-02-15",
    "announced_on": "2027-02-22",
    "starts_on": "2027-03-01",
    "ends_on": "2027-12-20",
}


async def founded(town: Town) -> Person:
    """An admin who has become the coordinator and has opened a call."""
    olga = town.person("Olga", zone="America/Chicago", is_admin=True)
    await olga.types("/cohort setup")
    await olga.sends()
    assert "coordinat" in olga.text
    await olga.types("/cohort create template:alcts")
    await olga.sends(title="Mentoring 2027", zone="Chicago", **DATES)
    await olga.types("/cohort post channel:mentoring")
    return olga


async def matched(town: Town) -> tuple[Person, Person, Person]:
    """Ada and Ben have applied through modals, and their pair is published."""
    olga = await founded(town)
    ada, ben = town.person("Ada"), town.person("Ben")
    await ada.types("/mentor join mentee", channel=next(iter(town.fake.channels)))
    await ada.sends(wishes=["cataloging", "publishing"], conduct="yes", **MENTEE)
    assert "Your mentoring application has arrived" in ada.text
    await ben.types("/mentor join mentor")
    await ben.sends(offers=["cataloging", "publishing"], places="1", conduct="yes", **MENTOR)
    assert "You offered to be a mentor." in ben.text
    await olga.types("/cohort match")
    await olga.presses("Close the call and match")
    await town.forward(days=1)
    await olga.presses("Review the pairs")
    await olga.presses("Publish these pairs")
    await olga.presses("Publish")
    return olga, ada, ben


async def wait_for(town: Town, person: Person, label: str, *, days: int) -> Post:
    """Turn the clock, a day at a time, until somebody has a button; the post that has it."""
    for _day in range(days):
        for post in reversed(person.posts):
            if label in words(post.blocks):
                return post
        await town.forward(days=1)
    raise AssertionError(f"{person.name} never read {label!r}")


async def test_a_pair_is_found_meets_and_talks(town: Town) -> None:
    olga, ada, ben = await matched(town)
    assert "1 pair is published." in olga.text
    introduction = await wait_for(town, ada, f"<@{ada.user}>, meet <@{ben.user}>", days=5)
    room = introduction.channel
    assert town.fake.channels[room]["members"] == [ada.user, ben.user, BOT]
    assert [post.ts for post in ben.posts if post.channel == room] == [introduction.ts]

    await ada.types("/goals set", channel=room)
    await ada.sends(title="Publish a paper & <b> survive", help="Read *a* first draft")
    assert "Publish a paper & <b> survive" in ada.text
    assert ada.posts[-1].channel == room
    assert ada.posts[-1].only_for == ada.user

    nudge = await wait_for(town, ben, "We talked", days=60)
    assert nudge.channel == town.fake.direct(ben.user)
    assert nudge.metadata == {"event_type": "mentorbot_letter", "event_payload": {"letter": ANY}}
    await ben.presses("We talked")
    assert nudge.edits == 1
    assert "Noted" in words(nudge.blocks)
    await ada.types("/checkin history")
    assert ben.name in ada.text or ben.user in ada.text


async def test_the_channel_of_the_call_hears_of_it_once(town: Town) -> None:
    await founded(town)
    await town.pulse()
    await town.pulse()
    calls = [post for post in town.fake.posts if post.channel == next(iter(town.fake.channels))]
    assert ["apply until Monday, February 15, 2027" in post.text for post in calls] == [True]
