"""What the team believes of each persona, and on what: evidence, or a guess."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.channel import Channel
from bullseye.definitions.persona import Persona, by_priority
from bullseye.definitions.project import Project
from bullseye.stats.proportions import Share, wilson


class Standing(StrEnum):
    """On what a statement stands."""

    GUESS = "guess"  # no evidence is linked
    LINKED = "linked"  # evidence is linked, and no person confirmed it yet
    CONFIRMED = "confirmed"  # a person confirmed at least one piece
    UNFOUNDED = "unfounded"  # what is linked does not exist or was rejected


@dataclass(frozen=True)
class Said:
    """One statement about a persona: where it stands in the definition, and on what."""

    entry: str
    says: str
    standing: Standing
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonaCard:
    """One persona as of a day.

    `contacts` counts the contacts whose persona it is, `share` says of how many with its 95 %
    interval; both are None where no contacts are imported. `blanks` are the magic questions
    nobody answered, `messages` the names of its messages.
    """

    name: str
    owner: str
    as_of: date
    priority: int
    who: str
    icps: tuple[str, ...]
    roles: tuple[BuyingRole, ...]
    titles: tuple[str, ...]
    channels: tuple[Channel, ...]
    kpis: tuple[str, ...]
    contacts: int | None
    share: Share | None
    blanks: tuple[str, ...]
    statements: tuple[Said, ...]
    messages: tuple[str, ...]

    @property
    def grid(self) -> tuple[tuple[Said, Said], ...]:
        """The before & after grid: pairs of what it is like today, and with us."""
        rows = [each for each in self.statements if each.entry.startswith("before_after.")]
        before = {each.entry.removesuffix(".before"): each for each in rows}
        after = {each.entry.removesuffix(".after"): each for each in rows}
        return tuple((before[row], after[row]) for row in before if row in after)

    def count(self, *standings: Standing) -> int:
        """Return how many statements stand on one of these."""
        return sum(each.standing in standings for each in self.statements)


def persona_cards(
    project: Project,
    as_of: date,
    contacts: Mapping[str | None, int] | None,
    evidence: Mapping[str, str] | None,
) -> tuple[PersonaCard, ...]:
    """Return the personas in the order in which a contact falls to them.

    Parameters
    ----------
    project, as_of
        The definitions, and the day.
    contacts
        How many contacts each persona has, those of none under None; None without contacts.
    evidence
        The status of each piece of evidence by its id; None where no research is imported.
    """
    everyone = sum(contacts.values()) if contacts is not None else 0
    return tuple(
        PersonaCard(
            persona.name,
            persona.owner,
            as_of,
            persona.priority,
            str(persona.who),
            persona.icps,
            persona.roles,
            persona.titles,
            persona.channels,
            persona.kpis,
            None if contacts is None else contacts.get(persona.name, 0),
            wilson(contacts.get(persona.name, 0), everyone) if contacts and everyone else None,
            persona.blank_questions,
            tuple(_said(persona, evidence)),
            tuple(sorted(m.name for m in project.messages.values() if m.persona == persona.name)),
        )
        for persona in by_priority(project.personas.values())
    )


def _said(persona: Persona, evidence: Mapping[str, str] | None) -> Iterator[Said]:
    for path, statement in persona.statements():
        entry = ".".join(str(part) for part in path)
        found = _standing(statement.evidence, evidence)
        yield Said(entry, statement.says, found, statement.evidence)


def _standing(linked: tuple[str, ...], known: Mapping[str, str] | None) -> Standing:
    """Return on what a statement stands; where nothing is known of evidence, links are links."""
    if not linked:
        return Standing.GUESS
    if known is None:
        return Standing.LINKED
    statuses = {known.get(each, "missing") for each in linked}
    if "confirmed" in statuses:
        return Standing.CONFIRMED
    return Standing.LINKED if "candidate" in statuses else Standing.UNFOUNDED
