"""Tiers: entry criteria, hysteresis, people's decisions, and runs that stay as they were."""

from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from bullseye.definitions.tier import Tier
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run.past import scores_of, scores_path
from bullseye.store import batches, runs
from bullseye.workspace import Workspace

DAYS = [date(2026, 11, 2) + timedelta(days=7 * week) for week in range(5)]


def sized(world, **accounts):
    return [{"account_id": name, "employees": size} for name, size in accounts.items()]


def graded(world, **hysteresis):
    """An ICP whose fit is 90, 67, 40 or 0, as an account has over 90, 67, 40 employees."""
    points = {90: 23, 67: 27, 40: 40, 1: 10}
    world.icp(
        "b2b", *({"rule": {"employees": {"over": n}}, "points": p} for n, p in points.items())
    )
    world.tiers(
        {"tier": "T1", "fit": 70}, {"tier": "T2", "fit": 50}, {"tier": "T3", "fit": 30},
        hysteresis=hysteresis,
    )  # fmt: skip


def tiers_of(world):
    return {t.account_id: t.tier for t in prioritize.targets(world.workspace)}


def test_hysteresis_keeps_a_tier_within_the_margin_and_only_one_held_before(world):
    graded(world, fit=20)
    world.known(sized(world, kept=95, lost=95, new=68))
    prioritize.score(world.workspace)
    assert tiers_of(world) == {"kept": "T1", "lost": "T1", "new": "T1"}
    later = world.at(DAYS[1])
    graded(later, fit=20)
    later.known(sized(world, kept=50, lost=30, fresh=50))
    prioritize.score(later.workspace)
    assert tiers_of(later) == {"kept": "T1", "lost": None, "new": "T1", "fresh": "T2"}


def test_a_tier_asks_for_fit_coverage_strength_and_a_signal_at_once(world):
    world.icp("b2b", {"rule": {"employees": {"over": 1}}, "points": 80},
              {"rule": {"is_hiring": False}, "points": 20})  # fmt: skip
    world.signal("funding-round", points=40)
    world.signal("fair-visit", points=40)
    world.tiers({"tier": "T1", "fit": 70, "coverage": 0.9, "signal_strength": 40,
                 "signals": ["funding-round"]}, {"tier": "T2", "fit": 70})  # fmt: skip
    whole = {"employees": 5, "is_hiring": False}
    world.known([
        {"account_id": "all", **whole},
        {"account_id": "thin", "employees": 5},
        {"account_id": "silent", **whole},
        {"account_id": "other", **whole},
        {"account_id": "faded", **whole},
    ])  # fmt: skip
    world.happened([
        {"account_id": "all", "type": "funding_round"},
        {"account_id": "thin", "type": "funding_round"},
        {"account_id": "other", "type": "fair_visit"},
        {"account_id": "faded", "type": "funding_round",
         "occurred_on": world.today - timedelta(days=1)},
    ])  # fmt: skip
    prioritize.score(world.workspace)
    assert [name for name, tier in tiers_of(world).items() if tier == "T1"] == ["all"]


def test_the_best_tier_of_several_icps_is_taken_and_all_are_named(world):
    for name, over in (("large", 500), ("small", 5)):
        world.icp(name, {"rule": {"employees": {"over": over}}, "points": 10})
    world.known(sized(world, a=50))
    prioritize.score(world.workspace)
    (target,) = prioritize.targets(world.workspace)
    assert (target.tier, target.standing.icp) == ("T1", "small")
    assert target.icps == ("large: scored", "small: T1")


def test_an_override_stands_beside_the_computed_tier_until_it_ends(world):
    graded(world)
    world.known(sized(world, a=5))
    prioritize.score(world.workspace)
    reason = "Met the CFO, the budget is there."
    prioritize.override(world.workspace, "a", Tier.T1, reason=reason, expires_on=DAYS[1])
    (target,) = prioritize.targets(world.workspace)
    assert (target.tier, target.standing.tier, target.overridden_by) == ("T1", None, "rita")
    assert reason in str(prioritize.explain(world.workspace, "a").override)
    after = world.at(DAYS[1] + timedelta(days=1))
    prioritize.score(after.workspace)
    assert tiers_of(after) == {"a": None}
    with pytest.raises(UnknownName):
        prioritize.withdraw(after.workspace, "a")


def test_a_withdrawn_override_counts_no_more(world):
    graded(world)
    world.known(sized(world, a=5))
    prioritize.score(world.workspace)
    prioritize.override(
        world.workspace, "a", Tier.T2, reason="They asked for an offer.", expires_on=DAYS[3]
    )
    prioritize.withdraw(world.workspace, "a", dry_run=True)
    assert tiers_of(world) == {"a": "T2"}
    prioritize.withdraw(world.workspace, "a")
    assert tiers_of(replace(world, today=DAYS[0] + timedelta(days=1))) == {"a": None}


@pytest.mark.parametrize(
    ("account", "reason", "until", "error"),
    [
        ("a", "because", DAYS[1], UsageError),
        ("a", "They asked for an offer.", DAYS[0] - timedelta(days=1), UsageError),
        ("b", "They asked for an offer.", DAYS[1], UnknownName),
    ],
)
def test_an_override_needs_its_account_reason_and_day(world, account, reason, until, error):
    graded(world)
    world.known(sized(world, a=5))
    prioritize.score(world.workspace)
    with pytest.raises(error):
        prioritize.override(world.workspace, account, Tier.T1, reason=reason, expires_on=until)


