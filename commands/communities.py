"""Which of somebody's communities a request is about. A direct message has no server, so there it has to be found out.

What a button carries is never trusted: it only chooses among the accounts that this user has on this platform.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain import Account, Community, Person, Space
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import asking
from bot.ui import Answer, Button, Buttons, Changed, Form, Message, Part, Reply, Rows
from commands.spec import Refused, Request

Known = tuple[Account, Person, Space]


class Several(Refused):
    """Somebody who is known in several communities did not say which one is meant."""

    def __init__(self, communities: Sequence[Community]) -> None:
        super().__init__(asking.which_community())
        self.named = [(one.id, one.name) for one in communities]  # the rows are gone with the Work that this ends

    def ask(self, path: str, answers: dict[str, Answer]) -> Message:
        """The choice: each button runs the same command for its community."""
        args = {name: given if isinstance(given, str) else ", ".join(given) for name, given in answers.items()}
        return asking.choose_community(self.named, path, args)


async def known(work: Work, request: Request) -> Known | None:
    """The account of whoever asks; nothing for somebody new. Raises Several where it may be more than one."""
    if request.space is not None:
        return await queries.account_of(work, request.platform, request.space, request.user)
    found = await everywhere(work, request)
    if len(found) > 1:
        raise Several([await queries.community(work, space.community_id) for _account, _person, space in found])
    return found[0] if found else None


async def everywhere(work: Work, request: Request) -> list[Known]:
    """One account for each community that this may be about, longest known first."""
    if request.space is not None:
        here = await known(work, request)
        return [] if here is None else [here]
    accounts = await queries.accounts_of(work, request.platform, request.user)
    if request.community is not None:
        meant = await queries.now_of(work, request.community)
        accounts = [one for one in accounts if one[2].community_id == meant]
    by_community = {space.community_id: (account, person, space) for account, person, space in reversed(accounts)}
    return sorted(by_community.values(), key=lambda one: one[0].id)


def carried(reply: Reply, community: int) -> Reply:
    """The same reply, with buttons and forms that know their community."""
    if isinstance(reply, Changed):
        return Changed(_message(reply.message, community))
    if isinstance(reply, Form):
        return replace(reply, community=community)
    return _message(reply, community)


def _message(shown: Message, community: int) -> Message:
    return replace(shown, parts=tuple(_part(part, community) for part in shown.parts))


def _part(part: Part, community: int) -> Part:
    if isinstance(part, Buttons):
        return Buttons(_buttons(part.main, community), _buttons(part.quiet, community))
    if isinstance(part, Rows):
        return Rows(tuple(replace(row, buttons=_buttons(row.buttons, community)) for row in part.rows))
    return part


def _buttons(buttons: Sequence[Button], community: int) -> tuple[Button, ...]:
    return tuple(replace(one, community=community) for one in buttons)
