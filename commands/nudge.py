"""The buttons of the program's letters: typed by nobody, pressed by everybody."""

from __future__ import annotations

from bot.domain import LIVE, CheckIn, ConcernTo, Letter, LetterKind, Pairing, PairingState
from bot.services import answers, checkins, concerns, first_contact, paces, signs
from bot.services.answers import Press
from bot.services.composing import about, partners
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import answers as answer_texts
from bot.texts import concerns as concern_texts
from bot.texts import first_contact as first_contact_texts
from bot.texts import paces as pace_texts
from bot.texts.sheet import Answer
from bot.texts.team import who
from bot.ui import Changed, Choice, Field, Kind, Message, Reply, _
from commands.checkin import CHECKIN
from commands.sources import MY_PAIRS, number
from commands.spec import Command, Me, Refused, Source, command

_UNTOLD = frozenset({PairingState.PROPOSED, PairingState.OFFERED, PairingState.AGREED})


async def _asked_pair(work: Work, me: Me, value: str) -> Pairing | None:
    """A pair that I am or was in: an old letter may ask about one that has ended. What is only proposed is no pair."""
    pairing = await queries.pairing(work, number(value) or 0)
    if (
        pairing is None
        or pairing.state in _UNTOLD
        or all(member.person_id != me.person.id for member in pairing.members)
    ):
        return None
    return pairing


ASKED_PAIRS = Source("asked pairs", MY_PAIRS.find, _asked_pair, refuse=MY_PAIRS.refuse)

_PAIR = Field("pair", _("Which pair is this about?"), Kind.ONE, source="asked pairs")
_PACE = Field(
    "choice",
    _("How often shall I write to you?"),
    Kind.ONE,
    tuple(Choice(choice.value, label) for choice, label in pace_texts.LABELS.items()),
)
_LISTENER = Field(
    "to",
    _("Whom shall I tell?"),
    Kind.ONE,
    (Choice(ConcernTo.LIAISON.value, _("My liaison")), Choice(ConcernTo.COORDINATOR.value, _("The coordinator"))),
)


def _letter(me: Me) -> Letter | None:
    """The letter whose button was pressed, if it is one to me."""
    return me.pressed if me.pressed is not None and me.pressed.person_id == me.person.id else None


def _press(me: Me, pair: Pairing) -> Press:
    """The press, if the pair goes on. Raises Refused with a kind word for one that has ended."""
    press = Press(me.person, pair, _letter(me))
    if pair.state not in LIVE:
        over = answer_texts.over(about(pair, press.member))
        raise Refused(_("You are no longer a pair here."), reply=over)
    return press


@command("nudge talked", _("We talked today"), _PAIR, listed=False)
async def talked(work: Work, me: Me, pair: Pairing) -> Reply:
    """Note a talk of today with one press."""
    return await answers.talked(work, _press(me, pair))


@command("nudge planned", _("A talk is planned"), _PAIR, listed=False)
async def planned(work: Work, me: Me, pair: Pairing) -> Reply:
    """A talk is planned: the pair was heard of."""
    return await answers.give(work, _press(me, pair), Answer.PLANNED)


@command("nudge later", _("Not yet"), _PAIR, listed=False)
async def later(work: Work, me: Me, pair: Pairing) -> Reply:
    """Not yet: fine, and a line that helps."""
    press = _press(me, pair)
    if press.letter is not None and press.letter.kind is LetterKind.FIRST_CONTACT:
        signs.answered(me.person)
        return first_contact_texts.not_yet(partners(pair, me.person.id))
    return await answers.give(work, press, Answer.NOT_YET)


@command("nudge written", _("We have written to each other"), _PAIR, listed=False)
async def written(work: Work, me: Me, pair: Pairing) -> Reply:
    """The first message was written."""
    press = _press(me, pair)
    reply = await answers.give(work, press, Answer.PLANNED)
    return (
        reply
        if isinstance(reply, Changed)
        else first_contact_texts.outcome(first_contact.beginning(pair, me.person.id))
    )


@command("nudge well", _("We talk, all is well"), _PAIR, listed=False)
async def well(work: Work, me: Me, pair: Pairing) -> Reply:
    """All is well, without logging."""
    return await answers.give(work, _press(me, pair), Answer.WELL)


@command("nudge busy", _("A busy time: ask me in a month"), _PAIR, listed=False)
async def busy(work: Work, me: Me, pair: Pairing) -> Reply:
    """Four weeks of quiet."""
    return await answers.give(work, _press(me, pair), Answer.BUSY)


@command("nudge undo", _("Take an answer back"), _PAIR, listed=False)
async def undo(work: Work, me: Me, pair: Pairing) -> Reply:
    """Take an answer back."""
    return await answers.undo(work, _press(me, pair))


@command("nudge untalked", _("Take a talk back that was noted with one press"), CHECKIN, listed=False)
async def untalked(work: Work, me: Me, checkin: CheckIn) -> Reply:
    """Take a noted talk back."""
    pair = await checkins.pairing_of(work, checkin.pairing_id)
    return await answers.undo_talk(work, _press(me, pair), checkin)


@command("nudge less", _("Hear from me less often"), listed=False)
async def less(work: Work, me: Me) -> Message:
    """What can be chosen."""
    signs.answered(me.person)
    return pace_texts.offered()


@command("nudge pace", _("Choose how often I write"), _PACE, listed=False)
async def pace(work: Work, me: Me, choice: str) -> Reply:
    """Choose how often to hear from the program."""
    chosen = pace_texts.Choice(choice)
    until = paces.choose(work, me.person, chosen)
    letter = await answers.rewritten(work, _letter(me), said=pace_texts.said(chosen, until))
    if letter is not None:
        return letter
    shown = pace_texts.chosen(chosen, until)
    return Changed(shown) if me.pressed is None else shown


@command("nudge trouble", _("Something is not working"), _PAIR, listed=False)
async def trouble(work: Work, me: Me, pair: Pairing) -> Message:
    """Show who could be told, before anybody is."""
    press = _press(me, pair)
    signs.answered(me.person)
    listeners = await concerns.listeners(work, pair)
    if not listeners:
        return concern_texts.nobody()
    told = await concerns.told_by(work, pair, me.person)
    known = [who(person) for to, person in listeners.items() if to in told]
    open_to = {to: who(person) for to, person in listeners.items() if to not in told}
    if not open_to:
        return concern_texts.knows_already(known[0])
    return concern_texts.ask(pair.id, partners(pair, press.person.id), open_to, told=known)


@command("nudge tell", _("Ask somebody to get in touch with me"), _PAIR, _LISTENER, listed=False)
async def tell(work: Work, me: Me, pair: Pairing, to: str) -> Reply:
    """Tell one person, and nobody else."""
    press = _press(me, pair)
    told = await concerns.tell(work, pair, press.person, to=ConcernTo(to))
    if told is None:
        return Changed(concern_texts.nobody())
    if not told.is_new:
        return Changed(concern_texts.knows_already(who(told.listener)))
    others = [who(person) for person in told.others]
    return Changed(concern_texts.told(who(told.listener), partners(pair, press.person.id), others=others))


@command("nudge keep", _("Tell nobody"), listed=False)
async def keep(work: Work, me: Me) -> Reply:
    """Nobody is told."""
    return Changed(concern_texts.kept())


COMMANDS: tuple[Command, ...] = (
    talked, planned, later, written, well, busy, undo, untalked, less, pace, trouble, tell, keep,
)  # fmt: skip
SOURCES = (ASKED_PAIRS,)
