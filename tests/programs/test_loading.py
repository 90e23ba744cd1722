"""A template that is wrong says in one sentence which file and which key."""

from pathlib import Path

import pytest

from bot import programs
from bot.programs import TemplateError, load

SHORT = (Path(programs.__file__).parent / "short.toml").read_text(encoding="utf-8")
A_DAY = 'it should be a day such as "January 15", or a week such as "week 6 monday"'


def refusal(folder: Path, text: str, *, name: str = "short") -> str:
    """What is said of a template with this text."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("goals = 2\n", "", "goals: it is missing."),
        ("goals = 2\n", 'goals = "two"\n', "goals: it should be a whole number."),
        ("goals = 2\n", "goals = 0\n", "goals: it should be at least 1."),
        ("goals = 2\n", "goals = true\n", "goals: it should be a whole number."),
        ("goals = 2\n", "goals = 2\ngaols = 2\n", "gaols: there is no such key."),
        ('skills = "learning', 'skills = "learning {x}', "topics.skills: braces are not allowed here."),
        ('skills = "', '"My skills" = "', "topics.My skills: it does not have the form ^[a-z][a-z0-9_]*$."),
        (
            'weekday = "tuesday"',
            "weekday = 2",
            'rhythm.weekday: it should be a day of the week in small letters, such as "tuesday".',
        ),
        (
            'weekday = "tuesday"',
            'weekday = "sunday"',
            "rhythm.weekday: it should be one of rhythm.working_days.",
        ),
        (
            "every_days = 14",
            "every_days = 10",
            "rhythm.every_days: it should be a multiple of 7, so that the weekday stays the same.",
        ),
        (
            "hour = 10:00:00",
            "hour = 07:30:00",
            "rhythm.hour: it should lie between rhythm.earliest and rhythm.latest.",
        ),
        ("from = 07:00:00", "from = 09:00:00", "hours.early: it should end after it begins."),
        ('opens = "week 0 monday"', 'opens = "soon"', f"dates.opens: {A_DAY}."),
        ('opens = "week 0 monday"', 'opens = "February 30"', f"dates.opens: {A_DAY}."),
        ('opens = "week 0 monday"', 'opens = "January 15"', "dates: they should all be days, or all weeks."),
        (
            'closes = "week 3 friday"',
            'closes = "week 5 friday"',
            "dates: each should be later than the one before it.",
        ),
        ("shown = 3", "shown = 4", "wishes.shown: it should not be more than wishes.asked."),
        (
            "starts_percent = 0",
            "starts_percent = 1",
            "phases.1.starts_percent: the first phase should start at 0.",
        ),
        (
            "starts_percent = 30",
            "starts_percent = 5",
            "phases: each should start later than the one before it.",
        ),
        ('key = "connecting"', 'key = "planning"', 'phases: "planning" stands there more than once.'),
        ('key = "boundaries"', 'key = "time"', 'agreement: "time" stands there more than once.'),
        ("still_open =", "one_goal =", 'prompts for the mentor: "one_goal" stands there more than once.'),
        ('objective = "fair"', 'objective = "best"', "matching.objective: it should be 'total' or 'fair'."),
        (
            'early = { label = "early morning, 7 to 9", from = 07:00:00,',
            'early = { label = "early", from = 7,',
            "hours.early.from: it should be a time of day without quotes, such as 10:00:00.",
        ),
        ("topics = 60", "topics = 101", "matching.weights.topics: it should be at most 100."),
        (
            'title = "Planning"',
            f'title = "{76 * "x"}"',
            "phases.1.title: it should have at most 75 characters.",
        ),
    ],
)
def test_the_sentence_names_file_and_key(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in SHORT
    assert refusal(tmp_path, SHORT.replace(right, wrong, 1)) == f"short.toml, {said}"


def test_a_phase_with_fewer_questions_than_letters_is_refused(tmp_path: Path) -> None:
    fewer = [
        line for line in SHORT.splitlines() if not line.startswith(("next_step", "went_well", "surprise", "options"))
    ]
    said = "short.toml, phases.3.prompts.mentor: 4 letters fall into this phase; it has fewer prompts."
    assert refusal(tmp_path, "\n".join(fewer)) == said


def test_a_file_is_named_as_its_template(tmp_path: Path) -> None:
    assert refusal(tmp_path, SHORT, name="ours") == 'ours.toml, name: it should be "ours", as the file is called.'


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    said = refusal(tmp_path, "name = \n")
    assert said.startswith("short.toml, the file as a whole: it is not TOML: Invalid value (at line 1")


def test_a_copy_of_short_under_its_own_name_is_a_template(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(SHORT.replace('name = "short"', 'name = "ours"', 1), encoding="utf-8")
    assert load(path).name == "ours"
