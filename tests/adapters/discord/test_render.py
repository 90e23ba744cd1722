"""What the adapter can send: every message, form and command fits into what Discord takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.discord import forms, links, render, tree
from adapters.discord.links import Link
from adapters.discord.speaker import DiscordSpeaker, LabelSpeaker, escape
from bot.domain import Cohort, Wanted
from bot.ui import (
    Button,
    Buttons,
    Choice,
    Day,
    Facts,
    Field,
    Form,
    Kind,
    Message,
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
    _,
    message,
)
from commands import CATALOG, application_form
from tests.adapters.discord import contract

HOSTILE = (
    "@everyone @here <@123456789012345678> <@&123456789012345678> <#123456789012345678> </goals set:123456789012345678>"
    " **bold** `code` ```block``` ~~gone~~ ||hidden|| [link](https://x.example) https://y.example <https://z.example>"
    " discord.gg/abc <t:0:F> <:smile:123456789012345678> \\ _under_\n# big\n> quoted\n- listed\n1. numbered\n-# small"
)
NONE: Mapping[Link, str] = {}

texts = st.one_of(st.just(HOSTILE), st.text(max_size=400), st.text("*_`~|<>[]@#\\ ab\n", max_size=3000))
names = st.builds(Who, st.integers(1, 9), texts)
whens = st.builds(When, st.just(datetime(2027, 6, 1, 15, tzinfo=UTC)), st.sampled_from(["moment", "day", "hour"]))
inlines = st.one_of(
    texts, names, whens, st.just(Day(date(2027, 6, 1))), st.builds(Where, st.sampled_from(["C-x", "123"]), texts)
)
sentences = st.builds(lambda one, two: _("**{one}** and {two}.\n- {one}\n*{two}*", one=one, two=two), inlines, inlines)
args = st.dictionaries(st.sampled_from(["pair", "goal", "cohort"]), st.text(max_size=120), max_size=3)
buttons = st.builds(Button, sentences, st.sampled_from(sorted(CATALOG.commands)), args)
some_buttons = st.lists(buttons, max_size=12).map(tuple)
rows = st.builds(lambda words, some: Row(words, tuple(some)), sentences, st.lists(buttons, max_size=2))
tables = st.integers(1, 4).flatmap(
    lambda n: st.builds(
        lambda head, body: Table(tuple(head), tuple(map(tuple, body))),
        st.lists(sentences, min_size=n, max_size=n),
        st.lists(st.lists(inlines, min_size=n, max_size=n), max_size=30),
    )
)
pictures = st.builds(lambda title, alt: Picture(title, ("a",), (Series(_("x"), (1.0,)),), alt), sentences, sentences)
parts = st.one_of(
    st.builds(Text, sentences),
    st.builds(Quoted, texts, inlines),
    st.builds(lambda facts: Facts(tuple(facts)), st.lists(st.tuples(sentences, inlines), max_size=12)),
    st.builds(lambda some: Rows(tuple(some)), st.lists(rows, max_size=45)),
    tables,
    pictures,
    st.builds(Buttons, some_buttons, some_buttons),
)
messages = st.builds(
    lambda some, notice: Message(tuple(some), own_notice=notice),
    st.lists(parts, max_size=6),
    st.one_of(st.none(), sentences),
)
slow = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def bodies(said: Message, *, noticed: bool = True) -> list[dict[str, Any]]:
    """A message as it goes out, with long links under a key."""
    found = []
    for page in render.pages(said, DiscordSpeaker({1: "11", 2: "22"}), community=7, noticed=noticed):
        carried = {link: link.short() or f"k:{n:022}" for n, link in enumerate(dict.fromkeys(page.links()))}
        pictures = [{"id": n, "filename": f"chart-{n}.png"} for n, _one in enumerate(page.enclosed)]
        attached = {"attachments": pictures} if pictures else {}
        mentions = {"allowed_mentions": {"parse": []}}
        found.append({"content": page.content, "components": page.components(carried)} | attached | mentions)
    return found


@slow
@given(messages)
def test_whatever_is_said_fits(said: Message) -> None:
    for body in bodies(said):
        contract.check_schema("MessageCreateRequest", body)
        contract.check_message(body)


@slow
@given(messages)
def test_no_button_is_lost_between_pages(said: Message) -> None:
    shown = sum(len(row["components"]) for body in bodies(said) for row in body["components"])

    assert shown == len(list(said.buttons()))


def test_people_s_words_mean_nothing() -> None:
    for shown in (
        DiscordSpeaker().text(_("{words}", words=HOSTILE)),
        DiscordSpeaker().text(Who(4, HOSTILE)),
        escape(HOSTILE),
    ):
        rest = re.sub(r"\\.", "", shown)
        assert not set("<*`|[_~") & set(rest), shown
        assert "://" not in rest
        assert "discord.gg/" not in rest
        assert not re.search(r"@(everyone|here|\d|&)", shown)


@pytest.mark.parametrize("words", ["# big", "- listed", "> quoted", "1. one", "+ plus", "-# small", "12) twelve"])
def test_a_line_of_somebody_s_does_not_become_a_heading_or_list(words: str) -> None:
    first = DiscordSpeaker().text(_("{words}", words=words)).split(words[-3:])[0]

    assert "\\" in first


def test_our_own_lists_stay_lists() -> None:
    assert DiscordSpeaker().text(_("- {one}", one="- x")) == "- \\- x"


def test_moments_are_the_reader_s_and_days_are_everybody_s() -> None:
    speaker = DiscordSpeaker({4: "1234"})
    moment = When(datetime(2027, 6, 1, 15, 0, tzinfo=UTC))
    said = _(
        "{a} {b} {c} {d} {e}", a=moment, b=Day(date(2027, 6, 1)), c=Who(4, "Ada"), d=Who(5, "B*n"), e=Run("goals set")
    )

    assert speaker.text(said) == "<t:1811862000:F> Tuesday, June 1, 2027 <@1234> B\\*n `/goals set`"


def test_a_summary_of_41_pairs_is_paged_with_all_its_buttons() -> None:
    pairs = tuple(
        Row(
            _("{a} and {b}: no news since June.", a="Somebody " * 4, b="Another " * 4),
            (Button(_("See"), "liaison pair", {"pair": str(n)}),),
        )
        for n in range(41)
    )
    pages = bodies(message(_("The summary"), Rows(pairs)))

    labels = [b["label"] for page in pages for row in page["components"] for b in row["components"]]
    assert labels == [f"{n} · See" for n in range(1, 42)]
    assert all("**1** " in pages[0]["content"] for _page in pages)


def test_the_notice_comes_first_in_letters_alone_and_only_once() -> None:
    delicate = message(_("Somebody is worried."), notice=_("A word about your program"))
    plain = message(_("**Ready.** More"), notice=_("Ready."))

    assert bodies(delicate)[0]["content"].startswith("A word about your program\n\nSomebody")
    assert bodies(delicate, noticed=False)[0]["content"] == "Somebody is worried."
    assert bodies(plain)[0]["content"] == "**Ready.** More"


def test_the_commands_are_what_discord_takes() -> None:
    commands = tree.commands(CATALOG)

    for one in commands:
        contract.check_schema("ApplicationCommandUpdateRequest", one)
    contract.check_commands_of_ours(commands)
    assert {one["name"] for one in commands} == {"mentor", "goals", "checkin", "cohort", "liaison"}
    assert all((one["contexts"], one["integration_types"]) == ([0, 1], [0]) for one in commands)


def test_a_field_that_discord_does_not_know_is_caught() -> None:
    body = {**bodies(message(_("Hello"), Buttons((Button(_("Go"), "goals set"),))))[0]}
    contract.check_schema("MessageCreateRequest", body)
    body["components"][0]["components"][0]["icon"] = "x"
    with pytest.raises(AssertionError, match="no field 'icon'"):
        contract.check_schema("MessageCreateRequest", body)


def test_an_option_is_typed_chosen_or_completed() -> None:
    roots = {one["name"]: {leaf["name"]: leaf for leaf in one["options"]} for one in tree.commands(CATALOG)}
    log = {option["name"]: option for option in roots["checkin"]["log"]["options"]}
    [role] = roots["mentor"]["join"]["options"]

    assert (log["minutes"]["type"], log["minutes"]["min_value"], log["minutes"]["max_value"]) == (tree.INTEGER, 1, 600)
    assert [one["value"] for one in role["choices"]] == ["mentee", "mentor", "both"]
    assert log["pair"]["autocomplete"] is True


def test_every_listed_command_can_be_typed_and_comes_back_as_its_path() -> None:
    found = set()
    for root in tree.commands(CATALOG):
        for data in _leaves(root):
            found.add(tree.asked(data)[0])

    assert found == {path for path, command in CATALOG.commands.items() if command.listed}


def _leaves(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    inner = [one for one in node.get("options", []) if one["type"] in (1, 2)]
    if not inner:
        return [{"name": node["name"], "type": node["type"]}]
    return [{"name": node["name"], "type": node["type"], "options": [leaf]} for one in inner for leaf in _leaves(one)]


choices = st.lists(st.text("abcdefgh", min_size=1, max_size=120), min_size=0, max_size=40, unique=True).map(
    lambda values: tuple(Choice(value, value * 3) for value in values)
)
fields = st.builds(
    Field,
    st.sampled_from([f"field_{n}" for n in range(30)]),
    sentences,
    st.sampled_from([kind for kind in Kind if kind is not Kind.FILE]),
    choices,
    required=st.booleans(),
    max_length=st.integers(1, 5000),
    hint=st.one_of(st.none(), sentences),
    places=st.integers(1, 5),
    shown=st.integers(1, 3),
    page=st.integers(1, 4),
)
answers = st.one_of(texts, st.lists(st.text("abcdefgh", max_size=10), max_size=5))


@st.composite
def some_forms(draw: st.DrawFn) -> Form:
    asked = draw(st.lists(fields, min_size=1, max_size=12, unique_by=lambda field: field.name))
    values = {field.name: draw(answers) for field in asked if draw(st.booleans())}
    errors = {field.name: draw(sentences) for field in asked if draw(st.booleans())}
    return Form(draw(sentences), "goals set", tuple(asked), values, errors, draw(st.one_of(st.none(), sentences)))


@slow
@given(some_forms())
def test_whatever_is_asked_fits(form: Form) -> None:
    check_form(form)


def check_form(form: Form) -> None:
    for sheet in range(len(forms.sheets(form))):
        modal = forms.modal(form, sheet, custom_id="f:x:0:0", speaker=LabelSpeaker())
        contract.check_schema("ModalInteractionCallbackRequestData", modal)
        contract.check_modal(modal)


@pytest.mark.parametrize("path", sorted(path for path, command in CATALOG.commands.items() if command.fields))
def test_the_form_of_every_command_fits(path: str) -> None:
    command = CATALOG.commands[path]

    check_form(Form(command.summary, path, command.fields, intro=command.intro))


@pytest.mark.parametrize("wanted", list(Wanted))
def test_an_application_takes_two_pages_and_offers_the_rest(wanted: Wanted) -> None:
    cohort = Cohort(template="alcts", topics=["acquisitions", "cataloging", "collections", "publishing"])
    form = Form(_("Apply"), "mentor join", tuple(application_form.fields(cohort, wanted)))

    check_form(form)
    needed = [forms.is_needed(form, sheet) for sheet in range(len(forms.sheets(form)))]
    assert needed == sorted(needed, reverse=True), "what is optional comes last"
    assert sum(needed) == (3 if wanted is Wanted.BOTH else 2)


def test_ranks_keep_their_order_and_their_gaps() -> None:
    wishes = Field("wishes", _("Wishes"), Kind.RANKED, tuple(Choice(c, c) for c in "abcdef"), places=5, shown=3)
    form = Form(_("Apply"), "mentor join", (wishes,))

    first = forms.filled(form, 0, {"wishes#0": ["c"], "wishes#1": [], "wishes#2": ["a"]})
    assert first["wishes"] == ["c", "", "a"]
    second = forms.filled(Form(form.title, form.run, form.fields, first), 1, {"wishes#3": ["b"], "wishes#4": []})
    assert second["wishes"] == ["c", "", "a", "b", ""]


def test_a_zone_that_several_cities_fit_is_chosen_from_a_list() -> None:
    zone = Field("zone", _("Zone"), Kind.TIMEZONE)
    asked = Form(_("Apply"), "mentor join", (zone,), {"zone": "York"}, {"zone": _("Several fit.")})
    control = forms.modal(asked, 0, custom_id="f", speaker=LabelSpeaker())["components"][-1]["component"]

    many = Form(_("Apply"), "mentor join", (zone,), {"zone": "America"}, {"zone": _("Several fit.")})
    typed = forms.modal(many, 0, custom_id="f", speaker=LabelSpeaker())["components"][-1]["component"]
    assert control["type"] in (3, 4)
    assert typed["type"] == 4


@given(st.text(max_size=60), args, st.one_of(st.none(), st.integers(1, 10**9)))
def test_a_link_is_read_as_it_was_written(run: str, given_args: dict[str, str], community: int | None) -> None:
    link = Link(run, tuple(sorted((k, v) for k, v in given_args.items())), community)
    twin = f"l:{link.written()}#2".partition(":")[2].partition("#")[0]

    assert links.read(link.written()) == links.read(twin) == link


def test_words_that_were_never_said_are_no_sentence() -> None:
    assert bodies(Message((Buttons((Button(_("Go"), "mentor status"),)),), own_notice=Words("")))[0]["content"]


def test_one_number_tells_of_each_line_whose_buttons_these_are_in_all_lists_of_a_message() -> None:
    def goal(name: str) -> Rows:
        return Rows((Row(Words(name), (Button(_("Change"), "goals list"),)),))

    (page,) = render.pages(message(goal("First"), goal("Second")), DiscordSpeaker())
    assert "**1** First" in page.content
    assert "**2** Second" in page.content
    assert [press.label for row in page.rows for press in row] == ["1 · Change", "2 · Change"]


def test_a_table_that_is_too_wide_for_a_phone_says_what_each_cell_is() -> None:
    head = (_("Topic"), _("Mentees who ask for it"), _("Places that are offered"))
    [body] = bodies(message(_("Topics"), Table(head, ((_("cataloging"), _("1"), _("3")),))))

    assert "**cataloging** · Mentees who ask for it: 1 · Places that are offered: 3" in body["content"]


def test_what_does_not_fit_beside_a_question_stands_above_it_line_by_line_and_once() -> None:
    rules = Words("\n".join(f"• {rule} *kindly*" for rule in ("Be polite,", "Answer within a week,", "Keep secrets,")))
    asked = Field("conduct", _("I have read the code of conduct, and will keep to it"), Kind.YES, hint=rules)
    form = Form(_("Apply"), "mentor join", (asked,), errors={"conduct": _("Please say yes.")})
    above, question = forms.modal(form, 0, custom_id="f", speaker=LabelSpeaker())["components"]

    assert above["content"].split("\n")[1:] == [
        "• Be polite, kindly",
        "• Answer within a week, kindly",
        "• Keep secrets, kindly",
    ]
    assert question["description"] == "Please say yes."
