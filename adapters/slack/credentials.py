"""What Slack needs to be set up. It loads nothing of the platform: half of it is said before anything starts."""

from __future__ import annotations

from bot.settings import Misconfigured, Settings

PAGE = "docs/operating.md, Slack, explains it."
"""Where whoever reads one line finds the rest."""


def are_set(settings: Settings) -> bool:
    """Whether anything of Slack is set. Raises Misconfigured for half of what it needs."""
    ways = settings.slack_signing_secret or settings.slack_app_token
    one, many = settings.slack_bot_token, settings.slack_client_id or settings.slack_client_secret
    wrong = (
        (one and many, "SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: set one of them alone"),
        (many and not settings.slack_client_id, "SLACK_CLIENT_SECRET needs SLACK_CLIENT_ID beside it"),
        (many and not settings.slack_client_secret, "SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET beside it"),
        (
            many and not settings.mentorbot_secret_key,
            "SLACK_CLIENT_ID needs MENTORBOT_SECRET_KEY beside it (mentorbot slack key prints one)",
        ),
        (many and not ways, "SLACK_CLIENT_ID needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN beside it"),
        (one and not ways, "SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN beside it"),
        (ways and not one and not many, "SLACK_BOT_TOKEN is missing, or SLACK_CLIENT_ID for many workspaces"),
    )
    for is_so, said in wrong:
        if is_so:
            raise Misconfigured(f"{said}: {PAGE}")
    return bool(ways)
