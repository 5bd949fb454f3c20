"""A model learns from unlabelled rows who is likely one, and says so when it cannot."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bullseye.errors import UsageError
from bullseye.segment.duplicates import Link
from bullseye.segment.likely import CONTACT_FIELDS, Compared, Kind, Likely, likely
from bullseye.warehouse.connect import connect
from bullseye.warehouse.rows_in import make_table

FIELDS = (
    Compared("first", "first", Kind.NAME),
    Compared("last", "last", Kind.NAME),
    Compared("phone", "phone", Kind.SAME),
    Compared("city", "city", Kind.SAME, tells_who=False),
)
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to")


def people(seed: int, *, persons: int, doubled: int) -> list[tuple[str, str, str, str, str]]:
    """Return persons, the first of them twice: once with a slip of the hand."""
    draw = random.Random(seed)

    def word(parts: int) -> str:
        return "".join(draw.choice(SYLLABLES) for _ in range(parts))

    lasts = [word(3) for _ in range(60)]
    found = []
    for number in range(persons):
        city, phone = draw.choice(("Lyon", "Oslo", "Rome")), f"{draw.randrange(10**8):08d}"
        first, last = word(2), draw.choice(lasts)
        found.append((f"p{number}", first, last, phone, city))
        if number < doubled:
            slip = number % 3
            first = first + "h" if slip == 0 else first
            last = last[:-1] if slip == 1 else last
            phone = phone[:-1] + "0" if slip == 2 else phone
            found.append((f"p{number}-again", first, last, phone, city))
    return found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Any]:
    with connect(tmp_path / "scratch") as connection:
        yield connection


def model(engine: Any, rows: list[tuple[str, ...]], settled: tuple[Link, ...] = ()) -> Likely:
    kinds = dict.fromkeys(("id", "first", "last", "phone", "city"), "VARCHAR")
    table = make_table(engine, "people", kinds, rows)
    return likely(engine, table, "id", FIELDS, threshold=0.9, settled=settled)


def test_it_finds_who_stands_twice_and_shows_what_each_field_adds(engine):
    found = model(engine, people(7, persons=400, doubled=120))
    assert found.reason == ""
    pairs = [(each.one, each.other) for each in found.links]
    right = [pair for pair in pairs if pair[1] == f"{pair[0]}-again"]
    assert len(right) >= 75  # a third differ by a digit of the phone, which counts as another
    assert len(right) >= 0.95 * len(pairs)
    one = found.links[0]
    odds = 2.0 ** sum(part.weight for part in one.parts)
    assert one.confidence == pytest.approx(odds / (1 + odds))
    assert [part.what for part in one.parts][1:] == list(found.compared)
    again = model(engine, people(7, persons=400, doubled=120), settled=found.links[:1])
    assert [(each.one, each.other) for each in again.links] == [
        pair for pair in pairs if pair != pairs[0]
    ]


def test_where_nobody_stands_twice_it_finds_next_to_nobody(engine):
    found = model(engine, people(8, persons=300, doubled=0))
    assert len(found.links) <= 2


@pytest.mark.parametrize(
    ("first", "last", "full", "names"),
    [
        ("Ada", None, None, ("ada", None)),
        (None, "Lovelace", None, (None, "lovelace")),
        (None, None, " Ada King Lovelace ", ("ada", "lovelace")),
        (None, None, "Ada", (None, None)),
    ],
)
def test_a_first_name_is_never_taken_for_a_last_one(engine, first, last, full, names):
    kinds = dict.fromkeys(("first_name", "last_name", "full_name"), "VARCHAR")
    make_table(engine, "named", kinds, [(first, last, full)])
    values = ", ".join(each.value for each in CONTACT_FIELDS[:2])
    assert engine.execute(f"SELECT {values} FROM named").fetchall() == [names]


def test_too_few_rows_are_not_enough_to_tell(engine):
    found = model(engine, people(9, persons=40, doubled=20))
    assert found.links == ()
    assert "60 records, at least 100 needed" in found.reason


def test_without_the_extra_the_way_to_install_it_is_named(engine, monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(UsageError, match=r"bullseye-gtm\[splink\]"):
        model(engine, people(9, persons=40, doubled=20))
