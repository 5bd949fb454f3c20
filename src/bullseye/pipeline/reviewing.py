"""Let the demo's team code what its buyers said, decide on it and link it, as a user would."""

import json
from datetime import date, timedelta
from pathlib import Path

from bullseye.definitions.evidence import Status
from bullseye.demo.phrases import PLANTED, Matter
from bullseye.research.run import coding, evidence
from bullseye.research.run.evidence import Quote
from bullseye.workspace import Workspace

OPEN_DAYS = 14
"""Days whose candidates nobody has looked at yet, so that there is something left to do."""


_MOST_LINKED = 3
_HEARD = {
    "finance-chief": {"We pay for three tools that nobody uses.": "price"},
    "head-of-customer-success": {
        "Customers wait weeks before they go live, and we hear of it last.": "no-overview",
        "My best people spend the day asking customers for files.": "work-by-hand",
    },
    "it-lead": {"We do not let new tools write into our systems.": "security-review"},
    "vp-operations": {"The budget for this year is spent.": "price"},
}
"""What the demo's personas are said to say, and the planted matter that bears it out."""


def review_demo(workspace: Workspace, truth: Path, *, today: date) -> None:
    """Code every source, and decide on all but the newest candidates by what was planted.

    A candidate is confirmed where it holds a planted statement of its kind, and rejected where
    it does not: what the demo says of how right its methods are is therefore counted, not made
    up.
    """
    coding.code(workspace)
    said = json.loads(truth.read_text(encoding="utf-8"))["said"]
    planted = {(each["kind"], _plain(each["quote"])) for each in said}
    old = [
        quote
        for quote in evidence.quotes(workspace, status=Status.CANDIDATE)
        if quote.occurred_on is not None and quote.occurred_on <= today - timedelta(OPEN_DAYS)
    ]
    right = [quote.number for quote in old if _is_planted(quote, planted)]
    wrong = [quote.number for quote in old if not _is_planted(quote, planted)]
    evidence.decide(workspace, right, Status.CONFIRMED)
    evidence.decide(workspace, wrong, Status.REJECTED, reason="it says something else")


def _is_planted(quote: Quote, planted: set[tuple[str, str]]) -> bool:
    words = _plain(quote.quote)
    return any(
        kind == quote.kind and (statement in words or words in statement)
        for kind, statement in planted
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .")


def link_personas(workspace: Workspace) -> None:
    """Link statements of the demo's personas to quotes; what nobody said stays a guess."""
    heard: dict[str, list[str]] = {}
    for quote in evidence.quotes(workspace):
        for matter in PLANTED:
            if quote.status is not Status.REJECTED and _says(quote, matter):
                heard.setdefault(matter.name, []).append(f"E{quote.number}")
    for persona, statements in _HEARD.items():
        file = workspace.folder / "personas" / f"{persona}.yaml"
        text = file.read_text(encoding="utf-8")
        for says, matter_name in statements.items():
            if found := heard.get(matter_name, [])[:_MOST_LINKED]:
                linked = f"  - says: {says}\n    evidence: [{', '.join(found)}]\n"
                text = text.replace(f"  - {says}\n", linked)
        file.write_text(text, encoding="utf-8")


def _says(quote: Quote, matter: Matter) -> bool:
    said = {(matter.kind, _plain(each)) for each in matter.phrasings}
    return _is_planted(quote, said)
