"""What coordinators read while they plan, open, change and end a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain import Channel, Cohort, CohortState, Event
from bot.texts.cohort_news import DAYS
from bot.texts.undoing import with_undo
from bot.ui import All, Button, Buttons, Day, Facts, Inline, Message, Where, Words, _, message, ngettext

STATES: Mapping[CohortState, Words] = {
    CohortState.DRAFT: _("a draft that nobody sees"),
    CohortState.OPEN: _("open for applications"),
    CohortState.MATCHING: _("the call is closed, pairs are being formed"),
    CohortState.ACTIVE: _("running"),
    CohortState.CLOSING: _("coming to its end"),
    CohortState.CLOSED: _("ended"),
    CohortState.CANCELLED: _("cancelled"),
}


def button(label: Words, run: str, cohort: Cohort) -> Button:
    """A button that runs a command for one cohort."""
    return Button(label, run, {"cohort": str(cohort.id)})


def dates(cohort: Cohort) -> Facts:
    """The five days."""
    return Facts(tuple((label, Day(getattr(cohort, name))) for name, label in DAYS.items()))


def created(cohort: Cohort) -> Message:
    """A new draft, and what comes next."""
    return message(
        _(
            "**{title} is written down as a draft.** I announce nothing until you open its call; whoever asks reads "
            "for which day it is planned.",
            title=cohort.title,
        ),
        dates(cohort),
        Buttons(
            (button(_("Open the call"), "cohort open", cohort), button(_("Change it"), "cohort edit", cohort)),
            (button(_("Cancel the cohort"), "cohort cancel", cohort),),
        ),
        notice=_("The new cohort is written down as a draft"),
    )


def created_already(cohort: Cohort) -> Message:
    """The same form, sent once more."""
    return message(
        _(
            "**{title} is written down already**, as a draft with these dates, so I have not made a second one.",
            title=cohort.title,
        ),
        dates(cohort),
        Buttons((button(_("Open the call"), "cohort open", cohort), button(_("Change it"), "cohort edit", cohort))),
        notice=_("This draft is written down already"),
    )


def preview(cohort: Cohort, call: Message, channel: Channel, *, asked: int, today: date) -> Message:
    """The call as it would be posted, before it is."""
    heard = ngettext(
        "One person who asked to hear of it gets a message.",
        "{count} people who asked to hear of it get a message each.",
        asked,
    )
    args = {"cohort": str(cohort.id), "channel": str(channel.id)}
    on_its_day = Button(_("Post it on {day}", day=Day(cohort.opens_on)), "cohort prepare", args)
    post = (
        Button(_("Post it now"), "cohort post", args)
        if today < cohort.opens_on
        else Button(_("Post it"), "cohort post", args)
    )
    posts = (post, on_its_day) if today < cohort.opens_on else (post,)
    return message(
        _(
            "**A preview.** This is the call as everybody in {channel} reads it, with the buttons to apply under it.",
            channel=Where(channel.conversation, channel.name),
        ),
        *(part for part in call.parts if not isinstance(part, Buttons)),
        *((heard,) if asked else ()),
        _("Once it is posted, it can be closed or cancelled, but not taken back."),
        Buttons(posts, (button(_("Change the dates"), "cohort edit", cohort),)),
        notice=_("A preview of the call"),
    )


def posted(cohort: Cohort, channel: Channel, told: int) -> Message:
    """The call is on its way."""
    heard = ngettext("One person who asked for it hears of it.", "{count} people who asked for it hear of it.", told)
    return message(
        _("**The call is open until {closes}.**", closes=Day(cohort.closes_on)),
        _("I post it in {channel} now.", channel=Where(channel.conversation, channel.name)),
        *((heard,) if told else ()),
        _("When it has closed I write to you with the next step."),
        Buttons((button(_("Where do we stand?"), "cohort status", cohort),)),
    )


def posted_also(cohort: Cohort, channel: Channel) -> Message:
    """The call is in one more channel."""
    return message(
        _("**I post the call in {channel} too.**", channel=Where(channel.conversation, channel.name)),
        _("It is open until {closes}, there as everywhere.", closes=Day(cohort.closes_on)),
        Buttons((button(_("Where do we stand?"), "cohort status", cohort),)),
    )


def posted_there(channel: Channel) -> Words:
    """The call is in that channel already."""
    where = Where(channel.conversation, channel.name)
    return _("The call is in {channel} already. Please choose another channel.", channel=where)


def prepared(cohort: Cohort, channel: Channel, event: Event, opens_at: datetime) -> Message:
    """The call waits for its day."""
    return with_undo(
        event,
        opens_at,
        _(
            "**The call is ready.** I post it in {channel} on {day}.",
            channel=Where(channel.conversation, channel.name),
            day=Day(cohort.opens_on),
        ),
    )


def closed(cohort: Cohort, event: Event, until: datetime | None, applications: int) -> Message:
    """The call was closed early."""
    return with_undo(
        event,
        until,
        ngettext(
            "**The call is closed. There is one application.**",
            "**The call is closed. There are {count} applications.**",
            applications,
        ),
        _("Everybody who applied hears that the committee reads their answers as they stand."),
        next_steps=(button(_("Propose pairs"), "cohort match", cohort),),
    )


def ask_cancel(cohort: Cohort, *, applicants: int, paired: int, team: int) -> Message:
    """Cancelling asks once, and says whom it tells."""
    told = (
        (ngettext("one person in a pair", "{count} people in pairs", paired), paired),
        (ngettext("one applicant", "{count} applicants", applicants), applicants),
        (ngettext("one more person of the team", "{count} more people of the team", team), team),
    )
    heard: tuple[Inline, ...] = tuple(words for words, count in told if count)
    tells = _("These people hear of it from me: {heard}.", heard=All(heard)) if heard else _("Nobody is told.")
    ends = (_("All its pairs end, and messages that wait are not sent."),) if paired else ()
    return message(
        _("**Cancel {title}?**", title=cohort.title),
        *ends,
        tells,
        Buttons((button(_("Yes, cancel it"), "cohort cancel now", cohort), Button(_("Keep it"), "cohort keep"))),
    )


def cancelled(cohort: Cohort, event: Event, until: datetime | None) -> Message:
    """A cohort was cancelled."""
    return with_undo(event, until, _("**{title} is cancelled.**", title=cohort.title))


def kept() -> Message:
    """Something was offered and left alone."""
    return message(_("Nothing was changed, and nobody was told."))


def ask_edit(facts: Sequence[tuple[Words, Inline]], sure: Button, *, told: int, corrects_call: bool) -> Message:
    """What moves and whom it tells, before it is done."""
    return message(
        _("**This is what changes:**"),
        Facts(tuple(facts)),
        *_told(told, corrects_call=corrects_call),
        Buttons((sure, Button(_("Leave it"), "cohort keep"))),
    )


def edited(facts: Sequence[tuple[Words, Inline]], event: Event, until: datetime | None) -> Message:
    """What was changed."""
    return with_undo(event, until, _("**Done. This has changed:**"), Facts(tuple(facts)))


def nothing_moves(cohort: Cohort) -> Message:
    """A form came back as it went out."""
    return message(
        _("Everything in {title} is like that already, so nothing changes.", title=cohort.title),
        Buttons((button(_("Where do we stand?"), "cohort status", cohort),)),
    )


def _told(told: int, *, corrects_call: bool) -> tuple[Words, ...]:
    heard = ngettext("One person hears of it from me.", "{count} people hear of it from me.", told)
    corrects = (_("I correct the call where it is posted."),) if corrects_call else ()
    return (heard if told else _("Nobody is told."), *corrects)
