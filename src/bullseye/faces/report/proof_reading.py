"""Reading a saved proof: JSON text that may be older than this page, damaged, or hostile."""

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from bullseye.faces.report.words import clipped

MOST_TEXT = 600
"""Characters of one text that are read; what is longer is cut."""


class Unreadable(Exception):
    """A proof lacks what the page shows of it, or holds something else there."""


class Interval(NamedTuple):
    """A number with its ends; None where it could not be told."""

    value: float | None
    low: float | None
    high: float | None
    n: int | None

    @property
    def is_whole(self) -> bool:
        """Whether the number and both its ends are known."""
        return None not in (self.value, self.low, self.high)


class Doc:
    """One object of a proof's document; what is not asked for may be anything."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise Unreadable(f"an object is expected, not {type(value).__name__}")
        self._value: Mapping[str, Any] = value

    @classmethod
    def of(cls, document: str) -> "Doc":
        """Return the document of a proof.

        Raises
        ------
        Unreadable
            If it is no JSON object.
        """
        try:
            return cls(json.loads(document))
        except (ValueError, RecursionError) as error:
            raise Unreadable("it is no JSON") from error

    def has(self, name: str) -> bool:
        """Whether there is something under this name."""
        return self._value.get(name) is not None

    def text(self, name: str) -> str:
        """Return a text, plain and cut to a length that fits a page."""
        return _text(name, self._get(name))

    def number(self, name: str) -> float:
        """Return a number that is known."""
        found = self.maybe(name)
        if found is None:
            raise Unreadable(f"{name} is not known")
        return found

    def maybe(self, name: str) -> float | None:
        """Return a number, None where it is not known."""
        return _number(name, self._value.get(name))

    def whole(self, name: str) -> int:
        """Return a whole number."""
        return round(self.number(name))

    def flag(self, name: str) -> bool:
        """Return yes or no."""
        found = self._get(name)
        if not isinstance(found, bool):
            raise Unreadable(f"{name} is neither true nor false")
        return found

    def part(self, name: str) -> "Doc":
        """Return an object inside this one."""
        return Doc(self._get(name))

    def optional(self, name: str) -> "Doc | None":
        """Return an object inside this one, None where there is none."""
        return Doc(self._value[name]) if self.has(name) else None

    def parts(self, name: str) -> list["Doc"]:
        """Return a list of objects inside this one."""
        return [Doc(each) for each in self._list(name)]

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        return [_text(name, each) for each in self._list(name)]

    def numbers(self, name: str) -> list[float | None]:
        """Return a list of numbers, None where one is not known."""
        return [_number(name, each) for each in self._list(name)]

    def counts(self, name: str) -> list[tuple[str, int]]:
        """Return a list of reasons with their numbers, as objects or as pairs."""
        found = []
        for each in self._list(name):
            is_pair = isinstance(each, list) and len(each) == 2
            doc = Doc({"reason": each[0], "n": each[1]} if is_pair else each)
            found.append((doc.text("reason"), doc.whole("n")))
        return found

    def interval(self, name: str = "", value: str = "value") -> Interval:
        """Return a number with its interval and n: under a name, or of this object itself."""
        doc = self.part(name) if name else self
        n = doc.maybe("n")
        return Interval(
            doc.maybe(value), doc.maybe("low"), doc.maybe("high"), None if n is None else round(n)
        )

    def _get(self, name: str) -> Any:
        if self._value.get(name) is None:
            raise Unreadable(f"{name} is missing")
        return self._value[name]

    def _list(self, name: str) -> list[Any]:
        found = self._get(name)
        if not isinstance(found, list):
            raise Unreadable(f"{name} is no list")
        return found


def _text(name: str, found: object) -> str:
    if not isinstance(found, str | int | float):
        raise Unreadable(f"{name} is no text")
    return clipped(found, MOST_TEXT)


def _number(name: str, found: object) -> float | None:
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Unreadable(f"{name} is no number")
    try:
        number = float(found)
    except OverflowError as error:
        raise Unreadable(f"{name} is too large") from error
    if not math.isfinite(number):
        raise Unreadable(f"{name} is no number")
    return number
