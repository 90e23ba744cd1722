"""Who is named in a message."""

from bot.ui import Button, Buttons, Facts, Row, Rows, Who, _, message
from bot.ui.mentions import people_in


def test_people_are_found_wherever_they_are_named() -> None:
    said = message(
        _("Hello {name}", name=Who(1, "Ada")),
        Facts(((_("With"), Who(2, "Ben")), (_("And"), _("{other}", other=Who(3, "Cleo"))))),
        Rows(
            (
                Row(
                    _("{person}", person=Who(4, "Dan")),
                    (Button(_("Write to {who}", who=Who(5, "Eve")), "mentor help"),),
                ),
            )
        ),
        Buttons((Button(_("Go on"), "mentor help"),)),
        notice=_("For {name}", name=Who(6, "Fay")),
    )
    assert people_in(said) == {1, 2, 3, 4, 5, 6}
    assert people_in(message(_("Nobody"))) == frozenset()
