"""Which signals come before which outcomes: never known later, never by the season."""

import json
from datetime import date, timedelta

import numpy as np
import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.segment.run.learning import what_precedes
from bullseye.stats.discoveries import Standing
from bullseye.store import proofs

TODAY = date(2026, 11, 2)
START = date(2025, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=int(number))


@pytest.fixture
def sold(world):
    """Three hundred opportunities over 600 days; a hire hastens winning, a fair does not."""
    random = np.random.default_rng(5)
    world.known([{"account_id": f"a{at:03d}"} for at in range(300)], on=START)
    rows, signals = [], []
    for at in range(300):
        opened = int(random.integers(0, 300))
        hire, fair = random.integers(0, 600, 2)
        signals += [(at, "hire", hire), (at, "fair", fair)]
        closes, won = 600, None
        for now in range(opened, 600):
            live = hire < now - 2 <= hire + 60
            if random.random() < 0.002 * (6 if live else 1):
                closes, won = now, "won"
                break
            if random.random() < 0.002:
                closes, won = now, "lost"
                break
        rows.append(
            {
                "opportunity_id": f"o{at:03d}",
                "account_id": f"a{at:03d}",
                "created_on": day(opened),
                "closed_on": day(closes) if won else None,
                "outcome": won or "open",
            }
        )
    world.known(rows, table=TableName.OPPORTUNITIES)
    world.signals = signals
    return world


def happened(world, *, known_after: int = 2) -> None:
    world.happened(
        [
            {
                "account_id": f"a{at:03d}",
                "type": type_,
                "subject": f"Subject {at % 2}",
                "occurred_on": day(when),
                "known_on": day(when + known_after),
            }
            for at, type_, when in world.signals
        ]
    )


def by_signal(told, outcome: str = "won"):
    return {each.signal: each for each in told.preceding if each.outcome == outcome}


def test_a_signal_that_hastens_winning_is_evidence_and_another_is_not(sold):
    happened(sold)
    told = what_precedes(sold.workspace, ["won"])
    found = by_signal(told)
    assert found["hire"].standing is Standing.EVIDENCE
    assert found["hire"].hazard.low > 1.5
    assert found["fair"].standing is not Standing.EVIDENCE
    assert found["hire"].hazard.exposed > found["hire"].hazard.expected
    assert told.warning == ""


def test_a_signal_that_was_known_only_afterwards_precedes_nothing(sold):
    happened(sold, known_after=400)
    told = what_precedes(sold.workspace, ["won"])
    assert "hire" not in by_signal(told)
    assert "400 days" in told.warning
    looking_ahead = what_precedes(sold.workspace, ["won"], from_occurrence=True)
    assert by_signal(looking_ahead)["hire"].standing is Standing.EVIDENCE
    assert "looks ahead" in looking_ahead.warning


def test_the_half_life_of_a_definition_is_held_against_the_data(sold):
    happened(sold)
    sold.signal("new-hire", event="hire", half_life=3, window=90)
    found = by_signal(what_precedes(sold.workspace, ["won"]))["new-hire"]
    assert found.said == 3
    assert found.half_life.days is not None
    assert found.finding.startswith("You say 3 days, the data say")


def test_a_subject_a_definition_asks_for_is_asked_about(sold):
    happened(sold)
    sold.signal("odd-hire", event="hire", subject={"any_of": ["SUBJECT 1"]})
    found = by_signal(what_precedes(sold.workspace, ["won"]))
    assert {"odd-hire", "hire", "hire: subject 0"} <= set(found)
    assert found["odd-hire"].hazard == found["hire: subject 1"].hazard
    assert found["hire: subject 0"].part_of == "hire"


def test_every_outcome_is_asked_about_and_one_without_a_day_is_not(sold):
    happened(sold)
    sold.define("outcomes", "fair-follows", event="fair", within=60)
    sold.define("outcomes", "is-new", rule={"account_id": {"contains": ["1"]}})
    told = what_precedes(sold.workspace)
    assert {each.name for each in told.outcomes} == {"won", "fair-follows"}
    assert any(line.startswith("is-new") for line in told.skipped)
    with pytest.raises(UsageError):
        what_precedes(sold.workspace, ["is-new"])
    with pytest.raises(UnknownName):
        what_precedes(sold.workspace, ["wone"])


def test_an_account_is_at_risk_once_at_a_time(sold):
    happened(sold)
    sold.define("outcomes", "fair-follows", event="fair", within=120)
    told = what_precedes(sold.workspace, ["fair-follows"])
    asked = told.outcomes[0]
    events = sum(type_ == "fair" for _, type_, _ in sold.signals)
    assert 0 < asked.outcomes <= events


def test_the_result_is_kept(sold):
    happened(sold)
    what_precedes(sold.workspace, ["won"], is_kept=False)
    assert proofs.newest(sold.store, "signals") is None
    told = what_precedes(sold.workspace, ["won"])
    kept = proofs.newest(sold.store, "signals", "won")
    assert kept is not None
    assert json.loads(kept.document)["tests"] == told.tests


def test_without_signals_nothing_can_be_said(sold):
    with pytest.raises(NotEnoughEvidence) as raised:
        what_precedes(sold.workspace)
    assert "import signals" in raised.value.hint


def test_the_command_shows_a_table_of_signals_and_outcomes(sold, bullseye):
    happened(sold)
    sold.write()
    where = ("-w", sold.folder, "segment", "signals", "--outcome", "won", "--as-of", TODAY)
    ran = bullseye(*where, "--dry-run")
    assert ran.code == 0, ran.err
    assert "Hazard ratios with 95 % intervals" in ran.out
    assert "of 300" in ran.out
    assert proofs.newest(sold.store, "signals") is None
    document = bullseye(*where, "--json").document
    assert {each["signal"] for each in document["preceding"]} >= {"hire", "fair"}
