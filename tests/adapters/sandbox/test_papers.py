"""Files in the sandbox: a link to what is made at that moment."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from commands import CATALOG
from tests.adapters.sandbox.conftest import Caller, running


@pytest.fixture
async def program(database: str) -> AsyncIterator[Caller]:
    """The sandbox with its cast and the real commands."""
    async with running(database, CATALOG, cast=True) as caller:
        yield caller


async def test_the_file_of_a_letter_is_behind_its_link(program: Caller) -> None:
    people = (await program.get("/api/people"))["people"]
    olga = next(one["id"] for one in people if one["name"] == "Olga")
    before = await program.inbox(olga)
    await program.types(olga, "/cohort people")
    await program.post("/api/clock", {"forward": {"minutes": 1}})
    parts = [part for said in await program.inbox(olga, before[-1]["id"]) for part in said["parts"]]
    found = [part for part in parts if part["kind"] == "paper"]
    assert [one["name"].endswith("-people.csv") for one in found] == [True]
    async with program.session.get(program.base + found[0]["href"]) as answer:
        content = await answer.text(encoding="utf-8-sig")
        assert answer.status == 200
        assert answer.content_type == "text/csv"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Cache-Control"] == "no-store"
    assert content.startswith("Name,Takes part as,")


@pytest.mark.parametrize("path", ["/api/papers/1/99", "/api/papers/99999/0", "/api/papers/x/y"])
async def test_what_is_no_file_is_not_found(program: Caller, path: str) -> None:
    await program.get(path, status=404)
