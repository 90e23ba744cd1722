"""Tokens at rest: sealed, so that a copy of the database lets nobody speak as the bot."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unopened(Exception):  # noqa: N818 - a fact about the keys that are set, not an error of ours
    """None of the listed keys opens this."""


class Seal:
    """Closes with the first of several keys, and opens with any of them. `keys` stand with commas between."""

    def __init__(self, keys: str) -> None:
        listed = [Fernet(key.strip()) for key in keys.split(",") if key.strip()]
        self._first = listed[0]
        self._any = MultiFernet(listed)

    def close(self, token: str) -> str:
        """A token as it may lie in the database."""
        return self._first.encrypt(token.encode()).decode()

    def open(self, sealed: str) -> str:
        """The token itself. Raises Unopened."""
        try:
            return self._any.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unopened from None

    def is_newest(self, sealed: str) -> bool:
        """Whether the first key closed it, so that no other key is needed for it."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def new_key() -> str:
    """A key that nobody else has."""
    return Fernet.generate_key().decode()
