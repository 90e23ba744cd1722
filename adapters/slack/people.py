"""Who asks, and who is named: Slack's users and our people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from adapters.slack import refusals
from adapters.slack.errands import Way
from adapters.slack.incoming import Asked
from adapters.slack.speaker import SlackSpeaker
from adapters.slack.wording import mentioned, unescaped, without_address
from adapters.slack.workspaces import Workspaces
from bot.domain import Account, Person, Space
from bot.domain.mail import as_mail
from bot.ports import Receipt
from bot.services import arrivals, spaces, unreachable
from bot.storage import queries
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Storage
from bot.ui.mentions import people_in
from commands.spec import Request
from commands.welcoming import welcome

log = structlog.get_logger()

PLATFORM = "slack"

MOST_KNOWN = 50_000
"""Users that are remembered at once, at some hundred bytes each."""

_UNSEEN = frozenset({"user_not_found", "user_not_visible", "missing_scope"})
"""What Slack says of users whom it does not show us. All else passes."""


class People:
    """What we know of Slack's users, and what Slack knows of those whom we do not know."""

    def __init__(self, storage: Storage, workspaces: Workspaces, *, only: str = "") -> None:
        self.storage = storage
        self.workspaces = workspaces
        self.only = only
        self._known: set[tuple[str, str]] = set()
        """Users who have an account: nobody loses it again. What is not in here is looked up."""

    async def request(self, asked: Asked, *, asks_admin: bool, event: str, unasked: bool = False) -> Request:
        """The same in the terms of every platform. Slack is asked only about strangers, and for who rules.

        Raises what the question raises if it may be answered later: a stranger is written down as they are known now.
        """
        users = mentioned(asked.text) if asked.typed else frozenset()
        stranger = await self._is_stranger(asked)
        names, several = await self._names(asked.team, users) if users else ({}, {})
        known = await self._profile(asked.team, asked.user) if stranger or asks_admin else {}
        is_admin = asks_admin and _rules(known, asked.team)
        text = unescaped(self._said(asked), names) if asked.typed else asked.text
        request = _request(asked, known, is_admin=is_admin, event=event, text=text)
        return replace(request, unasked=unasked, mentioned=several) if unasked or several else request

    async def speaker(self, team: str, user: str, said: object) -> SlackSpeaker:
        """Who speaks to a user: in their zone and language, with the Slack users of all who are named."""
        named = people_in(said)
        async with self.storage.reading() as work:
            rows = await work.rows(_listeners(team, user, list(named)))
        zone, language = next(((zone, language) for _, one, zone, language in rows if one == user), ("", "en"))
        users = {person: one for person, one, _zone, _language in rows if person in named}
        return SlackSpeaker(zone or "UTC", language, users, self.only)

    async def users(self, team: str, people: frozenset[int]) -> Mapping[int, str]:
        """The Slack users of people, by our numbers of them."""
        if not people:
            return {}
        async with self.storage.reading() as work:
            rows = await work.rows(_listeners(team, "", list(people)))
        return {person: user for person, user, _zone, _language in rows}

    async def joined(self, team: str, known: Mapping[str, Any], event: str) -> None:
        """Somebody has joined the workspace: known at once if a coordinator expects them, else not before they write.

        Only an address that Slack has verified says so. Their kept letters go out, and their pairs begin.
        """
        asked = Asked(team=team, user=str(known["id"]), text="", way=Way())
        request = _request(asked, known, is_admin=False, event="", text="")
        async with self.storage.reading() as work:
            space = await queries.space_of(work, PLATFORM, team)
            if space is None or await arrivals.expected_by(work, space.community_id, as_mail(request.mail)) is None:
                return
        async with self.storage.work() as work:
            if not await spaces.is_new(work, PLATFORM, event):
                return
            if await queries.account_of(work, PLATFORM, team, asked.user) is None:
                await welcome(work, request)

    async def changed(self, team: str, known: Mapping[str, Any], event: str) -> None:
        """Somebody's account was closed, or opened again: Slack itself would take letters to it without a word.

        An event is written down even where it says what we know, lest it undo a later one when it comes again; but
        not those of a workspace's other people, who change their status all day long.
        """
        async with self.storage.reading() as work:
            found = await queries.account_of(work, PLATFORM, team, str(known["id"]))
        if found is None:
            return
        async with self.storage.work() as work:
            if not await spaces.is_new(work, PLATFORM, event):
                return
            account, person = await work.get(Account, found[0].id), await work.get(Person, found[1].id)
            if account.reachable and known.get("deleted"):
                await unreachable.close(work, account, person)
            elif not account.reachable and not known.get("deleted"):
                await unreachable.heard(work, account, person)

    def _said(self, asked: Asked) -> str:
        workspace = self.workspaces.of(asked.team)
        return without_address(asked.text, workspace.bot) if workspace else asked.text

    async def _is_stranger(self, asked: Asked) -> bool:
        who = asked.team, asked.user
        if who in self._known:
            return False
        async with self.storage.reading() as work:
            if await queries.account_of(work, PLATFORM, *who) is None:
                return True
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.add(who)
        return False

    async def _names(self, team: str, users: frozenset[str]) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """What mentioned users are called here, for those who have written to the bot; and whom names of several mean.

        Of two with one name who are mentioned together, nobody can say which is which.
        """
        other = aliased(Person)
        namesake = select(other.id).where(
            other.community_id == Person.community_id,
            other.id != Person.id,
            func.lower(other.name) == func.lower(Person.name),
        )
        async with self.storage.reading() as work:
            rows = await work.session.execute(
                select(Account.user, Person.name, Person.id, namesake.exists())
                .join(Person, Account.person_id == Person.id)
                .join(Space, Account.space_id == Space.id)
                .where(Space.platform == PLATFORM, Space.external == team, Account.user.in_(sorted(users)[:50]))
            )
            found = rows.all()
        names = {user: name for user, name, _person, _is_shared in found}
        called = Counter(names.values())
        return names, {name: person for _user, name, person, is_shared in found if is_shared and called[name] == 1}

    async def _profile(self, team: str, user: str) -> Mapping[str, Any]:
        """What Slack says of a user; nothing where it says that it will not."""
        workspace = await self.workspaces.known(team)
        if workspace is None:
            return {}
        try:
            return dict((await workspace.client.users_info(user=user))["user"])
        except SlackApiError as error:
            code = refusals.code(error)
            if code not in _UNSEEN:
                raise
            log.warning("user not looked up", team=team, user=user, error=code, needed=refusals.needed(error))
            return {}


