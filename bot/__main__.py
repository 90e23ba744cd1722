"""The `mentorbot` command line: it alone knows the bot, its commands and its adapters, and wires them.

What a command needs is imported inside it, so that `mentorbot --help` answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from adapters.hosting import Opening
    from bot.settings import Settings

Result = TypeVar("Result")

_SANDBOX = "To see mentorbot work with no account anywhere: mentorbot sandbox"
_NO_PLATFORM = (
    "No platform is set up: neither the environment nor a .env in this folder has SLACK_BOT_TOKEN or DISCORD_TOKEN"
    f" (docs/operating.md). {_SANDBOX}"
)
_ONE_PROCESS = (
    "DATABASE_URL must name a PostgreSQL database for web and worker: several processes cannot share"
    " an SQLite file. For one process that does everything: mentorbot run"
)

_NO_APPLICATION = (
    "DISCORD_TOKEN must be the token of your application's page Bot, or say --application with its number."
    " See docs/operating.md, Discord."
)

app = typer.Typer(epilog=_SANDBOX, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
database = typer.Typer(help="Bring the database up to date, or check that it is.", no_args_is_help=True)
app.add_typer(database, name="db")
slack = typer.Typer(help="Set the bot up in a Slack workspace.", no_args_is_help=True)
app.add_typer(slack, name="slack")
discord = typer.Typer(help="Set mentorbot up on Discord.", no_args_is_help=True)
app.add_typer(discord, name="discord")


@app.callback(invoke_without_command=True)
def options(*, version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False) -> None:
    """Runs whole mentoring programs inside the chat a community already uses."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"mentorbot {installed('mentorbot')}")
        raise typer.Exit


@app.command()
def sandbox() -> None:
    """Play a program in the browser: invented people, a clock to turn, no account."""
    from bot.stopping import quit_on_signals, run_until_stopped

    quit_on_signals()
    settings = _settings()
    from adapters.sandbox import ownership
    from adapters.sandbox.serve import serve
    from migrations.schema import upgrade

    try:
        _reach(ownership.check, settings.sandbox_database_url, variable="SANDBOX_DATABASE_URL")
    except ownership.NoSandbox as reason:
        _refuse(str(reason))
    _reach(upgrade, settings.sandbox_database_url, variable="SANDBOX_DATABASE_URL")
    run_until_stopped(partial(serve, settings))


@app.command()
def run() -> None:
    """Everything in one process, on SQLite or PostgreSQL."""
    settings = _settings()
    faces = _faces(settings)
    from migrations.schema import upgrade

    _reach(upgrade, settings.database_url)
    _host(settings, faces, http=True, connections=True)


@app.command()
def web() -> None:
    """Answer what platforms send over HTTP. Any number of these, over PostgreSQL."""
    _host_one_of_several(http=True, connections=False)


@app.command()
def worker() -> None:
    """Keep connections open, sweep what is due, deliver. Any number of these, over PostgreSQL."""
    _host_one_of_several(http=False, connections=True)


@app.command()
def simulate(
    template: Annotated[str, typer.Argument(help="The program to play, by the name of its template.")] = "alcts",
    *,
    pairs: Annotated[int, typer.Option(min=1, max=40_000, help="Places that mentors offer.")] = 41,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people, and the same report.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print the report for other programs.")] = False,
    html: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the report as a page with charts.")] = None,
    database: Annotated[str, typer.Option(help="An empty database to play in, instead of a temporary one.")] = "",
) -> None:
    """Play a whole program with invented people, through the real bot, and say what came of it."""
    from adapters.simulation.run import Order, Plan, Unplayable, run
    from bot import logs
    from bot.stopping import collect_rarely
    from migrations.schema import upgrade

    logs.configure("error", "console")
    collect_rarely()
    order = Order(plan=Plan(template=template, pairs=pairs, seed=seed), database=database, json=json, html=html)
    try:
        is_sound = run(order, partial(_reach, upgrade, variable="--database"))
    except Unplayable as reason:
        _refuse(str(reason))
    raise typer.Exit(0 if is_sound else 1)


@database.command("upgrade")
def upgrade_database() -> None:
    """Create the tables, or bring them up to date."""
    settings = _settings()
    from migrations.schema import upgrade

    revision = _reach(upgrade, settings.database_url)
    typer.echo(f"The database is at revision {revision}.")


