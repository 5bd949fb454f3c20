"""The semantic difference of two projects: only what changes who is chosen, and all of it."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bullseye.definitions import Icp, Project, Signal, TierPolicy
from bullseye.definitions.diff import applied, difference, meaning

GOVERNED = {"owner": "Dana Whitfield", "review_by": date(2030, 1, 1), "review_when": ["it moves"]}


def signal(name: str, points: int = 40) -> Signal:
    written = {"event": "funding", "window": 90, "half_life": 30, "why_now": "Raised money."}
    return Signal.model_validate({"name": name, **GOVERNED, **written, "points": points})


def policy(fit: int) -> TierPolicy:
    entries = [{"tier": "T1", "fit": fit, "signals": ["raised"]}, {"tier": "T2", "fit": 20}]
    return TierPolicy.model_validate({"name": "default", **GOVERNED, "tiers": entries})


def icp(name: str, criteria: list[dict[str, Any]], **more: Any) -> Icp:
    return Icp.model_validate({"name": name, **GOVERNED, "criteria": criteria, **more})


def project(*icps: Icp, fit: int = 70, points: int = 40) -> Project:
    return Project(
        icps={each.name: each for each in icps},
        signals={"raised": signal("raised", points)},
        tiers={"default": policy(fit)},
    )


BIG = {"name": "big", "points": 10, "rule": {"employees": {"over": 100}}}
SOFT = {"name": "soft", "points": 20, "rule": {"industry": ["SaaS", "Fintech"]}}


def test_order_names_owners_and_dates_are_no_difference() -> None:
    old = project(icp("north", [BIG, SOFT]))
    renamed = {**SOFT, "name": "software", "rule": {"industry": ["Fintech", "SaaS"]}}
    moved = icp("north", [renamed, BIG]).model_copy(
        update={"owner": "Sam Obi", "review_by": date(2031, 1, 1), "goal": "more"}
    )
    assert difference(old, project(moved)) == ()


def test_a_renamed_profile_signal_or_policy_is_the_same_one() -> None:
    old = project(icp("north", [BIG], signals=["raised"]))
    new = Project(
        icps={"nordics": icp("nordics", [BIG], signals=["money"], tiers="usual")},
        signals={"money": signal("money")},
        tiers={
            "usual": policy(70).model_copy(
                update={
                    "name": "usual",
                    "tiers": tuple(
                        e.model_copy(update={"signals": ("money",) if e.signals else ()})
                        for e in policy(70).tiers
                    ),
                }
            )
        },
    )
    assert difference(old, new) == ()


def test_each_change_is_said_in_words() -> None:
    old = project(icp("north", [BIG, SOFT]))
    new = project(icp("north", [{**BIG, "points": 15}], min_coverage="60%"), fit=60, points=30)
    said = [each.sentence for each in difference(old, new)]
    assert said == [
        "ICP north: employees over 100 counts 15 points instead of 10",
        "ICP north: no longer scores industry any of Fintech, SaaS with 20 points",
        "ICP north: min coverage 0.5 -> 0.6",
        "signal raised funding, 40 points, half-life 30 days, window 90 days"
        " -> funding, 30 points, half-life 30 days, window 90 days",
        "tiers default, T1: fit 70, signals raised -> fit 60, signals raised",
    ]


def test_the_same_question_asked_twice_counts_twice() -> None:
    once, twice = project(icp("north", [BIG])), project(icp("north", [BIG, {**BIG, "name": "b2"}]))
    (change,) = difference(once, twice)
    assert change.sentence == "ICP north: employees over 100 counts 20 points instead of 10"


rules = st.sampled_from(
    [
        {"employees": {"over": 100}},
        {"employees": {"between": [10, 50]}},
        {"industry": ["SaaS", "Fintech"]},
        {"any": [{"country": "DE"}, {"not": {"employees": {"under": 5}}}]},
    ]
)
criteria = st.lists(st.tuples(rules, st.integers(1, 30)), min_size=1, max_size=4).map(
    lambda drawn: [
        {"name": f"c{at}", "rule": rule, "points": points}
        for at, (rule, points) in enumerate(drawn)
    ]
)
projects = st.builds(
    lambda drawn, fit, points: project(icp("north", drawn), fit=fit, points=points),
    criteria,
    st.integers(0, 100),
    st.integers(1, 50),
)


@given(projects, projects)
@settings(max_examples=80, deadline=None)
def test_the_difference_applied_to_the_old_gives_the_new(old: Project, new: Project) -> None:
    assert applied(difference(old, new), meaning(old)) == meaning(new)


@given(projects)
@settings(max_examples=40, deadline=None)
def test_nothing_differs_from_itself(one: Project) -> None:
    again = Project.from_canonical(one.canonical())
    assert difference(one, again) == ()
