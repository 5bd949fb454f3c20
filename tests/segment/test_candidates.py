"""Candidate conditions are what a person would write, and never look at the outcome."""

from datetime import date

import numpy as np
import pytest

from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.rule import Op, read_rule
from bullseye.definitions.rule import Test as Comparison
from bullseye.segment.candidates import candidates, pair, sampled
from bullseye.segment.suitable import unsuitable
from bullseye.warehouse.answers import answers
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact

TODAY = date(2026, 11, 2)


def numbers(name: str, values: list[float], kind: FieldType = FieldType.COUNT) -> NumberFact:
    return NumberFact(Field(name, kind, ""), np.array(values, dtype=np.float64))


def texts(name: str, values: list[str | None], kind: FieldType = FieldType.TEXT) -> TextFact:
    levels = ("no", "yes") if kind is FieldType.FLAG else tuple(sorted({v for v in values if v}))
    codes = [-1 if value is None else levels.index(value) for value in values]
    return TextFact(Field(name, kind, ""), levels, np.array(codes, dtype=np.int32))


def lists(name: str, values: list[list[str] | None]) -> ListFact:
    levels = tuple(sorted({item for value in values for item in value or []}))
    codes = [levels.index(item) for value in values for item in value or []]
    starts = np.cumsum([0, *(len(value or []) for value in values)])
    known = np.array([value is not None for value in values])
    field = Field(name, FieldType.LIST, "")
    return ListFact(field, levels, np.array(codes, np.int32), starts.astype(np.int64), known)


@pytest.fixture
def facts() -> dict[str, Fact]:
    rng = np.random.default_rng(3)
    n = 400
    employees = np.round(np.exp(rng.normal(5, 1.5, n)))
    employees[rng.random(n) < 0.2] = np.nan
    return {
        "employees": numbers("employees", employees.tolist()),
        "founded_year": numbers(
            "founded_year", rng.integers(1995, 2024, n).tolist(), FieldType.YEAR
        ),
        "revenue": numbers("revenue", rng.lognormal(14, 1, n).round(2).tolist(), FieldType.MONEY),
        "industry": texts("industry", rng.choice(["SaaS", "Retail", "Steel", None], n).tolist()),
        "is_hiring": texts(
            "is_hiring", rng.choice(["no", "yes", None], n).tolist(), FieldType.FLAG
        ),
        "technologies": lists(
            "technologies",
            [["Salesforce"] * int(k > 0) + ["Jira"] * int(k > 1) for k in range(3)] * 133 + [None],
        ),
    }


def test_every_candidate_answers_as_its_rule_does(facts: dict[str, Fact]) -> None:
    found = candidates(facts)
    assert {name for each in found for name in each.fields} == set(facts)
    for each in found:
        yes, known = answers(each.rule, facts, TODAY)
        np.testing.assert_array_equal(each.yes, yes)
        np.testing.assert_array_equal(each.known, known)


def test_a_pair_is_unknown_only_while_it_could_turn_out_either_way(facts: dict[str, Fact]) -> None:
    found = candidates(facts)
    for left, right in [(found[0], found[-1]), (found[3], found[20]), (found[1], found[2])]:
        both = pair(left, right)
        yes, known = answers(both.rule, facts, TODAY)
        np.testing.assert_array_equal(both.yes, yes)
        np.testing.assert_array_equal(both.known, known)


def test_thresholds_are_round_numbers_that_move_next_to_nobody() -> None:
    values = np.exp(np.random.default_rng(1).normal(5, 1.5, 20_000)).round()
    rules = [each.rule for each in candidates({"employees": numbers("employees", values.tolist())})]
    bounds = [r.values[0] for r in rules if isinstance(r, Comparison) and r.op is Op.AT_LEAST]
    assert len(bounds) == 9
    assert all(len(str(bound).rstrip("0")) <= 3 for bound in bounds)
    for bound, share in zip(bounds, np.arange(0.9, 0.05, -0.1), strict=True):
        assert (values >= bound).mean() == pytest.approx(share, abs=0.025)