def five_weeks(world) -> list[runs.Run]:
    """Score five weeks; every week someone grows, someone shrinks, comes or goes."""
    graded(world, fit=20)
    world.signal("grew", change={"field": "employees", "changes": True}, half_life=7)
    done = []
    for week, day in enumerate(DAYS):
        now = world.at(day)
        sizes = {f"a{n}": (n * 37 + week * 29) % 110 for n in range(week, 12)}
        now.known(sized(world, **sizes))
        done.append(prioritize.score(now.workspace).run)
    return done


def test_every_run_replays_to_the_byte_whatever_happened_since(world):
    done = five_weeks(world)
    late = world.at(DAYS[-1])
    assert not scores_path(late.workspace, done[0]).exists()
    late.known(sized(world, a1=1, z=90), on=DAYS[1])
    first = late.workspace.batches()[0].number
    batches.undo(late.store, first, at=late.workspace.now(), actor="rita")
    late.icp("other", {"rule": {"employees": {"under": 40}}, "points": 1})
    for run in done:
        assert prioritize.replay(late.workspace, run.id).identical
    assert len({run.result_sha256 for run in done}) == len(done)
    again = prioritize.score(late.workspace)
    assert again.is_new
    assert prioritize.replay(late.workspace, again.run.id).identical


def test_the_deltas_add_up_to_the_whole_scores(world):
    done = five_weeks(world)
    late = world.at(DAYS[-1]).workspace
    noted = "account_id, met_0, unknown_0, live_0, tier_0, status_0"
    for run in done:
        with late.connection() as connection, prioritize.opened(late, as_of=run.as_of) as whole:
            expected = whole.connection.execute(
                f"SELECT {noted} FROM {whole.scores} ORDER BY ALL"
            ).fetchall()
            scores_path(late, run).unlink(missing_ok=True)
            added = connection.execute(
                f"SELECT {noted} FROM {scores_of(late, run)} ORDER BY ALL"
            ).fetchall()
        assert added == expected


def test_one_thread_and_two_write_the_same_bytes(world, monkeypatch):
    graded(world)
    world.known(sized(world, **{f"a{n}": n % 110 for n in range(3000)}))
    monkeypatch.setenv("BULLSEYE_THREADS", "1")
    run = prioritize.score(world.workspace).run
    monkeypatch.setenv("BULLSEYE_THREADS", "2")
    world.workspace.drop_old_states()
    for folder in (world.workspace.warehouse / "states").iterdir():
        (folder / "noticed.json").unlink()
    assert prioritize.replay(world.workspace, run.id).identical


def test_the_history_of_an_account_is_every_change_and_its_end(world):
    graded(world)
    sizes = [95, 95, 50, None, 95]
    for day, size in zip(DAYS, sizes, strict=True):
        now = world.at(day)
        now.known(sized(world, a=size, b=1))
        prioritize.score(now.workspace)
    found = prioritize.history(world.at(DAYS[-1]).workspace, "a")
    assert [(m.as_of, m.tier, m.status) for m in found.moments] == [
        (DAYS[0], "T1", "scored"),
        (DAYS[2], "T2", "scored"),
        (DAYS[3], None, "insufficient-data"),
        (DAYS[4], "T1", "scored"),
    ]
    with pytest.raises(UnknownName, match="nobody"):
        prioritize.history(world.workspace, "nobody")


def test_a_day_scored_twice_shows_what_was_published_last(world):
    graded(world)
    for day, size in ((DAYS[0], 95), (DAYS[1], 50), (DAYS[1], 95)):
        now = world.at(day)
        now.known(sized(world, a=size))
        prioritize.score(now.workspace)
    found = prioritize.history(world.at(DAYS[1]).workspace, "a")
    assert found.moments[-1].tier == "T1"
    assert prioritize.targets(world.at(DAYS[1]).workspace)[0].tier == "T1"


def test_an_account_whose_import_is_undone_is_gone_even_where_the_icps_changed(world):
    graded(world)
    number = world.known(sized(world, a=95))
    world.known(sized(world, b=95), source="other")
    prioritize.score(world.workspace)
    later = world.at(DAYS[1])
    batches.undo(later.store, number, at=later.workspace.now(), actor="rita")
    later.icp("second", {"rule": {"employees": {"over": 1}}, "points": 1})
    prioritize.score(later.workspace)
    moments = prioritize.history(later.workspace, "a").moments
    assert [(m.as_of, m.gone) for m in moments] == [(DAYS[0], False), (DAYS[1], True)]


def test_the_same_question_is_not_computed_twice(world):
    graded(world)
    world.known(sized(world, a=95))
    first, second = (prioritize.score(world.workspace) for _ in range(2))
    assert (first.is_new, second.is_new, second.run.id) == (True, False, first.run.id)


def test_a_day_before_anything_was_known_is_no_run(world):
    graded(world)
    with pytest.raises(NotEnoughEvidence, match="No accounts are imported"):
        prioritize.score(world.workspace)
    world.known(sized(world, a=95))
    with pytest.raises(NotEnoughEvidence, match="No account was known on 2025-01-01"):
        prioritize.score(world.workspace, as_of=date(2025, 1, 1))
    with pytest.raises(NotEnoughEvidence, match="Nothing has been scored"):
        prioritize.targets(world.workspace)


def test_an_engine_of_another_version_does_not_replay(world, monkeypatch):
    graded(world)
    world.known(sized(world, a=95))
    run = prioritize.score(world.workspace).run
    monkeypatch.setattr(duckdb, "__version__", "1.0.0")
    with pytest.raises(UsageError, match=r"this is duckdb 1\.0\.0.*: bytes may differ"):
        prioritize.replay(world.workspace, run.id)


def test_a_workspace_without_an_icp_says_so(world):
    world.known(sized(world, a=95))
    assert isinstance(world.workspace, Workspace)
    with pytest.raises(UsageError, match="no ICP"):
        prioritize.score(world.workspace)
