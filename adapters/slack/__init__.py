"""Slack as a face of the bot: slash commands, buttons, modals and direct messages."""