def test_a_year_is_not_rounded_to_a_decade(facts: dict[str, Fact]) -> None:
    rules = [each.rule for each in candidates({"founded_year": facts["founded_year"]})]
    bounds = [r.values[0] for r in rules if isinstance(r, Comparison) and r.op is Op.AT_LEAST]
    assert any(bound % 10 for bound in bounds)


def test_bands_are_written_from_and_to_and_whole_ones_do_not_overlap(
    facts: dict[str, Fact],
) -> None:
    rules = [each.rule for each in candidates({"employees": facts["employees"]})]
    bands = [r for r in rules if isinstance(r, Comparison) and r.op is Op.BETWEEN]
    assert bands
    lows = {band.values[0] for band in bands}
    assert any(band.values[1] + 1 in lows for band in bands)


def test_rare_levels_and_nearly_constant_ones_give_nothing() -> None:
    many = ["SaaS"] * 600 + ["Steel"] * 397 + ["Zoo"] * 3
    found = [str(each) for each in candidates({"industry": texts("industry", many)})]
    assert found == ["industry any of SaaS", "industry any of Steel"]
    assert candidates({"industry": texts("industry", ["SaaS"] * 996 + ["Zoo"] * 4)}) == []


def test_two_levels_are_one_condition() -> None:
    found = candidates({"country": texts("country", ["DE", "AT"] * 50, FieldType.COUNTRY)})
    assert len(found) == 1


def test_the_teams_own_groups_join() -> None:
    country = texts("country", ["DE", "AT", "FR", "US"] * 50, FieldType.COUNTRY)
    dach = read_rule({"country": ["DE", "AT"]})
    found = [each.rule for each in candidates({"country": country}, groupings=[dach])]
    assert dach in found


def test_fields_of_the_process_and_names_are_left_out_and_said_why() -> None:
    rng = np.random.default_rng(5)
    n = 200
    facts = {
        "account_id": texts("account_id", [f"a{i}" for i in range(n)], FieldType.ID),
        "owner": texts("owner", ["Ann", "Bob"] * 100),
        "lifecycle_stage": texts("lifecycle_stage", ["Lead", "Customer"] * 100),
        "last_activity": texts("last_activity", ["call", "mail"] * 100),
        "created_on": numbers("created_on", rng.integers(0, 999, n).tolist(), FieldType.DATE),
        "slogan": texts("slogan", [f"we do {i}" for i in range(n)]),
        "record": numbers("record", (100_000 + rng.permutation(n)).tolist()),
        "funding_stage": texts("funding_stage", ["Seed", "Series A"] * 100),
    }
    left = {each.field: each.reason for each in unsuitable(facts)}
    assert set(left) == set(facts) - {"funding_stage"}
    assert left["owner"] == "it says who works the account"
    assert left["slogan"] == "nearly every account has its own value"
    assert {each.fields for each in candidates(facts)} == {("funding_stage",)}
    assert ("owner",) in {each.fields for each in candidates(facts, insist=["owner"])}


def test_headcounts_are_no_identifiers_though_all_differ() -> None:
    headcounts = np.unique(np.round(np.exp(np.linspace(3, 11, 300))))
    assert unsuitable({"employees": numbers("employees", headcounts.tolist())}) == ()


def test_a_sample_has_the_facts_of_its_rows(facts: dict[str, Fact]) -> None:
    rows = np.array([399, 5, 5, 0])
    taken = sampled(facts, rows)
    for name, fact in facts.items():
        rule = candidates({name: fact})[0].rule
        whole, part = answers(rule, facts, TODAY), answers(rule, taken, TODAY)
        np.testing.assert_array_equal(part.yes, whole.yes[rows])
        np.testing.assert_array_equal(part.known, whole.known[rows])


def test_nothing_known_gives_nothing() -> None:
    facts = {"employees": numbers("employees", [np.nan] * 5), "tags": lists("tags", [None] * 5)}
    assert candidates(facts) == []
