"""Explanations: every part with its evidence, for any account whatever it is called."""

from datetime import timedelta

import pytest

from bullseye.errors import UnknownName
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.listing import Wish

HOSTILE = (
    "'; DROP TABLE scores; --", '"quoted"', "back\\slash\\'", "{{7*7}}", "<script>", "a\nb",
    "urn:li:123", "%", "", "Ω≈ç", "=cmd()", "a" * 300,
)  # fmt: skip


def test_any_account_can_be_explained_followed_and_listed_whatever_its_name(world):
    world.icp("b2b", {"rule": {"industry": {"none_of": ["x'; --"]}}, "points": 10})
    world.signal("funding-round")
    ids = [each or "empty" for each in HOSTILE]
    world.known([
        {"account_id": each, "name": f"N {each}", "industry": each, "owner": each} for each in ids
    ])  # fmt: skip
    world.happened([{"account_id": e, "type": "funding_round", "subject": e} for e in ids])
    prioritize.score(world.workspace)
    listed = prioritize.targets(world.workspace)
    assert {target.account_id for target in listed} == set(ids)
    for each in ids[:6]:
        found = prioritize.explain(world.workspace, each)
        assert found.target.account_id == each
        (evidence,) = found.verdicts[0].reasons[0].evidence
        assert (evidence.value, evidence.source) == (each, "crm")
        assert prioritize.targets(world.workspace, Wish(account_id=each))[0].owner == each
    assert prioritize.history(world.workspace, ids[0]).moments[0].tier == "T1"
    with pytest.raises(UnknownName):
        prioritize.explain(world.workspace, "nobody'; --")


def test_an_account_is_found_by_domain_or_name_and_twins_are_asked_about(world):
    world.icp("b2b", {"rule": {"employees": {"over": 1}}, "points": 10})
    world.known([
        {"account_id": "1", "name": "Acme GmbH", "domain": "acme.com"},
        {"account_id": "2", "name": "Twin"},
        {"account_id": "3", "name": "Twin"},
    ])  # fmt: skip
    prioritize.score(world.workspace)
    for text in ("1", "ACME.com", "acme"):
        assert prioritize.explain(world.workspace, text).target.account_id == "1"
    with pytest.raises(UnknownName) as raised:
        prioritize.explain(world.workspace, "Twin")
    assert "2" in raised.value.hint
    with pytest.raises(UnknownName) as raised:
        prioritize.explain(world.workspace, "Acmee GmbH")
    assert "Acme GmbH" in raised.value.hint


def test_evidence_names_the_source_the_file_and_the_day_that_said_so(world):
    columns = {"account_id": "Id", "employees": "Size"}
    world.define("sources", "crm", table="accounts", priority=10, columns=columns)
    world.define("sources", "provider", table="accounts", priority=20, describes="Provider",
                 columns=columns)  # fmt: skip
    world.icp("b2b", {"rule": {"employees": {"over": 1}}, "points": 10},
              {"rule": {"country": "DE"}, "points": 10},
              {"rule": {"industry": "Media"}, "points": 10})  # fmt: skip
    days = [world.today - timedelta(days=n) for n in (20, 10, 5)]
    world.known([{"account_id": "a", "name": "Acme", "employees": 7, "country": "AT"}], on=days[1])
    world.known([{"account_id": "a", "name": "Acme", "employees": 9, "country": "DE"}], on=days[2])
    world.known([{"account_id": "a", "name": "Acme", "employees": 9}], on=days[0])
    theirs = {"account_id": "P", "name": "ACME Inc", "employees": 8, "industry": "Media"}
    world.known([theirs], on=days[1], source="provider")
    prioritize.score(world.workspace)
    reasons = prioritize.explain(world.workspace, "a").verdicts[0].reasons
    said = [(e.value, e.source, e.known_on) for reason in reasons for e in reason.evidence]
    assert said == [
        (9, "CRM", days[2]), ("DE", "CRM", days[2]), ("Media", "Provider", days[1]),
    ]  # fmt: skip


def test_an_earlier_day_is_explained_with_what_was_known_and_believed_then(world):
    world.icp("b2b", {"rule": {"employees": {"over": 10}}, "points": 10})
    world.known([{"account_id": "a", "employees": 5}])
    prioritize.score(world.workspace)
    later = world.at(world.today + timedelta(days=30))
    later.icp("b2b", {"rule": {"employees": {"over": 1}}, "points": 10})
    later.known([{"account_id": "a", "employees": 50}])
    prioritize.score(later.workspace)
    then = prioritize.explain(later.workspace, "a", as_of=world.today + timedelta(days=3))
    now = prioritize.explain(later.workspace, "a")
    assert [e.target.tier for e in (then, now)] == [None, "T1"]
    assert [e.verdicts[0].reasons[0].rule for e in (then, now)] == [
        "employees over 10", "employees over 1",
    ]  # fmt: skip
    assert (then.as_of, then.verdicts[0].reasons[0].evidence[0].value) == (world.today, 5)


def test_the_spoken_sentence_says_tier_fit_reasons_and_gaps(world):
    world.icp("b2b", {"name": "large", "rule": {"employees": {"over": 1}}, "points": 70},
              {"name": "hiring", "rule": {"is_hiring": True}, "points": 30})  # fmt: skip
    world.known([{"account_id": "a", "name": "Acme", "employees": 5}])
    prioritize.score(world.workspace)
    assert prioritize.explain(world.workspace, "a").sentence == (
        "Acme is T1 for b2b; fit 100 (between 70 and 100; 70% known); because of large; "
        "not known: hiring."
    )


def test_what_a_tier_still_takes_is_named(world):
    world.icp("b2b", {"rule": {"employees": {"over": 100}}, "points": 70},
              {"rule": {"is_hiring": True}, "points": 30})  # fmt: skip
    world.signal("funding-round")
    world.tiers({"tier": "T1", "fit": 80, "signal_strength": 10, "signals": ["funding-round"]},
                {"tier": "T2", "fit": 70})  # fmt: skip
    world.known([{"account_id": "a", "employees": 500, "is_hiring": False}])
    prioritize.score(world.workspace)
    first, second = prioritize.explain(world.workspace, "a").verdicts[0].steps
    assert first.missing == (
        "fit 70 of 80", "signal strength 0 of 10", "a live signal: funding-round",
    )  # fmt: skip
    assert (second.tier, second.missing) == ("T2", ())
