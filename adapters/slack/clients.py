"""The Web API with a token that may change: another process may have heard that a workspace was installed anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import refusals

Renew = Callable[[str, str], Awaitable[str]]
"""Given a token that Slack has refused and Slack's word for it: another token, or nothing."""


class RenewingClient(AsyncWebClient):
    """Asks once more with the new token where Slack refuses the old one: such a refusal means that nothing was done."""

    def __init__(self, token: str, renew: Renew, **more: Any) -> None:
        super().__init__(token, **more)
        self._renew = renew

    async def api_call(self, api_method: str, **given: Any) -> Any:
        """Raises SlackApiError."""
        try:
            return await super().api_call(api_method, **given)
        except SlackApiError as error:
            code = refusals.code(error)
            token = await self._renew(self.token or "", code) if code in refusals.TOKEN else ""
            if not token:
                raise
        self.token = token
        return await super().api_call(api_method, **given)
