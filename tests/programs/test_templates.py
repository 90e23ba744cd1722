"""The templates that come with mentorbot: complete, consistent, and in the voice of the project."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.programs import Template, template, templates
from bot.programs.keys import Section
from bot.programs.sentences import sentences
from bot.ui.words import Words

ALL = pytest.mark.parametrize("name", templates())
ROLES = ("mentor", "mentee")


def questions(found: Template) -> set[str]:
    """The text of every prompt."""
    return {prompt.text.msgid for phase in found.phases for role in ROLES for prompt in found.prompts(phase.key, role)}


def test_both_templates_are_there_and_are_read_once() -> None:
    assert templates() == ("alcts", "short")
    assert template("alcts") is template("alcts")


def test_an_unknown_template_is_named_with_those_that_exist() -> None:
    with pytest.raises(LookupError, match=r'"../alcts".*alcts, short'):
        template("../alcts")


def test_alcts_is_the_program_as_it_ran() -> None:
    alcts = template("alcts")
    assert list(alcts.topics.values()) == [
        "acquisitions",
        "cataloging and metadata",
        "collection management",
        "continuing resources",
        "preservation and reformatting",
        "leadership",
        "publishing",
        "service in the association",
    ]
    assert [phase.key for phase in alcts.phases] == ["planning", "connecting", "advancing", "transitioning"]
    assert (alcts.goals, alcts.hours_a_month, alcts.wishes.asked, alcts.wishes.shown) == (3, 2, 5, 3)


def test_alcts_proposes_the_dates_of_its_year() -> None:
    year = template("alcts").dates.proposed(date(2026, 11, 20))
    assert (year.opens_on, year.closes_on, year.announced_on) == (
        date(2027, 1, 15),
        date(2027, 3, 15),
        date(2027, 5, 3),
    )
    assert (year.starts_on, year.ends_on) == (date(2027, 6, 1), date(2028, 4, 30))


@pytest.mark.parametrize(
    ("today", "opens"),
    [("2027-01-15", "2027-01-15"), ("2027-03-15", "2027-03-15"), ("2027-03-16", "2028-01-15")],
)
def test_a_call_is_proposed_until_its_last_day_and_never_for_the_past(today: str, opens: str) -> None:
    assert template("alcts").dates.proposed(date.fromisoformat(today)).opens_on == date.fromisoformat(opens)


def test_short_runs_for_thirteen_weeks_from_a_monday() -> None:
    dates = template("short").dates.proposed(date(2027, 9, 1))
    assert dates.opens_on == date(2027, 9, 6)
    assert (dates.starts_on, dates.ends_on) == (date(2027, 10, 18), date(2028, 1, 14))


@ALL
def test_there_are_more_prompts_than_letters_in_every_phase(name: str) -> None:
    found = template(name)
    for year in range(2026, 2033):
        dates = found.dates.proposed(date(year, 1, 1))
        begins = [*found.phase_days(dates.starts_on, dates.ends_on), dates.ends_on]
        for place, phase in enumerate(found.phases):
            fortnights = -(-(begins[place + 1] - begins[place]).days // 14)
            for role in ROLES:
                assert len(found.prompts(phase.key, role)) >= fortnights + 2


def test_a_year_of_alcts_has_a_question_for_each_letter_and_none_twice() -> None:
    alcts = template("alcts")
    for role in ROLES:
        used: list[str] = []
        for week in range(2, 48, 2):
            phase = alcts.phase_on(
                date.fromordinal(date(2027, 6, 1).toordinal() + 7 * week),
                starts_on=date(2027, 6, 1),
                ends_on=date(2028, 4, 30),
            )
            prompt = alcts.fresh_prompt(phase.key, role, used=used)
            assert prompt in alcts.prompts(phase.key, role)
            used.append(prompt.key if prompt else "")
        assert len(set(used)) == len(used) >= 23


def test_when_a_phase_has_no_question_left_another_phase_lends_one() -> None:
    alcts = template("alcts")
    planning = [prompt.key for prompt in alcts.prompts("planning", "mentor")]
    assert alcts.fresh_prompt("planning", "mentor", used=planning) == alcts.prompts("connecting", "mentor")[0]
    everything = [prompt.key for phase in alcts.phases for prompt in alcts.prompts(phase.key, "mentor")]
    assert alcts.fresh_prompt("planning", "mentor", used=everything) is None


@ALL
def test_no_question_stands_there_twice(name: str) -> None:
    found = template(name)
    texts = [text for text in sentences(found) if text.endswith("?")]
    assert len(texts) == len(set(texts))


@ALL
def test_every_sentence_is_plain(name: str) -> None:
    for text in sentences(template(name)):
        assert not set(text) & set("{}!<>*_`@#"), text
        assert text == " ".join(text.split()), text


@ALL
def test_nothing_but_a_question_of_one_person_to_another_says_we(name: str) -> None:
    found = template(name)
    for text in set(sentences(found)) - questions(found):
        assert not {"we", "us", "our"} & set(re.findall(r"\w+", text.lower())), text


@ALL
def test_prompts_are_questions_and_nothing_else_is(name: str) -> None:
    found = template(name)
    assert {text for text in sentences(found) if text.endswith("?")} == questions(found)


@ALL
def test_labels_are_words_and_a_dropped_key_reads_as_itself(name: str) -> None:
    found: Template = template(name)
    assert found.language_label("en") == Words("English")
    assert found.way_label("in_person") == Words("in person")
    for label in (
        found.topic_label,
        found.way_label,
        found.language_label,
    ):
        assert label("dropped") == Words("dropped")


@ALL
def test_a_template_cannot_be_changed(name: str) -> None:
    found = template(name)
    with pytest.raises(TypeError):
        found.topics["other"] = "other"  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        found.goals = 4


def test_the_guide_explains_every_key() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "program-authoring.md").read_text(encoding="utf-8")
    sections = [Template, *Section.__subclasses__()]
    keys = {field.alias or name for section in sections for name, field in section.model_fields.items()}
    told = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`\n]+`", guide))))
    assert keys - told == set()
