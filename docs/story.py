"""Writes docs/story.md from the demo transcript: python -m docs.story."""

from __future__ import annotations

from pathlib import Path

from adapters.sandbox.story import STORY, Channel, Chapter, Presses, Sees, Sends, Step, Types, Waits

PAGE = Path(__file__).parent / "story.md"

_HEAD = """# The first months of a pair

A demo transcript. It is played as it stands here on every platform by `tests/transcripts/test_story.py`, and you can
play it yourself in the sandbox: *Be* the person named, and do what they do. Everybody in it is invented.
"""


def page() -> str:
    """The transcript as Markdown."""
    return "\n".join([_HEAD, *map(_chapter, STORY)])


def _chapter(chapter: Chapter) -> str:
    lines = "\n".join(f"{place}. {_line(step)}" for place, step in enumerate(chapter.steps, start=1))
    return f"## {chapter.title}\n\n{lines}\n"


def _line(step: Step) -> str:
    match step:
        case Types(who, text):
            return f"**{who}** types `{text}`"
        case Sends(who, answers):
            filled = "; ".join(f"{name}: “{answer}”" for name, answer in answers.items())
            return f"**{who}** sends the form" + (f" with {filled}" if filled else " as it is")
        case Presses(who, label):
            return f"**{who}** presses [{label}]"
        case Waits(who, words, days):
            most = "a day" if days == 1 else f"{days} days"
            return f"The clock goes on, {most} at the most, until **{who}** reads “{words}”"
        case Sees(who, words):
            return f"**{who}** reads “{words}”"
        case Channel(name, words):
            return f"In **#{name}** stands “{words}”"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
