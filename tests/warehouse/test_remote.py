"""What a run leaves and asks in a warehouse is written in every dialect's own grammar."""

from datetime import date

import pytest
import sqlglot

from bullseye.warehouse import remote
from bullseye.warehouse.dialects import DIALECTS
from bullseye.warehouse.dialects.base import Dialect
from bullseye.warehouse.remote import Names

NASTY = ["it's", 'a"b', "c\\", "${HOME}", "'; DROP TABLE scores; --"]


@pytest.fixture(params=sorted(DIALECTS))
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = DIALECTS[request.param]
    return found


def test_lists_and_aggregates_can_be_parsed(dialect: Dialect) -> None:
    accounts = "(SELECT 1 AS account_id)"
    condition = remote.listed_sql(dialect, 2, ("old", 1), NASTY)
    statements = [
        remote.counts_sql("scores", 1),
        remote.repeated_sql("scores"),
        remote.cube_sql(dialect, "scores", accounts, 1),
        remote.list_of_scores("scores", 2, condition),
        remote.list_of_accounts(dialect, accounts, ["name", "employees"], "scores", condition),
        remote.list_of_signals(dialect, "signals", accounts, "scores", condition),
        remote.view_sql(dialect, "scores", (), (), "r-1", date(2026, 11, 2)).replace(
            "(\n\n)", "(SELECT 1)"
        ),
    ]
    for sql in statements:
        assert sqlglot.parse_one(sql, read=dialect.grammar or None) is not None


def test_named_accounts_stay_text_whatever_they_say(dialect: Dialect) -> None:
    condition = remote.listed_sql(dialect, 1, None, NASTY)
    parsed = sqlglot.parse_one(f"SELECT 1 FROM t WHERE {condition}", read=dialect.grammar or None)
    texts = [each for each in parsed.find_all(sqlglot.exp.Literal) if each.is_string]
    assert len(texts) == len(NASTY)


def test_each_run_has_tables_of_its_own_and_all_share_the_view() -> None:
    first, second = Names("b", "r-2026-11-02-0001"), Names("b", "r-2026-11-02-0002")
    assert first.scores == "b.scores_r_2026_11_02_0001"
    assert len({first.scores, first.signals, second.scores, second.signals}) == 4
    assert first.view == second.view == "b.scores"
