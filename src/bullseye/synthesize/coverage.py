"""The coverage map: persona x stage x channel, with the gaps that most hangs on first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bullseye.definitions.channel import Channel
from bullseye.definitions.contract import Breach, Contract, breaches
from bullseye.definitions.journey import JourneyStage
from bullseye.definitions.message import Message
from bullseye.definitions.persona import by_priority
from bullseye.definitions.project import Project
from bullseye.synthesize.journeys import HOW, Reach


class CellState(StrEnum):
    """Whether a persona can be told something at a stage by a channel."""

    OK = "ok"
    NO_MESSAGE = "no message"
    EXPIRED_PROOF = "expired proof"  # every message leans on a proof that is no longer valid
    BROKEN = "broken message"  # every message breaks the contract in another way


@dataclass(frozen=True)
class Cell:
    """One cell of the map.

    `contacts` can be reached by the channel; None where no contacts are imported. `pipeline` is
    the sum of the known amounts of the open opportunities that hang on the persona at the stage,
    of `opportunities`, of which `amounts_unknown` have no amount.
    """

    persona: str
    stage: JourneyStage
    channel: Channel
    state: CellState
    messages: tuple[str, ...]
    contacts: int | None
    accounts: int | None
    pipeline: float | None
    opportunities: int | None
    amounts_unknown: int | None

    @property
    def is_gap(self) -> bool:
        """Whether nothing can be said here."""
        return self.state is not CellState.OK


@dataclass(frozen=True)
class CoverageMap:
    """The whole map as of a day, cells in order of persona, stage and channel.

    `gaps` are the cells in which nothing can be said, those first that most hangs on: pipeline,
    then contacts. `nobody` counts contacts of no persona, `left_alone` those nobody may write
    to; both are None where no contacts are imported. `how` says how the stage is told.
    """

    as_of: date
    currency: str
    cells: tuple[Cell, ...]
    gaps: tuple[Cell, ...]
    contacts: int | None
    nobody: int | None
    left_alone: int | None
    how: str = HOW


def coverage_map(
    project: Project,
    today: date,
    reached: Sequence[Reach] | None,
    left_alone: int | None = None,
) -> CoverageMap:
    """Return the map of what `project` can say to whom.

    Parameters
    ----------
    project
        The personas, messages and proofs.
    today
        The day the contract is held on.
    reached
        The contacts by persona and stage; None where none are imported.
    left_alone
        How many contacts nobody may write to.
    """
    broken = message_breaches(project, today)
    found = {(each.persona, each.stage): each for each in reached or ()}
    cells = tuple(
        _cell(project, broken, persona.name, stage, channel, None if reached is None else found)
        for persona in by_priority(project.personas.values())
        for stage in JourneyStage
        for channel in (persona.channels or tuple(Channel))
    )
    gaps = sorted((each for each in cells if each.is_gap), key=_weight)
    everyone = None if reached is None else sum(each.contacts for each in reached)
    nobody = sum(each.contacts for each in reached or () if each.persona is None)
    return CoverageMap(
        today,
        project.settings.currency,
        cells,
        tuple(gaps),
        everyone,
        None if reached is None else nobody,
        left_alone,
    )


def message_breaches(project: Project, today: date) -> Mapping[str, tuple[Breach, ...]]:
    """Return what every message of `project` breaks on a day, by its name."""
    contract = Contract.of(project, today)
    return {name: breaches(message, contract) for name, message in project.messages.items()}


def _weight(cell: Cell) -> tuple[float, int]:
    return -(cell.pipeline or 0.0), -(cell.contacts or 0)


def _cell(
    project: Project,
    broken: Mapping[str, Sequence[Breach]],
    persona: str,
    stage: JourneyStage,
    channel: Channel,
    found: Mapping[tuple[str | None, JourneyStage], Reach] | None,
) -> Cell:
    mine = [
        each
        for each in project.messages.values()
        if (each.persona, each.stage, each.channel) == (persona, stage, channel)
    ]
    names, state = tuple(sorted(each.name for each in mine)), _state(mine, broken)
    if found is None:
        return Cell(persona, stage, channel, state, names, None, None, None, None, None)
    here = found.get((persona, stage)) or Reach(persona, stage, 0, 0, 0, 0, 0, 0.0, 0, 0)
    return Cell(
        persona,
        stage,
        channel,
        state,
        names,
        _reachable(here, channel),
        here.accounts,
        here.pipeline,
        here.opportunities,
        here.amounts_unknown,
    )


def _state(messages: Iterable[Message], broken: Mapping[str, Sequence[Breach]]) -> CellState:
    """Return the state of a cell: that of its best message."""
    found = [broken[each.name] for each in messages]
    if not found:
        return CellState.NO_MESSAGE
    if not all(found):
        return CellState.OK
    if any(all(each.code == "MSG005" for each in breached) for breached in found):
        return CellState.EXPIRED_PROOF
    return CellState.BROKEN


def _reachable(reach: Reach, channel: Channel) -> int:
    """Return how many of the contacts the channel reaches; an advertisement reaches all."""
    match channel:
        case Channel.EMAIL:
            return reach.by_email
        case Channel.CALL:
            return reach.by_phone
        case Channel.LINKEDIN:
            return reach.by_linkedin
        case Channel.AD:
            return reach.contacts
