"""The Home tab: where somebody stands, with the buttons that go on from there."""

from __future__ import annotations

from adapters.slack.errands import Way
from adapters.slack.incoming import Asked
from adapters.slack.people import People
from adapters.slack.render import Rendering
from adapters.slack.replies import Replies
from bot.ui import Changed, Form
from commands.dispatch import Dispatch

_STATUS = "mentor status"


class Home:
    """Shows people their own status."""

    def __init__(self, dispatch: Dispatch, people: People, replies: Replies) -> None:
        self.dispatch = dispatch
        self.people = people
        self.replies = replies
        self._opened: set[tuple[str, str]] = set()

    async def refresh(self, team: str, user: str) -> None:
        """Write somebody's Home tab anew after what they did, if they have looked at it since the start."""
        if (team, user) in self._opened:
            await self.show(team, user)

    async def show(self, team: str, user: str) -> None:
        """Write somebody's Home tab."""
        self._opened.add((team, user))
        asked = Asked(team=team, user=user, text=_STATUS, way=Way())
        said = await self.dispatch.answer(await self.people.request(asked, asks_admin=False, event=""))
        if isinstance(said, Form):
            return
        shown = said.message if isinstance(said, Changed) else said
        rendering = Rendering(await self.people.speaker(team, user, shown), tables=False)
        await self.replies.publish(team, user, {"type": "home", "blocks": rendering.posts(shown)[0]})
