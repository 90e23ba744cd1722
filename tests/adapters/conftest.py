"""Which tests of faces run on both kinds of database.

What a face keeps in tables of its own, and one whole way, is tried on both; the rest asks the core alone, whose own
tests run on both.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent

ON_BOTH = {
    HERE / face / f"test_{name}.py"
    for face, names in (
        ("discord", ("corners", "links", "papers", "sent_forms", "walk")),
        ("sandbox", ("papers",)),
        ("slack", ("again", "installing", "whole_way", "workspaces")),
    )
    for name in names
}
assert all(path.exists() for path in ON_BOTH), "a file was renamed"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what PostgreSQL could say nothing new about."""
    left = [item for item in items if _is_needless(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not _is_needless(item)]


def _is_needless(item: pytest.Item) -> bool:
    if not item.path.is_relative_to(HERE) or item.path in ON_BOTH:
        return False
    call = getattr(item, "callspec", None)
    return call is not None and call.params.get("database") == "postgresql"
