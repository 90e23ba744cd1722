"""The contract refuses what Slack refuses: with any limit of the adapter set wrong, a body that it makes is caught."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject

from adapters.slack import limits, render
from adapters.slack.errands import Errand
from adapters.slack.forms import Modal
from adapters.slack.home import tab
from adapters.slack.inputs import option
from adapters.slack.links import Link, write
from adapters.slack.render import Rendering
from adapters.slack.replies import posts
from adapters.slack.speaker import SlackSpeaker
from bot.ui import (
    Button,
    Buttons,
    Choice,
    Field,
    Form,
    Kind,
    Message,
    Picture,
    Quoted,
    Row,
    Rows,
    Series,
    Table,
    Words,
    _,
    message,
)
from tests.adapters.slack.contract import problems

LONG = "a long word, " * 400
PRESS = Button(_("Look"), "liaison pair", {"pair": "1"})
CHART = Picture(_("Talks"), (_("May"),), (Series(_("noted"), (3.0,)),), Words(LONG))
CHOICES = tuple(Choice(str(number), Words(f"Topic {number}")) for number in range(150))


def said(*parts: Any) -> Message:
    return message(_("Forty-one pairs"), *parts)


def asked(**field: Any) -> Form:
    return Form(
        Words("Your application to the program"), "mentor join", (Field("wish", **{"label": _("What?"), **field}),)
    )


MESSAGES = {
    "BLOCKS": said(Rows((Row(_("A pair"), (PRESS,)),) * 41)),
    "TEXT": said(*(Quoted("word " * 500),) * 8),
    "BUTTON": said(Buttons((Button(Words(LONG), "mentor help"),))),
    "BUTTONS": said(Buttons((PRESS,) * 30)),
    "CELLS": said(Table((_("Pair"),) * 21, ((_("One"),) * 21,))),
    "ROWS": said(Table((_("Pair"),), ((_("One"),),) * 120)),
    "LABEL": said(CHART),
}
TABS = {
    "VIEW_BLOCKS": said(Rows((Row(_("A pair"), (PRESS,)),) * 60)),
    "VIEW": said(*(Quoted("é" * 3000),) * 60),
}
FORMS = {
    "TITLE": asked(),
    "LABEL": asked(hint=Words(LONG)),
    "INPUT": asked(max_length=9_000),
    "VIEW_BLOCKS": Form(_("Many"), "mentor join", tuple(Field(f"f{n}", _("What?")) for n in range(120))),
    "OPTION": asked(kind=Kind.ONE, choices=(Choice("1", Words(LONG)),) * 2),
    "OPTION_VALUE": asked(kind=Kind.ONE, choices=(Choice("x" * 300, _("One")),) * 2),
    "OPTIONS": asked(kind=Kind.ONE, choices=CHOICES),
    "BOXES": asked(kind=Kind.MANY, choices=CHOICES[:30]),
}


def refused_posts(of: Message) -> list[str]:
    """What Slack would say of the posts of a message, with its charts uploaded."""
    files = {place: "F1" for place, part in enumerate(of.parts) if isinstance(part, Picture)}
    rendering = Rendering(SlackSpeaker(), 1, files=files)
    bodies = [{"channel": "C1", "text": rendering.notice(of), "blocks": blocks} for blocks in rendering.posts(of)]
    return [problem for body in bodies for problem in problems("post_message_with_fallback", body)]


def refused_modal(form: Form) -> list[str]:
    return refused("modal", Modal(SlackSpeaker(), Errand(form.run), {}).view(form))


def refused(entry: str, made: JsonObject) -> list[str]:
    """Slack's own models know some limits, and refuse first."""
    try:
        return problems(entry, made.to_dict())
    except SlackObjectFormationError as error:
        return [str(error)]


@pytest.mark.parametrize("limit", MESSAGES)
def test_a_wrong_limit_of_messages_is_caught(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused_posts(MESSAGES[limit]) == []
    monkeypatch.setattr(limits, limit, 100_000)
    assert refused_posts(MESSAGES[limit])


@pytest.mark.parametrize("limit", TABS)
def test_a_wrong_limit_of_home_tabs_is_caught(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused("home", tab(TABS[limit], SlackSpeaker())) == []
    monkeypatch.setattr(limits, limit, 1_000_000)
    assert refused("home", tab(TABS[limit], SlackSpeaker()))


@pytest.mark.parametrize("limit", FORMS)
def test_a_wrong_limit_of_forms_is_caught(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused_modal(FORMS[limit]) == []
    monkeypatch.setattr(limits, limit, 100_000)
    assert refused_modal(FORMS[limit])


def test_a_button_that_carries_too_much_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = said(Buttons((Button(_("Look"), "goals set", {"title": "x" * 2500}),)))
    assert refused_posts(loaded) == []
    monkeypatch.setattr(limits, "VALUE", 100_000)
    assert len(write(Link("goals set", {"title": "x" * 2500}))) > 2000
    assert refused_posts(loaded)


def test_a_searched_choice_that_is_too_long_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = Choice("1", Words(LONG))
    assert problems("block_suggestion_ack", {"options": [option(choice, SlackSpeaker()).to_dict()]}) == []
    monkeypatch.setattr(limits, "OPTION", 100_000)
    with pytest.raises(SlackObjectFormationError, match="75 characters"):
        option(choice, SlackSpeaker()).to_dict()


def test_a_second_table_in_a_message_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table((_("Pair"),), ((_("One"),),))
    assert refused_posts(said(table, table)) == []
    really = Rendering._table

    def forgetful(self: Rendering, head: Any, rows: Any) -> Any:
        self._tables = True
        return really(self, head, rows)

    monkeypatch.setattr(Rendering, "_table", forgetful)
    assert refused_posts(said(table, table)) == ["more than one table"]


def test_a_notice_that_is_not_escaped_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    calling = message(_("A goal"), notice=_("{words}", words="<!channel> look at <https://evil.example|this>"))
    assert refused_posts(calling) == []
    monkeypatch.setattr(render, "escaped", lambda text: text)
    assert any("markup" in problem for problem in refused_posts(calling))


def test_a_chart_in_a_reply_for_one_person_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> list[str]:
        [body] = posts(said(CHART), SlackSpeaker(), 1)
        return problems("response_url_message", {**body, "response_type": "ephemeral"})

    assert refused() == []
    really = Rendering._picture
    monkeypatch.setattr(Rendering, "_picture", lambda self, alt, file: really(self, alt, file or "F1"))
    assert any("a file in a reply for one person" in problem for problem in refused())
