"""Whatever people type becomes answers, and never an error."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.ui import Choice, Field, Kind, _
from bot.ui.markup import clean, plain, quote, spans
from commands.catalog import Catalog
from commands.spec import Command
from commands.typed import LONGEST, answers, is_sure, pieces, written

FIELDS = (
    Field("pair", _("Pair"), Kind.ONE),
    Field("title", _("Title"), Kind.LINE),
    Field("help", _("Help"), Kind.TEXT),
    Field("goals", _("Goals"), Kind.MANY),
)

HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="\"“”„«»':  \t\ntitlehp@<>!#*_`\\{}", max_size=300),
    st.sampled_from(
        ["<!channel>", "@everyone", "\u202eabc", "\x00\x07", "🧑🏽‍💻" * 50, "x" * 10_000, 'a "b c', "title:“x y", "{0}"]
    ),
)


def test_options_by_name_and_the_rest_in_order() -> None:
    assert answers('title:"Write a paper" help:“read drafts, kindly”', FIELDS) == {
        "title": "Write a paper",
        "help": "read drafts, kindly",
    }
    assert answers("7 Write a paper", FIELDS) == {"pair": "7", "title": "Write a paper"}
    assert answers("pair:7 goals:1,2 ", FIELDS) == {"pair": "7", "goals": ["1", "2"]}


def test_a_quote_that_never_closes_takes_the_rest() -> None:
    assert answers('title:"Write a paper', FIELDS) == {"title": "Write a paper"}


def test_a_named_answer_without_quotes_runs_to_the_next_name() -> None:
    assert answers("title:It's mine help:don't know", FIELDS) == {"title": "It's mine", "help": "don't know"}
    assert answers('title:He calls it "the help: desk" help:x', FIELDS)["title"] == 'He calls it "the help: desk"'
    assert answers("pair:Ada and Ben title:x", FIELDS) == {"pair": "Ada and Ben", "title": "x"}
    assert answers("goals:1, 2", FIELDS) == {"goals": ["1", "2"]}
    day = (Field("until", _("Until"), Kind.DATE),)
    assert answers("until:June 1", day) == {"until": "June 1"}
    leave = (Field("tell", _("Who"), Kind.ONE, (Choice("bot", _("You")),), tap=True), Field("line", _("A line")))
    said = {"tell": "bot", "line": "Thank you for everything"}
    assert answers("tell:bot line:Thank you for everything", leave) == said


def test_words_that_no_question_takes_for_certain_are_shown_and_not_sent() -> None:
    assert is_sure("title:It's mine help:don't know", FIELDS)
    assert is_sure("Learn to write help:read drafts", FIELDS)
    assert not is_sure('title:"Write" a paper', FIELDS)
    assert not is_sure("yes and more", (Field("sure", _("Sure?"), Kind.YES),))


def test_a_colon_that_names_no_option_is_part_of_the_words() -> None:
    assert answers("pair:7 see https://example.org at 10:30", FIELDS)["title"] == "see https://example.org at 10:30"


def test_a_name_of_several_words_is_one_answer() -> None:
    fields = (Field("person", _("Who?"), Kind.ONE, source="people", whole=True), FIELDS[0])
    assert answers("Ada King Lovelace pair:7", fields) == {"person": "Ada King Lovelace", "pair": "7"}


@given(HOSTILE)
@example('title:"')
@example("title: ")
def test_nothing_typed_is_an_error_or_loses_words(text: str) -> None:
    found = pieces(text, frozenset({"title", "help"}))
    kept = clean(text)[:LONGEST]
    assert all(piece.text in kept.replace('""', '"') or piece.text in kept for piece in found)
    answers(text, FIELDS)


@given(HOSTILE)
def test_quoted_words_come_out_as_they_are_and_format_nothing(text: str) -> None:
    line = " ".join(clean(text).split())
    assert plain(quote(text)) == line
    assert all(span.look == "plain" for span in spans(quote(text)))


@given(HOSTILE)
def test_cleaning_is_done_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(ord(c) < 32 and c != "\n" for c in once)
    assert "\u202e" not in once


async def _nothing() -> None:
    raise AssertionError("never run")


SET = Command("goals set", _("Write down a goal"), FIELDS, _nothing)  # type: ignore[arg-type]


@given(HOSTILE, HOSTILE)
@example('the "first" draft', '"')
@example("", '""')
@example('""', "ends with a backslash\\")
def test_answers_in_a_command_text_come_back_as_they_were(title: str, words: str) -> None:
    """Whatever stands in a form's run or in a draft was cleaned when it came in."""
    title, words = clean(title)[:600], clean(words)[:600]
    command, rest = Catalog([SET], ()).find(written("goals set", {"title": title.strip(), "help": words.strip()}))

    assert command is SET
    assert answers(rest, FIELDS) == {"title": title.strip(), "help": words.strip()}
