"""What liaisons see and say: their pairs, who looks after whom, and a word from one of them to a pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.texts import pairs
from bot.texts.pairs import STATES, Need, PairReport
from bot.texts.summary import MY_PAIRS, named, pace, touch, write
from bot.ui import (
    All,
    Button,
    Buttons,
    Day,
    Facts,
    Inline,
    Message,
    Quoted,
    Row,
    Rows,
    When,
    Where,
    Who,
    Words,
    _,
    message,
    ngettext,
)

PAGE = 10
"""Pairs on one page."""

EVERYBODY = Button(_("See all pairs"), "liaison pairs", {"everybody": "yes"})

PACES = {1: _("every week"), 2: _("every two weeks")}


def mine(reports: Sequence[PairReport], page: int, *, coordinator: bool) -> Message:
    """One page of the pairs that somebody looks after, those that may need a hand first. `page` counts from 1."""
    heading = ngettext("**You look after {count} pair.**", "**You look after {count} pairs.**", len(reports))
    quiet = (EVERYBODY,) if coordinator else ()
    return message(heading, _hand(reports), _page(reports, page), *_turn(reports, page, {}, quiet=quiet))


def everybody(reports: Sequence[PairReport], page: int) -> Message:
    """One page of all pairs, for a coordinator."""
    heading = ngettext("**{count} pair is under way.**", "**{count} pairs are under way.**", len(reports))
    return message(heading, _hand(reports), _page(reports, page), *_turn(reports, page, EVERYBODY.args))


def no_pairs() -> Message:
    """Somebody looks after nobody at the moment."""
    return message(
        _("You look after no pair at the moment. As soon as you do, I write to you."),
        Buttons((Button(_("What can I do here?"), "mentor help"),)),
    )


def nobody_paired() -> Message:
    """No pair is under way at all."""
    return message(
        _("No pair is under way at the moment."), Buttons((Button(_("Where the program stands"), "cohort status"),))
    )


def pair(report: PairReport, *, coordinator: bool) -> Message:
    """One pair: its days and figures, and what a liaison can do."""
    facts: list[tuple[Words, Inline]] = [
        (_("State"), STATES[report.state]),
        (_("Began"), _("when everybody is here") if report.expected else Day(report.began_on)),
        (_("Last news"), Day(report.news_on) if report.news_on else _("none so far")),
        (_("Talks noted"), _talks(report)),
        (_("Goals"), pairs.goals(report)),
        (_("Asked for help"), pairs.asked(report)),
        (_("Ends"), Day(report.ends_on)),
        (_("Liaison"), report.liaison or _("nobody so far")),
    ]
    if report.in_touch_on is not None:
        facts.append((_("A person was in touch"), Day(report.in_touch_on)))
    why = (_("**What they may need:** {reasons}", reasons=pairs.reasons(report)),) if report.needs else ()
    return message(
        _("**{names}**, {cohort}", names=pairs.names(report), cohort=report.cohort),
        *why,
        Facts(tuple(facts)),
        _("These are days and figures; what people write is theirs."),
        _steps(report, coordinator=coordinator),
        notice=_("One of the pairs you look after"),
    )


def word(sender: Who, text: str, *, is_liaison: bool) -> Message:
    """What a liaison writes to a pair, in the pair's place."""
    opening = (
        _("**{sender}, your liaison, writes to you both:**", sender=sender)
        if is_liaison
        else _("**{sender}, who coordinates the program, writes to you both:**", sender=sender)
    )
    return message(
        opening,
        Quoted(text, sender),
        _("{sender} is not in this room and cannot read it. To answer, please write to {sender}.", sender=sender),
        private=False,
        notice=_("A word from your program's team"),
        delicate=True,
    )


def word_sent(people: Sequence[Who], number: int, *, at: datetime | None) -> Message:
    """The words are on their way, and when they arrive."""
    names = All(tuple(people))
    sent = (
        _("Your words to {names} are on their way to their room.", names=names)
        if at is None
        else _("Your words to {names} arrive in their room in their daytime, on {at}.", names=names, at=When(at))
    )
    touched = Button(_("I am in touch"), "liaison touch", {"pair": str(number)})
    return message(sent, Buttons((touched, MY_PAIRS)), notice=_("Your words are on their way"))


def touched(people: Sequence[Who], number: int, *, until: date) -> Message:
    """A person takes care: what that changes, and how to take it back."""
    names = All(tuple(people))
    return message(
        _("Noted, thank you: you take care of {names}.", names=names),
        _("Until {day} your summary leaves this pair out, unless somebody asks for help.", day=Day(until)),
        Buttons((MY_PAIRS,), (Button(_("Undo"), "liaison untouch", {"pair": str(number)}),)),
    )


