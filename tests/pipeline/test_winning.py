"""Win and loss by a field: planted differences stand out, names are shown as they are."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.faces.cli.main import code_of
from bullseye.pipeline.winning import outcome_split
from bullseye.store import proofs
from bullseye.validate.run import Part

FIRST, TODAY = date(2026, 1, 1), date(2026, 10, 1)
HOSTILE = "Public <b>'\"; --"


@pytest.fixture
def sold(world: Any) -> Any:
    """Software is won three times as often; the other fields have no effect."""
    world.today = TODAY
    random = np.random.default_rng(3)
    world.icp("software", {"rule": {"industry": "Software"}, "points": 10})
    world.known(
        [
            {
                "account_id": f"a{at:03}",
                "industry": (None, "Software", HOSTILE)[at % 3],
                "employees": 10 * at,
                "technologies": ["SAP", "Jira"][: at % 4],
                "is_hiring": at % 5 == 0,
            }
            for at in range(300)
        ],
        on=FIRST,
    )
    rows = []
    for at in range(700):
        account = int(random.integers(0, 300))
        won = random.random() < (0.6 if account % 3 == 1 else 0.2)
        opened = FIRST + timedelta(days=int(random.integers(1, 150)))
        rows.append(
            {
                "opportunity_id": f"o{at}",
                "account_id": f"a{account:03}",
                "outcome": "won" if won else "lost",
                "created_on": opened,
                "closed_on": opened + timedelta(days=20),
                "loss_reason": None if won else ("Price", "Timing")[at % 2],
                "origin": ("Webinar", "Fair")[at % 2],
            }
        )
    world.known(rows, on=TODAY, table=TableName.OPPORTUNITIES)
    return world


def by_name(parts: Sequence[Part]) -> dict[str, Part]:
    return {each.name: each for each in parts}


def test_a_planted_difference_is_evidence_and_the_split_is_kept(sold: Any) -> None:
    workspace = sold.workspace
    found = outcome_split(workspace, "industry", every="quarter")
    parts = by_name(found.parts)
    assert set(parts) == {"Software", HOSTILE}
    assert parts["Software"].q < 0.01
    assert parts["Software"].difference.low > 0.2
    assert parts["Software"].rate.low <= 0.6 <= parts["Software"].rate.high
    assert found.unknown + found.base.n == 700
    assert proofs.newest(workspace.store, "winloss", "won by industry") is not None


def test_fields_without_an_effect_are_no_evidence(sold: Any) -> None:
    workspace = sold.workspace
    for field in ("employees", "technologies", "is_hiring", "origin"):
        found = outcome_split(workspace, field, every="quarter", dry_run=True)
        assert found.parts, field
        assert all(each.q > 0.01 for each in found.parts), field
    assert proofs.listed(workspace.store) == ()


def test_reasons_are_shares_of_what_was_lost(sold: Any) -> None:
    found = outcome_split(sold.workspace, "loss_reason", every="quarter", dry_run=True)
    assert found.is_share
    assert {each.name for each in found.parts} == {"Price", "Timing"}
    assert sum(each.rate.share for each in found.parts) == pytest.approx(1)
    assert sum(each.cases for each in found.parts) == found.base.n
    assert found.unknown == 0  # the won ones need no reason


def test_tiers_are_those_from_before_each_case(sold: Any) -> None:
    found = outcome_split(sold.workspace, "tier", every="quarter", dry_run=True)
    assert by_name(found.parts)["T1"].difference.low > 0
    assert sum(each.cases for each in found.parts) == 700


def test_personas_are_those_among_the_contacts_before_each_case(sold: Any) -> None:
    sold.define("personas", "operations", who={"title": {"contains": ["Operations"]}})
    sold.define("personas", "finance", who={"title": {"contains": ["Finance"]}})
    on_file = [
        {"contact_id": f"c{at}", "account_id": f"a{at:03}", "title": title}
        for at in range(200)
        for title in [("Head of Operations", "Intern")[at % 3 != 1]]
    ]
    sold.known(on_file, on=FIRST, table=TableName.CONTACTS)
    later = [
        {"contact_id": f"d{at}", "account_id": f"a{at:03}", "title": "VP Finance"}
        for at in range(200)
    ]
    sold.known(later, on=TODAY, table=TableName.CONTACTS)
    found = outcome_split(sold.workspace, "persona", every="quarter", dry_run=True)
    parts = by_name(found.parts)
    assert parts["operations"].difference.low > 0
    assert parts["finance"].cases == 0  # known only after the opportunities had begun
    assert parts["no persona"].cases + parts["operations"].cases + found.unknown == 700
    assert found.unknown > 0  # accounts without a contact on file say nothing


def test_without_a_persona_or_a_contact_nothing_is_split(sold: Any) -> None:
    with pytest.raises(NotEnoughEvidence, match="No persona"):
        outcome_split(sold.workspace, "persona")
    sold.define("personas", "finance", who={"title": {"contains": ["Finance"]}})
    with pytest.raises(NotEnoughEvidence, match="No contact"):
        outcome_split(sold.workspace, "persona", every="quarter")


def test_what_cannot_be_split_is_refused_with_what_to_do(sold: Any) -> None:
    workspace = sold.workspace
    with pytest.raises(UnknownName, match="industri"):
        outcome_split(workspace, "industri")
    with pytest.raises(NotEnoughEvidence):
        outcome_split(workspace, "industry", outcome="churned")
    sold.define("outcomes", "hires", change={"field": "is_hiring", "becomes": True}, within=30)
    sold.known([{"account_id": "a001", "is_hiring": True}], on=date(2026, 3, 1))
    with pytest.raises(UsageError, match="not judged by"):
        outcome_split(sold.workspace, "origin", outcome="hires", every="quarter")


def test_the_command_prints_rates_with_their_intervals(
    sold: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold.write()
    arguments = ["-w", str(tmp_path), "winloss", "--every", "quarter", "--as-of", str(TODAY)]
    assert code_of([*arguments, "--by", "industry"]) == 0
    printed = capsys.readouterr().out
    assert HOSTILE in printed
    assert "n = " in printed
    assert code_of([*arguments, "--by", "loss_reason"]) == 0
    assert "share of lost" in capsys.readouterr().out