def _rules(known: Mapping[str, Any], team: str) -> bool:
    """Whether somebody rules this workspace: who comes from another one by a shared channel may rule that."""
    at_home = {known.get("team_id"), *(known.get("enterprise_user") or {}).get("teams", ())}
    return team in at_home and bool(known.get("is_admin") or known.get("is_owner"))


def _request(asked: Asked, known: Mapping[str, Any], *, is_admin: bool, event: str, text: str) -> Request:
    """What was asked, with what Slack says of the user, if it was asked that."""
    profile, way = known.get("profile", {}), asked.way
    return Request(
        platform=PLATFORM,
        space=asked.team,
        user=asked.user,
        text=text,
        args=asked.args,
        submitted=asked.submitted,
        conversation="" if way.conversation.startswith("D") else way.conversation,  # a direct message is no room
        pressed=Receipt(way.conversation, way.posted) if way.posted else None,
        community=asked.community,
        name=str(profile.get("real_name") or known.get("real_name") or known.get("name") or ""),
        zone=str(known.get("tz") or ""),
        mail=str(profile.get("email") or "") if known.get("is_email_confirmed") is True else "",
        is_admin=is_admin,
        event=event,
    )


@prepared
def _listeners(team: Arg, user: Arg, people_in: Arg) -> Select[int, str, str, str]:
    """The people of this workspace who are a user or have one of these numbers: with zone and language.

    The numbers are those of the people whom one message names, and therefore few.
    """
    return (
        select(Account.person_id, Account.user, Person.zone, Person.language)
        .join(Person, Account.person_id == Person.id)
        .join(Space, Account.space_id == Space.id)
        .where(Space.platform == PLATFORM, Space.external == team)
        .where(or_(Account.user == user, Account.person_id.in_(people_in)))
    )
