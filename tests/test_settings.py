"""What is set from outside: read right, or refused in one line."""

import re
from pathlib import Path

import pytest

from bot.settings import Misconfigured, Settings, driver_url, load

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_lists_every_setting_with_its_meaning_and_default() -> None:
    listed = re.findall(r"^# (.+)\n([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)

    assert listed == [
        (field.description, name.upper(), str(field.default)) for name, field in Settings.model_fields.items()
    ]


def test_the_example_as_it_stands_changes_nothing(tmp_path: Path) -> None:
    untouched = load()
    (tmp_path / ".env").write_text(EXAMPLE.read_text())

    assert load() == untouched


def test_every_setting_is_used_somewhere() -> None:
    sources = "".join(path.read_text() for part in ("bot", "adapters") for path in (ROOT / part).rglob("*.py"))

    assert [name for name in Settings.model_fields if f"settings.{name}" not in sources] == []


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=8001\nHOST=0.0.0.0\nSOMEBODY_ELSES=thing\n")
    monkeypatch.setenv("PORT", "8002")

    assert (load().port, load().host) == (8002, "0.0.0.0")


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")

    assert load().port == 8000


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eight thousand", "PORT must be a whole number from 0 to 65535."),
        ("PORT", "65536", "PORT must be a whole number from 0 to 65535."),
        ("HOST", "a b", "HOST must be the name or number of a network interface, such as 127.0.0.1."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be debug, info, warning or error."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be console or json."),
        (
            "DATABASE_URL",
            "mysql://ada:secret@host/name",
            "DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name.",
        ),
        (
            "SLACK_CLIENT_ID",
            "abc",
            "SLACK_CLIENT_ID must be the app's client id, two numbers with a dot between (docs/operating.md, Slack).",
        ),
        (
            "DISCORD_TOKEN",
            "a b",
            "DISCORD_TOKEN must be the token of a Discord bot, from its page Bot (docs/operating.md, Discord).",
        ),
        *(
            (
                "MENTORBOT_SECRET_KEY",
                wrong,
                "MENTORBOT_SECRET_KEY must be what `mentorbot slack key` prints (docs/operating.md), or several of "
                "these with commas between.",
            )
            for wrong in ("secret", "s" * 44, f"{'s' * 43}=,", f"{'s' * 43}=, {'s' * 42}==")
        ),
        (
            "SANDBOX_DATABASE_URL",
            "sqlite://",
            "SANDBOX_DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name.",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_does_not_repeat_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as refused:
        load()

    assert str(refused.value) == sentence


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "x")
    with pytest.raises(Misconfigured, match=r"^PORT must .*\. LOG_LEVEL must .*\.$"):
        load()


def test_several_keys_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORBOT_SECRET_KEY", f" {'a' * 43}=, {'b' * 43}= ")

    assert load().mentorbot_secret_key.count("=") == 2


def test_a_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:secret@host/name")

    assert "secret" not in repr(load())


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(Misconfigured, match="UTF-8"):
        load()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("sqlite:///var/mentorbot.db", "sqlite+aiosqlite:///var/mentorbot.db"),
        ("sqlite:////srv/mentorbot.db", "sqlite+aiosqlite:////srv/mentorbot.db"),
        ("postgres://a:b@host/name", "postgresql+asyncpg://a:b@host/name"),
        ("postgresql://a:b@host:5433/name", "postgresql+asyncpg://a:b@host:5433/name"),
        ("postgresql+asyncpg://host/name", "postgresql+asyncpg://host/name"),
        ("postgresql://ada@/name?host=/run/postgresql", "postgresql+asyncpg://ada@/name?host=/run/postgresql"),
        ("postgres://a:p%40ss@host/name?sslmode=require", "postgresql+asyncpg://a:p%40ss@host/name?ssl=require"),
        ("postgres://host/name?sslmode=prefer&channel_binding=require", "postgresql+asyncpg://host/name?ssl=prefer"),
    ],
)
def test_addresses_as_people_and_hosts_write_them_are_understood(given: str, wanted: str) -> None:
    assert driver_url(given) == wanted
