"""The standing cast of the sandbox. Every person and every institution in it is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.sandbox.people import Newcomer
from bot.domain import Duty
from bot.ui import Answer


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody to play. `role` and `answers` are what they have applied with, or have `begun` to write down."""

    newcomer: Newcomer
    role: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    begun: bool = False


CAST: tuple[Actor, ...] = (
    Actor(Newcomer("Olga", "America/Chicago", (Duty.COORDINATOR,))),
    Actor(Newcomer("Lena", "America/New_York", (Duty.LIAISON,))),
    Actor(Newcomer("Tom", "America/Los_Angeles", (Duty.LIAISON,))),
    Actor(
        Newcomer("Ada", "America/New_York"),
        "mentee",
        {
            "wishes": ["cataloging", "publishing"],
            "institution": "Millbrook Town Library (invented)",
            "career": "first_years",
            "hours": ["afternoon", "evening"],
            "ways": ["video", "phone"],
            "languages": ["en"],
            "about": "Third year, a department of one. I would like someone to think aloud with.",
        },
        begun=True,
    ),
    Actor(
        Newcomer("Ben", "America/New_York"),
        "mentor",
        {
            "offers": ["cataloging", "publishing"],
            "places": "1",
            "institution": "Harbor State University (invented)",
            "career": "over_ten",
            "hours": ["afternoon", "evening"],
            "ways": ["video", "phone"],
            "languages": ["en"],
            "about": "Head of metadata. Ask me about the papers that were turned down, too.",
            "contact": "ben@harbor.example",
        },
    ),
    Actor(
        Newcomer("Carla", "America/Chicago"),
        "mentee",
        {
            "wishes": ["preservation", "leadership"],
            "institution": "Willow Creek Public Library (invented)",
            "career": "four_to_ten",
            "hours": ["morning", "midday"],
            "ways": ["video", "mail"],
            "languages": ["en", "es"],
            "about": "I take care of a local history collection and would like to lead a small team one day.",
        },
    ),
    Actor(
        Newcomer("Dev", "Asia/Kolkata"),
        "mentee",
        {
            "wishes": ["leadership", "collections", "service"],
            "institution": "Riverbank Institute of Technology (invented)",
            "career": "first_years",
            "hours": ["evening"],
            "ways": ["chat", "video"],
            "languages": ["en", "hi"],
            "about": "I was asked to lead a project before I had worked on one.",
        },
    ),
    Actor(
        Newcomer("Emi", "Pacific/Auckland"),
        "mentor",
        {
            "offers": ["collections", "leadership"],
            "places": "1",
            "institution": "Kowhai Bay City Libraries (invented)",
            "career": "management",
            "hours": ["early", "morning"],
            "ways": ["video"],
            "languages": ["en", "ja"],
            "about": "I have built two collections from nothing, and closed one.",
        },
    ),
    Actor(
        Newcomer("Frank", "America/Denver"),
        "mentee",
        {
            "wishes": ["acquisitions", "continuing"],
            "institution": "High Mesa College (invented)",
            "career": "first_years",
            "hours": ["midday", "afternoon"],
            "ways": ["phone"],
            "languages": ["en"],
            "about": "Serials came to me with the job. I would like to understand them.",
        },
    ),
    Actor(
        Newcomer("Grace", "America/Los_Angeles"),
        "mentor",
        {
            "offers": ["preservation", "leadership", "service"],
            "places": "2",
            "institution": "Coastline County Archives (invented)",
            "career": "over_ten",
            "hours": ["morning", "afternoon"],
            "ways": ["video", "mail"],
            "languages": ["en", "es"],
            "about": "Preservation on a small budget, and patience with committees.",
        },
    ),
    Actor(
        Newcomer("Hugo", "America/Chicago"),
        "mentor",
        {
            "offers": ["acquisitions", "continuing", "collections"],
            "places": "2",
            "institution": "Prairie Consortium (invented)",
            "career": "retired",
            "hours": ["morning", "midday", "afternoon"],
            "ways": ["phone", "mail"],
            "languages": ["en", "fr"],
            "about": "Forty years of invoices and vendors, and time to listen.",
        },
    ),
    Actor(
        Newcomer("Inês", "America/Sao_Paulo"),
        "both",
        {
            "wishes": ["leadership", "collections"],
            "offers": ["service"],
            "places": "1",
            "institution": "Biblioteca do Vale (invented)",
            "career": "four_to_ten",
            "hours": ["morning", "evening"],
            "ways": ["video", "chat"],
            "languages": ["pt", "en"],
            "about": "I write, slowly, and I like to bring people into the association.",
        },
    ),
)
