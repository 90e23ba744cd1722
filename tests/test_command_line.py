"""The installed command: what it says, and with which status it ends."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Protocol

import pytest

ROOT = Path(__file__).parent.parent


class Mentorbot(Protocol):
    def __call__(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def mentorbot(tmp_path: Path) -> Mentorbot:
    """Runs the command in an empty folder."""
    plain = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        line = [str(Path(sys.executable).parent / "mentorbot"), *words]
        settings = plain | environment
        return subprocess.run(line, cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=60, check=False)

    return run


def test_help_names_every_command_of_the_procfile(mentorbot: Mentorbot) -> None:
    said = mentorbot("--help").stdout
    lines = (ROOT / "Procfile").read_text().splitlines()

    assert [line.partition(": ")[0] for line in lines] == ["release", "web", "worker"]
    for line in lines:
        program, command, *_ = line.partition(": ")[2].split()
        assert program == "mentorbot"
        assert f" {command} " in said


def test_version_is_that_of_the_project(mentorbot: Mentorbot) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert mentorbot("--version").stdout == f"mentorbot {project['version']}\n"


def test_run_without_a_platform_names_the_sandbox(mentorbot: Mentorbot) -> None:
    ended = mentorbot("run")

    assert ended.returncode == 2
    assert "mentorbot sandbox" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["web", "worker"])
def test_several_processes_refuse_sqlite(mentorbot: Mentorbot, command: str) -> None:
    ended = mentorbot(command)

    assert ended.returncode == 2
    assert ended.stderr.startswith("DATABASE_URL must name a PostgreSQL database")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["web", "worker"])
def test_several_processes_need_a_platform_too(mentorbot: Mentorbot, command: str) -> None:
    ended = mentorbot(command, DATABASE_URL="postgresql://host/name")

    assert ended.returncode == 2
    assert ended.stderr.startswith("No platform is set up")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "abc"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "abc"}, "SLACK_CLIENT_ID needs MENTORBOT_SECRET_KEY"),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": "abc",
                "SLACK_API_BASE_URL": "http://127.0.0.1:9/api/",
            },
            "Slack does not answer at http://127.0.0.1:9/api/ (SLACK_API_BASE_URL): docs/operating.md, Slack",
        ),
        (
            {"DISCORD_TOKEN": "abc", "DISCORD_API_BASE": "http://127.0.0.1:9/api/v10"},
            "Discord cannot be reached at DISCORD_API_BASE",
        ),
    ],
)
def test_wrong_credentials_stop_the_start_with_one_line(
    mentorbot: Mentorbot, given: dict[str, str], sentence: str
) -> None:
    ended = mentorbot("run", **given)

    assert ended.returncode == 2
    assert ended.stderr.startswith(sentence)
    assert len(ended.stderr.splitlines()) == 1


def test_a_key_that_is_printed_is_taken_and_each_is_another(mentorbot: Mentorbot) -> None:
    keys = [mentorbot("slack", "key").stdout for _ in range(2)]

    assert keys[0] != keys[1]
    ended = mentorbot("run", MENTORBOT_SECRET_KEY=",".join(key.strip() for key in keys))
    assert ended.stderr.startswith("No platform is set up")


def test_a_manifest_for_many_workspaces_needs_an_address(mentorbot: Mentorbot) -> None:
    ended = mentorbot("slack", "manifest", "--many")

    assert ended.returncode == 2
    assert ended.stderr.startswith("--many needs --url")
    made = json.loads(mentorbot("slack", "manifest", "--many", "--socket", "--url", "https://a.example").stdout)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["oauth_config"]["redirect_urls"] == ["https://a.example/slack/oauth_redirect"]


@pytest.mark.parametrize("command", ["sandbox", "run", "web", "worker"])
def test_a_wrong_setting_stops_the_start_with_one_line(mentorbot: Mentorbot, command: str) -> None:
    ended = mentorbot(command, PORT="http")

    assert ended.returncode == 2
    assert ended.stderr == "PORT must be a whole number from 0 to 65535.\n"


def test_several_processes_want_a_database_that_is_up_to_date(mentorbot: Mentorbot, postgres_url: str) -> None:
    ended = mentorbot("worker", DATABASE_URL=postgres_url, DISCORD_TOKEN="x.y.z")

    assert ended.returncode == 1
    assert ended.stderr.startswith("The database is at empty, this version wants ")
    assert ended.stderr.rstrip().endswith("mentorbot db upgrade")
    assert len(ended.stderr.splitlines()) == 1


def test_a_database_is_brought_up_to_date_and_then_found_so(mentorbot: Mentorbot, tmp_path: Path) -> None:
    before, upgraded, after = mentorbot("db", "check"), mentorbot("db", "upgrade"), mentorbot("db", "check")

    assert (before.returncode, upgraded.returncode, after.returncode) == (1, 0, 0), upgraded.stderr
    assert after.stdout == "The database is as this version wants it.\n"
    assert (tmp_path / "var" / "mentorbot.db").exists()


@pytest.mark.parametrize("words", [("db", "upgrade"), ("web",), ("worker",)], ids=" ".join)
def test_a_database_that_cannot_be_reached_is_said_in_one_line(mentorbot: Mentorbot, words: tuple[str, ...]) -> None:
    ended = mentorbot(*words, DATABASE_URL="postgresql://ada:secret@127.0.0.1:1/mentorbot", DISCORD_TOKEN="x.y.z")

    assert ended.returncode == 1
    assert ended.stderr.startswith("The database at 127.0.0.1, mentorbot cannot be used: ")
    assert ended.stderr.rstrip().endswith("It is named by DATABASE_URL.")
    assert "secret" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
