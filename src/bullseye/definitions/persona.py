"""A persona: which people, by their role; what they fear, want and are measured by."""

from collections.abc import Iterable

from pydantic import Field, NonNegativeInt

from bullseye.definitions.base import Definition
from bullseye.definitions.rule import WrittenRule


class Persona(Definition):
    """A human in a role: pains, incentives and friction. Never a fact about the account."""

    who: WrittenRule = Field(description="Which contacts, by fields of the contact.")
    priority: NonNegativeInt = Field(
        default=100, description="Smaller goes first where a contact fits two personas."
    )
    anxiety: str | None = Field(default=None, description="What keeps them awake.")
    ambition: str | None = Field(default=None, description="What they want to be known for.")
    kpis: tuple[str, ...] = Field(default=(), description="What they are measured by.")


def by_priority(personas: Iterable[Persona]) -> tuple[Persona, ...]:
    """Return personas in the order in which the first that fits a contact is its own."""
    return tuple(sorted(personas, key=lambda each: (each.priority, each.name)))
