"""Let the demo's team code what its buyers said and decide on it, as a user would."""

import json
from datetime import date, timedelta
from pathlib import Path

from bullseye.definitions.evidence import Status
from bullseye.research.run import coding, evidence
from bullseye.research.run.evidence import Quote
from bullseye.workspace import Workspace

OPEN_DAYS = 14
"""Days whose candidates nobody has looked at yet, so that there is something left to do."""


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
