"""The SDK's models as the JSON that is sent.

Their own `to_dict` also looks for every object's validators anew, which costs an eighth of a command. What the bot
sends is judged where it is tested, by Slack's published schema, which knows more than they do.
"""

from __future__ import annotations

from typing import Any

from slack_sdk.models.basic_objects import JsonObject


def json_of(made: Any) -> Any:
    """A model, or a list of them, as JSON. What is not set is left out, and so is what is empty."""
    if isinstance(made, list | tuple):
        return [json_of(one) for one in made]
    if not isinstance(made, JsonObject):
        return made
    if type(made).to_dict is not JsonObject.to_dict:  # some have a way of their own
        return made.to_dict()
    found = ((name, getattr(made, name, None)) for name in made.attributes)
    return {name: json_of(value) for name, value in found if value is not None and value not in ([], "")}
