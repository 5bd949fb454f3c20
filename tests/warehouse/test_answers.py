"""Rules answered on whole columns say what the reference says of every row."""

from datetime import date

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from bullseye.definitions.evaluate import holds
from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.rule import AllOf, AnyOf, Not, Op, Rule
from bullseye.definitions.rule import Test as Comparison
from bullseye.warehouse.answers import answers
from bullseye.warehouse.facts import read_facts
from bullseye.warehouse.rows_in import make_table

TODAY = date(2026, 11, 2)
FIELDS = {
    "employees": Field("employees", FieldType.COUNT, ""),
    "revenue": Field("revenue", FieldType.NUMBER, ""),
    "founded_on": Field("founded_on", FieldType.DATE, ""),
    "industry": Field("industry", FieldType.TEXT, ""),
    "is_hiring": Field("is_hiring", FieldType.FLAG, ""),
    "tags": Field("tags", FieldType.LIST, ""),
}
KINDS = {
    "no": "BIGINT",
    "employees": "BIGINT",
    "revenue": "DOUBLE",
    "founded_on": "DATE",
    "industry": "VARCHAR",
    "is_hiring": "BOOLEAN",
    "tags": "VARCHAR[]",
}
TEXTS = ["", "SaaS", "saas", "ΟΔΟΣ", "it's", 'say "no"', "İ"]
DAYS = [date(1969, 12, 31), date(1970, 1, 1), date(2026, 8, 4), TODAY]
CELLS = {
    "employees": st.integers(0, 4),
    "revenue": st.sampled_from([-1.5, 0.0, -0.0, 0.1, 1e15]),
    "founded_on": st.sampled_from(DAYS),
    "industry": st.sampled_from(TEXTS),
    "is_hiring": st.booleans(),
    "tags": st.lists(st.one_of(st.none(), st.sampled_from(TEXTS)), max_size=3),
}
MEMBERS = [Op.IS, Op.ANY_OF, Op.NONE_OF]
ORDERS = [Op.OVER, Op.UNDER, Op.AT_LEAST, Op.AT_MOST]
OPS = {
    "employees": [*MEMBERS, *ORDERS, Op.BETWEEN],
    "revenue": [*MEMBERS, *ORDERS, Op.BETWEEN],
    "founded_on": [*MEMBERS, *ORDERS, Op.BETWEEN, Op.WITHIN],
    "industry": [*MEMBERS, Op.CONTAINS],
    "is_hiring": MEMBERS,
    "tags": [*MEMBERS, Op.ALL_OF, Op.CONTAINS],
}


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    name = draw(st.sampled_from(sorted(FIELDS)))
    op = draw(st.sampled_from(OPS[name]))
    if op is Op.WITHIN:
        return Comparison(name, op, (draw(st.integers(1, 400)),))
    value = st.sampled_from(TEXTS) if name == "tags" else CELLS[name]
    if op is Op.CONTAINS:
        value = value.filter(bool)
    single = op in ORDERS or op is Op.IS
    least, most = (2, 2) if op is Op.BETWEEN else (1, 1 if single else 3)
    values = draw(st.lists(value, min_size=least, max_size=most))
    return Comparison(name, op, tuple(sorted(values) if op is Op.BETWEEN else values))


RULES = st.recursive(
    comparisons(),
    lambda rules: st.one_of(
        st.builds(Not, rules),
        st.builds(lambda parts: AllOf(tuple(parts)), st.lists(rules, min_size=1, max_size=3)),
        st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(rules, min_size=1, max_size=3)),
    ),
    max_leaves=5,
)
ROWS = st.lists(
    st.fixed_dictionaries({name: st.one_of(st.none(), cell) for name, cell in CELLS.items()}),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(rule=RULES, rows=ROWS)
def test_columns_answer_as_the_reference_does_row_by_row(rule: Rule, rows: list[dict]) -> None:
    with duckdb.connect() as connection:
        values = [[no, *(row[name] for name in FIELDS)] for no, row in enumerate(rows)]
        table = make_table(connection, "t", KINDS, values)
        facts = read_facts(connection, table, FIELDS, order="no")
    found = answers(rule, facts, TODAY)
    wanted = [holds(rule, row, FIELDS, TODAY) for row in rows]
    assert found.known.tolist() == [answer is not None for answer in wanted]
    assert found.yes.tolist() == [answer is True for answer in wanted]
