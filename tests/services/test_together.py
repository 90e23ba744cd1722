"""Small writes of one moment, in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from bot.services.together import Together


class Book:
    """Keeps what was written in each go, and is slow at it."""

    def __init__(self, *, trouble: Exception | None = None) -> None:
        self.goes: list[list[int]] = []
        self.trouble = trouble

    async def write(self, items: Sequence[int]) -> Mapping[int, str]:
        self.goes.append(list(items))
        await asyncio.sleep(0.01)
        if self.trouble:
            raise self.trouble
        return {item: f"written {item}" for item in items if item % 2}


async def test_what_comes_at_one_moment_is_written_in_one_go() -> None:
    book = Book()
    note = Together(book.write)
    assert await asyncio.gather(*(note(n) for n in range(4))) == [None, "written 1", None, "written 3"]
    assert book.goes == [[0, 1, 2, 3]]


async def test_what_comes_while_another_go_is_under_way_waits_for_the_next() -> None:
    book = Book()
    note = Together(book.write)
    first = asyncio.create_task(note(1))
    await asyncio.sleep(0.005)
    assert await asyncio.gather(first, note(3), note(5)) == ["written 1", "written 3", "written 5"]
    assert book.goes == [[1], [3, 5]]


async def test_everybody_hears_of_a_go_that_failed_and_the_next_one_begins_anew() -> None:
    book = Book(trouble=ZeroDivisionError())
    note = Together(book.write)
    failed = await asyncio.gather(note(1), note(2), return_exceptions=True)
    assert [type(error) for error in failed] == [ZeroDivisionError, ZeroDivisionError]
    book.trouble = None
    assert await note(3) == "written 3"


async def test_who_gives_up_takes_the_unwritten_go_back() -> None:
    book = Book()
    note = Together(book.write)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(note(1), 0.002)
    await asyncio.sleep(0.02)
    assert await note(3) == "written 3"


async def test_a_go_that_is_given_up_before_it_began_holds_up_no_other() -> None:
    book = Book()
    note = Together(book.write)
    given_up = asyncio.create_task(note(1))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert await note(3) == "written 3"
    assert book.goes == [[3]]
