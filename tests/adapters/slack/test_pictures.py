"""Charts in letters: shown when Slack is ready, and said in words when it is not."""

from __future__ import annotations

import pytest

from adapters.slack import pictures
from bot.ports import NotDelivered, Trouble
from bot.ui import Picture, Series, _, message
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person
from tests.adapters.slack.fake import SCOPES, Refusal
from tests.adapters.slack.test_deliver import parcel

CHART = Picture(_("Talks"), (_("May"), _("June")), (Series(_("noted"), (3.0, 5.0)),), _("3 talks in May, 5 in June."))


async def brought(town: Town) -> Person:
    """Somebody who has been brought a letter with a chart."""
    ada = town.person("Ada")
    await town.slack.messenger.send(parcel(message(_("How it goes"), CHART), user=ada.user))
    return ada


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.files.PAUSES", (0.0, 0.0, 0.0))


async def test_a_chart_is_in_the_letter_with_its_receipt(town: Town) -> None:
    ada = await brought(town)
    post = ada.posts[-1]
    image = next(block for block in post.blocks if block["type"] == "image")
    assert image["slack_file"]["id"] in town.fake.files
    assert image["alt_text"] == "3 talks in May, 5 in June."
    assert post.metadata is not None
    assert town.fake.files[image["slack_file"]["id"]]["bytes"].startswith(b"\x89PNG")


async def test_a_chart_that_is_not_ready_in_time_is_said_in_words(town: Town) -> None:
    town.fake.looks = 99
    ada = await brought(town)
    assert "3 talks in May, 5 in June." in ada.text
    assert len(ada.posts) == 1


async def test_a_chart_that_is_ready_at_the_last_look_is_shown(town: Town) -> None:
    town.fake.looks = 4  # one at once, and one after each of the three pauses
    ada = await brought(town)
    assert any(block["type"] == "image" for block in ada.posts[-1].blocks)


@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "files.completeUploadExternal", "files.info", "chat.postMessage"]
)
async def test_a_chart_is_uploaded_once_and_shown_however_busy_slack_is(town: Town, method: str) -> None:
    ada = town.person("Ada")
    town.fake.faults[method] = [Refusal("ratelimited", status=429, headers={"Retry-After": "17"})] * 2
    sent = parcel(message(_("How it goes"), CHART), user=ada.user)
    for _try in range(2):
        with pytest.raises(NotDelivered) as failed:
            await town.slack.messenger.send(sent)
        assert (failed.value.trouble, failed.value.seconds) == (Trouble.BUSY, 17)
    await town.slack.messenger.send(sent)
    [file] = town.fake.files
    [post] = ada.posts
    assert any(block.get("slack_file") == {"id": file} for block in post.blocks)


async def test_a_chart_that_is_shown_too_early_leaves_the_letter_its_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_is_ready", lambda file: True)
    town.fake.looks = 99
    ada = await brought(town)
    assert "3 talks in May, 5 in June." in ada.text
    assert ada.posts[-1].metadata is not None


async def test_without_the_right_to_upload_the_letter_comes_without_its_chart(town: Town) -> None:
    town.fake.scopes = SCOPES - {"files:write"}
    ada = await brought(town)
    assert "3 talks in May, 5 in June." in ada.text


async def test_a_letter_that_is_rewritten_keeps_its_chart(town: Town) -> None:
    ada = town.person("Ada")
    receipt = await town.slack.messenger.send(parcel(message(_("How it goes"), CHART), user=ada.user))
    await town.slack.messenger.rewrite(parcel(message(_("How it went"), CHART), user=ada.user), receipt)
    [post] = ada.posts
    assert post.edits == 1
    image = next(block for block in post.blocks if block["type"] == "image")
    assert town.fake.files[image["slack_file"]["id"]]["bytes"].startswith(b"\x89PNG")


async def test_a_chart_that_is_not_ready_leaves_a_rewritten_letter_its_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = town.person("Ada")
    receipt = await town.slack.messenger.send(parcel(message(_("How it goes"), CHART), user=ada.user))
    monkeypatch.setattr(pictures, "_is_ready", lambda file: True)
    town.fake.looks = 99
    await town.slack.messenger.rewrite(parcel(message(_("How it went"), CHART), user=ada.user), receipt)
    assert ada.text == "How it went\n3 talks in May, 5 in June."
