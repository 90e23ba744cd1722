"""What a button carries: a path of the catalog with its arguments, as its `custom_id`, or a row if that is too long.

`<community> <path>?<arguments>` behind `l:`, so that buttons survive a restart; behind `k:` the key of a row. Nothing
of it is trusted.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, quote, unquote, urlencode

from sqlalchemy import delete, or_, select

from adapters.discord.limits import LONGEST_CUSTOM_ID
from adapters.discord.tables import LongLink
from bot.domain import ENDED, Cohort
from bot.storage.work import Storage, Work
from bot.ui import Button

MEMORY = timedelta(days=182)
"""For how long a link is kept after the cohorts that it may be about have ended."""

A_DAY = timedelta(days=1)

_ROOM_FOR_TWINS = 3
"""Characters left for what tells two equal buttons of one message apart."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a button leads."""

    run: str
    args: tuple[tuple[str, str], ...] = ()
    community: int | None = None

    def written(self) -> str:
        """The whole link as text; `read` gives it back."""
        query = f"?{urlencode(self.args)}" if self.args else ""
        return f"{'' if self.community is None else self.community} {quote(self.run, safe=' ')}{query}"

    def short(self) -> str:
        """What the button carries, or nothing where that is too long."""
        carried = f"l:{self.written()}"
        return carried if len(carried) <= LONGEST_CUSTOM_ID - _ROOM_FOR_TWINS else ""


def of(button: Button, community: int | None = None) -> Link:
    """The link of a button; `community` is the letter's, for buttons that do not say it themselves."""
    carried = community if button.community is None else button.community
    return Link(button.run, tuple(sorted(button.args.items())), carried)


def read(written: str) -> Link:
    """A link from its text. Whatever is wrong with it becomes a command that the catalog does not know."""
    community, _blank, rest = written.partition(" ")
    run, _mark, query = rest.partition("?")
    number = int(community) if community.isascii() and community.isdigit() and len(community) < 16 else None
    return Link(unquote(run), tuple(parse_qsl(query, keep_blank_values=True)), number)


async def shortened(storage: Storage, links: Iterable[Link]) -> Mapping[Link, str]:
    """What each button carries; rows are written for those that are too long."""
    found = {link: link.short() for link in links}
    long = [link for link, carried in found.items() if not carried]
    if long:
        async with storage.work() as work:
            for link in long:
                found[link] = f"k:{await _key(work, link)}"
    return found


async def followed(storage: Storage, custom_id: str) -> Link | None:
    """Where a pressed button leads; nothing where its row is gone."""
    kind, _colon, rest = custom_id.partition(":")
    written = rest.partition("#")[0]
    if kind == "l":
        return read(written)
    async with storage.reading() as work:
        row = await work.first(select(LongLink).where(LongLink.key == written))
    return None if row is None else read(row.link)


async def forget(storage: Storage) -> None:
    """Forget what no button needs: half a year after the last cohort ended that was there when it was last made."""
    async with storage.work() as work:
        since = work.now - MEMORY
        goes_on = or_(Cohort.state.not_in(ENDED), Cohort.ends_on > since.date())
        theirs = select(Cohort.id).where(Cohort.community_id == LongLink.community_id)
        needed = theirs.where(Cohort.created_at <= LongLink.made_at, goes_on).exists()
        await work.session.execute(delete(LongLink).where(LongLink.made_at <= since, ~needed))


async def _key(work: Work, link: Link) -> str:
    written = link.written()
    digest = sha256(written.encode()).hexdigest()
    row = {
        "key": secrets.token_urlsafe(16),
        "digest": digest,
        "community_id": link.community,
        "link": written,
        "made_at": work.now,
    }
    await work.insert_once(LongLink, [row], unique=["digest"])
    kept = await work.first(select(LongLink).where(LongLink.digest == digest))
    assert kept is not None, "it was there, or it was written"
    if kept.made_at < work.now - A_DAY:
        kept.made_at = work.now
    return kept.key
