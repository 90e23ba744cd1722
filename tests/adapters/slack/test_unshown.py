"""What people are told when their answer cannot be shown: nothing is promised that is not so."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from adapters.slack import forms
from adapters.slack.people import People
from adapters.slack.render import Rendering
from bot.domain import Application
from bot.ui import Message
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import words
from tests.adapters.slack.test_answering import account
from tests.adapters.slack.test_whole_way import MENTEE, founded


async def test_an_answer_that_cannot_be_drawn(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await founded(town)
    ada = town.person("Ada")
    await ada.types("/mentor join mentee")
    really = Rendering.posts
    drawn: list[Message] = []

    def breaks_once(self: Rendering, said: Message) -> list[Any]:
        drawn.append(said)
        if len(drawn) == 1:
            raise RuntimeError("a bug")
        return list(really(self, said))

    monkeypatch.setattr(Rendering, "posts", breaks_once)
    await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)

    said = ada.found("Something went wrong on my side while I was answering.")
    assert "may have been done" in words(said.blocks)
    assert "nothing was changed" not in words(said.blocks)
    async with town.app.storage.reading() as work:
        assert len(await work.all(select(Application.id))) == 1


async def test_a_command_whose_reader_cannot_be_looked_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_given: object) -> None:
        raise RuntimeError("a bug")

    ada = town.person("Ada")
    await ada.types("/mentor help")
    monkeypatch.setattr(People, "speaker", breaks)
    await ada.types("/mentor quiet from:18:00 to:9:00")

    assert "What you asked for may have been done" in ada.text
    found = await account(town, ada.user)
    assert found is not None
    assert found[1].quiet_from is not None


async def test_a_modal_that_cannot_be_drawn(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_given: object, **_named: object) -> None:
        raise RuntimeError("a bug")

    await founded(town)
    ada = town.person("Ada")
    monkeypatch.setattr(forms.Modal, "view", breaks)
    await ada.types("/mentor join mentee")

    assert "What you asked for may have been done" in ada.text


async def test_a_command_that_did_not_run_changed_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_given: object, **_named: object) -> None:
        raise RuntimeError("a bug")

    ada = town.person("Ada")
    monkeypatch.setattr(People, "request", breaks)
    await ada.types("/mentor help")

    assert "nothing was changed" in ada.text
