"""Mail addresses: the one form in which they are kept and compared."""

from __future__ import annotations

import re

LONGEST_MAIL = 200

_MAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:.]+(\.[^\s@<>\"(),;:.]+)+")


def as_mail(typed: str) -> str:
    """An address as it is kept, in small letters; nothing for what cannot be one."""
    text = typed.strip().removeprefix("mailto:").lower()
    return text if len(text) <= LONGEST_MAIL and _MAIL.fullmatch(text) else ""
