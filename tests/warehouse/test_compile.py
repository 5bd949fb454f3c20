"""Compiled scores equal the slow reading of the same definitions, whatever the data."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bullseye.definitions.completion import earned, representatives
from bullseye.definitions.evaluate import holds
from bullseye.definitions.field import STANDARD_FIELDS, Field, FieldType, TableName
from bullseye.definitions.icp import Mode
from bullseye.definitions.project import KINDS, Project
from bullseye.definitions.rule import fields_in, read_rule
from bullseye.definitions.rule import tests_in as comparisons
from bullseye.errors import DefinitionError
from bullseye.prioritize.scores import Scoring, load_weights
from bullseye.prioritize.verdict import Answer, fit, status, tier, tier_at_best, tier_at_worst
from bullseye.warehouse.batches import COLUMN_TYPES
from bullseye.warehouse.compile import Profile, day_number
from bullseye.warehouse.dialect import DUCKDB

TODAY = date(2026, 11, 2)
ENGINE = duckdb.connect(config={"threads": 1})
GOVERNED = {"owner": "Dana Whitfield", "review_by": TODAY, "review_when": ["it moves"]}
FIELDS = {f.name: f for f in STANDARD_FIELDS[TableName.ACCOUNTS]} | {
    "rate": Field("rate", FieldType.NUMBER, "A number of the customer's own.")
}
USED = (
    "employees", "revenue", "rate", "industry", "country", "technologies", "is_hiring",
    "created_on", "founded_year",
)  # fmt: skip
TEXTS = (
    "Fintech", "fintech", "B2B SaaS", "O'Brien'; DROP TABLE accounts; --", "back\\slash",
    "ΟΔΟΣ", "İX", "any other value", "a\nb", "100%_", "{subject}", "\N{PILE OF POO}", " ",
)  # fmt: skip
PARTS = ("fin", "SAAS", "'", "\\", "Σ", "i", "%", "value", "a", "\n", "\N{PILE OF POO}")
NUMBERS: dict[str, tuple[Any, ...]] = {
    "employees": (0, 1, 49, 50, 51, 500, 10**12),
    "founded_year": (1999, 2000, 2001),
    "revenue": (-0.01, 0.0, 0.01, 49.99, 50.0, 50.01, 9e14),
    "rate": (-1e300, -0.5, -0.0, 0.0, 5e-324, 0.2, math.nextafter(0.2, 1), 0.1 + 0.2, 1e300),
}
BOUNDS: dict[str, tuple[Any, ...]] = {
    "employees": (0, 50, 50.5, 500, 10**20, 10**400),
    "founded_year": (2000,),
    "revenue": (0, 50, 50.005, 0.01, 10**16),
    "rate": (0, 0.2, 0.3, 0.30000000000000004, -0.5, 1e300),
}
DAYS = tuple(TODAY + timedelta(days=n) for n in (-400, -31, -30, -29, -1, 0, 1, 400))


def rules() -> st.SearchStrategy[Any]:
    order = st.sampled_from(("over", "under", "at_least", "at_most"))
    one_of = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True)
    part_of = st.lists(st.sampled_from(PARTS), min_size=1, max_size=2, unique=True)
    chosen = st.sampled_from(("any_of", "none_of"))
    looked_for = part_of.map(lambda parts: {"contains": parts})
    tests = [
        st.builds(lambda name, op, v: {name: {op: v}}, st.just(name), order, st.sampled_from(v))
        for name, v in BOUNDS.items()
    ]
    tests += [
        st.tuples(st.sampled_from(v), st.sampled_from(v)).map(
            lambda ends, name=name: {name: {"between": sorted(ends)}}
        )
        for name, v in BOUNDS.items()
    ]
    tests += [
        st.sampled_from(BOUNDS["rate"]).map(lambda v: {"rate": {"any_of": [v]}}),
        st.sampled_from((0, 50, 10**20)).map(lambda v: {"employees": {"none_of": [v, 1]}}),
        st.booleans().map(lambda v: {"is_hiring": v}),
        st.builds(lambda op, v: {"industry": {op: v}}, chosen, one_of),
        looked_for.map(lambda rule: {"industry": rule}),
        st.builds(lambda op: {"country": {op: ["Norway", "DE"]}}, chosen),
        st.builds(
            lambda op, v: {"technologies": {op: v}},
            st.sampled_from(("any_of", "all_of", "none_of")),
            one_of,
        ),
        looked_for.map(lambda rule: {"technologies": rule}),
        st.sampled_from((1, 30, 10**9)).map(lambda v: {"created_on": {"within": v}}),
        st.builds(lambda op, v: {"created_on": {op: v}}, order, st.sampled_from(DAYS)),
    ]

    def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            several.map(lambda parts: {"all": parts}),
            several.map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        )

    return st.recursive(st.one_of(tests), nested, max_leaves=5)


def clauses() -> st.SearchStrategy[Any]:
    unknown = st.sampled_from(({}, {"when_unknown": "admit"}, {"when_unknown": "hold"}))
    points = st.integers(-30, 30).filter(bool).map(lambda n: {"points": n})
    refuse = {"mode": "exclude", "because": "They left four times as often."}
    kinds = st.one_of(
        points,
        points,
        unknown.map(lambda when: {"mode": "require", **when}),
        unknown.map(lambda when: {**refuse, **when}),
    )
    return st.builds(lambda rule, kind: {"rule": rule, **kind}, rules(), kinds)


def icps(name: str) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda written, least: KINDS["icps"].model_validate(
            {
                "name": name,
                **GOVERNED,
                "criteria": [{"name": f"c{at}", **each} for at, each in enumerate(written)],
                "min_coverage": least,
            }
        ),
        st.lists(clauses(), min_size=1, max_size=6),
        st.sampled_from((0.0, 0.5, 2 / 3, 1.0)),
    )


def policies() -> st.SearchStrategy[Any]:
    entry = st.fixed_dictionaries(
        {
            "fit": st.integers(0, 100),
            "coverage": st.sampled_from((0.0, 1 / 3, 0.5, 0.66666)),
            "signal_strength": st.sampled_from((0, 0, 20)),
            "signals": st.sampled_from(((), (), ("funding-round",))),
        }
    )
    return st.lists(entry, min_size=1, max_size=3).map(
        lambda entries: KINDS["tiers"].model_validate(
            {
                "name": "default",
                **GOVERNED,
                "tiers": [{"tier": f"T{n}", **each} for n, each in enumerate(entries, 1)],
            }
        )
    )


def known_cells(name: str) -> st.SearchStrategy[Any]:
    kind = FIELDS[name].type
    if kind is FieldType.LIST:
        return st.lists(st.sampled_from((*TEXTS, None)), max_size=4)
    if kind is FieldType.DATE:
        return st.sampled_from(DAYS)
    if kind is FieldType.FLAG:
        return st.booleans()
    if kind is FieldType.COUNTRY:
        return st.sampled_from(("NO", "DE", "AT"))
    return st.sampled_from(NUMBERS.get(name, TEXTS))


def cells(name: str) -> st.SearchStrategy[Any]:
    return st.none() | known_cells(name)


ROWS = st.lists(st.fixed_dictionaries({n: cells(n) for n in USED}), min_size=1, max_size=8)
SIGNAL = KINDS["signals"].model_validate(
    {
        "name": "funding-round", **GOVERNED, "event": "funding_round", "window": 60,
        "half_life": 30, "points": 30, "why_now": "Raised {subject}.",
    }
)  # fmt: skip


SOURCE = KINDS["sources"].model_validate(
    {
        "name": "crm", **GOVERNED, "table": "accounts",
        "columns": {"rate": {"column": "Rate", "type": "number"}},
    }
)  # fmt: skip


def project_of(policy: Any, *icps: Any, **kinds: Any) -> Project:
    return Project(
        icps={each.name: each for each in icps},
        tiers={"default": policy},
        signals={SIGNAL.name: SIGNAL},
        sources={SOURCE.name: SOURCE},
        **kinds,
    )


def scored(
    project: Project, rows: Sequence[Mapping[str, Any]], ages: Sequence[int | None] = ()
) -> dict[tuple[str, int], dict[str, Any]]:
    """Return what the compiled statement says, by profile and number of the row."""
    connection = ENGINE
    typed_columns = ", ".join(
        f"{DUCKDB.identifier(n)} {COLUMN_TYPES[FIELDS[n].type]}" for n in ("account_id", *USED)
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE accounts ({typed_columns}, _ultimate_parent_id VARCHAR)"
    )
    marks = ", ".join("?" for _ in USED)
    connection.executemany(
        f"INSERT INTO accounts VALUES (?, {marks}, NULL)",
        [(str(at), *(row[name] for name in USED)) for at, row in enumerate(rows)],
    )
    happened = [(at, age) for at, age in enumerate(ages) if age is not None]
    signals = pa.table(
        {
            "signal_no": pa.array(range(1, len(happened) + 1), pa.int64()),
            "account_id": pa.array([str(at) for at, _ in happened], pa.string()),
            "type": pa.array(["funding_round"] * len(happened), pa.string()),
            "subject": pa.array(["Series B"] * len(happened), pa.string()),
            "occurred_day": pa.array([day_number(TODAY) - age for _, age in happened], pa.int32()),
        }
    )
    connection.register("signals", signals)
    load_weights(connection, project)
    scoring = Scoring.of(project, TODAY)
    sql = scoring.sql(accounts="accounts", events="signals", previous=None)
    connection.execute(f"CREATE OR REPLACE TABLE scores AS {sql}")
    result = connection.execute(scoring.rendered("scores"))
    names = [name for name, *_ in result.description]
    found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {(each["icp"], int(each["account_id"])): each for each in found}


def plain_points(profile: Profile, row: Mapping[str, Any]) -> tuple[int, int]:
    """Return the points earned and open of a row, counted part by part."""
    points = still_open = 0
    for part in profile.layout.parts:
        answers = [
            holds(profile.layout.clauses[at].rule, row, FIELDS, TODAY) for at in part.clauses
        ]
        if None in answers:
            still_open += part.span
        else:
            members = zip(part.clauses, answers, strict=True)
            points += sum(earned(profile.layout.clauses[at], a) for at, a in members) - part.low
    return points, still_open


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=icps("alpha"),
    second=icps("beta"),
    policy=policies(),
    rows=ROWS,
    ages=st.lists(st.none() | st.sampled_from((0, 30, 60, 61)), min_size=8, max_size=8),
)
def test_the_engine_gives_every_answer_the_slow_reading_gives(
    first: Any, second: Any, policy: Any, rows: list[dict[str, Any]], ages: list[int | None]
) -> None:
    project = project_of(policy, first, second)
    found = scored(project, rows, ages[: len(rows)])
    for profile in Scoring.of(project, TODAY).profiles:
        for at, row in enumerate(rows):
            said = found[profile.icp.name, at]
            layout = profile.layout
            answers = [holds(clause.rule, row, FIELDS, TODAY) for clause in layout.clauses]
            bits = range(len(answers))
            assert [layout.is_met(said["met"], n) for n in bits] == [a is True for a in answers]
            assert [layout.is_unknown(said["unknown"], n) for n in bits] == [
                a is None for a in answers
            ]
            answer = Answer(said["met"], said["unknown"], said["signal_class"])
            points = fit(profile, answer)
            if not layout.without_points:
                assert (points.points, points.open) == plain_points(profile, row)
            assert said["fit_score"] == pytest.approx(points.score)
            assert (said["fit_low"], said["fit_high"], said["fit_coverage"]) == pytest.approx(
                (points.low, points.high, points.coverage)
            )
            assert said["status"] == status(profile, answer).label
            assert said["tier"] == tier(profile, answer)
            assert said["tier_low"] == tier_at_worst(profile, answer)
            assert said["tier_high"] == tier_at_best(profile, answer)
            met_exclusions = [
                clause.name
                for clause, a in zip(layout.clauses, answers, strict=True)
                if a and clause.mode is Mode.EXCLUDE
            ]
            assert said["excluded_by"] == (met_exclusions or [None])[0]


WORST_FIRST = [None, "T3", "T2", "T1"]


WORST_FIRST = [None, "T3", "T2", "T1"]
KNOWN = {name: known_cells(name) for name in USED}
WHOLE_ROWS = st.lists(st.fixed_dictionaries(KNOWN), min_size=4, max_size=4)
GAPS = st.lists(st.sets(st.sampled_from(USED)), min_size=4, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    icp=icps("alpha"), policy=policies(), whole=WHOLE_ROWS, gaps=GAPS, name=st.sampled_from(USED)
)
def test_the_range_holds_every_completion_and_more_data_never_widens_it(
    icp: Any, policy: Any, whole: list[dict[str, Any]], gaps: list[set[str]], name: str
) -> None:
    rows = [
        {n: None if n in gap | {name} else cell for n, cell in row.items()}
        for row, gap in zip(whole, gaps, strict=True)
    ]
    filled = [{**row, name: full[name]} for row, full in zip(rows, whole, strict=True)]
    project = project_of(policy, icp)
    found = scored(project, [*rows, *filled, *whole])
    for at in range(len(rows)):
        before, after, complete = (found["alpha", at + n * len(rows)] for n in range(3))
        assert before["fit_low"] - 1e-9 <= after["fit_low"] <= after["fit_high"] + 1e-9
        assert after["fit_high"] <= before["fit_high"] + 1e-9
        assert complete["fit_coverage"] == 1
        assert before["fit_low"] - 1e-9 <= complete["fit_score"] <= before["fit_high"] + 1e-9
        low, high, inner_low, inner_high, tier_then = (
            WORST_FIRST.index(each)
            for each in (
                before["tier_low"], before["tier_high"], after["tier_low"], after["tier_high"],
                complete["tier"],
            )
        )  # fmt: skip
        assert low <= inner_low <= inner_high <= high
        assert low <= tier_then <= high


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rules_=st.lists(rules().filter(lambda r: len(fields_in(read_rule(r))) == 1), min_size=1),
    points=st.lists(st.sampled_from((-7, 5, 11)), min_size=12, max_size=12),
)
def test_where_each_field_stands_alone_both_ends_of_the_range_are_attained(
    rules_: list[Any], points: list[int]
) -> None:
    written = [
        {"name": f"c{at}", "rule": rule, "points": n}
        for at, (rule, n) in enumerate(zip(rules_[:12], points, strict=False))
        if "10000000000" not in str(rule)  # no cell is so large
    ]
    assume(written)
    icp = KINDS["icps"].model_validate({"name": "alpha", **GOVERNED, "criteria": written})
    project = project_of(ANY_TIER, icp)
    (profile,) = Scoring.of(project, TODAY).profiles
    nothing = dict.fromkeys(USED)
    ends = [dict(nothing), dict(nothing)]
    for part in profile.layout.parts:
        (name,) = part.fields
        members = [profile.layout.clauses[at] for at in part.clauses]
        tests = [test for clause in members for test in comparisons(clause.rule)]
        tried = representatives(tests, FIELDS[name], TODAY)
        assume(tried is not None)
        totals = [
            (sum(earned(c, holds(c.rule, {name: cell}, FIELDS, TODAY)) for c in members), cell)
            for cell in tried or ()
        ]
        for end, choose in zip(ends, (min, max), strict=True):
            end[name] = choose(totals, key=lambda each: each[0])[1]
    found = scored(project, [nothing, *ends])
    unsure, worst, best = (found["alpha", at] for at in range(3))
    assert worst["fit_score"] == pytest.approx(unsure["fit_low"])
    assert best["fit_score"] == pytest.approx(unsure["fit_high"])


def clause(rule: dict[str, Any], **written: Any) -> dict[str, Any]:
    return {"rule": rule, **written}


def an_icp(*written: dict[str, Any], **more: Any) -> Any:
    named = [{"name": f"c{at}", **each} for at, each in enumerate(written)]
    return KINDS["icps"].model_validate({"name": "alpha", **GOVERNED, "criteria": named, **more})


ANY_TIER = KINDS["tiers"].model_validate(
    {"name": "default", **GOVERNED, "tiers": [{"tier": "T1", "fit": 70}, {"tier": "T3", "fit": 10}]}
)
EMPTY = dict.fromkeys(USED)
LARGE = clause({"employees": {"over": 50}}, points=60)
HIRING = clause({"is_hiring": True}, points=40)
REFUSED = {"mode": "exclude", "because": "They left four times as often."}


@pytest.mark.parametrize(
    ("written", "row", "status_", "tier_", "ends"),
    [
        ([LARGE, HIRING], {}, "insufficient-data", None, (None, "T1")),
        ([LARGE, HIRING], {"employees": 51}, "scored", "T1", ("T3", "T1")),
        ([LARGE, HIRING], {"is_hiring": True}, "insufficient-data", None, ("T3", "T1")),
        ([LARGE, HIRING], {"employees": 50}, "scored", None, (None, "T3")),
        (
            [LARGE, clause({"country": "DE"}, mode="require")],
            {"employees": 51}, "insufficient-data", None, (None, "T1"),
        ),
        (
            [LARGE, clause({"country": "DE"}, mode="require", when_unknown="admit")],
            {"employees": 51}, "scored", "T1", (None, "T1"),
        ),
        (
            [LARGE, clause({"country": "DE"}, mode="require")],
            {"employees": 51, "country": "AT"}, "out-of-scope", None, (None, None),
        ),
        ([LARGE, clause({"country": "AT"}, **REFUSED)], {"employees": 51}, "scored", "T1",
         (None, "T1")),
        (
            [LARGE, clause({"country": "AT"}, **REFUSED, when_unknown="hold")],
            {"employees": 51}, "insufficient-data", None, (None, "T1"),
        ),
        (
            [LARGE, clause({"country": "AT"}, **REFUSED)],
            {"employees": 51, "country": "AT"}, "excluded", None, (None, None),
        ),
        ([clause({"country": "DE"}, mode="require")], {"country": "DE"}, "scored", "T1",
         ("T1", "T1")),
        ([clause({"country": "DE"}, mode="require")], {}, "insufficient-data", None,
         (None, "T1")),
    ],
)  # fmt: skip
def test_unknown_is_never_no(written, row, status_, tier_, ends):
    said = scored(project_of(ANY_TIER, an_icp(*written)), [{**EMPTY, **row}])["alpha", 0]
    assert (said["status"], said["tier"]) == (status_, tier_)
    assert (said["tier_low"], said["tier_high"]) == ends


def test_a_tier_for_any_fit_needs_nothing_known():
    policy = KINDS["tiers"].model_validate(
        {"name": "default", **GOVERNED, "tiers": [{"tier": "T3", "fit": 0}]}
    )
    said = scored(project_of(policy, an_icp(LARGE)), [EMPTY])["alpha", 0]
    assert (said["status"], said["tier"], said["tier_low"]) == ("scored", "T3", "T3")
    assert (said["fit_score"], said["fit_coverage"]) == (None, 0)


def test_every_icp_gains_the_shared_exclusions_but_its_own_of_that_name():
    shared = KINDS["exclusions"].model_validate(
        {
            "name": "too-small", **GOVERNED, "rule": {"employees": {"under": 20}},
            "because": "They left four times as often.",
        }
    )  # fmt: skip
    own = clause({"employees": {"under": 5}}, name="too-small", **REFUSED)
    other = an_icp(LARGE, own).model_copy(update={"name": "beta"})
    project = project_of(ANY_TIER, an_icp(LARGE), other, exclusions={"too-small": shared})
    said = scored(project, [{**EMPTY, "employees": 10}, {**EMPTY, "employees": 4}])
    assert [said[icp, 0]["status"] for icp in ("alpha", "beta")] == ["excluded", "scored"]
    assert [said[icp, 1]["excluded_by"] for icp in ("alpha", "beta")] == ["too-small"] * 2


def test_as_many_clauses_as_fit_are_told_apart():
    written = [
        clause({"employees": {"over": n}}, mode="require" if n % 2 else "score",
               **({} if n % 2 else {"points": 100}))
        for n in range(36)
    ]  # fmt: skip
    rows = [{**EMPTY, "employees": 100}, {**EMPTY, "employees": 20}, EMPTY]
    said = scored(project_of(ANY_TIER, an_icp(*written)), rows)
    assert [said["alpha", at]["status"] for at in range(3)] == [
        "scored", "out-of-scope", "insufficient-data",
    ]  # fmt: skip
    assert [said["alpha", at]["fit_score"] for at in range(3)] == [
        100, pytest.approx(100 * 10 / 18), None,
    ]  # fmt: skip


def test_more_clauses_than_fit_are_a_clear_error():
    shared = {
        f"e{n}": KINDS["exclusions"].model_validate(
            {
                "name": f"e{n}", **GOVERNED, "rule": {"employees": n},
                "because": "They left four times as often.",
            }
        )
        for n in range(36)
    }  # fmt: skip
    with pytest.raises(DefinitionError, match="37 criteria and exclusions; at most 36"):
        Scoring.of(project_of(ANY_TIER, an_icp(LARGE), exclusions=shared), TODAY)


def test_more_signals_than_bits_are_a_clear_error():
    signals = {f"s{n}": SIGNAL.model_copy(update={"name": f"s{n}"}) for n in range(64)}
    project = Project(icps={"alpha": an_icp(LARGE)}, tiers={"default": ANY_TIER}, signals=signals)
    with pytest.raises(DefinitionError, match="64 signals; at most 63"):
        Scoring.of(project, TODAY)


def test_a_field_nobody_knows_is_named_with_its_nearest():
    with pytest.raises(DefinitionError, match=r"criterion c0.*'employes'") as raised:
        Scoring.of(project_of(ANY_TIER, an_icp(clause({"employes": 1}, points=1))), TODAY)
    assert "employees" in raised.value.hint