def untouched(people: Sequence[Who]) -> Message:
    """It is taken back."""
    return message(
        _("Taken back. {names} are in your summary again if they may need you.", names=All(tuple(people))),
        Buttons((MY_PAIRS,)),
    )


def channel_chosen(channel: Where, next_at: datetime | None) -> Message:
    """Where the summary goes, and when the next one comes."""
    when = (
        _("The next one comes on {at}.", at=When(next_at))
        if next_at
        else _("The first one comes when pairs are under way.")
    )
    return message(
        _("**The liaisons' summary goes to {channel}.**", channel=channel),
        _("It has figures and no names of pairs. {when}", when=when),
        Buttons((Button(_("Post one now"), "liaison summary"),)),
    )


def summary_posted(channel: Where, mine: Sequence[PairReport]) -> Message:
    """The summary is on its way; whoever looks after pairs reads the names of those that may need them."""
    posted = _("The summary is on its way to {channel}.", channel=channel)
    if not mine:
        return message(posted, Buttons((MY_PAIRS,)))
    if not any(report.needs for report in mine):
        return message(posted, _("None of the pairs that you look after needs a hand."), Buttons((MY_PAIRS,)))
    return message(
        _("{posted} What it says of your pairs is here, for you alone.", posted=posted),
        *named([report for report in mine if report.needs]),
        Buttons((MY_PAIRS,)),
        notice=_("The liaisons' summary is on its way"),
    )


def no_channel(*, coordinator: bool) -> Message:
    """There is no channel to post in, and who can change that."""
    if coordinator:
        return message(
            _("No liaison channel is chosen so far. Which one is yours to read?"),
            Buttons((Button(_("Choose a channel"), "liaison channel"),)),
        )
    return message(_("No liaison channel is chosen so far. A coordinator can choose one."), Buttons((MY_PAIRS,)))


def lost_channel(channel: Where, *, coordinator: bool) -> Message:
    """The channel was chosen, and the bot was taken out of it since."""
    said = _("I am not in {channel} any more. Please invite me there again.", channel=channel)
    if coordinator:
        return message(said, Buttons((Button(_("Choose another channel"), "liaison channel"), MY_PAIRS)))
    return message(said, Buttons((MY_PAIRS,)))


def paced(cohort: int, weeks: int, next_at: datetime | None) -> Message:
    """How often the summary comes from now on."""
    when = (_("The next one comes on {at}.", at=When(next_at)),) if next_at else ()
    return message(
        _("Noted. The summary comes {pace} now, for all liaisons.", pace=PACES[weeks]),
        *when,
        Buttons((MY_PAIRS,), (pace(cohort, weeks),)),
    )


def pages(reports: Sequence[PairReport]) -> int:
    """How many pages a list has; an empty one has one."""
    return max(-(-len(reports) // PAGE), 1)


def _hand(reports: Sequence[PairReport]) -> Words:
    needy = sum(bool(one.needs) for one in reports)
    if not needy:
        return _("None needs a hand at the moment.")
    return ngettext("{count} may need a hand, and comes first.", "{count} may need a hand, and come first.", needy)


def _page(reports: Sequence[PairReport], page: int) -> Rows:
    shown = reports[(page - 1) * PAGE : page * PAGE]
    return Rows(tuple(Row(pairs.line(one), (Button(_("See this pair"), "liaison pair", one.args),)) for one in shown))


def _turn(
    reports: Sequence[PairReport], page: int, args: Mapping[str, str], *, quiet: tuple[Button, ...] = ()
) -> Sequence[Words | Buttons]:
    """Which part of the list this is, and the ways to the others."""
    turns = []
    if page * PAGE < len(reports):
        turns.append(Button(_("Next"), "liaison pairs", {**args, "page": str(page + 1)}))
    if page > 1:
        turns.append(Button(_("Back"), "liaison pairs", {**args, "page": str(page - 1)}))
    if not turns:
        return (Buttons((), quiet),) if quiet else ()
    first, last = (page - 1) * PAGE + 1, min(page * PAGE, len(reports))
    where = _("{first} to {last} of {count}", first=first, last=last, count=len(reports))
    return (where, Buttons(tuple(turns), quiet))


def _talks(report: PairReport) -> Words:
    if report.talked_on is None:
        return _("none so far")
    return _("{count}, the last on {day}", count=report.talks, day=Day(report.talked_on))


def _steps(report: PairReport, *, coordinator: bool) -> Buttons:
    """The likeliest next steps. Who asked to be heard alone is not written to in the pair's room."""
    main = [touch(report)] if report.needs else []
    if Need.HELP not in report.needs:
        main.insert(0, write(report))
    other = (Button(_("Another liaison"), "liaison assign", report.args),) if coordinator else ()
    return Buttons((*main, MY_PAIRS), other)
