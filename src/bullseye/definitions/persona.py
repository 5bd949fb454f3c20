"""A persona: which people, by their role; what they fear, want and are measured by."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import Field, NonNegativeInt, SerializerFunctionWrapHandler, model_serializer

from bullseye.definitions.base import Definition, Frozen, Name
from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.channel import Channel
from bullseye.definitions.rule import WrittenRule
from bullseye.definitions.statement import Statement, StatementText


class BeforeAfter(Frozen):
    """One row of the before & after grid: the same day without us and with us."""

    before: StatementText = Field(description="What it is like today.")
    after: StatementText = Field(description="What it is like with us.")


class Persona(Definition):
    """A human in a role: pains, incentives and friction. Never a fact about the account.

    A statement is a text, or `{says: ..., evidence: [E12]}`. Without evidence it is a guess, and
    is shown as one.
    """

    who: WrittenRule = Field(description="Which contacts, by fields of the contact.")
    icps: tuple[Name, ...] = Field(
        default=(), description="Only at accounts of these ICPs; at all accounts where empty."
    )
    priority: NonNegativeInt = Field(
        default=100, description="Smaller goes first where a contact fits two personas."
    )
    roles: tuple[BuyingRole, ...] = Field(
        default=(), description="Parts they usually play in a purchase, the usual one first."
    )
    titles: tuple[str, ...] = Field(default=(), description="Examples of their job titles.")
    anxiety: StatementText | None = Field(
        default=None, description="Magic question 1, the midnight worry: what keeps them awake."
    )
    ambition: StatementText | None = Field(
        default=None,
        description="Magic question 2, the watercooler brag: what they want to be known for.",
    )
    killer_objection: StatementText | None = Field(
        default=None, description="Magic question 3: the objection that ends the conversation."
    )
    kpis: tuple[str, ...] = Field(default=(), description="What they are measured by.")
    cares_about: tuple[StatementText, ...] = Field(default=(), description="What matters to them.")
    hook: StatementText | None = Field(default=None, description="The line that makes them listen.")
    trap: StatementText | None = Field(
        default=None, description="The line that loses them: what never to say."
    )
    pains: tuple[StatementText, ...] = Field(default=(), description="What hurts them.")
    desired_outcomes: tuple[StatementText, ...] = Field(
        default=(), description="What they want instead."
    )
    objections: tuple[StatementText, ...] = Field(
        default=(), description="What speaks against buying, in their words; the usual one first."
    )
    evaluation_criteria: tuple[StatementText, ...] = Field(
        default=(), description="What they compare by."
    )
    success_metrics: tuple[StatementText, ...] = Field(
        default=(), description="What they are measured by after the purchase."
    )
    channels: tuple[Channel, ...] = Field(
        default=(), description="Channels that reach them, the best first; all where empty."
    )
    before_after: tuple[BeforeAfter, ...] = Field(
        default=(), description="The before & after grid: rows of before and after."
    )

    @model_serializer(mode="wrap")
    def _as_ever(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is empty and came later, so that older texts keep their hash."""
        written: dict[str, Any] = write(self)
        kept = written.items()
        return {
            key: value for key, value in kept if key not in _YOUNG or value not in ((), [], None)
        }

    @property
    def hooks(self) -> tuple[Statement, ...]:
        """What a message may open with: the hook, the pains and the anxiety."""
        single = (each for each in (self.hook, self.anxiety) if each is not None)
        return tuple(each for each in (*self.pains, *single) if not each.is_blank)

    @property
    def known_objections(self) -> tuple[Statement, ...]:
        """What a message may answer: the objections, and the one that ends the conversation."""
        killer = () if self.killer_objection is None else (self.killer_objection,)
        return tuple(each for each in (*self.objections, *killer) if not each.is_blank)

    @property
    def blank_questions(self) -> tuple[str, ...]:
        """The magic questions nobody has answered, and `kpis` where nothing is measured."""
        answers = {name: getattr(self, name) for name in MAGIC_QUESTIONS}
        blank = [name for name, said in answers.items() if said is None or said.is_blank]
        return (*blank, *(() if "".join(self.kpis).strip() else ("kpis",)))

    def statements(self) -> Iterator[tuple[tuple[str | int, ...], Statement]]:
        """Yield every statement that says something, with its path in the file."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            for at, each in enumerate(value if isinstance(value, tuple) else (value,)):
                path = (name, at) if isinstance(value, tuple) else (name,)
                if isinstance(each, Statement):
                    found = [(path, each)]
                elif isinstance(each, BeforeAfter):
                    found = [((*path, "before"), each.before), ((*path, "after"), each.after)]
                else:
                    continue
                yield from ((place, said) for place, said in found if not said.is_blank)


MAGIC_QUESTIONS = ("anxiety", "ambition", "killer_objection")
"""Midnight worry, watercooler brag, killer objection: a blank says that nobody asked a buyer."""

_YOUNG = frozenset(Persona.model_fields) - frozenset(
    {"name", "owner", "review_by", "review_when"}
    | {"who", "priority", "anxiety", "ambition", "kpis"}
)


def by_priority(personas: Iterable[Persona]) -> tuple[Persona, ...]:
    """Return personas in the order in which the first that fits a contact is its own."""
    return tuple(sorted(personas, key=lambda each: (each.priority, each.name)))
