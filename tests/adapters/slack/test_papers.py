"""Files in letters: shared in the direct message, each once, whatever breaks between the file and its letter."""

from __future__ import annotations

import pytest

from bot.domain import Duty, TeamMember
from bot.ports import NotDelivered, Receipt, Trouble
from bot.storage import queries
from bot.ui import Message, Paper, _, message
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person, words
from tests.adapters.slack.fake import SCOPES, Post, Refusal
from tests.adapters.slack.test_answering import account
from tests.adapters.slack.test_deliver import parcel
from tests.adapters.slack.test_whole_way import founded


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.files.PAUSES", (0.0, 0.0, 0.0))


@pytest.fixture
async def olga(town: Town) -> Person:
    return await founded(town)


async def letter(town: Town, olga: Person) -> Message:
    """A letter with the file of the only cohort, for a coordinator."""
    found = await account(town, olga.user)
    assert found is not None
    return message(_("Here it is."), Paper("people.csv", "people", {"cohort": "1", "reader": str(found[1].id)}))


def files(town: Town, person: Person) -> list[Post]:
    return [post for post in person.posts if post.file]


async def trouble(town: Town, olga: Person) -> Trouble:
    with pytest.raises(NotDelivered) as failed:
        await town.slack.messenger.send(parcel(await letter(town, olga), user=olga.user))
    return failed.value.trouble


async def test_whoever_asks_for_people_in_a_channel_finds_the_file_in_the_direct_message(
    town: Town, olga: Person
) -> None:
    channel = next(iter(town.fake.channels))
    await olga.types("/cohort people", channel=channel)
    assert "I am sending it to you" in olga.text
    assert olga.posts[-1].only_for == olga.user
    await town.pulse()
    [file] = files(town, olga)
    assert file.channel == town.fake.direct(olga.user)
    assert town.fake.files[file.file]["bytes"].decode("utf-8-sig").startswith("Name,")
    assert "as a file" in olga.text
    assert olga.posts.index(file) < len(olga.posts) - 1
    await town.pulse()
    assert len(files(town, olga)) == 1
    assert not any(post.file for post in town.fake.posts if post.channel == channel)


async def test_the_receipt_is_the_letters_and_comes_after_the_file(town: Town, olga: Person) -> None:
    receipt = await town.slack.messenger.send(parcel(await letter(town, olga), user=olga.user))
    assert receipt == Receipt(olga.posts[-1].channel, olga.posts[-1].ts)
    assert olga.posts[-2].file
    assert olga.posts[-1].metadata is not None


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ("files.getUploadURLExternal", "break"),
        ("files.completeUploadExternal", "break"),
        ("files.info", Refusal("", status=502)),
        ("chat.postMessage", "break"),
    ],
    ids=lambda value: value if isinstance(value, str) else "502",
)
async def test_a_file_is_shared_once_whatever_breaks_off(
    town: Town, olga: Person, broken: str, fault: Refusal | str
) -> None:
    town.fake.faults[broken] = [fault]
    assert await trouble(town, olga) is Trouble.UNSURE
    sent = parcel(await letter(town, olga), user=olga.user)
    if not isinstance(await town.slack.messenger.find(sent), Receipt):
        await town.slack.messenger.send(sent)
    assert len(files(town, olga)) == 1
    assert sum(words(post.blocks).startswith("Here it is.") for post in olga.posts) == 1


async def test_a_file_that_slack_forgets_to_share_is_asked_for_again_before_its_letter_comes(
    town: Town, olga: Person
) -> None:
    town.fake.forgotten_shares = 1
    assert await trouble(town, olga) is Trouble.BUSY
    assert "Here it is." not in olga.text
    await town.slack.messenger.send(parcel(await letter(town, olga), user=olga.user))
    assert len(files(town, olga)) == 1
    assert len(town.fake.files) == 1
    assert "Here it is." in olga.text


async def test_a_file_that_is_shared_at_the_last_look_is_not_asked_for_again(town: Town, olga: Person) -> None:
    town.fake.looks = 4  # one at once, and one after each of the three pauses
    await town.slack.messenger.send(parcel(await letter(town, olga), user=olga.user))
    assert len(files(town, olga)) == 1
    assert "Here it is." in olga.text


async def test_slack_is_busy_is_no_reason_to_do_without_the_file(town: Town, olga: Person) -> None:
    busy = Refusal("ratelimited", status=429, headers={"Retry-After": "17"})
    town.fake.faults["files.getUploadURLExternal"] = [busy]
    assert await trouble(town, olga) is Trouble.BUSY


async def test_a_missing_right_is_named_to_whoever_asked(
    town: Town, olga: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    town.fake.scopes = SCOPES - {"files:write"}
    await town.slack.messenger.send(parcel(await letter(town, olga), user=olga.user))
    assert "the app lacks the right files:write" in olga.text
    assert '"needed": "files:write"' in capsys.readouterr().out


async def test_who_is_no_coordinator_any_more_gets_the_words_without_the_file(town: Town, olga: Person) -> None:
    said = await letter(town, olga)
    async with town.app.storage.work() as work:
        found = await queries.account_of(work, "slack", "T111", olga.user)
        assert found is not None
        for member in await work.all(queries.select(TeamMember).where(TeamMember.person_id == found[1].id)):
            assert member.duty is Duty.COORDINATOR
            await work.session.delete(member)
    await town.slack.messenger.send(parcel(said, user=olga.user))
    assert files(town, olga) == []
    assert "I could not send people.csv." in olga.text
