"""A proposed ICP is an ordinary definition: it loads, is checked, and scores as it was learnt."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from bullseye.cases import cases_of
from bullseye.definitions.checks import Severity, check
from bullseye.definitions.field import TableName
from bullseye.definitions.loader import load
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.prioritize import run as prioritize
from bullseye.segment.case_columns import case_columns
from bullseye.segment.learn import conditions_of
from bullseye.segment.run.learning import Proposed, propose_icp
from bullseye.stats.conditions import fit_scores
from bullseye.store import proofs
from bullseye.workspace import Workspace

FIRST = date(2025, 1, 5)
HOSTILE = 'SaaS\'; DROP TABLE x; --\n# "quoted"'


@pytest.fixture
def sold(world: Any) -> Any:
    """Three hundred accounts; those of one industry and with Salesforce are won more often."""
    rng = np.random.default_rng(4)
    accounts, opportunities = [], []
    for no in range(300):
        industry = [HOSTILE, "Retail", None][rng.integers(3)]
        technologies = [[], ["Salesforce"], ["Jira", "Salesforce"], None][rng.integers(4)]
        fits = (industry == HOSTILE) + ("Salesforce" in (technologies or []))
        accounts.append(
            {
                "account_id": f"a{no}",
                "industry": industry,
                "technologies": technologies,
                "employees": None if rng.random() < 0.2 else int(np.exp(rng.normal(5, 1.5))),
                "is_hiring": [True, False, None][rng.integers(3)],
                "revenue": round(float(np.exp(rng.normal(14, 1))), 2),
            }
        )
        opened = FIRST + timedelta(days=int(rng.integers(1, 500)))
        won = rng.random() < [0.1, 0.4, 0.85][fits]
        opportunities.append(
            {
                "opportunity_id": f"o{no}",
                "account_id": f"a{no}",
                "created_on": opened,
                "closed_on": opened + timedelta(days=20),
                "outcome": "won" if won else "lost",
            }
        )
    world.signal("funding-round")
    world.known(accounts, on=FIRST)
    world.known(opportunities, table=TableName.OPPORTUNITIES)
    world.write()
    return world


def opened(world: Any) -> Workspace:
    return Workspace.open(world.folder, now=world.workspace.now)


@pytest.fixture
def proposed(sold: Any) -> Proposed:
    return propose_icp(sold.workspace, "won")


def test_the_draft_loads_without_error_says_its_evidence_and_is_kept(
    sold: Any, proposed: Proposed
) -> None:
    assert proposed.written
    loaded = load(sold.folder)
    icp = loaded.project.icp("learnt-won")
    assert 1 <= len(icp.criteria) <= 10
    assert {HOSTILE} & {value for c in icp.criteria for value in getattr(c.rule, "values", ())}
    findings = [each for each in check(loaded, None, sold.today) if "learnt-won" in each.definition]
    assert [each for each in findings if each.severity is Severity.ERROR] == []
    for clause in icp.criteria:
        assert clause.because is not None
        assert "with it" in clause.because
        assert "without" in clause.because
        assert str(sold.today) in clause.because
        assert clause.source == "bullseye segment propose --outcome won"
    kept = proofs.newest(sold.store, "card", "learnt-won")
    assert kept is not None
    assert kept.as_of == sold.today


def test_sql_and_python_agree_on_every_row(sold: Any, proposed: Proposed) -> None:
    workspace = opened(sold)
    prioritize.score(workspace)
    with prioritize.opened(workspace) as run:
        scored = dict(
            run.connection.execute(
                f"SELECT account_id, fit_score FROM ({run.scoring.rendered(run.scores)})"
            ).fetchall()
        )
    rules = [criterion.rule for criterion in proposed.proposal.criteria]
    points = [criterion.points for criterion in proposed.proposal.criteria]
    with workspace.connection() as connection:
        columns = case_columns(connection, cases_of(workspace, connection, "won"))
    conditions = conditions_of(rules, columns.facts, sold.today)
    ours = fit_scores(conditions, range(len(rules)), points)
    assert len(scored) == 300
    for account, score in zip(columns.account, ours, strict=True):
        stored = scored[columns.account_ids[account]]
        assert (stored is None) == bool(np.isnan(score))
        assert stored is None or stored == pytest.approx(score, abs=0.051)


def test_nothing_is_overwritten(sold: Any) -> None:
    path = sold.folder / "icps" / "learnt-won.yaml"
    path.parent.mkdir()
    path.write_text("# by hand\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        propose_icp(sold.workspace, "won")
    assert path.read_text(encoding="utf-8") == "# by hand\n"


def test_a_dry_run_writes_nothing_and_keeps_nothing(sold: Any) -> None:
    told = propose_icp(sold.workspace, "won", dry_run=True)
    assert not told.written
    assert [file.path for file in told.files] == ["icps/learnt-won.yaml", "tiers/learnt-won.yaml"]
    assert not (sold.folder / "icps").exists()
    assert proofs.newest(sold.store, "card") is None


def test_facts_as_known_today_are_said_to_be_so(sold: Any) -> None:
    told = propose_icp(sold.workspace, "won", as_known_today=True, dry_run=True)
    assert not told.dated
    assert any("as known today" in warning for warning in told.warnings)
    assert told.proposal.held is None or told.proposal.held.since is None


def test_a_field_nobody_knows_cannot_be_insisted_on(sold: Any) -> None:
    with pytest.raises(UnknownName, match="No field is named 'emploees'"):
        propose_icp(sold.workspace, "won", insist=["emploees"])


def test_without_enough_cases_nothing_is_written(world: Any) -> None:
    world.known([{"account_id": "a", "employees": 5}], on=FIRST)
    rows = [
        {
            "opportunity_id": f"o{no}",
            "account_id": "a",
            "created_on": FIRST + timedelta(days=9 + no),
            "closed_on": FIRST + timedelta(days=99),
            "outcome": "won" if no else "lost",
        }
        for no in range(3)
    ]
    world.known(rows, table=TableName.OPPORTUNITIES)
    with pytest.raises(NotEnoughEvidence, match="Cannot tell yet"):
        propose_icp(world.workspace, "won")
    assert not (world.folder / "icps").exists()


def test_a_card_without_criteria_has_no_cut_offs_and_no_rate_that_is_no_number(
    sold: Any,
) -> None:
    rows = [
        {
            "opportunity_id": f"o{no}",
            "account_id": f"a{no % 300}",
            "created_on": FIRST + timedelta(days=9),
            "closed_on": FIRST + timedelta(days=40),
            "outcome": "won" if no % 7 < 3 else "lost",
        }
        for no in range(300)
    ]
    sold.known(rows, table=TableName.OPPORTUNITIES)
    found = propose_icp(sold.workspace, "won", dry_run=True)
    assert found.proposal.criteria == ()
    assert found.proposal.cuts == ()
    assert "nan" not in repr(found.cuts)
    assert found.sentences[0].startswith("No ICP found")


def test_without_facts_from_before_the_next_step_is_named(world: Any) -> None:
    world.known([{"account_id": "a", "employees": 5}])
    row = {
        "opportunity_id": "o",
        "account_id": "a",
        "created_on": FIRST,
        "closed_on": FIRST + timedelta(days=9),
        "outcome": "won",
    }
    world.known([row], table=TableName.OPPORTUNITIES)
    with pytest.raises(NotEnoughEvidence) as raised:
        propose_icp(world.workspace, "won")
    assert "not known before the outcome" in raised.value.problem
    assert "--as-known-today" in raised.value.hint
