"""What an application asks, by the cohort's template and by the role; each field says who will read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain import Cohort, Person, Wanted
from bot.programs import template as find_template
from bot.programs.template import Template
from bot.ui import Choice, Field, Kind, Who, Words, _
from commands.spec import Refused

PARTNER = _("Read by the committee, and by your partner once you are matched.")
COMMITTEE = _("Read by the committee.")
SHARED = _("Used to find a good hour. Your partner reads which of them suit you both, once you are matched.")
COORDINATOR = _("Read by the coordinator alone. Nobody else learns of it, and no reason is ever given.")
AFTER_MATCH = _("Read by your partner alone, once you are matched.")

ROLE = Field(
    "role",
    _("How would you like to take part?"),
    Kind.ONE,
    (
        Choice(Wanted.MENTEE, _("As a mentee")),
        Choice(Wanted.MENTOR, _("As a mentor")),
        Choice(Wanted.BOTH, _("As both")),
    ),
    tap=True,
)


def fields(cohort: Cohort, wanted: Wanted) -> Sequence[Field]:
    """The questions for one role: two pages are required, the third can be left for later."""
    template = find_template(cohort.template)
    asked = _mentee(template, cohort) if wanted is not Wanted.MENTOR else ()
    offered = _mentor(template, cohort) if wanted is not Wanted.MENTEE else ()
    return (*asked, *offered, *_where(), *_about(template), *_more(template))


def _mentee(template: Template, cohort: Cohort) -> tuple[Field, ...]:
    return (
        Field(
            "wishes",
            _("What would you like to learn about? Your first choice counts most."),
            Kind.RANKED,
            topics(template, cohort),
            places=template.wishes.asked,
            shown=template.wishes.shown,
            hint=_("Read by the committee. Your partner sees the topics, not their order."),
        ),
    )


def _mentor(template: Template, cohort: Cohort) -> tuple[Field, ...]:
    return (
        Field("offers", _("Which topics could you help with?"), Kind.MANY, topics(template, cohort), hint=PARTNER),
        Field(
            "places",
            _("How many mentees would you take?"),
            Kind.NUMBER,
            least=1,
            most=template.capacity_most,
            hint=_("One is plenty. The committee never gives you more than you say."),
        ),
    )


def _where() -> tuple[Field, ...]:
    return (
        Field("name", _("The name that your partner should read"), max_length=100, hint=PARTNER),
        Field(
            "zone",
            _("Your time zone"),
            Kind.TIMEZONE,
            source="zones",
            hint=_("Type your nearest large city. I use it to write to you by day; your partner sees it too."),
        ),
    )


def _about(template: Template) -> tuple[Field, ...]:
    return (
        Field("institution", _("Where you work or study"), max_length=200, page=2, hint=PARTNER),
        Field("career", _("Where you are in your career"), Kind.ONE, _choices(template.career), page=2, hint=PARTNER),
        Field(
            "conduct",
            _("I have read the code of conduct and will keep to it"),
            Kind.YES,
            page=2,
            hint=Words("\n".join(f"• {rule}" for rule in template.code_of_conduct)),
        ),
    )


def _more(template: Template) -> tuple[Field, ...]:
    bands = {key: band.label for key, band in template.hours.items()}
    return (
        _optional("hours", _("Hours that suit you, in your own day"), Kind.MANY, _choices(bands), hint=SHARED),
        _optional("ways", _("Ways of talking that suit you"), Kind.MANY, _choices(template.ways), hint=PARTNER),
        _optional(
            "languages", _("Languages you are at home in"), Kind.MANY, _choices(template.languages), hint=PARTNER
        ),
        _optional("about", _("A few words about you and what you hope for"), Kind.TEXT, most=600, hint=PARTNER),
        _optional("contact", _("How to reach you outside of this chat"), Kind.TEXT, hint=AFTER_MATCH),
        _optional(
            "avoid", _("People you would rather not be matched with"), Kind.PEOPLE, source="others", hint=COORDINATOR
        ),
    )


THEIRS: Mapping[str, Words] = {
    "wishes": _("What would they like to learn about? Their first choice counts most."),
    "offers": _("Which topics could they help with?"),
    "places": _("How many mentees would they take?"),
    "name": _("The name that their partner should read"),
    "zone": _("Their time zone"),
    "institution": _("Where they work or study"),
    "career": _("Where they are in their career"),
    "hours": _("Hours that suit them, in their own day"),
    "ways": _("Ways of talking that suit them"),
    "languages": _("Languages they are at home in"),
    "about": _("A few words about them and what they hope for"),
    "avoid": _("People they would rather not be matched with"),
}
"""The questions as they are put to whoever applies for somebody else; what only the person can answer is left out."""

_HINTS: Mapping[str, Words] = {
    "zone": _("Type their nearest large city. I use it to write to them by day; their partner sees it too."),
    "wishes": _("Read by the committee. Their partner sees the topics, not their order."),
    "hours": _("Used to find a good hour. Their partner reads which of them suit both, once they are matched."),
}
_FOR_THEM = _("Read by the committee, and by their partner once they are matched.")


def about_somebody(asked: Sequence[Field]) -> Sequence[Field]:
    """The same questions about another person."""
    return [_about_them(field) for field in asked if field.name in THEIRS]


def _about_them(field: Field) -> Field:
    hint = _HINTS.get(field.name, _FOR_THEM if field.hint is PARTNER else field.hint)
    source = "others than them" if field.source == "others" else field.source
    return replace(field, label=THEIRS[field.name], hint=hint, source=source)


def check(person: Person, answers: Mapping[str, Any]) -> None:
    """Refuse that somebody rules out themselves. Raises Refused."""
    if any(other.id == person.id for other in answers.get("avoid") or ()):
        raise Refused(
            _("{person} is the one who applies. Please choose other people.", person=Who(person.id, person.name)),
            field="avoid",
        )


def _optional(
    name: str,
    label: Words,
    kind: Kind,
    choices: tuple[Choice, ...] = (),
    *,
    hint: Words,
    source: str = "",
    most: int = 300,
) -> Field:
    return Field(name, label, kind, choices, source, required=False, max_length=most, hint=hint, page=3)


def topics(template: Template, cohort: Cohort) -> tuple[Choice, ...]:
    """The topics of a cohort, as choices."""
    return tuple(Choice(key, template.topic_label(key)) for key in cohort.topics)


def _choices(labels: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, Words(label)) for key, label in labels.items())
