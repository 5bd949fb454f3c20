"""Code the sources of a workspace: candidates for evidence, and how right each method is."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.field import TableName
from bullseye.definitions.theme import ThemeStatus
from bullseye.errors import BullseyeError, UnknownName
from bullseye.research import measured
from bullseye.research.coding import Coder
from bullseye.research.cues import cues, looks_english
from bullseye.research.finding import Passage, passages
from bullseye.research.learning import Learnt, learnt
from bullseye.research.measured import Precision
from bullseye.research.run import evidence
from bullseye.research.sentences import said_by
from bullseye.research.source import Candidate, Consent, EvidenceKind, Source, Status
from bullseye.stats.proportions import Share, wilson
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

__all__ = [
    "Coded",
    "Found",
    "Learnt",
    "Method",
    "Place",
    "Precision",
    "code",
    "coder",
    "find",
    "learning",
    "methods",
]

MOST_NAMES = 500
MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Found:
    """Candidates of one kind found by one method, and how right that method was measured to be."""

    kind: EvidenceKind
    method: str
    candidates: int
    precision: Precision | None


@dataclass(frozen=True)
class Coded:
    """What coding did.

    `sentences` are those of the customer's side; `without_consent` sources were not read,
    `not_english` were read for names and by what was learnt, but not by cues. `found` counts all
    candidates, `new` those that were not kept before.
    """

    sources: int
    sentences: int
    without_customer: int
    without_consent: int
    not_english: int
    found: tuple[Found, ...]
    new: int
    learnt: tuple[Learnt, ...]


@dataclass(frozen=True)
class Place:
    """A passage with its source's day and account, and the text it begins with."""

    passage: Passage
    occurred_on: date | None
    account_id: str | None
    text: str


@dataclass(frozen=True)
class Method:
    """How right one method is for one kind: on public data, and by what people decided here."""

    kind: EvidenceKind
    method: str
    public: Precision | None
    confirmed: int
    rejected: int
    open: int
    here: Share


def code(
    workspace: Workspace,
    *,
    numbers: Sequence[int] = (),
    dry_run: bool = False,
    told: Callable[[str], None] = lambda _: None,
) -> Coded:
    """Find candidates for evidence in the sources, and keep those that are new.

    Nothing leaves the machine. What a person decided before stays as it is.

    Parameters
    ----------
    workspace
        Where the sources are.
    numbers
        The sources to read; all if empty.
    dry_run
        Find, but keep nothing.
    told
        Is told each source that was read.

    Raises
    ------
    UnknownName
        If one of `numbers` names no source that counts.
    """
    every = dict(evidence.sources(workspace))
    for number in numbers:
        if number not in every:
            raise UnknownName("source", f"S{number}", (), hint="See them: bullseye research list")
    chosen = {n: every[n] for n in (numbers or every)}
    known = learning(workspace, every)
    reader = coder(workspace, known)
    silent = Coder(None, reader.competitors, reader.taggers)
    counted: Counter[tuple[EvidenceKind, str]] = Counter()
    totals: Counter[str] = Counter()
    for number, source in chosen.items():
        told(f"S{number}")
        if source.consent is Consent.REFUSED:
            totals["without_consent"] += 1
            continue
        sentences = [each.text for each in said_by(source, str(number))]
        totals["sentences"] += len(sentences)
        totals["without_customer"] += not sentences
        english = looks_english(sentences)
        totals["not_english"] += not english
        candidates = (reader if english else silent).candidates(source, str(number))
        counted.update((each.kind, measured.family(each.method)) for each in candidates)
        totals["new"] += _kept(workspace, number, candidates, dry_run=dry_run)
    return Coded(
        sources=len(chosen),
        sentences=totals["sentences"],
        without_customer=totals["without_customer"],
        without_consent=totals["without_consent"],
        not_english=totals["not_english"],
        found=tuple(
            Found(kind, method, n, measured.precision(kind, method))
            for (kind, method), n in sorted(counted.items())
        ),
        new=totals["new"],
        learnt=known,
    )


