"""Signals: windows, decay, subjects, families, and why now in words."""

from datetime import date, timedelta

import pytest

from bullseye.definitions.project import KINDS
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.why_now import Event, live, why_now

TODAY = date(2026, 11, 2)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def listed(world):
    """Score what is there, and return the list by account."""
    world.icp("b2b", {"rule": {"employees": {"over": 1}}, "points": 10})

    def targets():
        prioritize.score(world.workspace)
        return {each.account_id: each for each in prioritize.targets(world.workspace)}

    return targets


def accounts(*names: str, **more: object) -> list[dict[str, object]]:
    return [{"account_id": name, "employees": 5, **more} for name in names]


def test_strength_halves_every_half_life_and_ends_with_the_window(world, listed):
    ages = {"a": 0, "b": 15, "c": 30, "d": 60, "e": 90, "f": 91, "g": -1}
    world.signal("funding-round", points=40, window=90, half_life=30)
    world.known(accounts(*ages))
    world.happened([
        {"account_id": name, "type": "funding_round", "occurred_on": ago(age)}
        for name, age in ages.items()
    ])  # fmt: skip
    found = {name: each.standing.signal_strength for name, each in listed().items()}
    expected = {name: 40 * 0.5 ** (age / 30) if 0 <= age <= 90 else 0 for name, age in ages.items()}
    assert found == pytest.approx(expected, abs=1e-4)


def test_signals_add_up_and_one_may_argue_against(world, listed):
    world.signal("funding-round", points=40)
    world.signal("layoffs", points=-15)
    world.known(accounts("a", "b"))
    world.happened([
        {"account_id": name, "type": kind}
        for name, kind in (
            ("a", "funding_round"), ("a", "funding_round"), ("a", "layoffs"), ("b", "layoffs"),
        )
    ])  # fmt: skip
    found = listed()
    assert found["a"].standing.signal_strength == 65
    assert (found["b"].standing.signal_strength, found["b"].why_now) == (0, None)
    parts = prioritize.explain(world.workspace, "a").verdicts[0].signals
    assert [part.strength for part in parts] == [40, 40, -15]


def test_a_subject_is_one_of_or_contains_whatever_the_case(world, listed):
    subjects = {
        "a": "series b", "b": "Series B extension", "c": "ΥΠΕΎΘΥΝΟΣ Νέος", "d": "Seed", "e": None,
        "f": "x'; DROP TABLE scores; --",
    }  # fmt: skip
    subject = {"any_of": ["SERIES B"], "contains": ["ΥΠΕΎΘΥΝΟΣ", "DROP TABLE"]}
    world.signal("funding-round", subject=subject)
    world.known(accounts(*subjects))
    world.happened([
        {"account_id": name, "type": "funding_round", "subject": subject}
        for name, subject in subjects.items()
    ])  # fmt: skip
    found = listed()
    assert {name for name, each in found.items() if each.why_now} == {"a", "c", "f"}


def test_an_icp_counts_only_the_signals_it_lists(world, listed):
    world.signal("funding-round", points=40)
    world.signal("fair-visit", points=5)
    world.icp("picky", {"rule": {"employees": {"over": 1}}, "points": 10}, signals=["fair-visit"])
    world.known(accounts("a"))
    world.happened([{"account_id": "a", "type": t} for t in ("funding_round", "fair_visit")])
    listed()
    with prioritize.opened(world.workspace) as run:
        rows = run.connection.execute(
            f"SELECT icp, signal_strength FROM ({run.scoring.rendered(run.scores)}) ORDER BY icp"
        ).fetchall()
    assert rows == [("b2b", 45), ("picky", 5)]


