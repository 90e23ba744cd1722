"""A small catalog that shows everything the sandbox can render: every kind of field, every part, letters and rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from bot.domain import Channel, Duty, LetterKind, Person
from bot.services.places import places_for
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.ui import (
    All,
    Answer,
    Button,
    Buttons,
    Changed,
    Choice,
    Day,
    Facts,
    Field,
    Kind,
    Paper,
    Picture,
    Quoted,
    Reply,
    Row,
    Rows,
    Run,
    Series,
    Table,
    When,
    Where,
    Who,
    Words,
    _,
    message,
)
from commands.catalog import Catalog
from commands.spec import Me, Refused, Source, command

TOPICS = (
    Choice("acquisitions", _("acquisitions")),
    Choice("cataloging", _("cataloging and metadata")),
    Choice("preservation", _("preservation and reformatting")),
)
READ = _("Read by the committee.")
SPECIAL_DAY = datetime(2027, 6, 15, 14, 0, tzinfo=UTC)


@command(
    "trial form",
    _("Apply for the trial"),
    Field("wishes", _("What would you like to learn about?"), Kind.RANKED, TOPICS, hint=READ, shown=2),
    Field("zone", _("Your time zone"), Kind.TIMEZONE, hint=_("Type your nearest large city.")),
    Field("name", _("The name that your partner should read"), max_length=20),
    Field("career", _("Where you are in your career"), Kind.ONE, TOPICS, page=2),
    Field("ways", _("Ways of talking that suit you"), Kind.MANY, TOPICS, page=2, required=False),
    Field("agreed", _("I have read the code of conduct"), Kind.YES, page=2, hint=_("Be kind and respectful.")),
    Field("minutes", _("Minutes a month"), Kind.NUMBER, least=1, most=600, page=3, required=False),
    Field("start", _("First day"), Kind.DATE, page=3, required=False),
    Field("hour", _("At what time"), Kind.TIME, page=3, required=False),
    Field("about", _("A few words about you"), Kind.TEXT, page=3, required=False),
    Field("avoid", _("Not with"), Kind.PEOPLE, source="others", page=3, required=False),
    Field("friend", _("Somebody you know"), Kind.PERSON, page=3, required=False),
    Field("channel", _("A channel"), Kind.CHANNEL, page=3, required=False),
    intro=_("**Five minutes.** You can change your answers later."),
)
async def form(work: Work, me: Me, wishes: list[str], name: str, **answers: object) -> Reply:
    if name.lower() == "nobody":
        raise Refused(_("That name is taken by nobody."), field="name")
    return message(_("**Thank you, {name}.** First choice: {wish}.", name=name, wish=wishes[0]))


@command(
    "trial tap", _("One question"), Field("role", _("How would you like to take part?"), Kind.ONE, TOPICS, tap=True)
)
async def tap(work: Work, me: Me, role: str) -> Reply:
    return Changed(message(_("Noted: {role}.", role=role), Buttons((Button(_("Undo"), "trial tap"),))))


@command("trial parts", _("Every part of a message"), reads=True)
async def parts(work: Work, me: Me) -> Reply:
    return message(
        _(
            "**{who}, write to {where} by {day}.**\n- first {run}\n- then *rest* until {when}",
            who=Who(me.person.id, me.person.name),
            where=Where("channel-mentoring", "mentoring"),
            day=Day(date(2027, 3, 15)),
            run=Run("trial form"),
            when=When(SPECIAL_DAY),
        ),
        Quoted("<script>alert(1)</script>\n**not bold** <!channel>", by=Who(me.person.id, me.person.name)),
        Facts(((_("Topics"), All(("<b>a</b>", "b"))), (_("Pairs"), 4))),
        Rows((Row(_("A goal"), (Button(_("Reached"), "trial tap", {"role": "cataloging"}),)), Row(_("Another")))),
        Table((_("Pair"), _("State")), (("Ada & Ben", "*well*"), ("Carla", "quiet"))),
        Picture(
            _("Talks"), ("June", "July"), (Series(_("talks"), (3, 5)),), alt=_("Three talks in June, five in July.")
        ),
        Paper("keepsake.pdf", "keepsake", {"pairing": "1"}),
        Buttons(
            (Button(_("Set a goal"), "trial form"), Button(_("Read more"), url="https://example.org/a?b=1&c=2")),
            (Button(_("Ask me less often"), "trial tap", {"role": "acquisitions"}),),
        ),
    )


@command(
    "trial letter",
    _("Write a letter"),
    Field("to", _("To whom"), Kind.PERSON),
    Field("days", _("In days"), Kind.NUMBER),
)
async def letter(work: Work, me: Me, to: Person, days: int) -> Reply:
    new = NewLetter(
        key=f"trial:{work.now.isoformat()}",
        kind=LetterKind.NEWS,
        to=to,
        message=message(
            _("**{who} wrote to you.**", who=Who(me.person.id, me.person.name)),
            Buttons((Button(_("Answer"), "trial tap"),)),
        ),
        held_until=work.now + timedelta(days=days),
    )
    await post(work, me.community.id, new)
    return message(_("It is on its way."))


@command("trial call", _("Post a call"), team=[Duty.COORDINATOR])
async def call(work: Work, me: Me) -> Reply:
    channel = await work.first(select(Channel).where(Channel.name == "mentoring"))
    assert channel is not None
    text = message(_("**Applications are open.**"), Buttons((Button(_("Apply"), "trial form"),)), private=False)
    await post(work, me.community.id, NewLetter(key="call", kind=LetterKind.CALL, to=channel, message=text))
    return message(_("Posted in {where}.", where=Where("channel-mentoring", "mentoring")))


@command("trial room", _("Open a room"), Field("with_whom", _("With whom"), Kind.PERSON))
async def room(work: Work, me: Me, with_whom: Person) -> Reply:
    (place,) = await places_for(work, [(me.space.id, [me.person, with_whom])])
    hello = message(
        _("**{a}, meet {b}.**", a=Who(me.person.id, me.person.name), b=Who(with_whom.id, with_whom.name)), private=False
    )
    await post(
        work, me.community.id, NewLetter(key=f"room:{place.id}", kind=LetterKind.RESULT, to=place, message=hello)
    )
    return message(_("Opened."))


@command("trial here", _("Which room is this?"), reads=True)
async def here(work: Work, me: Me) -> Reply:
    return message(Words("Place {n}.", {"n": me.place.id if me.place else 0}))


@command("trial bug", _("Break"), listed=False)
async def bug(work: Work, me: Me) -> Reply:
    raise RuntimeError("a bug")


async def _others(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    people = await work.all(select(Person).where(Person.id != me.person.id).order_by(Person.name).limit(25))
    return [Choice(str(p.id), p.name) for p in people if typed.lower() in p.name.lower()]


async def _other(work: Work, me: Me, value: str) -> Person | None:
    return await work.find(Person, int(value)) if value.isdigit() else None


CATALOG = Catalog((form, tap, parts, letter, call, room, here, bug), (Source("others", _others, _other),))
