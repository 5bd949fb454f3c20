"""The layout: every clause has its bit, and every point its place."""

from datetime import date

import pytest

from bullseye.definitions.field import STANDARD_FIELDS, TableName
from bullseye.definitions.icp import Clause
from bullseye.errors import UnknownName
from bullseye.warehouse.layout import FIRST_BIT, HELD, POINTS, layout

TODAY = date(2026, 11, 2)
FIELDS = {f.name: f for f in STANDARD_FIELDS[TableName.ACCOUNTS]}


def scoring(rule, points: int) -> Clause:
    return Clause(name="c", rule=rule, points=points)


def laid_out(*clauses: Clause):
    named = (c.model_copy(update={"name": f"c{at}"}) for at, c in enumerate(clauses))
    return layout(tuple(named), FIELDS, TODAY)


def test_clauses_on_one_field_share_a_part_that_knows_what_goes_together():
    found = laid_out(
        scoring({"employees": {"over": 100}}, 30),
        scoring({"employees": {"under": 50}}, 20),
        scoring({"is_hiring": True}, -10),
        scoring({"employees": {"over": 1}, "is_hiring": True}, 5),
    )
    assert [(part.fields, part.low, part.high) for part in found.parts] == [
        (("employees",), 0, 30), (("is_hiring",), 0, 10), (("employees", "is_hiring"), 0, 5),
    ]  # fmt: skip
    assert (found.base, found.span) == (0, 45)


def test_what_every_value_earns_is_no_part_of_the_score():
    found = laid_out(
        scoring({"employees": {"over": 100}}, 30), scoring({"employees": {"at_most": 100}}, 20)
    )
    assert (found.base, found.span, found.parts[0].span) == (20, 10, 10)
    always = laid_out(scoring({"any": [{"is_hiring": True}, {"is_hiring": False}]}, 7))
    assert (always.without_points, always.span) == (True, 1)


def test_the_bits_of_clauses_points_and_counters_never_meet():
    rule = {"is_hiring": True}
    clauses = [scoring(rule, 100)] * 34
    clauses.append(Clause(name="r", mode="require", rule=rule))
    clauses.append(Clause(name="e", mode="exclude", rule=rule, because="They left very early."))
    found = laid_out(*clauses)
    bits = [found.bit(at) for at in range(36)]
    assert sum(bits) == ((1 << 36) - 1) << FIRST_BIT
    assert sum(c.points for c in clauses) < POINTS
    assert sum(bits) + (1 << FIRST_BIT) < HELD
    assert 36 * HELD < 1 << 63
    assert (found.required, found.first_exclusion) == (1, bits[-1])


def test_a_clause_on_a_field_nobody_knows_is_refused():
    with pytest.raises(UnknownName, match="employees"):
        laid_out(scoring({"employes": 5}, 1))
