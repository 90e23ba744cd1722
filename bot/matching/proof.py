"""How the committee is told that a proposal is the best there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ui import Words, _, ngettext

if TYPE_CHECKING:
    from bot.matching.search import Found


def proof(found: Found, *, locked: int) -> Words:
    """One sentence, true to what was checked; with locked pairs, the best among results that keep them."""
    if not found.proven:
        return _unproven(found)
    shown = _PROGRAM if found.by == "program" else _by_prices(found.cases)
    return _("{shown} Locked pairs were kept as they are.", shown=shown) if locked else shown


_PROGRAM = _("Nothing better exists: HiGHS, a solver that rules out all other results, shows it.")


def _by_prices(cases: int) -> Words:
    return ngettext(
        "Nothing better exists: an upper limit, computed separately from all scores, equals this result.",
        "Nothing better exists: in each of {count} cases, which cover all that is possible, an upper "
        "limit, computed separately from all scores, shows it.",
        cases,
    )


def _unproven(found: Found) -> Words:
    level, worst, total = found.value
    if found.limit[0] > level:
        return _("This is a good result, but the search was stopped: a better one, with more people, may exist.")
    if found.limit[1] > worst:
        return _("This is a good result, but the search was stopped: one with a better lowest score may exist.")
    return _(
        "This is a good result, but the search was stopped: its total is {total}, and none is above {limit}.",
        total=total,
        limit=found.limit[2],
    )
