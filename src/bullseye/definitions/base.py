"""What every definition has in common: a name, one owner, and a date it goes stale."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
"""A definition's name: lower-case words joined by hyphens, stable for ever."""

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A field's name: lower-case words joined by underscores."""

Sentence = Annotated[str, StringConstraints(min_length=10, max_length=1000)]
"""Something a person wrote for other persons to read."""


class Frozen(BaseModel):
    """A value: immutable, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Definition(Frozen):
    """Something the team believes and has agreed to review.

    One accountable owner, a review date and the events that force a review are required, so
    an ungoverned definition cannot be written down.
    """

    name: Name = Field(description="Lower-case words joined by hyphens, stable for ever.")
    owner: str = Field(min_length=1, description="The one person accountable for it.")
    review_by: date = Field(description="The day after which it counts as stale.")
    review_when: tuple[str, ...] = Field(
        min_length=1, description="Events that force a review before that day."
    )

    def is_stale(self, today: date) -> bool:
        """Whether the review date has passed."""
        return today > self.review_by
