"""Themes of a workspace: evidence matched and counted, and what is left over proposed."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bullseye.definitions.theme import ThemeStatus
from bullseye.research.codebook import Match, Quoted, matching
from bullseye.research.counting import Heard, Novelty, Rule, Said, ThemeCount, theme_counts
from bullseye.research.embedding import ByMeaning, Onnx
from bullseye.research.likeness import Reader, Spelling
from bullseye.research.proposals import Proposal
from bullseye.research.proposals import proposals as grouped
from bullseye.research.run import evidence
from bullseye.research.run.evidence import Quote
from bullseye.research.source import Side, Source, Status
from bullseye.store import themes as decisions
from bullseye.workspace import Workspace

__all__ = [
    "Novelty",
    "Proposal",
    "Rule",
    "ThemeCount",
    "Themes",
    "proposed",
    "reader_of",
    "themed",
    "themes",
]


@dataclass(frozen=True)
class Themes:
    """The codebook counted on a day, and what does not belong to it.

    `counts` are those of active themes. `noise` counts the quotes that themes of noise took,
    `left_over` those that no theme took. `reader` names how texts were compared.
    """

    as_of: date
    reader: str
    counts: tuple[ThemeCount, ...]
    quotes: int
    confirmed: int
    noise: int
    left_over: int
    accounts_heard: int
    undated: int


def reader_of(embeddings: Path | None) -> Reader:
    """Return how texts are compared: by the model in a folder, or by spelling without one."""
    return Spelling() if embeddings is None else ByMeaning(Onnx.load(embeddings))


def themed(
    workspace: Workspace, *, reader: Reader | None = None
) -> tuple[tuple[Match, ...], tuple[Quoted, ...], tuple[Quote, ...]]:
    """Return the theme of each piece of evidence, what is left over, and the evidence itself.

    What was rejected belongs nowhere.
    """
    quotes = tuple(q for q in evidence.quotes(workspace) if q.status is not Status.REJECTED)
    found = matching(
        workspace.project.themes,
        [Quoted(q.number, q.kind, q.quote) for q in quotes],
        reader or Spelling(),
        pinned=_pinned(workspace),
    )
    return found.matches, found.left_over, quotes


def themes(
    workspace: Workspace, *, as_of: date | None = None, reader: Reader | None = None
) -> Themes:
    """Count every active theme in the 30 days that end on `as_of`, today if None."""
    day = as_of or workspace.today
    reader = reader or Spelling()
    matches, left, quotes = themed(workspace, reader=reader)
    by_number = {quote.number: quote for quote in quotes}
    codebook = workspace.project.themes
    active = {
        name: theme.kind for name, theme in codebook.items() if theme.status is ThemeStatus.ACTIVE
    }
    said = [
        Said(m.theme, q.source_number, q.status is Status.CONFIRMED)
        for m in matches
        for q in (by_number[m.number],)
    ]
    every = (_heard(number, source) for number, source in evidence.sources(workspace))
    heard = [each for each in every if each is not None]
    return Themes(
        as_of=day,
        reader=reader.name,
        counts=theme_counts(active, said, heard, day),
        quotes=len(quotes),
        confirmed=sum(quote.status is Status.CONFIRMED for quote in quotes),
        noise=sum(each.theme not in active for each in said),
        left_over=len(left),
        accounts_heard=len({h.account_id for h in heard if h.account_id}),
        undated=sum(h.occurred_on is None for h in heard),
    )


def proposed(workspace: Workspace, *, reader: Reader | None = None) -> tuple[Proposal, ...]:
    """Return groups of evidence that no theme took and that say the same, the largest first."""
    reader = reader or Spelling()
    _, left, _ = themed(workspace, reader=reader)
    return grouped(left, reader)


def _pinned(workspace: Workspace) -> dict[int, str]:
    former = {
        old: theme.name for theme in workspace.project.themes.values() for old in theme.formerly
    }
    kept = decisions.pinned(workspace.store)
    return {number: former.get(name, name) for number, name in kept.items()}


def _heard(number: int, source: Source) -> Heard | None:
    if not any(turn.side is Side.CUSTOMER for turn in source.turns):
        return None
    ours = frozenset(
        (turn.email or turn.speaker or "").casefold()
        for turn in source.turns
        if turn.side is Side.US and (turn.email or turn.speaker)
    )
    return Heard(number, source.occurred_on, source.account_id, ours)
