"""Which contact of an account to write to first: a stated order, with its reasons; nothing learnt.

The order is a belief, not a measurement: persona, then part in the purchase, then who answered,
then level. What is not known is said, and stands between what speaks for a contact and what
speaks against one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.titles import LEVELS

RECENT = timedelta(days=180)
"""How long an answer or a touch says something about today."""

TIRED = 3
"""Recent touches without an answer from which on another contact goes first."""

_OPENING = (
    BuyingRole.CHAMPION,
    BuyingRole.ECONOMIC_BUYER,
    BuyingRole.TECHNICAL_BUYER,
    BuyingRole.USER,
)
"""With whom to open, the best first; a blocker comes after those of whom nothing is known."""


class Says(StrEnum):
    """Whether a reason speaks for a contact, against it, or is not known."""

    FOR = "for"
    AGAINST = "against"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RankReason:
    """One reason for a contact's place: the name of the step, and what is known, in words."""

    step: str
    says: Says
    text: str


@dataclass(frozen=True)
class Answered:
    """What came of the touches of one contact by the day.

    `recent` counts the last 180 days' outbound touches; the days are None where there is none.
    """

    touches: int
    recent: int
    last_touch: date | None
    last_answer: date | None


@dataclass(frozen=True)
class ContactFound:
    """A contact of an account, as known on a day; what is not known is None.

    `fits` says whether the contact fits a persona: None while the title is not known.
    `touched` is None where no touches are imported. `probability` is that of `role`, with its
    interval in `low` and `high` where it is estimated; None where a person confirmed the role. A
    role `is_written` that the CRM gives the contact: its probability is stated for all such rows.
    """

    contact_id: str
    name: str | None
    title: str | None
    level: str | None
    function: str | None
    persona: str | None
    fits: bool | None
    priority: int | None
    role: BuyingRole | None
    is_confirmed: bool
    is_written: bool
    probability: float | None
    low: float | None
    high: float | None
    stance: Stance | None
    touched: Answered | None


@dataclass(frozen=True)
class RankedContact:
    """A contact with its place, 1 first, and the reasons for it in the order they count."""

    place: int
    contact: ContactFound
    reasons: tuple[RankReason, ...]


def ranked(contacts: Iterable[ContactFound], as_of: date) -> tuple[RankedContact, ...]:
    """Return the contacts of an account, whom to write to first.

    Parameters
    ----------
    contacts
        Those that may be written to: whoever is left alone is not among them.
    as_of
        The day meant.

    Notes
    -----
    Lexicographic: a persona by its priority, not known, none; then against us last; then the part
    in the purchase; then who answered within 180 days, nobody asked, answered long ago, three
    touches without an answer; then level; then the id.
    """
    ordered = sorted(contacts, key=lambda each: (_key(each, as_of), each.contact_id))
    return tuple(
        RankedContact(place, each, _reasons(each, as_of))
        for place, each in enumerate(ordered, start=1)
    )


def _key(each: ContactFound, as_of: date) -> tuple[float, ...]:
    persona = {True: 0, None: 1, False: 2}[each.fits]
    return (
        persona,
        each.priority if each.priority is not None else 0,
        each.stance is Stance.OPPOSED,
        _role_place(each.role),
        -(each.probability if each.probability is not None else 1.0) if each.role else 0,
        each.stance is not Stance.SUPPORTER,
        _answer_place(each.touched, as_of),
        _level_place(each.level),
    )


def _role_place(role: BuyingRole | None) -> int:
    if role in _OPENING:
        return _OPENING.index(role)
    return len(_OPENING) + (role is not None)


def _answer_place(touched: Answered | None, as_of: date) -> int:
    if touched is None:
        return 1
    if touched.last_answer is not None and touched.last_answer >= as_of - RECENT:
        return 0
    return 2 if touched.recent >= TIRED else 1


def _level_place(level: str | None) -> int:
    known: Sequence[str] = LEVELS
    return known.index(level) if level in known else len(known)


def _reasons(each: ContactFound, as_of: date) -> tuple[RankReason, ...]:
    return (
        _persona_reason(each),
        _role_reason(each),
        _stance_reason(each.stance),
        _answer_reason(each.touched, as_of),
        _level_reason(each),
    )


def _persona_reason(each: ContactFound) -> RankReason:
    if each.persona is not None:
        return RankReason("persona", Says.FOR, f"fits {each.persona}, priority {each.priority}")
    if each.fits is None:
        return RankReason("persona", Says.UNKNOWN, "persona unknown: the title is not known")
    return RankReason("persona", Says.AGAINST, "fits no persona")


def _role_reason(each: ContactFound) -> RankReason:
    if each.role is None:
        return RankReason("role", Says.UNKNOWN, "buying role unknown: too little to say")
    role = str(each.role).replace("_", " ")
    says = Says.FOR if each.role in _OPENING else Says.AGAINST
    if each.is_confirmed or each.probability is None:
        return RankReason("role", says, f"{role}, confirmed by a person")
    if each.is_written:
        return RankReason("role", says, f"{role} (written in the CRM)")
    if each.low is None or each.high is None:
        sure = f"{each.probability:.0%}, stated and not estimated"
    else:
        sure = f"{each.probability:.0%}, 95 % interval {each.low:.0%} to {each.high:.0%}"
    return RankReason("role", says, f"{role} ({sure})")


def _stance_reason(stance: Stance | None) -> RankReason:
    match stance:
        case None:
            return RankReason("stance", Says.UNKNOWN, "stance unknown")
        case Stance.OPPOSED:
            return RankReason("stance", Says.AGAINST, "opposed")
        case Stance.SUPPORTER:
            return RankReason("stance", Says.FOR, "supporter")
        case _:
            return RankReason("stance", Says.UNKNOWN, "neutral")


def _answer_reason(touched: Answered | None, as_of: date) -> RankReason:
    if touched is None:
        return RankReason("answers", Says.UNKNOWN, "touches unknown: none are imported")
    if touched.last_answer is not None:
        says = Says.FOR if touched.last_answer >= as_of - RECENT else Says.UNKNOWN
        return RankReason("answers", says, f"answered on {touched.last_answer}")
    if not touched.touches:
        return RankReason("answers", Says.UNKNOWN, "never touched")
    says = Says.AGAINST if touched.recent >= TIRED else Says.UNKNOWN
    times = f"{touched.touches:,} touch{'' if touched.touches == 1 else 'es'}"
    return RankReason("answers", says, f"{times} without an answer, last on {touched.last_touch}")


def _level_reason(each: ContactFound) -> RankReason:
    if each.level is None:
        return RankReason("level", Says.UNKNOWN, "level unknown")
    return RankReason("level", Says.FOR, f"level {each.level}")
