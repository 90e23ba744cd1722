"""A mentor of two who notes every talk hears fewer than forty unasked words from the bot in a whole program."""

from collections import Counter
from dataclasses import replace

from adapters.simulation import figures
from adapters.simulation.play import play
from adapters.simulation.temper import EAGER
from adapters.simulation.world import Plan

DILIGENT = replace(EAGER, days=18, notes=1.0, reads=1.0, answers=1.0, goals=1.0, leaves=0.0)


async def test_a_mentor_of_two_hears_fewer_than_forty_unasked_messages(database: str) -> None:
    world = await play(Plan(pairs=3, seed=4, tempers=[DILIGENT]), database)
    try:
        found = await figures.read(world)
    finally:
        await world.app.close()

    mentors_of_two = [who for who in world.applicants if len(who.bonds) > 1]
    assert mentors_of_two
    assert all(bond.talks > 10 for who in mentors_of_two for bond in who.bonds)
    assert found.mailed.most_unasked_of_two < 40
    assert found.mailed.most_unasked < 40
    assert sum(found.mailed.unasked.values()) == len({who.user for bond in world.bonds.values() for who in bond.people})


def test_what_people_of_the_team_ask_for_is_not_counted() -> None:
    asked = {"result", "reminder", "call", "duty", "summary"}

    assert asked.isdisjoint(Counter(map(str, figures.mailed.UNASKED)))
