"""A persona: which people, by their role; what they fear, want and are measured by."""

from pydantic import Field

from bullseye.definitions.base import Definition
from bullseye.definitions.rule import WrittenRule


class Persona(Definition):
    """A human in a role: pains, incentives and friction. Never a fact about the account."""

    who: WrittenRule = Field(description="Which contacts, by fields of the contact.")
    anxiety: str | None = Field(default=None, description="What keeps them awake.")
    ambition: str | None = Field(default=None, description="What they want to be known for.")
    kpis: tuple[str, ...] = Field(default=(), description="What they are measured by.")
