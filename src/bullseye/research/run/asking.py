"""Code sources with a language model: only when asked to, and no answer is paid for twice."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bullseye.errors import UnknownName, UsageError
from bullseye.research.asking import BY_MODEL, Told, Usage, asked, cache_key, parts, rendered
from bullseye.research.run import evidence
from bullseye.research.source import Candidate, Consent, EvidenceKind, Side, Source
from bullseye.workspace import PRIVATE, Workspace

__all__ = ["Asked", "ask"]


@dataclass(frozen=True)
class Asked:
    """What asking did, or would do: then `found` is empty and `characters` would be sent.

    `from_cache` sources were answered before by the same model and prompt; `dropped` quotes did
    not pass the guard. Tokens are those of this call alone.
    """

    model: str
    sources: int
    from_cache: int
    without_customer: int
    without_consent: int
    characters: int
    found: dict[EvidenceKind, int]
    new: int
    dropped: int
    usage: Usage


def ask(
    workspace: Workspace,
    model: str,
    *,
    numbers: Sequence[int] = (),
    dry_run: bool = False,
    told: Callable[[str], None] = lambda _: None,
    using: Any = None,
) -> Asked:
    """Ask a model about each source with a customer in it, and keep new candidates.

    Sources whose speakers refused consent are never sent. Each source is kept as soon as it is
    answered, so that an interruption loses nothing.

    Parameters
    ----------
    workspace
        Where the sources are.
    model
        PROVIDER:NAME.
    numbers
        The sources to ask about; all if empty.
    dry_run
        Send nothing; say what would be sent.
    told
        Is told each source before it is asked about.
    using
        The model itself in place of one found by its name.

    Raises
    ------
    UsageError
        If the model is not written as PROVIDER:NAME, or cannot be used here.
    """
    if ":" not in model:
        raise UsageError(
            f"{model!r} names no model.", hint="Write PROVIDER:NAME, as in openai:gpt-5-mini."
        )
    method = f"{BY_MODEL}:{model}"
    counted: Counter[EvidenceKind] = Counter()
    totals: Counter[str] = Counter()
    usage = Usage()
    for number, source in _chosen(workspace, numbers):
        if (why := _left_out(source)) is not None:
            totals[why] += 1
            continue
        totals["sources"] += 1
        place = _place(workspace, cache_key(source, model))
        answer = _cached(place, source, method)
        totals["from_cache"] += answer is not None
        if answer is None:
            totals["characters"] += sum(len(rendered(turns)) for turns in parts(source))
        if dry_run:
            continue
        if answer is None:
            told(f"S{number}")
            answer = asked(source, using or model, method=method)
            usage += answer.usage
            _keep(place, answer)
        totals["dropped"] += answer.dropped
        counted.update(each.kind for each in answer.candidates)
        totals["new"] += len(evidence.keep(workspace, number, answer.candidates))
    return Asked(
        model=model,
        sources=totals["sources"],
        from_cache=totals["from_cache"],
        without_customer=totals["without_customer"],
        without_consent=totals["without_consent"],
        characters=totals["characters"],
        found=dict(counted),
        new=totals["new"],
        dropped=totals["dropped"],
        usage=usage,
    )


def _chosen(workspace: Workspace, numbers: Sequence[int]) -> Iterator[tuple[int, Source]]:
    every = dict(evidence.sources(workspace))
    for number in numbers:
        if number not in every:
            raise UnknownName("source", f"S{number}", (), hint="See them: bullseye research list")
    yield from ((number, every[number]) for number in (numbers or every))


def _left_out(source: Source) -> str | None:
    if source.consent is Consent.REFUSED:
        return "without_consent"
    if not any(turn.side is Side.CUSTOMER for turn in source.turns):
        return "without_customer"
    return None


# -- answers that were paid for: places of quotes, never their words ------------------------


def _place(workspace: Workspace, key: str) -> Path:
    return workspace.folder / PRIVATE / "answers" / f"{key}.json"


def _cached(path: Path, source: Source, method: str) -> Told | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        found = tuple(_candidate(each, source, method) for each in kept["found"])
        return Told(found, int(kept["dropped"]), Usage())
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _candidate(each: dict[str, Any], source: Source, method: str) -> Candidate:
    turn = source.turns[int(each["turn"])]
    start, end = int(each["start"]), int(each["end"])
    return Candidate(
        EvidenceKind(each["kind"]), turn.index, start, end, turn.text[start:end], method
    )


def _keep(path: Path, answer: Told) -> None:
    found = [
        {"kind": c.kind.value, "turn": c.turn_index, "start": c.start, "end": c.end}
        for c in answer.candidates
    ]
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    content = {"found": found, "dropped": answer.dropped, "usage": asdict(answer.usage)}
    beside.write_text(json.dumps(content), encoding="utf-8")
    os.replace(beside, path)
