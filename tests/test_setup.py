"""What `make run` and `make test` rest on: the locks, the search for a Python, the script of the build."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


def pins(lock: str) -> set[str]:
    """Every line of a lock that pins a version, with its condition."""
    return set(re.findall(r"^(\S+==[^\\\n]+?) \\$", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_versions_and_hashes_and_nothing_else(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    other = [line for line in lines if not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)]

    assert other
    assert [line for line in other if not re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+( ; [^\\]+)? \\", line)] == []


def test_tools_are_added_to_what_the_bot_runs_on_and_change_none_of_it() -> None:
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["dependency-groups"]["dev"]),
        ("requirements-build.lock", PROJECT["dependency-groups"]["build"]),
        ("requirements-build.lock", PROJECT["build-system"]["requires"]),
    ],
)
def test_a_lock_has_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    pinned = {pin.split("==")[0]: pin.split("==")[1].split(" ;")[0] for pin in pins(lock)}
    missing = [
        line for line in wanted
        if not Requirement(line).specifier.contains(pinned.get(canonicalize_name(Requirement(line).name), "0"))
    ]  # fmt: skip

    assert missing == [], "run: make lock"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile and its first lock, and a `bin` for pretended Pythons."""
    for name in ("Makefile", "requirements-build.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "bin").mkdir()
    return tmp_path


def pretend(checkout: Path, name: str, script: str) -> None:
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def make(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{checkout / 'bin'}:{os.environ['PATH']}"}
    for inherited in ("PYTHON", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):  # the tests themselves may be run by make
        environment.pop(inherited, None)
    line = ["make", *words]
    return subprocess.run(line, cwd=checkout, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_python_that_is_there_but_does_not_run_is_passed_over(checkout: Path) -> None:
    pretend(checkout, "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    pretend(checkout, "python3.12", "exit 1")
    pretend(
        checkout,
        "python3.11",
        'case "$1" in -c) echo "$0";; -m) mkdir -p .venv/bin; cp bin/pip .venv/bin/python; echo "$*" >made;; esac',
    )
    pretend(checkout, "pip", 'echo "$*" >installed')
    ended = make(checkout, ".venv/bin/uv")

    assert ended.returncode == 0, ended.stderr
    assert (checkout / "made").read_text() == "-m venv --clear .venv\n"
    assert "--require-hashes --requirement requirements-build.lock" in (checkout / "installed").read_text()


def test_without_a_python_that_will_do_one_sentence_says_what_to_do(checkout: Path) -> None:
    pretend(checkout, "old", "exit 1")
    ended = make(checkout, ".venv/bin/uv", "PYTHON=old")
    first, *others = ended.stderr.splitlines()

    assert ended.returncode == 2
    assert first.startswith("mentorbot needs Python 3.11 or newer")
    assert all(line.startswith("make: ***") for line in others)


def test_what_is_installed_is_not_installed_again(checkout: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml", ".venv/bin/uv", ".venv/.installed"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()

    assert make(checkout, "--dry-run", "run").stdout == "exec .venv/bin/mentorbot sandbox\n"


def test_a_developers_tools_stay_when_the_bots_own_lock_changes(checkout: Path) -> None:
    for name in (".venv/bin/uv", ".venv/.installed", ".venv/.tools", "pyproject.toml", "requirements.lock"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    os.utime(checkout / ".venv/.installed", (0, 0))

    assert "requirements-dev.lock" in make(checkout, "--dry-run", "run").stdout


def test_the_build_script_lets_nothing_be_skipped() -> None:
    script = ROOT / ".ci" / "run"
    words = script.read_text()

    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in words
    assert "export REQUIRE_BROWSER=1 REQUIRE_POSTGRES=1\nmake test\n" in words
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
