"""Whatever is said and asked, Slack takes it; and what people wrote is shown, never acted on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from adapters.slack import limits
from adapters.slack.errands import Errand, Way
from adapters.slack.forms import Modal, errors, note
from adapters.slack.home import tab
from adapters.slack.links import Link, read, write
from adapters.slack.render import Rendering
from adapters.slack.replies import posts
from adapters.slack.speaker import SlackSpeaker
from bot.texts import asking, status
from bot.ui import Button, Form, Message, Quoted, Row, Rows, _, message
from commands import CATALOG
from commands.spec import Command
from tests.adapters.slack import strategies
from tests.adapters.slack.contract import check
from tests.adapters.slack.driver import words
from tests.texts import test_cohort_texts as corpus

USERS = {1: "U001", 2: "U002"}
TOO_LONG = "There is more than fits here. /mentor status shows you all of it."
WAY = Way("https://hooks.slack.com/commands/T111/1234567890/abcdefghijklmnopqrstuvwx", "C001", "1801494000.000025")

EXAMPLES = settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink what is this long takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def speaker() -> SlackSpeaker:
    return SlackSpeaker("America/New_York", "en", USERS)


def check_posts(said: Message) -> list[dict[str, Any]]:
    bodies = posts(said, speaker(), 1)
    for body in bodies:
        check("post_message_with_fallback", {"channel": "C001", **body})
        check("response_url_message", {**body, "response_type": "ephemeral", "replace_original": False})
    return bodies


def check_tab(said: Message) -> list[dict[str, Any]]:
    view = tab(said, speaker()).to_dict()
    check("home", view)
    return view["blocks"]  # type: ignore[no-any-return]


@EXAMPLES
@given(strategies.messages)
def test_slack_takes_every_message(said: Message) -> None:
    for body in check_posts(said):
        kinds = {one["type"] for one in _objects(body["blocks"])}
        assert kinds.isdisjoint({"mrkdwn", "markdown", "link", "broadcast", "usergroup", "emoji"})
        mentioned = {one["user_id"] for one in _objects(body["blocks"]) if one["type"] == "user"}
        assert mentioned <= set(USERS.values())
        assert "<" not in body["text"]


@EXAMPLES
@given(strategies.messages)
def test_the_home_tab_takes_every_message(said: Message) -> None:
    blocks = check_tab(said)
    is_whole = len(list(Rendering(speaker(), tables=False).blocks(said))) <= len(blocks)
    assert is_whole or words(blocks[-1:]) == TOO_LONG


@EXAMPLES
@given(strategies.forms())
def test_slack_takes_every_form(form: Form) -> None:
    for whole in (False, True):
        view = Modal(speaker(), Errand(form.run, WAY, 1), {}).view(form, whole=whole).to_dict()
        check("modal", view)
        shown = frozenset(block["block_id"] for block in view["blocks"] if block["type"] == "input")
        beside = errors(form, speaker(), shown)
        if beside:
            check("view_submission_ack", {"response_action": "errors", "errors": beside})


@pytest.mark.parametrize("command", CATALOG.commands.values(), ids=lambda command: command.path)
def test_every_command_can_be_asked(command: Command) -> None:
    if command.fields:
        form = Form(command.summary, command.path, command.fields, intro=command.intro)
        check("modal", Modal(speaker(), Errand(form.run, WAY, 1), {}).view(form).to_dict())


def test_what_is_said_of_programs_fits() -> None:
    for said in (*corpus._letters(), *corpus._replies()):
        assert len(check_posts(said)) == 1


def test_the_modals_that_only_say_something_fit() -> None:
    for sentence in (asking.LOADING, asking.SAVING, asking.ANSWERED):
        check("modal", note(speaker(), sentence).to_dict())


def test_what_people_wrote_is_shown_and_never_acted_on() -> None:
    wrote = "@everyone <!channel> <@U001> *bold* <https://evil.example|here> &amp; `x`"
    body = check_posts(message(_("They wrote: {words}", words=wrote), Quoted(wrote)))[0]
    assert words(body["blocks"]).count(wrote) == 2
    assert {one["type"] for one in _objects(body["blocks"])} == {
        "rich_text",
        "rich_text_section",
        "rich_text_quote",
        "text",
    }
    assert not any(one.get("style") for one in _objects(body["blocks"]))


def test_a_notice_of_somebodys_words_calls_nobody() -> None:
    body = check_posts(message(_("{name}, hello", name="<!channel>")))[0]
    assert body["text"] == "&lt;!channel&gt;, hello"


def test_a_delicate_letter_opens_as_neutral_as_its_notice() -> None:
    body = check_posts(message(Quoted("I am worried."), notice=_("A word about a pair"), delicate=True))[0]
    assert words(body["blocks"][:1]) == "A word about a pair"


def test_a_button_carries_what_fits_and_is_read_back() -> None:
    link = Link("goals set", {"pair": "7", "title": "é" * 300}, 3)
    assert read(write(link)) == link
    long = Link("goals set", {"pair": "7", "title": "x" * 5000})
    assert read(write(long)) == Link("goals set", {"pair": "7"})
    for forged in ("", "[]", '["goals set", 1, null]', "{}", "goals set"):
        with pytest.raises(ValueError):  # noqa: PT011
            read(forged)


def test_a_home_tab_has_twice_the_blocks_of_a_post() -> None:
    said = standing(pairs=90)
    blocks = check_tab(said)
    assert words(blocks) == "\n".join(words(body["blocks"]) for body in check_posts(said))
    assert len(blocks) > limits.BLOCKS
    assert TOO_LONG not in words(blocks)


def test_a_status_that_is_too_long_for_a_home_tab_says_where_all_of_it_is() -> None:
    said = standing(pairs=120)
    blocks = check_tab(said)
    assert len(blocks) == limits.VIEW_BLOCKS
    assert words(blocks).count("is your mentor.") == limits.VIEW_BLOCKS - 2
    assert words(blocks[-1:]) == TOO_LONG
    assert blocks[-1]["elements"][0]["elements"][1] == {
        "type": "text",
        "text": "/mentor status",
        "style": {"code": True},
    }


def test_a_home_tab_that_is_too_large_ends_earlier() -> None:
    blocks = check_tab(message(*(Quoted("é" * 3000) for _number in range(60))))
    assert 10 < len(blocks) < 20
    assert words(blocks[-1:]) == TOO_LONG


@pytest.mark.parametrize("before", [0, 1])
def test_a_home_tab_ends_with_no_line_without_its_buttons(before: int) -> None:
    rows = [Row(_("Line {number}", number=number), (Button(_("Open"), "goals set"),)) for number in range(60)]
    blocks = check_tab(message(*([_("Before")] * before), Rows(tuple(rows))))
    assert words(blocks[-1:]) == TOO_LONG
    assert blocks[-2]["type"] == "actions"
    assert words(blocks).count("Line") == words(blocks).count("Open")


def test_an_errand_is_read_back() -> None:
    errand = Errand('goals set pair:"7"', WAY, 3)
    assert Errand.read(errand.write()) == errand


def standing(*, pairs: int) -> Message:
    """The status of somebody with so many pairs."""
    parts = [
        part
        for _pair in range(pairs)
        for part in status.pair(corpus.BY, corpus.PAIRING, goals=3, reached=1, talked_on=None)
    ]
    return status.paired(parts, None, (status.AGREE,), letter_at=None, paused_until=None, paused=False)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Everything that has a type."""
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)
    elif isinstance(value, dict):
        if "type" in value:
            yield value
        for inner in value.values():
            yield from _objects(inner)
