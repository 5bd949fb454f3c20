"""Counting: accounts rather than mentions, in windows of a month, and two questions apart."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bullseye.research.counting import (
    DAYS,
    Heard,
    Novelty,
    Rule,
    Said,
    ThemeCount,
    theme_counts,
    window_of,
)
from bullseye.research.source import EvidenceKind

TODAY = date(2026, 11, 22)
PRICE = {"price": EvidenceKind.OBJECTION}


def heard(number: int, account: str | None, *, ago: int = 3) -> Heard:
    return Heard(number, TODAY - timedelta(days=ago), account, frozenset({f"rep {number % 2}"}))


def counted(said: list[Said], sources: list[Heard]) -> ThemeCount:
    (row,) = theme_counts(PRICE, said, sources, TODAY)
    return row


def test_an_account_counts_once_however_often_it_says_it() -> None:
    sources = [heard(n, "acme") for n in range(5)]
    row = counted([Said("price", n, True) for n in range(5)] * 3, sources)
    assert (row.accounts, row.sources, row.quotes) == (1, 5, 15)
    assert row.rule is Rule.NOT_YET


def test_three_confirmed_accounts_in_a_month_fire_the_rule() -> None:
    sources = [heard(n, f"a{n}") for n in range(3)]
    row = counted([Said("price", n, True) for n in range(3)], sources)
    assert row.rule is Rule.FIRED
    assert (row.confirmed, row.confirmed_accounts, row.ours) == (3, 3, 2)


def test_candidates_alone_only_ask_for_a_review() -> None:
    sources = [heard(n, f"a{n}") for n in range(3)]
    assert counted([Said("price", n, n == 0) for n in range(3)], sources).rule is Rule.TO_REVIEW


def test_one_source_is_not_enough_and_a_nameless_account_counts_for_none() -> None:
    row = counted([Said("price", n, True) for n in range(3)], [heard(n, None) for n in range(3)])
    assert (row.accounts, row.nameless, row.rule) == (0, 3, Rule.NOT_YET)


def test_what_was_said_before_the_window_counts_in_its_own() -> None:
    sources = [heard(n, f"a{n}", ago=n * DAYS) for n in range(8)]
    row = counted([Said("price", n, True) for n in range(8)], sources)
    assert row.accounts == 1
    assert row.earlier == (1, 1, 1, 1, 1, 1)


def test_tomorrow_and_undated_sources_count_nowhere() -> None:
    sources = [heard(0, "a", ago=-1), Heard(1, None, "b")]
    row = counted([Said("price", 0, True), Said("price", 1, True)], sources)
    assert (row.accounts, row.share.n, row.novelty) == (0, 0, Novelty.CANNOT_TELL)


def test_the_share_is_of_accounts_that_were_heard_at_all() -> None:
    sources = [heard(n, f"a{n}") for n in range(10)]
    row = counted([Said("price", 0, True)], sources)
    assert (row.share.share, row.share.n) == (0.1, 10)
    assert row.share.low < 0.1 < row.share.high


def test_new_is_what_nobody_said_before() -> None:
    earlier = [heard(100 + n, f"old{n}", ago=40 + n) for n in range(100)]
    now = [heard(n, f"a{n}") for n in range(20)]
    row = counted([Said("price", n, True) for n in range(5)], earlier + now)
    assert row.novelty is Novelty.NEW
    assert row.q is not None
    assert row.q < 0.05


def test_what_everybody_always_says_fires_and_is_not_new() -> None:
    every = [heard(n, f"a{n}", ago=n) for n in range(200)]
    row = counted([Said("price", n, True) for n in range(0, 200, 4)], every)
    assert (row.rule, row.novelty) == (Rule.FIRED, Novelty.AS_BEFORE)


def test_of_many_themes_one_surprise_is_not_enough() -> None:
    kinds = {f"t{n}": EvidenceKind.PAIN for n in range(40)}
    every = [heard(n, f"a{n}", ago=n) for n in range(200)]
    said = [Said("t0", n, True) for n in (1, 2)] + [
        Said(f"t{n % 40}", n, True) for n in range(10, 200)
    ]
    alone = theme_counts({"t0": EvidenceKind.PAIN}, said, every, TODAY)[0]
    among = next(r for r in theme_counts(kinds, said, every, TODAY) if r.theme == "t0")
    assert alone.p == among.p
    assert alone.q is not None
    assert among.q is not None
    assert among.q > alone.q


@given(st.integers(0, 400))
def test_every_day_lies_in_one_window(ago: int) -> None:
    window = window_of(TODAY - timedelta(days=ago), TODAY)
    assert window == (ago // DAYS if ago < 7 * DAYS else None)