@pytest.mark.parametrize("asked", [False, True])
def test_a_subsidiarys_signal_counts_for_the_top_only_where_asked(world, asked):
    world.icp("b2b", {"rule": {"employees": {"over": 1}}, "points": 10},
              hierarchy={"signals_from_subsidiaries": asked})  # fmt: skip
    world.signal("funding-round", points=40)
    world.tiers({"tier": "T1", "fit": 50, "signals": ["funding-round"]})
    family = [("top", None), ("middle", "top"), ("leaf", "middle")]
    world.known([
        {"account_id": name, "parent_account_id": parent, "employees": 5} for name, parent in family
    ])  # fmt: skip
    world.happened([{"account_id": "leaf", "type": "funding_round", "subject": "Series B"}])
    prioritize.score(world.workspace)
    found = {each.account_id: each.tier for each in prioritize.targets(world.workspace)}
    assert found == {"top": "T1" if asked else None, "middle": None, "leaf": "T1"}
    verdict = prioritize.explain(world.workspace, "top").verdicts[0]
    assert [part.signal for part in verdict.signals] == ["funding-round"] * asked
    assert bool(verdict.steps[0].missing) is not asked


def test_a_field_is_taken_from_the_top_only_where_unknown_and_listed(world):
    world.icp("b2b", {"rule": {"industry": "Fintech"}, "points": 60},
              {"rule": {"country": "DE"}, "points": 40},
              hierarchy={"inherit": ["industry"]})  # fmt: skip
    world.known([
        {"account_id": "top", "industry": "Fintech", "country": "DE"},
        {"account_id": "gap", "parent_account_id": "top"},
        {"account_id": "own", "parent_account_id": "top", "industry": "Media", "country": "AT"},
    ])  # fmt: skip
    prioritize.score(world.workspace)
    found = {t.account_id: t.standing for t in prioritize.targets(world.workspace)}
    assert (found["gap"].fit_low, found["gap"].fit_coverage) == (60, 0.6)
    assert found["own"].fit_score == 0
    reasons = prioritize.explain(world.workspace, "gap").verdicts[0].reasons
    assert [(r.holds, r.inherited) for r in reasons] == [("met", True), ("unknown", False)]


def signal(**written: object):
    usual = {
        "name": "funding-round", "event": "funding_round", "window": 90, "half_life": 30,
        "points": 40, "why_now": "Raised {subject}: {detail} {value} on {date}.",
        "owner": "Dana", "review_by": TODAY, "review_when": ["it moves"],
    }  # fmt: skip
    return KINDS["signals"].model_validate({**usual, **written})


def test_slots_are_filled_once_and_braces_in_the_data_stay_text():
    event = Event("funding_round", ago(1), ago(1), "{detail}", "{date} <b>", None, 12.5)
    said = why_now(event, [signal()], TODAY)
    assert said is not None
    assert str(said) == "Raised {detail}: {date} <b> 12.5 on 2026-11-01. (2026-11-01, yesterday)"


def test_the_strongest_reason_is_said_and_every_live_one_is_counted():
    event = Event("funding_round", ago(10), ago(10))
    signals = [signal(name="weak", points=5), signal(), signal(name="against", points=-50)]
    said = why_now(event, signals, TODAY)
    assert said is not None
    assert (said.signal, said.expires_on) == ("funding-round", ago(10) + timedelta(days=90))
    assert [each.signal for each in live(event, signals, TODAY)] == [
        "weak", "funding-round", "against",
    ]  # fmt: skip
    assert why_now(event, signals[2:], TODAY) is None


def test_the_listed_why_now_is_the_strongest_event(world, listed):
    world.signal("funding-round", points=40, half_life=10, why_now="Raised {subject}.")
    world.signal("fair-visit", points=30, why_now="Came to {subject}.")
    world.known(accounts("a"))
    world.happened([
        {"account_id": "a", "type": "funding_round", "subject": "B", "occurred_on": ago(20)},
        {"account_id": "a", "type": "fair_visit", "subject": "the fair", "occurred_on": ago(1)},
    ])  # fmt: skip
    assert listed()["a"].why_now.sentence == "Came to the fair."
