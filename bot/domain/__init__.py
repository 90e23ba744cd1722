"""The nouns. Importing this package knows every table of the bot."""

from bot.domain.application import Application, ApplicationState, Enrollment, EnrollmentState, Role, Wanted
from bot.domain.base import Base
from bot.domain.checkin import CheckIn, Note
from bot.domain.cohort import ENDED, Cohort, CohortState
from bot.domain.community import WRONG_KIND, Channel, Community, Duty, Space, TeamMember
from bot.domain.event import Event
from bot.domain.goal import Goal, GoalState
from bot.domain.letter import Doubt, Letter, LetterKind, LetterState
from bot.domain.link_code import LinkCode, LinkKind
from bot.domain.nudge import Nudge, Outcome, Rider
from bot.domain.pairing import LIVE, OVER, Concern, ConcernTo, Departure, Member, Pairing, PairingState
from bot.domain.person import Account, Draft, Exclusion, Pace, Person
from bot.domain.place import Place, PlaceState
from bot.domain.seen import Seen
from bot.domain.task import Task, TaskState

__all__ = [
    "ENDED", "LIVE", "OVER", "WRONG_KIND", "Account", "Application", "ApplicationState", "Base", "Channel", "CheckIn",
    "Cohort", "CohortState", "Community", "Concern", "ConcernTo", "Departure", "Doubt", "Draft", "Duty", "Enrollment",
    "EnrollmentState", "Event", "Exclusion", "Goal", "GoalState", "Letter", "LetterKind", "LetterState", "LinkCode",
    "LinkKind", "Member", "Note", "Nudge", "Outcome", "Pace", "Pairing", "PairingState", "Person", "Place",
    "PlaceState", "Rider", "Role", "Seen", "Space", "Task", "TaskState", "TeamMember", "Wanted",
]  # fmt: skip
