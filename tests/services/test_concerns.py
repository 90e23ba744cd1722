"""Something is not working: who was told is true in every letter, and nobody asks about a silence meanwhile."""

from bot.domain import Duty, LetterKind, Person
from bot.services import liaising
from bot.storage import queries
from tests.services.rhythm_stage import at, couple, letters, press, read_pairing, text_of, topics
from tests.stage import Actor, Stage

DUTY = LetterKind.DUTY


async def _tells(ada: Actor, label: str) -> None:
    await press(ada, "Something is not working")
    await ada.presses(label)


async def test_a_coordinator_who_is_told_after_the_liaison_reads_who_was_told(stage: Stage) -> None:
    cora = await stage.person("Cora", Duty.COORDINATOR)
    _ben, ada, olga, _cohort, _pair = await couple(stage)
    assert olga is not None
    await stage.to(at("2027-06-15", 12))
    await _tells(ada, "Tell Olga")
    await press(ada, "Something is not working")
    assert "Olga has your message, and nobody else." in ada.text
    assert ada.labels() == ["Tell Cora", "Not now"]
    await ada.presses("Tell Cora")
    assert "Olga has your message, too." in ada.text
    await stage.pulse()
    (first,) = await letters(stage, olga, DUTY)
    assert "I have told nobody else" in text_of(first)
    (second,) = await letters(stage, cora, DUTY)
    assert "nobody else" not in text_of(second)
    assert "Olga was asked for the same before." in text_of(second)
    await press(ada, "Something is not working")
    assert ada.text == "Olga has your message already and will get in touch with you."


async def test_a_liaison_does_not_learn_that_the_coordinator_was_told(stage: Stage) -> None:
    cora = await stage.person("Cora", Duty.COORDINATOR)
    _ben, ada, olga, _cohort, _pair = await couple(stage)
    assert olga is not None
    await stage.to(at("2027-06-15", 12))
    await _tells(ada, "Tell the coordinator only")
    await _tells(ada, "Tell Olga")
    await stage.pulse()
    (first,) = await letters(stage, cora, DUTY)
    assert "I have told nobody else" in text_of(first)
    (second,) = await letters(stage, olga, DUTY)
    assert "Cora" not in text_of(second)
    assert "nobody else" not in text_of(second)


async def test_while_somebody_waits_for_help_nobody_asks_about_a_silence(stage: Stage) -> None:
    ben, ada, olga, _cohort, pair = await couple(stage)
    assert olga is not None
    await stage.to(at("2027-06-15", 12))
    await _tells(ada, "Tell Olga")
    await stage.to(at("2027-07-20", 12))
    for person in (ben, ada):
        assert "silence" not in [topic for topic, _prompt in await topics(stage, person)]
    assert len(await letters(stage, olga, DUTY)) == 1
    async with stage.app.storage.work() as work:
        pairing = await queries.pairing(work, pair)
        assert pairing is not None
        await liaising.touch(work, pairing, await work.get(Person, olga.id))
    await stage.to(at("2027-08-01", 12))
    assert "silence" in [topic for topic, _prompt in await topics(stage, ada)]


async def test_who_asks_for_help_in_a_silence_ends_it_for_the_liaison(stage: Stage) -> None:
    _ben, ada, olga, _cohort, pair = await couple(stage)
    assert olga is not None
    await stage.to(at("2027-06-30", 12))
    await press(ada, "I would like some help")
    await ada.presses("Tell Olga")
    assert (await read_pairing(stage, pair)).liaison_hears_at is None
    await stage.to(at("2027-07-20", 12))
    (post,) = await letters(stage, olga, DUTY)
    assert "Ada asks you to get in touch." in text_of(post)
