"""The stages of a buyer's journey: what they know of their problem, of us, and after the purchase.

The stages before the purchase are those of awareness in Eugene Schwartz, "Breakthrough
Advertising" (1966), with the last two in one; after it the customer begins, and stays or leaves.
"""

from enum import StrEnum


class JourneyStage(StrEnum):
    """Where a buyer stands, in the order of the journey."""

    UNAWARE = "unaware"  # does not know the problem
    PROBLEM = "problem"  # knows the problem, not that it can be solved
    SOLUTION = "solution"  # knows that there are solutions, not ours
    DECISION = "decision"  # compares us with others
    ONBOARDING = "onboarding"  # has bought, and begins
    RENEWAL = "renewal"  # uses it, and decides to stay


SELLING = frozenset(
    {JourneyStage.UNAWARE, JourneyStage.PROBLEM, JourneyStage.SOLUTION, JourneyStage.DECISION}
)
"""Stages before the purchase: here a message must say why now."""
