"""A message: what one persona hears at one stage by one channel, in typed slots."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints

from bullseye.definitions.base import Definition, Frozen, Name
from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.channel import Channel
from bullseye.definitions.journey import SELLING, JourneyStage
from bullseye.definitions.tier import Tier

ANY = "any"
"""Instead of a signal's name: whichever signal is live and strongest."""

OF_PEOPLE = frozenset({"account", "contact"})
"""What a slot may name in braces: the account, and the contact's given name."""

OF_SIGNALS = frozenset({"subject", "detail", "date", "value"})
"""What the sentence of `why_now` may name too: the facts of the signal."""

_BRACES = re.compile(r"[{}]")
_SLOT = re.compile(r"\{([a-z_]+)\}")


class Topic(StrEnum):
    """What a text speaks of."""

    OUTCOME = "outcome"
    MANUAL_WORK = "manual_work"
    FEATURE = "feature"
    COMPLIANCE = "compliance"
    INTEGRATION = "integration"


def names_in(text: str) -> tuple[str, ...]:
    """Return what a slot's text names in braces.

    >>> names_in("{account} grows: {subject}")
    ('account', 'subject')
    """
    return tuple(_SLOT.findall(text))


def _only(known: frozenset[str]) -> AfterValidator:
    def checked(text: str) -> str:
        rest = _SLOT.sub(lambda slot: "" if slot[1] in known else slot[0], text)
        if _BRACES.search(rest):
            said = ", ".join(f"{{{name}}}" for name in sorted(known))
            raise ValueError(f"braces are for {said} only")
        return text

    return AfterValidator(checked)


SlotText = Annotated[str, StringConstraints(max_length=1000), _only(OF_PEOPLE)]
"""The text of a slot; {account} and {contact} are filled in."""

FixedText = Annotated[str, StringConstraints(max_length=1000), _only(frozenset())]
"""The text of a slot that is taken from the persona, word for word."""


class Occasion(Frozen):
    """Why now: which signal must be live at the account, and what is said of it."""

    signal: Name = Field(description="The signal that must be live, or any.")
    says: (
        Annotated[str, StringConstraints(max_length=1000), _only(OF_PEOPLE | OF_SIGNALS)] | None
    ) = Field(default=None, description="What is said of it; the signal's own sentence if absent.")


def _read(written: Any) -> Any:
    return {"signal": written} if isinstance(written, str) else written


def _written(occasion: Occasion) -> Any:
    short = occasion.says is None
    return occasion.signal if short else occasion.model_dump(mode="json")


OccasionText = Annotated[
    Occasion,
    BeforeValidator(_read, json_schema_input_type=str | Occasion),
    PlainSerializer(_written),
]
"""An occasion as people write it: a signal's name, or ``{signal: ..., says: ...}``."""


class Message(Definition):
    """What one persona hears at one stage by one channel.

    Every slot is filled by a person; `bullseye check` and every rendering hold it against the
    same contract. In the slots `{account}` and `{contact}` are filled in.
    """

    persona: Name = Field(description="Who hears it.")
    role: BuyingRole = Field(description="The part in the purchase it is written for.")
    channel: Channel = Field(description="How it reaches them.")
    stage: JourneyStage = Field(description="Where on the journey they are.")
    tier: Tier | None = Field(default=None, description="Only for accounts of this tier.")
    hook: FixedText = Field(
        default="", description="The opening: a pain of the persona, word for word."
    )
    why_now: OccasionText | None = Field(
        default=None, description="The signal that makes this the moment; before the purchase."
    )
    before: SlotText = Field(default="", description="What it is like today.")
    after: SlotText = Field(default="", description="What it is like with us.")
    proofs: tuple[Name, ...] = Field(default=(), description="The proofs it leans on.")
    objection: FixedText = Field(
        default="", description="The objection it answers: one of the persona's, word for word."
    )
    response: SlotText = Field(default="", description="The answer to the objection.")
    call_to_action: SlotText = Field(default="", description="What the contact is asked to do.")
    speaks_of: tuple[Topic, ...] = Field(
        default=(), description="Topics it has beside those that its words show."
    )

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """The slots that hold text with what they say, in the order they are read."""
        return tuple(self._texts())

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield "hook", self.hook
        if self.why_now is not None and self.why_now.says is not None:
            yield "why_now", self.why_now.says
        for name in ("before", "after", "objection", "response", "call_to_action"):
            yield name, getattr(self, name)

    @property
    def empty_slots(self) -> tuple[str, ...]:
        """The slots it needs and does not fill."""
        blank = [name for name, said in self.texts if not said.strip()]
        if not self.proofs:
            blank.append("proofs")
        if self.why_now is None and self.stage in SELLING:
            blank.append("why_now")
        return tuple(blank)
