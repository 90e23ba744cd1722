"""The one way in: who may, what is asked, what comes back, and what is never lost."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Duty, Person
from bot.storage.work import Work
from bot.texts import asking
from bot.ui import Answer, Choice, Field, Form, Kind, Message, Reply, _, message
from commands import CATALOG
from commands.catalog import Catalog
from commands.spec import Me, Refused, Request, Source, command
from commands.times import as_date
from tests.stage import Stage
from tests.wording import words_of


@command(
    "tea order",
    _("Order tea"),
    Field("what", _("Which tea?"), Kind.ONE, source="teas"),
    Field("note", _("A note"), Kind.TEXT, max_length=20),
    Field("cups", _("Cups"), Kind.NUMBER, required=False, least=1, most=9),
)
async def order(work: Work, me: Me, what: str, note: str, cups: int | None) -> Reply:
    if note == "spill":
        raise ZeroDivisionError
    if note == "never":
        raise Refused(_("Please be kind."), field="note")
    work.note("tea", community=me.community.id)
    return message(_("{what}: {note} ({cups})", what=what, note=note, cups=cups or 1))


@command("tea close", _("Close the kitchen"), team=(Duty.COORDINATOR,))
async def close(work: Work, me: Me) -> Reply:
    return message(_("Closed."))


@command("tea break", _("Break the pot"))
async def break_pot(work: Work, me: Me) -> Reply:
    raise ZeroDivisionError


async def _teas(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    names = ["assam", "sencha"] if me.person.name == "Ada" else ["assam"] if me.person.name == "Ben" else []
    return [Choice(name, name.title()) for name in names if typed in name]


async def _tea(work: Work, me: Me, value: str) -> str | None:
    return value if value in [choice.value for choice in await _teas(work, me, "", {})] else None


TEAS = Source("teas", _teas, _tea, none=_("There is no tea for you yet."))


@pytest.fixture
def kitchen(stage: Stage) -> Stage:
    stage.dispatch.catalog = Catalog((order, close, break_pot), (TEAS,))
    return stage


async def test_several_choices_are_asked_by_buttons_one_is_taken_and_none_is_refused(kitchen: Stage) -> None:
    ada, ben, cy = await kitchen.person("Ada"), await kitchen.person("Ben"), await kitchen.person("Cy")
    await ada.types("/tea order")
    assert ada.labels() == ["Assam", "Sencha"]
    assert isinstance(await ada.presses("Sencha"), Form)
    form = await ben.types("tea order")
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == ["note", "cups"]
    await cy.types("/tea order")
    assert cy.text == "There is no tea for you yet."


async def test_the_form_comes_back_with_everything_and_a_sentence_beside_the_field(kitchen: Stage) -> None:
    ben = await kitchen.person("Ben")
    await ben.types("/tea order")
    form = await ben.sends(note="x" * 30, cups="12")
    assert isinstance(form, Form)
    assert set(form.errors) == {"note", "cups"}
    assert form.values == {"note": "x" * 30, "cups": "12"}
    form = await ben.sends(note="never", cups="2")
    assert isinstance(form, Form)
    assert words_of(form).endswith("Please be kind.")
    await ben.sends(note="hot *and* {black}")
    assert ben.text == "assam: hot *and* {black} (2)"


async def test_what_was_begun_is_offered_again_until_it_is_sent(kitchen: Stage) -> None:
    ben = await kitchen.person("Ben")
    await kitchen.dispatch.keep(
        Request(platform="test", space="stage", user=ben.user, text='tea order what:"assam"', args={"note": "half"})
    )
    form = await ben.types("/tea order")
    assert isinstance(form, Form)
    assert form.values["note"] == "half"
    await ben.sends()
    form = await ben.types("/tea order")
    assert isinstance(form, Form)
    assert form.values == {}


async def test_a_forged_choice_is_refused(kitchen: Stage) -> None:
    ben = await kitchen.person("Ben")
    await ben.runs("tea order", what="sencha", note="mine")
    assert "do not find “sencha”" in ben.text


async def test_a_sent_form_whose_first_question_is_wrong_gets_the_sentence(kitchen: Stage) -> None:
    ben = await kitchen.person("Ben")
    await ben.types("/tea order")
    await ben.sends(what="sencha", note="mine")
    assert "do not find “sencha”" in ben.text


async def test_duties_are_checked_on_every_press(kitchen: Stage) -> None:
    ada, olga = await kitchen.person("Ada"), await kitchen.person("Olga", Duty.COORDINATOR)
    await ada.runs("tea close")
    assert "is for coordinators" in ada.text
    await olga.runs("tea close")
    assert olga.text == "Closed."


async def test_a_bug_becomes_a_reference_and_changes_nothing(kitchen: Stage) -> None:
    ada = await kitchen.person("Ada")
    reply = await kitchen.dispatch.answer(Request(platform="test", space="stage", user=ada.user, text="/tea break"))
    assert "nothing was changed" in words_of(reply)


async def test_a_form_that_a_bug_of_ours_took_is_offered_again_as_it_was_sent(kitchen: Stage) -> None:
    ben = await kitchen.person("Ben")
    sent = {"note": "spill", "cups": "3"}
    reply = await kitchen.dispatch.answer(
        Request(platform="test", space="stage", user=ben.user, text='tea order what:"assam"', args=sent, submitted=True)
    )
    assert asking.has_failed(reply)
    form = await ben.types("/tea order")
    assert isinstance(form, Form)
    assert (form.values["note"], form.values["cups"]) == ("spill", "3")


async def test_a_first_word_makes_a_person(kitchen: Stage) -> None:
    await kitchen.person("Ada")
    request = Request(
        platform="test", space="stage", user="U99", text="/tea close", name="New Person", zone="Asia/Kolkata"
    )
    assert "is for coordinators" in words_of(await kitchen.dispatch.answer(request))
    elsewhere = Request(platform="test", space="nowhere", user="U1", text="/tea close")
    assert words_of(await kitchen.dispatch.answer(elsewhere)) == words_of(asking.refused(asking.unknown_space()))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_hostile_text_always_gets_a_kind_answer(stage: Stage) -> None:
    ada = await stage.person("Ada")
    paths = st.sampled_from([*CATALOG.commands, "mentor", "goals", "", "/", "nonsense"])

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(paths, st.text(max_size=200))
    def no_text_breaks_it(path: str, rest: str) -> None:
        requests.append(Request(platform="test", space="stage", user=ada.user, text=f"/{path} {rest}"))

    requests: list[Request] = []
    no_text_breaks_it()
    for request in [
        *requests,
        *(Request(platform="test", space="stage", user=ada.user, text="x" * 10_000) for _n in "x"),
    ]:
        reply = await stage.dispatch.answer(request)
        assert "Something went wrong on my side" not in words_of(reply), request.text
        assert not isinstance(reply, Message) or reply.private


def test_a_day_is_read_in_the_ways_people_write_it() -> None:
    from datetime import date

    today = date(2027, 2, 1)
    same = ["2027-06-01", "June 1", "1 June", "june 1st, 2027", "Jun 1", "1 jun 2027"]
    assert {as_date(typed, today) for typed in same} == {date(2027, 6, 1)}
    assert {as_date(f"{weekday} June 1, 2027", today) for weekday in ("Tuesday,", "tue", "Tues.")} == {date(2027, 6, 1)}
    assert as_date("Monday, June 1, 2027", today) is None, "either may be the mistake"
    assert as_date("tomorrow", today) == date(2027, 2, 2)
    assert [as_date(typed, today) for typed in ["06/01/27", "1.6.27", "June", "31 June", "soon", ""]] == [None] * 6


async def test_control_characters_and_half_characters_are_no_reason_to_fail(kitchen: Stage) -> None:
    ben = await kitchen.person("Ben")
    await ben.types("/tea order")
    form = await ben.sends(note="x" * 30 + "\x00\ud800", cups="\x00")
    assert isinstance(form, Form)
    assert form.values["note"] == "x" * 30
    request = Request(
        platform="test",
        space="stage",
        user=ben.user,
        text="tea order x\x00",
        args={"note\x00": "ha\x00lf", "\ud800": ""},
    )
    await kitchen.dispatch.keep(request)
    hello = Request(platform="test", space="stage", user="U99", text="/tea close", name="N\x00" * 80, zone="Moon/Base")
    assert "is for coordinators" in words_of(await kitchen.dispatch.answer(hello))


async def test_a_draft_under_an_endless_command_is_not_kept(kitchen: Stage) -> None:
    ben = await kitchen.person("Ben")
    endless = Request(platform="test", space="stage", user=ben.user, text="tea order " + "x" * 2000, args={"note": "a"})
    await kitchen.dispatch.keep(endless)


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31", "31 December 9999", "10000-01-01"])
def test_a_day_beyond_all_calendars_is_not_read(typed: str) -> None:
    from datetime import date

    assert as_date(typed, date(2027, 2, 1)) is None


async def test_a_form_of_a_command_that_only_reads_comes_back_without_a_word_written(stage: Stage) -> None:
    @command("tea look", _("Look at the tea"), Field("note", _("A note"), max_length=3), reads=True)
    async def look(work: Work, me: Me, note: str) -> Reply:
        raise Refused(_("Not today."), field="note")

    ben = await stage.person("Ben")
    stage.dispatch.catalog = Catalog((look,), ())
    await ben.types("/tea look")
    for note in ("long", "ok"):
        form = await ben.sends(note=note)
        assert isinstance(form, Form)
        assert list(form.errors) == ["note"]


async def test_what_only_reads_cannot_change_anything_unnoticed(stage: Stage) -> None:
    ben = await stage.person("Ben")

    async def change() -> None:
        async with stage.app.storage.reading() as work:
            (await work.get(Person, ben.id)).name = "Somebody else"

    with pytest.raises(RuntimeError, match="only reads"):
        await change()
