"""The proof pages show what was proved, whatever a saved proof holds."""

import copy
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bullseye.faces.report import write_report
from bullseye.faces.report.limits import MOST_BYTES, STEPS
from bullseye.faces.report.proof_pages import QUESTIONS, ProofPart, Shown, proof_parts
from bullseye.keeping import keep
from bullseye.pipeline.prove import ATTEMPT, Proof, kept_proofs
from bullseye.workspace import Workspace

HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e{{ 7 * 7 }}"
NONSENSE: tuple[Any, ...] = ("text", -1e308, 10**400, [], {}, [[]], True, None, [None], {"n": "x"})
VOID = {"meta", "link", "br", "img", "input"}


class Seen(HTMLParser):
    """The tags of a page, and those that close out of order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.open: list[str] = []
        self.misplaced: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)


@pytest.fixture(scope="module")
def kept(proved: Path) -> tuple[Proof, ...]:
    """The proofs of the demo."""
    workspace = Workspace.open(proved)
    found = kept_proofs(workspace)
    workspace.store.close()
    return found


@pytest.fixture(scope="module")
def shown(kept: tuple[Proof, ...], proved_day: date) -> Shown:
    """The run the proofs stand beside."""
    icps = tuple(sorted(each.subject for each in kept if each.kind == "backtest"))
    return Shown(proved_day, kept[-1].definitions_hash, icps)


@pytest.fixture(scope="module")
def page(proved: Path) -> str:
    return (proved / "report.html").read_text(encoding="utf-8")


def named(parts: tuple[ProofPart, ...]) -> dict[tuple[str, str], ProofPart]:
    return {(each.asks, each.about): each for each in parts}


def test_every_question_is_answered_with_its_day_and_definitions(
    kept: tuple[Proof, ...], shown: Shown, proved_day: date
) -> None:
    parts = proof_parts(kept, shown, STEPS[0])
    assert {each.asks for each in parts} == {each.asks for each in QUESTIONS if not each.subject}
    for part in parts:
        stamp = dict(part.stamp)
        assert stamp["As known on"] == proved_day.isoformat()
        assert stamp["Definitions"] == shown.definitions_hash[:12]
        assert part.command.startswith("bullseye ")
        assert part.stale == ""
        assert part.body is not None, part.why
    assert sum(each.asks == "Does the ICP hold?" for each in parts) == len(shown.icps)


def test_the_verdict_stands_first_as_it_was_saved(kept: tuple[Proof, ...], shown: Shown) -> None:
    parts = named(proof_parts(kept, shown, STEPS[0]))
    for proof in kept:
        if proof.kind in {"backtest", "drift"}:
            asks = "Does the ICP hold?" if proof.kind == "backtest" else "Does it still hold?"
            part = parts[asks, proof.subject]
            assert part.body is not None
            assert part.body.answer == json.loads(proof.document)["sentence"]


def test_every_chart_has_its_numbers_with_interval_and_n(
    kept: tuple[Proof, ...], shown: Shown
) -> None:
    bodies = [each.body for each in proof_parts(kept, shown, STEPS[0]) if each.body]
    charts = [figure.chart for body in bodies for figure in body.figures]
    assert len(charts) >= 8
    for chart in charts:
        assert chart.rows
        assert all(len(row) == len(chart.head) for row in chart.rows)
        if chart.head[-1] == "Interval and n":
            assert all(re.search(r"\d|no interval", row[-1]) for row in chart.rows)


def test_the_page_is_small_well_formed_and_has_no_name_twice(page: str) -> None:
    seen = Seen(page)
    assert len(page.encode()) <= MOST_BYTES
    assert seen.misplaced == []
    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert 'href="#proof"' in page


def test_without_proofs_the_page_says_what_would_be_there(
    scored_workspace: Workspace, tmp_path: Path
) -> None:
    text = write_report(scored_workspace, tmp_path / "r.html").path.read_text(encoding="utf-8")
    asked = [each for each in QUESTIONS if not each.subject]
    per_icp = [each for each in asked if each.is_per_icp]
    assert text.count("Not proved yet.") == len(asked) + len(per_icp)  # there are two ICPs
    for each in asked:
        command = each.command.format(subject="software")
        assert f"Make it with: {command}" in text
        assert each.shows in text


def test_an_attempt_that_could_not_tell_says_why(kept: tuple[Proof, ...], shown: Shown) -> None:
    newest = max(each.id for each in kept)
    said = {"kind": "velocity", "problem": f"Too few {HOSTILE}.", "hint": "Ask later."}
    tried = replace(
        kept[0],
        id=newest + 1,
        kind=ATTEMPT,
        subject="velocity won",
        document=json.dumps(said),
    )
    part = named(proof_parts((*kept, tried), shown, STEPS[0]))["How fast, by segment?", ""]
    assert part.body is None
    assert part.missing == "Cannot tell yet."
    assert part.why.startswith("Too few")
    assert part.why.endswith("Ask later.")


def test_a_proof_that_differs_from_the_run_says_so(
    kept: tuple[Proof, ...], shown: Shown, proved_day: date
) -> None:
    later = replace(shown, as_of=proved_day + timedelta(days=9))
    assert all("older than this run" in each.stale for each in proof_parts(kept, later, STEPS[0]))
    other = replace(shown, definitions_hash="0" * 64)
    for each in proof_parts(kept, other, STEPS[0]):
        assert "made with other definitions than this run (000000000000)" in each.stale


def test_the_newest_proof_is_shown(kept: tuple[Proof, ...], shown: Shown) -> None:
    (value,) = (each for each in kept if each.kind == "value")
    newer = replace(value, id=value.id + 1000)
    part = named(proof_parts((newer, *kept), shown, STEPS[0]))["What is each segment worth?", ""]
    assert dict(part.stamp)["Proof"] == str(newer.id)


def mangled(document: Any) -> Iterator[Any]:
    """Yield the document with one thing gone or replaced, at the top and one level below."""
    for name in document:
        less = dict(document)
        del less[name]
        yield less
        for nonsense in NONSENSE:
            yield {**document, name: nonsense}
        inside = document[name]
        first = inside[0] if isinstance(inside, list) and inside else inside
        if not isinstance(first, dict):
            continue
        for inner in first:
            for nonsense in NONSENSE[:6]:
                changed = copy.copy(document)
                part = {**first, inner: nonsense}
                changed[name] = [part, *inside[1:]] if isinstance(inside, list) else part
                yield changed


@pytest.mark.parametrize(
    "question", [each for each in QUESTIONS if not each.subject], ids=lambda each: each.kind
)
def test_a_damaged_or_older_proof_is_shown_or_said_to_be_unreadable(
    question: Any, kept: tuple[Proof, ...], shown: Shown
) -> None:
    proof = next(each for each in kept if each.kind == question.kind)
    outcomes = set()
    changed = [json.dumps(each) for each in mangled(json.loads(proof.document))]
    for document in (*changed, "", "[]", "{}", '"text"', '{"n": Infinity}', "[" * 3000):
        (part, *_) = (
            each
            for each in proof_parts((replace(proof, document=document),), shown, STEPS[2])
            if each.asks == question.asks
        )
        outcomes.add(part.missing if part.body is None else "shown")
        if part.body is None:
            assert part.missing == "The saved proof cannot be read."
            assert part.command.startswith("bullseye ")
    assert outcomes == {"shown", "The saved proof cannot be read."}


def hostile(value: Any, key: str = "") -> Any:
    """Return a document whose every text that may come from data is hostile."""
    match value:
        case dict():
            return {name: hostile(each, name) for name, each in value.items()}
        case list():
            return [hostile(each, key) for each in value]
        case str() if key not in {"standing", "answer", "outcome", "as_of", "first", "last"}:
            return HOSTILE + value
    return value


def test_hostile_texts_stay_texts(proved: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(shutil.copytree(proved, tmp_path / "copy"))
    for proof in kept_proofs(workspace):
        if proof.kind != ATTEMPT:
            document = hostile(json.loads(proof.document))
            keep(workspace, proof.kind, proof.subject, date(2027, 1, 1), document)
    text = write_report(workspace, tmp_path / "r.html").path.read_text(encoding="utf-8")
    earlier = write_report(workspace, tmp_path / "e.html", as_of=date(2026, 5, 1))
    workspace.store.close()
    seen = Seen(text)
    assert "&lt;script&gt;alert(1)" in text
    assert not {"script", "img"} & seen.names
    assert seen.misplaced == []
    assert "\u202e" not in text
    assert "of a later day than this run" in text
    assert "alert(1)" not in earlier.path.read_text(encoding="utf-8")