def coder(workspace: Workspace, known: Iterable[Learnt] = ()) -> Coder:
    """Return how sources of this workspace are read: cues, its competitors, what was learnt."""
    taggers = {each.kind: each.tagger for each in known if each.tagger}
    return Coder(cues(), _competitors(workspace), taggers)


def learning(workspace: Workspace, sources: dict[int, Source] | None = None) -> tuple[Learnt, ...]:
    """Return what people's decisions teach for each kind, or what is missing for it."""
    every = dict(evidence.sources(workspace)) if sources is None else sources
    return learnt(every, evidence.quotes(workspace), cues())


def methods(workspace: Workspace) -> tuple[Method, ...]:
    """Return how right each method is for each kind that it found here or was measured for."""
    decided: dict[tuple[EvidenceKind, str], Counter[Status]] = {}
    for each in evidence.quotes(workspace):
        key = (each.kind, measured.family(each.method))
        decided.setdefault(key, Counter())[each.status] += 1
    keys = sorted({*decided, *measured.known()})
    return tuple(_method(kind, name, decided.get((kind, name), Counter())) for kind, name in keys)


def find(workspace: Workspace, words: str, *, limit: int = 10) -> tuple[Place, ...]:
    """Return the passages of all sources that speak most of `words`, the best first."""
    every = dict(evidence.sources(workspace))
    found = passages(words, every.items(), limit=limit)
    return tuple(_in_source(each, every[each.source]) for each in found)


def _in_source(passage: Passage, source: Source) -> Place:
    text = " ".join(
        turn.text for turn in source.turns if passage.first_turn <= turn.index <= passage.last_turn
    )
    return Place(passage, source.occurred_on, source.account_id, text[:MOST_CHARACTERS])


def _method(kind: EvidenceKind, name: str, decided: Counter[Status]) -> Method:
    yes, no = decided[Status.CONFIRMED], decided[Status.REJECTED]
    public = measured.precision(kind, name)
    return Method(kind, name, public, yes, no, decided[Status.CANDIDATE], wilson(yes, yes + no))


def _kept(
    workspace: Workspace, number: int, candidates: Sequence[Candidate], *, dry_run: bool
) -> int:
    """Keep the candidates of one source and return how many are new, or would be."""
    if not dry_run:
        return len(evidence.keep(workspace, number, candidates))
    old = {
        (each.kind, each.turn_index, each.start, each.end)
        for each in evidence.quotes(workspace, source=number)
    }
    return sum((c.kind, c.turn_index, c.start, c.end) not in old for c in candidates)


def _competitors(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of competitors: those of the codebook and those that opportunities name."""
    named = [
        name
        for theme in workspace.project.themes.values()
        if theme.is_told_by_name and theme.status is not ThemeStatus.RETIRED
        for name in theme.exemplars
    ]
    return tuple(dict.fromkeys((*named, *_named_by_opportunities(workspace))))


def _named_by_opportunities(workspace: Workspace) -> list[str]:
    batches = workspace.batches(up_to=workspace.today)
    if not any(batch.table is TableName.OPPORTUNITIES for batch in batches):
        return []
    ids = tuple(batch.number for batch in batches)
    try:
        with workspace.connection() as connection:
            state = workspace.state(connection, workspace.project, ids, workspace.today)
            column = DUCKDB.identifier("competitor")
            rows = connection.execute(
                f"SELECT DISTINCT trim(name) FROM (SELECT unnest(regexp_split_to_array({column},"
                f" '[;,|/]')) AS name FROM {reading(state.table(TableName.OPPORTUNITIES))})"
                f" WHERE length(trim(name)) BETWEEN 2 AND 60 ORDER BY 1 LIMIT {MOST_NAMES}"
            ).fetchall()
    except BullseyeError:  # opportunities without accounts: there is no state to read them from
        return []
    return [str(row[0]) for row in rows if str(row[0]).casefold() not in _NOBODY]


_NOBODY = frozenset({"none", "no", "unknown", "n/a", "na", "other", "nobody", "internal", "-"})
