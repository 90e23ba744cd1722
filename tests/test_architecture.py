"""The shape of the code, as docs/architecture.md draws it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = {"bot": 300, "commands": 300, "adapters": 300, "migrations": 300, "benchmarks": 300, "tests": 450}
LONG_FILES: dict[str, str] = {}
"""Files that may be longer, each with the reason."""
SENTENCES = {"_": 1, "ngettext": 2}
"""What marks a sentence for translation, and how many of its arguments are sentences."""
BANNED_WORDS = {"utils", "util", "helpers", "common", "misc", "manager", "handler", "base_classes", "info"}


def sources(*parts: str) -> list[Path]:
    found = [path for part in parts for path in (ROOT / part).rglob("*.py") if "versions" not in path.parts]
    return sorted(found)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_every_arrow_points_down() -> None:
    ended = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in sources(*MOST_LINES)])
def test_a_file_is_short_and_named_by_a_noun(path: str) -> None:
    assert len((ROOT / path).read_text().splitlines()) <= MOST_LINES[Path(path).parts[0]] or path in LONG_FILES
    assert BANNED_WORDS.isdisjoint(Path(path).with_suffix("").parts)


def test_most_files_and_functions_are_short() -> None:
    files = sorted(len(path.read_text().splitlines()) for path in sources("bot", "commands", "adapters"))
    bodies = sorted(
        function.end_lineno - function.body[0].lineno + 1
        for path in sources("bot", "commands", "adapters")
        for function in functions(path)
        if function.end_lineno
    )

    assert files[len(files) // 2] <= 100  # the aim is 80; the fence leaves room for a day of work
    assert bodies[len(bodies) // 2] <= 8
    assert bodies[len(bodies) * 9 // 10] <= 30


def loaded(program: str, *of: str) -> list[str]:
    """Which of these packages a program loads."""
    line = f"import sys, {program}; print(*sorted({set(of)} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)
    return ended.stdout.split()


def test_starting_loads_neither_solver_nor_charts_nor_migrations() -> None:
    faces = ("adapters.sandbox.serve", "adapters.slack.serve", "adapters.discord.serve")
    assert loaded(", ".join(("bot.app", "commands", *faces)), "scipy", "matplotlib", "alembic") == []


def test_whoever_runs_slack_alone_loads_nothing_of_discord() -> None:
    assert loaded("adapters.slack.serve, adapters.discord.credentials, adapters.hosting", "discord") == []


def test_help_loads_none_of_the_bot() -> None:
    assert loaded("bot.__main__", "sqlalchemy", "pydantic", "aiohttp") == []


def test_a_sentence_to_translate_is_whole() -> None:
    """An f-string is filled before gettext sees it, so no catalog could ever contain it."""
    broken = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("bot", "commands", "adapters")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SENTENCES
        and not all(isinstance(word, ast.Constant) for word in node.args[: SENTENCES[node.func.id]])
    ]

    assert broken == []


@pytest.mark.parametrize("word", ["astimezone", "ZoneInfo"])
def test_local_time_is_computed_in_the_rhythm_alone(word: str) -> None:
    """Whose day it is and when a clock shows an hour: one file knows, and its tests know every change of the clocks."""
    rooms = [path for path in sources("bot", "commands") if "domain" not in path.parts]
    found = [str(path.relative_to(ROOT)) for path in rooms if word in path.read_text()]

    assert found == []
