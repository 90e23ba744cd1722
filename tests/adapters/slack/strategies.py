"""Messages and forms as hostile and as long as people could make them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from bot.ui import (
    All,
    Button,
    Buttons,
    Choice,
    Day,
    Facts,
    Field,
    Form,
    Inline,
    Kind,
    Message,
    Paper,
    Picture,
    Quoted,
    Row,
    Rows,
    Run,
    Series,
    Table,
    Text,
    When,
    Where,
    Who,
    Words,
)

ATTACKS = (
    "", " ", "\n\n", "- ", "- a\n- b", "@everyone <!channel> <@U001> <#C001> <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` ```block``` > quote", "&amp;lt;", "{name} {0} %s", "<b>&\"'", "é" * 3100, "\\" * 40,
    "*" * 200, "🙂" * 2100, "\u202eabc\u202c", "\ufdd00\ufdd1", "`" * 75, "word " * 700,
)  # fmt: skip

texts = st.sampled_from(ATTACKS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
moments = st.integers(1_600_000_000, 2_100_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


def _words(places: st.SearchStrategy[Inline]) -> st.SearchStrategy[Words]:
    shapes = (
        "{a}",
        "Ask {a} by {b}.",
        "**{a}** and *{b}*",
        "- {a}\n- {b}",
        "`code`.\n{a}",
        "First.\n\n{a}",
        "",
    )
    return st.builds(lambda shape, a, b: Words(shape, {"a": a, "b": b}), st.sampled_from(shapes), places, places)


inlines: st.SearchStrategy[Inline] = st.one_of(
    texts,
    st.integers(0, 10**6),
    st.builds(When, moments, st.sampled_from(["moment", "day", "hour"])),
    st.builds(Day, st.dates(date(2020, 1, 1), date(2037, 1, 1))),
    st.builds(Who, st.integers(1, 3), texts),
    st.builds(Where, st.just("C001"), texts),
    st.just(Run("goals set")),
    st.lists(texts, max_size=4).map(lambda items: All(tuple(items))),
)
words = _words(inlines)

buttons = st.builds(
    Button,
    words,
    st.sampled_from(["goals set", "nudge talked"]),
    st.dictionaries(st.sampled_from(["pair", "goal", "help"]), texts, max_size=3),
) | st.builds(Button, words, url=st.just("https://example.org/agreement"))


def _table(columns: int, rows: int) -> st.SearchStrategy[Table]:
    row = st.tuples(*[inlines] * columns)
    return st.builds(Table, st.tuples(*[words] * columns), st.lists(row, min_size=1, max_size=3).map(
        lambda some: tuple((some * rows)[:rows])))  # fmt: skip


parts = st.one_of(
    st.builds(Text, words),
    st.builds(Quoted, texts | st.just("long words " * 1200), texts | words),
    st.lists(st.tuples(words, inlines), min_size=1, max_size=5).map(lambda facts: Facts(tuple(facts))),
    st.builds(
        lambda rows, times: Rows(tuple(rows * times)),
        st.lists(st.builds(Row, words, st.lists(buttons, max_size=2).map(tuple)), min_size=1, max_size=3),
        st.sampled_from([1, 1, 1, 20, 60]),
    ),
    st.sampled_from([(1, 1), (3, 4), (25, 2), (3, 120)]).flatmap(lambda size: _table(*size)),
    st.builds(Picture, words, st.just(("a", "b")), st.just((Series(Words("s"), (1.0, 2.0)),)), words),
    st.builds(Paper, texts.filter(bool), st.just("roster")),
    st.builds(
        lambda main, quiet, times: Buttons(tuple(main * times), tuple(quiet)),
        st.lists(buttons, min_size=1, max_size=4),
        st.lists(buttons, max_size=3),
        st.sampled_from([1, 1, 1, 8]),
    ),
)
messages = st.builds(
    Message, st.lists(parts, min_size=1, max_size=6).map(tuple), st.booleans(), st.none() | words
)  # fmt: skip

choices = st.lists(
    st.builds(Choice, st.text("abcxyz0123456789-_/", min_size=1, max_size=200), inlines),
    max_size=120,
    unique_by=lambda choice: choice.value[:150],
).map(tuple)


def _field(name: str) -> st.SearchStrategy[Field]:
    return st.builds(
        Field,
        st.just(name),
        words,
        st.sampled_from([kind for kind in Kind if kind is not Kind.HIDDEN]),
        choices,
        st.sampled_from(["", "", "people"]),
        st.booleans(),
        st.integers(1, 5000),
        st.none() | words,
        st.integers(1, 5),
        least=st.none() | st.integers(-5, 5),
        most=st.none() | st.integers(6, 100_000),
        page=st.integers(1, 3),
    )


@st.composite
def forms(draw: st.DrawFn) -> Form:
    names = [f"field{n}" for n in range(draw(st.integers(1, 12)))]
    fields = tuple(draw(_field(name)) for name in names)
    known = [choice.value for field in fields for choice in field.choices]
    given = texts | st.sampled_from(["2027-06-01", "09:30", "3", "yes", *known]) | st.lists(texts, max_size=4)
    values = draw(st.dictionaries(st.sampled_from(names), given, max_size=6))
    errors = draw(st.dictionaries(st.sampled_from([*names, "elsewhere"]), words, max_size=3))
    return Form(draw(words), "goals set", fields, values, errors, draw(st.none() | words))