@database.command("check")
def check_database() -> None:
    """Say whether the database is as this version wants it; exit 1 if not."""
    settings = _settings()
    from migrations.schema import differences

    found = _reach(differences, settings.database_url)
    for difference in found:
        typer.echo(difference, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo("The database is as this version wants it.")


@slack.command("manifest")
def slack_manifest(
    *,
    name: Annotated[str, typer.Option(help="What the app is called: your association's own name.")] = "mentorbot",
    url: Annotated[str, typer.Option(help="The bot's own address, with https. Empty: Socket Mode.")] = "",
    only: Annotated[str, typer.Option(help="mentor: leave that one slash command; all others run behind it.")] = "",
    many: Annotated[
        bool, typer.Option("--many", help="Let other workspaces install it, at the address --url.")
    ] = False,
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode, although there is an address.")] = False,
) -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    from adapters.slack.manifest import manifest, written
    from commands import CATALOG

    if not name.strip():
        _refuse("--name must be what the app is called: your association's own name.")
    if only not in ("", "mentor"):
        _refuse("--only takes mentor: everything runs behind /mentor.")
    if url and not url.startswith("https://"):
        _refuse("--url must begin with https://: Slack sends to no other address.")
    if many and not url:
        _refuse("--many needs --url: the browsers of those who install the app come there.")
    made = manifest(CATALOG, name=name, url="" if socket else url, only=only, installed_at=url if many else "")
    typer.echo(written(made), nl=False)


@slack.command("key")
def slack_key() -> None:
    """Print a new key for MENTORBOT_SECRET_KEY. Keep it as you keep passwords: without it no token can be read."""
    from adapters.slack.sealing import new_key

    typer.echo(new_key())


@discord.command("invite")
def invite_to_discord(
    *, application: Annotated[int, typer.Option(help="The application's number, if not the one of DISCORD_TOKEN.")] = 0
) -> None:
    """Print the link that invites the bot to a server, and what each right in it is for."""
    settings = _settings()
    from adapters.discord import invite

    number = application or invite.application_of(settings.discord_token)
    if number is None:
        _refuse(_NO_APPLICATION)
    typer.echo(invite.page(number))


def main() -> None:
    """What the installed command `mentorbot` calls."""
    app()


def _settings() -> Settings:
    """The settings, with logs set up by them. A wrong one ends the process with its one line."""
    from bot import logs
    from bot.settings import Misconfigured, load

    try:
        settings = load()
    except Misconfigured as wrong:
        _refuse(str(wrong))
    logs.configure(settings.log_level, settings.log_format)
    return settings


def _reach(act: Callable[[str], Result], url: str, *, variable: str = "DATABASE_URL") -> Result:
    """What `act` does with the database, or the end of the process when there is none."""
    from bot.storage.engine import Unusable

    try:
        return act(url)
    except Unusable as reason:
        _refuse(f"{reason} It is named by {variable}.", status=1)


def _faces(settings: Settings) -> Sequence[Opening]:
    """How to open the platforms that are set up, in no order; the end of the process where there are none."""
    from adapters.discord import credentials as discord
    from adapters.slack import credentials as slack
    from bot.settings import Misconfigured

    try:
        on_slack, on_discord = slack.are_set(settings), discord.are_set(settings)
    except Misconfigured as wrong:
        _refuse(str(wrong))
    from adapters.hosting import Opening

    found: list[Opening] = []
    if on_slack:
        from adapters.slack.serve import open_slack

        found.append(Opening("slack", open_slack, over_http=True))
    if on_discord:  # whoever runs Slack alone keeps its library out of memory
        from adapters.discord.serve import open_discord

        found.append(Opening("discord", open_discord))
    return found or _refuse(_NO_PLATFORM)


def _host(settings: Settings, faces: Sequence[Opening], *, http: bool, connections: bool) -> None:
    from adapters.hosting import Parts, host
    from bot.settings import Misconfigured
    from bot.stopping import run_until_stopped

    try:
        run_until_stopped(partial(host, settings, faces, Parts(http=http, connections=connections)))
    except Misconfigured as wrong:
        _refuse(str(wrong))


def _host_one_of_several(*, http: bool, connections: bool) -> None:
    """A process among others over one database, which somebody has brought up to date before."""
    settings = _settings()
    if settings.database_url.startswith("sqlite"):
        _refuse(_ONE_PROCESS)
    faces = _faces(settings)
    from migrations.schema import lag

    behind = _reach(lag, settings.database_url)
    if behind:
        _refuse(behind, status=1)
    _host(settings, faces, http=http, connections=connections)


def _refuse(sentence: str, *, status: int = 2) -> NoReturn:
    typer.echo(sentence, err=True)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
