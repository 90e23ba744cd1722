"""Every environment variable that mentorbot reads: typed, with its meaning and its default."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

_DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}


class Misconfigured(Exception):  # noqa: N818 - a fact about the set-up, not an error of ours
    """mentorbot cannot start as it is set up. Its words: one line for whoever runs it, no secret."""


class OutOfReach(Misconfigured):
    """A platform does not answer: that may be a wrong address, or pass by itself."""


@dataclass(frozen=True)
class Should:
    """What a right value looks like, in words that follow "must be"."""

    be: str


def driver_url(url: str) -> str:
    """The address of a database as our asynchronous drivers want it; ValueError for any other database."""
    scheme, _, rest = url.strip().partition("://")
    driver = _DRIVERS.get(scheme)
    if driver is None or not rest:
        raise ValueError("neither SQLite nor PostgreSQL")
    if driver.startswith("postgresql"):
        return _without_libpq(f"{driver}://{rest}")
    if not re.fullmatch(r"/[^?:]+", rest):
        raise ValueError("not a file")
    return f"{driver}://{rest}"


def _without_libpq(url: str) -> str:
    """Hosts hand out addresses for libpq: asyncpg says `ssl` for `sslmode` and binds channels by itself."""
    parts = urlsplit(url)
    query = [
        ("ssl" if name == "sslmode" else name, value)
        for name, value in parse_qsl(parts.query)
        if name != "channel_binding"
    ]
    return urlunsplit(parts._replace(query=urlencode(query, safe="/")))


def api_base(address: str) -> str:
    """The address of an API, without a slash at its end; ValueError unless it is https, or on this machine."""
    address = address.strip()
    parts = urlsplit(address)
    is_local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or is_local):
        raise ValueError("neither https nor on this machine")
    return address.rstrip("/")


Database = Annotated[
    str,
    AfterValidator(driver_url),
    Should("sqlite:///path/to/file.db or postgresql://user:password@host/name"),
]


def api_url(address: str) -> str:
    """The same with a slash at its end, as Slack's library wants it."""
    return api_base(address) + "/"


def fernet_keys(keys: str) -> str:
    """Keys with commas between them; ValueError unless each is 32 bytes in the letters of web addresses."""
    for key in keys.split(",") if keys.strip() else ():
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key.strip()):
            raise ValueError("no key")
    return keys.strip()


Lower = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)


class Settings(BaseSettings):
    """What can be set from outside, by the environment or by the file `.env` in the working directory."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    database_url: Database = Field(
        default="sqlite:///var/mentorbot.db",
        repr=False,
        description="Where the bot keeps everything: an SQLite file, or PostgreSQL.",
    )
    sandbox_database_url: Database = Field(
        default="sqlite:///var/sandbox.db",
        repr=False,
        description="The sandbox's own database, with its own clock. Never a real community's.",
    )
    host: Annotated[str, Should("the name or number of a network interface, such as 127.0.0.1")] = Field(
        default="127.0.0.1",
        pattern=r"^\S+$",
        description="The network interface to listen on. The sandbox has no passwords: keep it local.",
    )
    port: Annotated[int, Should("a whole number from 0 to 65535")] = Field(
        default=8000,
        ge=0,
        le=65535,
        description="The port to listen on; 0 takes any free one.",
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Lower, Should("debug, info, warning or error")
    ] = Field(
        default="info",
        description="How much to log. debug may quote what people wrote: for invented people only.",
    )
    log_format: Annotated[Literal["console", "json"], Lower, Should("console or json")] = Field(
        default="console",
        description="console is for people to read, json for machines: one object a line.",
    )
    slack_bot_token: Annotated[str, Should("the app's bot token, which begins with xoxb-")] = Field(
        default="",
        repr=False,
        pattern=r"^(xoxb-\S+)?$",
        description="Slack: the bot token of the installed app. docs/operating.md says where to find all of these.",
    )
    slack_signing_secret: Annotated[str, Should("the app's signing secret: letters and digits")] = Field(
        default="",
        repr=False,
        pattern=r"^[A-Za-z0-9]*$",
        description="Slack over HTTP: proves that a request comes from Slack.",
    )
    slack_app_token: Annotated[str, Should("an app-level token, which begins with xapp-")] = Field(
        default="",
        repr=False,
        pattern=r"^(xapp-\S+)?$",
        description="Slack over a socket that the bot opens itself, where no address of it can be reached.",
    )
    slack_client_id: Annotated[str, Should("the app's client id, two numbers with a dot between")] = Field(
        default="",
        pattern=r"^([0-9]+\.[0-9]+)?$",
        description="Slack for many workspaces, instead of the bot token: the app's client id.",
    )
    slack_client_secret: Annotated[str, Should("the app's client secret: letters and digits")] = Field(
        default="",
        repr=False,
        pattern=r"^[A-Za-z0-9]*$",
        description="Slack for many workspaces: the app's client secret.",
    )
    mentorbot_secret_key: Annotated[
        str,
        AfterValidator(fernet_keys),
        Should("what `mentorbot slack key` prints (docs/operating.md), or several of these with commas between"),
    ] = Field(
        default="",
        repr=False,
        description="Seals tokens in the database: the first key seals, all open. mentorbot slack key prints one.",
    )
    slack_commands: Annotated[Literal["all", "mentor"], Lower, Should("all or mentor")] = Field(
        default="all",
        description="Slack: mentor if the app was made with --only mentor, so that help names what is installed.",
    )
    slack_api_base_url: Annotated[
        str, AfterValidator(api_url), Should("an address with https, or http on this machine")
    ] = Field(
        default="https://slack.com/api/",
        description="Where Slack's Web API is. Only tests change it.",
    )
    discord_token: Annotated[str, Should("the token of a Discord bot, from its page Bot")] = Field(
        default="",
        repr=False,
        pattern=r"^\S*$",
        description="The token of your Discord bot. Without it mentorbot is not on Discord.",
    )
    discord_api_base: Annotated[
        str, AfterValidator(api_base), Should("an https address such as https://discord.com/api/v10")
    ] = Field(
        default="https://discord.com/api/v10",
        description="Where Discord's API is. Another address is for tests; http only on this machine.",
    )
    discord_guild_id: Annotated[str, Should("the number of a Discord server, or empty")] = Field(
        default="",
        pattern=r"^[0-9]{0,20}$",
        description="For development: register commands in this server alone, at once, and not in direct messages.",
    )
    discord_guild_ready_timeout: Annotated[float, Should("a number of seconds from 0 to 60")] = Field(
        default=2.0,
        ge=0,
        le=60,
        description="Seconds to wait for Discord's list of servers at the start.",
    )
    discord_members: Annotated[bool, Should("true or false")] = Field(
        default=False,
        description="Whether Discord may tell who joins and leaves; needs the Server Members Intent.",
    )


_PAGES = {"slack": " (docs/operating.md, Slack)", "discord": " (docs/operating.md, Discord)"}
"""Where whoever sets up a platform reads on."""


def load() -> Settings:
    """The settings as they are now, or Misconfigured, naming each wrong variable and what it should be."""
    try:
        return Settings()
    except ValidationError as error:
        raise Misconfigured(" ".join(_complaints(error))) from None
    except UnicodeDecodeError:
        raise Misconfigured("The file .env must be plain text in UTF-8.") from None


def _complaints(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        name = str(problem["loc"][0])
        should = next(hint for hint in Settings.model_fields[name].metadata if isinstance(hint, Should))
        page = _PAGES.get(name.partition("_")[0], "")
        yield f"{name.upper()} must be {should.be}{page}."
