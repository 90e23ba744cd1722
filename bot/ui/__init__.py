"""What the bot can say and ask, without a word about any platform."""

from bot.ui.form import SEVERAL, Answer, Choice, Field, Form, Kind
from bot.ui.message import Changed, Message, message
from bot.ui.parts import Button, Buttons, Facts, Paper, Part, Picture, Quoted, Row, Rows, Series, Table, Text
from bot.ui.words import All, Day, Inline, Run, When, Where, Who, Words, _, ngettext

Reply = Message | Form | Changed

__all__ = [
    "SEVERAL", "All", "Answer", "Button", "Buttons", "Changed", "Choice", "Day", "Facts", "Field", "Form", "Inline",
    "Kind", "Message", "Paper", "Part", "Picture", "Quoted", "Reply", "Row", "Rows", "Run", "Series", "Table", "Text",
    "When", "Where", "Who", "Words", "_", "message", "ngettext",
]  # fmt: skip
