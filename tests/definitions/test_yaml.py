"""YAML reads as people expect it, and a hostile text costs nothing but a message."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions import yaml

scalars = st.one_of(
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12),
    st.text(max_size=20),
    st.dates(),
    st.none(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(values)
def test_what_is_written_reads_back(value) -> None:
    assert yaml.read(yaml.write(value)) == value


def test_a_value_that_is_used_twice_is_written_twice() -> None:
    same = ["x"]
    assert yaml.read(yaml.write({"a": same, "b": same})) == {"a": ["x"], "b": ["x"]}


@given(st.text())
def test_a_quoted_text_reads_back_on_one_line(text: str) -> None:
    assert yaml.read(f"{{key: {yaml.quoted(text)}}}") == {"key": text}
    assert "\n" not in yaml.quoted(text)


@pytest.mark.parametrize("word", ["NO", "no", "yes", "on", "Off", "y", "N", "True", "1:30", "0777"])
def test_words_are_words(word: str) -> None:
    assert yaml.read(f"country: {word}") == {"country": word}


def test_booleans_numbers_and_days_are_read() -> None:
    read = yaml.read("a: true\nb: 12\nc: -1.5\nd: 2026-03-31\ne: null\nf: 1.0e+3")
    assert read == {"a": True, "b": 12, "c": -1.5, "d": date(2026, 3, 31), "e": None, "f": 1000.0}


def test_a_repeated_key_is_refused_where_it_stands() -> None:
    with pytest.raises(yaml.NotYaml, match="points appears twice") as caught:
        yaml.read("name: a\ncriteria:\n  - points: 1\n    points: 2\n")
    assert caught.value.place == (4, 5)


BOMBS = {
    "aliases": "a: &a [x, x]\nb: [*a, *a]\n",
    "laughs": "a: &a [l]\n" + "".join(f"x{n}: &x{n} [*a, *a]\n" for n in range(20)),
    "deep lists": "[" * 5000,
    "deep mappings": "".join("  " * n + "a:\n" for n in range(300)),
    "long": "# " + "x" * 1_000_001,
    "python object": "a: !!python/object/apply:os.system [echo]",
    "binary key": "? [a]\n: b",
    "impossible day": "a: 2026-02-31",
    "control character": "a: \x01",
    "tab": "a:\n\t- b",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(yaml.NotYaml) as caught:
        yaml.read(text)
    assert caught.value.problem


def refusal(text: str) -> yaml.NotYaml | None:
    try:
        yaml.read(text)
    except yaml.NotYaml as error:
        return error
    return None


@given(st.one_of(st.text(), st.text(st.sampled_from("{}[]:,-#&*!|>'\"%@` \n\t?<=a0.e"))))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    refused = refusal(text)
    assert refused is None or (refused.place >= (1, 1) and refused.problem)


def test_a_place_is_that_of_the_key_or_its_nearest_parent() -> None:
    text = "name: a\ncriteria:\n  - rule: {x: 1}\n  - rule:\n      y: [p, q]\n"
    assert yaml.place_of(text, ("criteria", 1, "rule", "y")) == (5, 7)
    assert yaml.place_of(text, ("criteria", 1, "rule", "y", 1)) == (5, 14)
    assert yaml.place_of(text, ("criteria", 1, "points")) == (4, 5)
    assert yaml.place_of(text, ("nothing",)) == (1, 1)
