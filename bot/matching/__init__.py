"""Candidates in, pairs and reasons out. Pure: knows no database and no platform, and loads SciPy only to
solve."""

from bot.matching.candidate import Mentee, Mentor, Preferences, Rules
from bot.matching.criteria import CRITERIA, common_ground, reasons
from bot.matching.leftover import explain
from bot.matching.proposal import LeftOver, Pair, Proposal
from bot.matching.solver import score, solve

__all__ = [
    "CRITERIA", "LeftOver", "Mentee", "Mentor", "Pair", "Preferences", "Proposal", "Rules", "common_ground",
    "explain", "reasons", "score", "solve",
]  # fmt: skip
