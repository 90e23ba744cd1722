"""The validator that all other tests of this adapter rest on."""

from typing import Any

import pytest

from tests.adapters.slack.contract import check_inbound, problems, read, sample

CASES = read("blockkit.cases.json")

KINDS = {
    "slash_command": "slash_command",
    "block_actions": "block_actions",
    "view_submission": "view_submission",
    "view_closed": "view_closed",
    "block_suggestion": "block_suggestion",
    "event_message_from_user": "event_callback",
    "event_app_home_opened": "event_callback",
    "event_member_joined_channel": "event_callback",
    "event_app_uninstalled": "event_callback",
}


@pytest.mark.parametrize("case", CASES["valid"], ids=lambda case: case["origin"][-40:])
def test_what_slack_takes_is_taken(case: dict[str, Any]) -> None:
    assert problems(case["entry"], case["body"]) == []


@pytest.mark.parametrize("case", CASES["invalid"], ids=lambda case: case["why"])
def test_what_slack_refuses_is_refused(case: dict[str, Any]) -> None:
    assert problems(case["entry"], case["body"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_samples_are_as_slack_sends_them(kind: str) -> None:
    check_inbound(KINDS[kind], sample(kind))


def _modal(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "modal", "title": {"type": "plain_text", "text": "Questions"}, "blocks": list(blocks)}


def _input(name: str, **element: Any) -> dict[str, Any]:
    shape = {"type": "plain_text_input", "action_id": "line", **element}
    return {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": "What?"}, "element": shape}


OPTION = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
OTHER = {"text": {"type": "plain_text", "text": "Two"}, "value": "2"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (_modal(_input("a"), _input("a")), "block_id 'a' more than once"),
        (_modal(_input("a", focus_on_load=True), _input("b", focus_on_load=True)), "focus_on_load more than once"),
        (_modal(_input("a", type="static_select", options=[OPTION], initial_option=OTHER)), "none of the options"),
        (_modal(*(_input(f"f{n}", initial_value="é" * 2900) for n in range(99))), "a view over 250 kB"),
    ],
)
def test_what_the_schema_cannot_say_is_checked_beside_it(body: dict[str, Any], said: str) -> None:
    assert [found for found in problems("modal", body) if said in found]
