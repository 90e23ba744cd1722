"""What the bot says to somebody on Slack, drawn as soon as it is known: what cannot be drawn is noticed in time."""

from __future__ import annotations

from dataclasses import dataclass, field

from slack_sdk.models.views import View

from adapters.slack import forms
from adapters.slack.errands import Errand
from adapters.slack.incoming import Asked
from adapters.slack.inputs import Choices
from adapters.slack.people import PLATFORM
from adapters.slack.replies import Post, posts
from adapters.slack.speaker import SlackSpeaker
from bot.logs import log_failure
from bot.texts import asking
from bot.ui import Changed, Form, Message, Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and what Slack is sent of it; no reply to what the bot has answered before."""

    asked: Asked
    reply: Reply | None
    speaker: SlackSpeaker
    posts: list[Post] = field(default_factory=list)
    modal: View | None = None

    @classmethod
    def of(
        cls, asked: Asked, reply: Reply | None, speaker: SlackSpeaker | None = None, known: Choices | None = None
    ) -> Answer:
        """A reply as it is shown to whoever asked: a message as posts, a form as a modal that brings answers back."""
        speaker = speaker or SlackSpeaker()
        match reply:
            case Form():
                modal = forms.Modal(speaker, Errand(reply.run, asked.way, asked.community), known or {})
                return cls(asked, reply, speaker, modal=modal.view(reply, whole=asked.submitted))
            case Message() | Changed():
                said = reply.message if isinstance(reply, Changed) else reply
                return cls(asked, reply, speaker, posts(said, speaker, asked.community))
            case None:
                return cls(asked, None, speaker)

    def also(self, said: Message) -> list[Post]:
        """Something else as it is posted for whoever asked."""
        return posts(said, self.speaker, self.asked.community)


def failed() -> Message:
    """Nothing was done, for no fault of theirs: logged with a reference that they see too."""
    return asking.failed(log_failure("not answered", platform=PLATFORM))


def unshown() -> Message:
    """The command has run, and its answer cannot be shown: logged in the same way."""
    return asking.unshown(log_failure("answer not shown", platform=PLATFORM))
