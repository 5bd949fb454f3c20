"""What the steps say about a run, asked for once, whatever the page then shows of it."""

from dataclasses import dataclass
from datetime import date

from bullseye import pipeline
from bullseye.definitions.tier import Tier
from bullseye.faces.report.limits import Limits
from bullseye.pipeline import Funnel
from bullseye.pipeline.people import PeopleFound, people
from bullseye.pipeline.prove import Proof, kept_proofs
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import (
    Certainty,
    CriterionCount,
    FitSpread,
    Grid,
    ListSize,
    Opened,
    PersonaCount,
    SignalCount,
    Target,
    Wish,
    Worklist,
)
from bullseye.segment import run as segment
from bullseye.segment.run import ImportReport
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class ProfileFindings:
    """What is found under one ICP."""

    spread: FitSpread
    grid: Grid
    certainty: Certainty
    work: Worklist


@dataclass(frozen=True)
class Findings:
    """Everything the report may show of one run; `hot` and `top` are best first."""

    opened: Opened
    today: date
    size: ListSize
    funnels: tuple[Funnel, ...]
    profiles: tuple[ProfileFindings, ...]
    hot: tuple[Target, ...]
    top: tuple[Target, ...]
    criteria: tuple[CriterionCount, ...]
    signals: tuple[SignalCount, ...]
    personas: tuple[PersonaCount, ...] | None
    people: PeopleFound
    imports: tuple[ImportReport, ...]
    proofs: tuple[Proof, ...]


def findings(
    workspace: Workspace, run: Opened, limits: Limits, *, up_to: date | None = None
) -> Findings:
    """Return what is found in an opened run; its lists of accounts are no longer than `limits`.

    Proofs are those of a day not after `up_to`; of any day where it is None.
    """
    hot = Wish(why_now=True, limit=limits.why_now)
    top = Wish(tiers=tuple(Tier), limit=limits.targets)
    every = zip(
        prioritize.fit_spreads(run),
        prioritize.fit_signal_grids(run),
        prioritize.certainties(run),
        prioritize.worklists(run),
        strict=True,
    )
    personas = prioritize.persona_counts(workspace, run)
    return Findings(
        opened=run,
        today=workspace.today,
        size=prioritize.list_size(workspace, run),
        profiles=tuple(ProfileFindings(*each) for each in every),
        hot=tuple(prioritize.targets_of(workspace, run, hot)),
        top=tuple(prioritize.targets_of(workspace, run, top)),
        criteria=tuple(prioritize.criterion_counts(run)),
        signals=tuple(prioritize.signal_counts(run)),
        personas=None if personas is None else tuple(personas),
        people=people(workspace, as_of=run.run.as_of),
        funnels=tuple(pipeline.funnels(workspace, run)),
        imports=tuple(segment.imports_of(workspace, run.run.batch_ids)),
        proofs=kept_proofs(workspace, up_to=up_to),
    )
