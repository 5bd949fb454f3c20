"""A statement about buyers: what it says, and the evidence for it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints

from bullseye.definitions.base import Frozen

EvidenceId = Annotated[str, StringConstraints(pattern=r"^E[1-9][0-9]*$", max_length=20)]
"""The name of one piece of evidence, as `bullseye research evidence` shows it."""


class Statement(Frozen):
    """One thing the team believes about a buyer; without evidence it is a guess."""

    says: str = Field(max_length=1000, description="The statement, in the buyer's words.")
    evidence: tuple[EvidenceId, ...] = Field(
        default=(), description="Evidence that somebody said so, as in E12; none makes it a guess."
    )

    @property
    def is_guess(self) -> bool:
        """Whether no evidence is linked."""
        return not self.evidence

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing."""
        return not self.says.strip()

    def __str__(self) -> str:
        return self.says


def _read(written: Any) -> Any:
    return {"says": written} if isinstance(written, str) else written


def _written(statement: Statement) -> Any:
    """Return the shortest form: a plain text where no evidence is linked."""
    return statement.says if statement.is_guess else statement.model_dump(mode="json")


StatementText = Annotated[
    Statement,
    BeforeValidator(_read, json_schema_input_type=str | Statement),
    PlainSerializer(_written),
]
"""A statement as people write it: a text, or ``{says: ..., evidence: [E12, E40]}``."""
