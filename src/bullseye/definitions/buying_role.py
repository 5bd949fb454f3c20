"""The part a contact plays in a purchase, and, apart from it, whether they are for us."""

from enum import StrEnum


class BuyingRole(StrEnum):
    """The part a contact plays in one purchase; a contact may play several."""

    CHAMPION = "champion"
    ECONOMIC_BUYER = "economic_buyer"
    TECHNICAL_BUYER = "technical_buyer"
    USER = "user"
    BLOCKER = "blocker"


class Stance(StrEnum):
    """Whether a contact is for us or against us: observed, never inferred from a title."""

    SUPPORTER = "supporter"
    NEUTRAL = "neutral"
    OPPOSED = "opposed"
