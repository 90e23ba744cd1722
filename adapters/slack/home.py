"""The Home tab: where somebody stands, with the buttons that go on from there.

It is written anew when what it shows may have changed: by its reader, by somebody else in their pair, by a letter.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import structlog
from slack_sdk.models.views import View
from sqlalchemy import or_, select

from adapters.slack import words
from adapters.slack.errands import Way
from adapters.slack.incoming import Asked
from adapters.slack.people import PLATFORM, People
from adapters.slack.render import Rendering
from adapters.slack.replies import Replies
from adapters.slack.speaker import SlackSpeaker
from adapters.slack.tables import HomeTab
from bot.domain import Account, Event, Member, Space
from bot.storage import queries
from bot.ui import Changed, Form, Message
from commands.dispatch import Dispatch

log = structlog.get_logger()

_STATUS = "mentor status"

DELAY = 1.0
"""Seconds in which changes gather: what one deed sets off is shown once."""


def tab(said: Message, speaker: SlackSpeaker) -> View:
    """A message as a Home tab; where it is too long for one, the end says where all of it is."""
    return View(type="home", blocks=Rendering(speaker, tables=False).view(said, words.MORE))


class Home:
    """Shows people their own status. Only whoever has opened the tab once has one that is kept up."""

    def __init__(self, dispatch: Dispatch, people: People, replies: Replies) -> None:
        self.dispatch = dispatch
        self.people = people
        self.replies = replies
        self._shown: dict[tuple[str, str], int] = {}
        self._users: set[tuple[str, str]] = set()
        self._people: set[int] = set()
        self._pairings: set[int] = set()
        self._renewing: asyncio.Task[None] | None = None

    async def show(self, team: str, user: str, *, event: str = "") -> None:
        """Write somebody's Home tab because they look at it: a sign of life, which one event is once."""
        await self._publish(team, user, unasked=False, event=event)
        await self._remember(team, user)

    def touch(self, team: str, user: str) -> None:
        """What somebody's Home tab shows may have changed: by what they did, or by a letter to them."""
        self._users.add((team, user))
        self._begin()

    def watch(self, noted: Sequence[Event]) -> None:
        """The same for everybody whom an event is about."""
        self._people |= {event.person_id for event in noted if event.person_id is not None}
        self._pairings |= {event.pairing_id for event in noted if event.pairing_id is not None}
        self._begin()

    async def settled(self) -> None:
        """Let what is under way come to its end."""
        while self._renewing is not None and not self._renewing.done():
            await asyncio.wait([self._renewing])

    def _begin(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        try:
            while self._users or self._people or self._pairings:
                await asyncio.sleep(DELAY)
                for team, user in await self._due():
                    await self._publish(team, user, unasked=True)
        except Exception:  # it stays as it was, until the next change or look
            log.exception("home tab not renewed")

    async def _due(self) -> list[tuple[str, str]]:
        """Whose tabs are to be written anew, of all that was touched so far."""
        users, people, pairings = self._users, self._people, self._pairings
        self._users, self._people, self._pairings = set(), set(), set()
        async with self.dispatch.storage.reading() as work:
            members = select(Member.person_id).where(work.among(Member.pairing_id, pairings))
            touched = or_(
                work.among(Account.user, {user for _team, user in users}),
                work.among(Account.person_id, people),
                Account.person_id.in_(members),
            )
            rows = await work.session.execute(
                select(Space.external, Account.user, Account.person_id)
                .join(HomeTab, HomeTab.account_id == Account.id)
                .join(Space, Account.space_id == Space.id)
                .where(Space.platform == PLATFORM, touched)
            )
        return [(team, user) for team, user, _person in rows]

    async def _publish(self, team: str, user: str, *, unasked: bool, event: str = "") -> None:
        asked = Asked(team=team, user=user, text=_STATUS, way=Way())
        request = await self.people.request(asked, asks_admin=False, event=event, unasked=unasked)
        said = await self.dispatch.answer_once(request)
        if said is None:  # counted before; whether it was shown as well, nobody knows
            await self._publish(team, user, unasked=True)
            return
        if isinstance(said, Form):
            return
        shown = said.message if isinstance(said, Changed) else said
        view = tab(shown, await self.people.speaker(team, user, shown))
        digest = hash(json.dumps(view.to_dict()))
        if unasked and self._shown.get((team, user)) == digest:
            return
        self._shown[team, user] = digest
        await self.replies.publish(team, user, view)

    async def _remember(self, team: str, user: str) -> None:
        async with self.dispatch.storage.reading() as work:
            found = await queries.account_of(work, PLATFORM, team, user)
            number = None if found is None else found[0].id
            known = await work.first(select(HomeTab.id).where(HomeTab.account_id == number))
        if number is None or known is not None:
            return
        async with self.dispatch.storage.work() as work:
            row = {"account_id": number, "opened_at": work.now}
            await work.insert_once(HomeTab, [row], unique=["account_id"])
