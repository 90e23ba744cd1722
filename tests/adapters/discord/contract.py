"""Discord's published API description as a judge of what the adapter sends, and the limits that it does not say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.contracts.judge import Judge

FILE = Path(__file__).parents[2] / "contracts" / "discord" / "openapi.json"

CHANNEL_MESSAGE, UPDATE, AUTOCOMPLETE, MODAL = 4, 7, 8, 9
ROW, BUTTON, SELECT, INPUT, DISPLAY, LABEL = 1, 2, 3, 4, 10, 18
REFERENCE = re.compile(r'"#/components/schemas/(\w+)"')
NAME = re.compile(r"[-_'\w]{1,32}")

OF_THE_LIBRARY = frozenset({"tts"})
"""Fields that discord.py sends with every edit, and Discord minds only in new messages."""


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def _validator(name: str) -> Judge:
    return _judge({"$ref": f"#/components/schemas/{name}"})


@cache
def _of_path(method: str, template: str) -> Judge | None:
    schema = _schema_of(method, template)
    return _judge(schema) if schema else None


def _schema_of(method: str, template: str) -> Mapping[str, Any]:
    content = _document()["paths"][template].get(method.lower(), {}).get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def _judge(schema: Mapping[str, Any]) -> Judge:
    """With the schemas that this one needs and no others: the whole description makes every check slow."""
    needed: dict[str, Any] = {}
    open_ends = [json.dumps(schema)]
    while open_ends:
        for name in REFERENCE.findall(open_ends.pop()):
            if name not in needed:
                needed[name] = _document()["components"]["schemas"][name]
                open_ends.append(json.dumps(needed[name]))
    return Judge({**schema, "components": {"schemas": needed}})


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    def pattern(template: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)) + "$")

    plain_first = sorted(_document()["paths"], key=lambda template: template.count("{"))
    return [(pattern(template), template) for template in plain_first]


def check_request(method: str, path: str, body: Any) -> None:
    """A request as it went out: known to Discord, of the right shape, within the limits."""
    template = next((template for pattern, template in _templates() if pattern.match(path)), None)
    assert template is not None, f"Discord has no {path}"
    assert method.lower() in _document()["paths"][template], f"Discord has no {method} {path}"
    validator = _of_path(method, template)
    if validator is None or body is None:
        return
    _valid(validator, _as_text(body))
    _known(body, [_schema_of(method, template)])
    if template.endswith("/callback"):
        check_callback(body)
    elif template.endswith("/commands"):
        check_commands_of_ours(body)
    elif "/messages" in template or template.startswith("/webhooks"):
        check_message(body, is_edit=method == "PATCH")


def check_schema(name: str, body: Any) -> None:
    """A body against one schema by its name."""
    _valid(_validator(name), _as_text(body))
    _known(body, [_document()["components"]["schemas"][name]])


def check_callback(body: Mapping[str, Any]) -> None:
    data = body.get("data", {})
    if body["type"] == MODAL:
        check_modal(data)
    elif body["type"] in (CHANNEL_MESSAGE, UPDATE):
        check_message(data, is_edit=body["type"] == UPDATE)
    elif body["type"] == AUTOCOMPLETE:
        assert len(data["choices"]) <= 25
        assert all(0 < len(one["name"]) <= 100 and 0 < len(one["value"]) <= 100 for one in data["choices"])


def check_message(body: Mapping[str, Any], *, is_edit: bool = False) -> None:
    content, rows = body.get("content") or "", body.get("components") or []
    assert len(content) <= 2000, f"{len(content)} characters"
    assert content.strip() or body.get("attachments") or (is_edit and "content" not in body), "an empty message"
    assert len(rows) <= 5
    for row in rows:
        assert row["type"] == ROW
        assert 1 <= len(row["components"]) <= 5
        for button in row["components"]:
            _button(button)
    _unique(_custom_ids(rows))
    mentions = body.get("allowed_mentions")
    assert is_edit or mentions is not None, "whom it may ping is not said"
    assert not mentions or not (mentions.get("parse") or mentions.get("users") or mentions.get("roles"))


def check_modal(data: Mapping[str, Any]) -> None:
    assert 1 <= len(data["title"]) <= 45
    assert 1 <= len(data["custom_id"]) <= 100
    assert 1 <= len(data["components"]) <= 5
    assert any(part["type"] == LABEL for part in data["components"])
    for part in data["components"]:
        if part["type"] == DISPLAY:
            assert 1 <= len(part["content"]) <= 4000
            continue
        assert part["type"] == LABEL
        assert 1 <= len(part["label"]) <= 45
        assert "description" not in part or 1 <= len(part["description"]) <= 100
        _control(part["component"])
    _unique(_custom_ids([part["component"] for part in data["components"] if part["type"] == LABEL]))
    assert sum(len(part.get("content", "")) for part in data["components"]) <= 4000


def check_commands_of_ours(commands: Sequence[Mapping[str, Any]]) -> None:
    assert len(commands) <= 100
    _unique([command["name"] for command in commands])
    for command in commands:
        assert _length(command) <= 8000, f"/{command['name']} has {_length(command)} characters"
        _command(command, depth=0)


def _command(command: Mapping[str, Any], *, depth: int) -> None:
    assert depth <= 2, "deeper than a command in a group"
    assert NAME.fullmatch(command["name"]), command["name"]
    assert command["name"] == command["name"].lower()
    assert 1 <= len(command["description"]) <= 100
    options = command.get("options", [])
    assert len(options) <= 25
    _unique([option["name"] for option in options])
    kinds = {option["type"] in (1, 2) for option in options}
    assert len(kinds) <= 1, "subcommands beside options"
    for option in options:
        if option["type"] in (1, 2):
            _command(option, depth=depth + 1)
        else:
            _option(option)
    required = [bool(option.get("required")) for option in options]
    assert required == sorted(required, reverse=True), "required options come first"


def _option(option: Mapping[str, Any]) -> None:
    assert NAME.fullmatch(option["name"])
    assert option["name"] == option["name"].lower()
    assert 1 <= len(option["description"]) <= 100
    choices = option.get("choices", [])
    assert len(choices) <= 25
    assert all(1 <= len(one["name"]) <= 100 and 1 <= len(one["value"]) <= 100 for one in choices)
    assert not (choices and option.get("autocomplete"))
    assert option.get("min_value", 0) <= option.get("max_value", 10**9)


def _button(button: Mapping[str, Any]) -> None:
    assert button["type"] == BUTTON
    assert 1 <= len(button["label"]) <= 80
    if button["style"] == 5:
        assert "custom_id" not in button
        assert 1 <= len(button["url"]) <= 512
    else:
        assert "url" not in button
        assert 1 <= len(button["custom_id"]) <= 100


def _control(control: Mapping[str, Any]) -> None:
    assert 1 <= len(control["custom_id"]) <= 100
    if control["type"] == INPUT:
        assert 1 <= control["max_length"] <= 4000
        assert len(control.get("value", "")) <= control["max_length"]
        assert len(control.get("placeholder", "")) <= 100
        return
    assert control["type"] == SELECT
    values = [option["value"] for option in control["options"]]
    _unique(values)
    assert 1 <= len(values) <= 25
    assert all(1 <= len(option["label"]) <= 100 and 1 <= len(option["value"]) <= 100 for option in control["options"])
    assert 0 <= control["min_values"] <= control["max_values"] <= len(values)
    assert not control["required"] or control["min_values"] >= 1
    chosen = sum(bool(option.get("default")) for option in control["options"])
    assert chosen <= control["max_values"]


def _custom_ids(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(part["custom_id"]) for part in _walk(parts) if "custom_id" in part]


def _walk(parts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        yield part
        yield from _walk(part.get("components", []))


def _unique(values: Sequence[str]) -> None:
    assert len(set(values)) == len(values), f"twice: {sorted(one for one in values if values.count(one) > 1)}"


def _length(command: Mapping[str, Any]) -> int:
    own = len(command["name"]) + len(command["description"])
    choices = sum(len(one["name"]) + len(str(one["value"])) for one in command.get("choices", []))
    return own + choices + sum(_length(option) for option in command.get("options", []))


def _valid(judge: Judge, body: Any) -> None:
    assert not (wrong := judge.problems(body)), wrong[0]


def _known(body: Any, schemas: Sequence[Mapping[str, Any]]) -> None:
    """Every field stands in one of the schemas: the description does not say that others are refused."""
    flat = [one for schema in schemas for one in _flat(schema)]
    if isinstance(body, list):
        for one in body:
            _known(one, [schema["items"] for schema in flat if "items" in schema])
    elif isinstance(body, Mapping):
        free = [one["additionalProperties"] for one in flat if isinstance(one.get("additionalProperties"), Mapping)]
        for name, value in body.items():
            named = [schema["properties"][name] for schema in flat if name in schema.get("properties", {})]
            assert named or free or name in OF_THE_LIBRARY, f"Discord knows no field {name!r}"
            _known(value, named or free)


def _flat(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and all that it may be instead."""
    if "$ref" in schema:
        schema = _document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    yield schema
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _flat(one)


def _as_text(body: Any) -> Any:
    """Snowflakes may be whole numbers on the way in; the description knows them as text only."""
    if isinstance(body, Mapping):
        return {key: str(one) if _is_snowflake(key, one) else _as_text(one) for key, one in body.items()}
    return [_as_text(one) for one in body] if isinstance(body, list) else body


def _is_snowflake(key: str, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and (key == "id" or key.endswith("_id"))
