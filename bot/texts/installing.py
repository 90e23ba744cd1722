"""What is said while somebody installs the bot in their workspace: in their browser, and when it is done."""

from __future__ import annotations

from bot.ui import Button, Buttons, Message, Run, _, message

INSTALL = _("Install in Slack")
AGAIN = _("Begin again")

NOT_INSTALLED = _("I am not installed in this workspace. An admin can install me again; what you have told me is kept.")


def offer() -> Message:
    """Before anything happens."""
    return message(
        _("**Install mentorbot in your Slack workspace**"),
        _(
            "It runs mentoring programs: people apply, the best pairs are found, and each pair gets a place to talk "
            "and a word at the right time."
        ),
        _(
            "Slack shows you each right that mentorbot asks for, and what you may leave out. You need the right to "
            "install apps, or Slack asks somebody who has it."
        ),
        notice=_("Install mentorbot in Slack"),
    )


def installed() -> Message:
    """It worked."""
    return message(
        _("**mentorbot is in your workspace.**"),
        _("It has sent you a message in Slack that says what comes first. You can close this page."),
        notice=_("mentorbot is installed"),
    )


def ungreeted() -> Message:
    """It worked, but no message can be sent to whoever did it."""
    return message(
        _("**mentorbot is in your workspace.**"),
        _(
            "A mentoring program needs a coordinator first: as an admin, type {setup} in Slack to become one or to "
            "name one. You can close this page.",
            setup=Run("cohort setup"),
        ),
        notice=_("mentorbot is installed"),
    )


def renewed() -> Message:
    """It worked, where the bot was installed already."""
    return message(
        _("**mentorbot has its rights anew.**"),
        _("It was in your workspace already, and everything there goes on as before. You can close this page."),
        notice=_("mentorbot is installed"),
    )


def denied() -> Message:
    """Somebody said no."""
    return message(
        _("**Nothing was installed.**"),
        _("You or Slack said no, and that is fine: mentorbot knows nothing of your workspace. You can begin again."),
        notice=_("Nothing was installed"),
    )


def over() -> Message:
    """A page that was opened again, or too late."""
    return message(
        _("**This page can be used once, for ten minutes.**"),
        _("If mentorbot has written to you in Slack, all is well and you can close it. If not, please begin again."),
        notice=_("This page can be used once"),
    )


def elsewhere() -> Message:
    """Slack has sent a browser here in which nobody began."""
    return message(
        _("**This installation was begun in another browser.**"),
        _("So that nobody can install something in your name, it has to end where it began. Please begin again here."),
        notice=_("Begun in another browser"),
    )


def for_one_workspace() -> Message:
    """Somebody chose a whole organization."""
    return message(
        _("**Please choose one workspace.**"),
        _("mentorbot lives in single workspaces, so it cannot be installed for a whole organization at once."),
        notice=_("Please choose one workspace"),
    )


def failed() -> Message:
    """Slack did not confirm it, or the bot is not set up well."""
    return message(
        _("**Slack did not confirm the installation.**"),
        _(
            "Nothing was kept. Please begin again. If this page comes back, whoever runs mentorbot finds the reason in "
            "its log."
        ),
        notice=_("The installation was not confirmed"),
    )


def welcome() -> Message:
    """To whoever installed the bot, in their workspace: what comes first."""
    return message(
        _("**Thank you for inviting me.**"),
        _(
            "A mentoring program needs a coordinator first: as an admin, type {setup} to become one or to name one. "
            "Until then I write to nobody else.",
            setup=Run("cohort setup"),
        ),
        Buttons((Button(_("Set up"), "cohort setup"), Button(_("What can you do?"), "mentor help"))),
        notice=_("I am here: what comes first"),
    )


def back() -> Message:
    """The same where the bot was before."""
    return message(
        _("**I am back.**"),
        _("Everything is as it was. Letters that waited go out within the hour."),
        Buttons((Button(_("What can you do?"), "mentor help"),)),
        notice=_("I am back"),
    )
