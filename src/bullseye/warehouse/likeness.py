"""How likely a column is to hold a field, by its name and by the shape of its cells."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from bullseye.definitions.field import Field, FieldType
from bullseye.warehouse.headers import GENERIC, NEUTRAL, squashed, unstyled, words
from bullseye.warehouse.shapes import domain_share, email_share, fits, fitting_share, unique_share

Known: TypeAlias = tuple[str, str, str]
"""A field, a name its column has somewhere, and whose name that is."""

_GENERAL = "general use"
_NAMED_AS_FIELD, _VENDOR, _VENDOR_LOOSE, _SYNONYM, _PART = 1.0, 0.97, 0.95, 0.93, 0.7
_OVERLAP, _LOOKS = 0.55, 0.55
_STEP, _LEAST_SYNONYM = 0.004, 0.75
_MOST, _HALF = 0.8, 0.5


@dataclass(frozen=True)
class Likeness:
    """One field, one column, how sure (0-1) and why."""

    field: Field
    column: str
    confidence: float
    why: str


@dataclass(frozen=True)
class _Name:
    """A known column name, ready to be compared."""

    name: str
    squashed: str
    words: frozenset[str]
    origin: str
    rank: int


def likenesses(
    fields: Iterable[Field],
    column: str,
    cells: Sequence[str],
    known: Sequence[Known],
    prefixes: Sequence[str],
    suffixes: Sequence[str],
    *,
    key: str,
) -> list[Likeness]:
    """Return every field the column may hold; names propose, cells confirm or weaken."""
    names = _names_by_field(tuple(known))
    bare = squashed(unstyled(column, prefixes, suffixes))
    said = frozenset(words(column, prefixes, suffixes))
    found = []
    for field in fields:
        score, why = _name_score(field.name, column, bare, said, names.get(field.name, ()))
        if score:
            factor, but = _shape_factor(field, cells, score, is_key=field.name == key)
            found.append(Likeness(field, column, score * factor, f"{why}{but}"))
    return found


@cache
def _names_by_field(known: tuple[Known, ...]) -> Mapping[str, tuple[_Name, ...]]:
    names: dict[str, list[_Name]] = {}
    for field, name, origin in known:
        rank = sum(each.origin == origin for each in names.get(field, ()))
        entry = _Name(name, squashed(name), frozenset(words(name)), origin, rank)
        names.setdefault(field, []).append(entry)
    return {field: tuple(entries) for field, entries in names.items()}


def _name_score(
    field: str, column: str, bare: str, said: frozenset[str], names: Sequence[_Name]
) -> tuple[float, str]:
    if column == field:
        return _NAMED_AS_FIELD, "named as the field"
    best = (0.0, "")
    if bare == squashed(field):
        best = (_VENDOR_LOOSE, "named as the field")
    for name in names:
        best = max(best, _likeness_of_name(column, bare, said, name))
    return best


def _likeness_of_name(
    column: str, bare: str, said: frozenset[str], name: _Name
) -> tuple[float, str]:
    is_vendors = name.origin != _GENERAL
    whose = f"{name.origin}'s name" if is_vendors else f"another word for it: {name.name}"
    step = _STEP * name.rank
    if is_vendors and column.casefold() == name.name.casefold():
        return _VENDOR - step, whose
    if bare == name.squashed:
        top = _VENDOR_LOOSE if is_vendors else _SYNONYM
        return max(top - step, _LEAST_SYNONYM), whose
    shared = said & name.words
    if not shared - GENERIC:
        return 0.0, ""
    if said ^ name.words <= NEUTRAL and (shared - GENERIC - NEUTRAL):
        return _PART - step, f"much like {name.name!r}"
    overlap = len(shared) / len(said | name.words)
    if overlap > 0.6 and len(shared - GENERIC) > 1:
        return _OVERLAP, f"somewhat like {name.name!r}"
    return 0.0, ""


def _shape_factor(
    field: Field, cells: Sequence[str], score: float, *, is_key: bool
) -> tuple[float, str]:
    """Return what to multiply a name's score with, given the cells, and why."""
    if not cells:
        return 1.0, ""
    sure_name = score >= _VENDOR_LOOSE - _STEP * 10
    if field.name == "email":
        return (1.0, "") if email_share(cells) >= _HALF else (0.6, ", but no e-mails in it")
    if is_key:
        unique = unique_share(cells) >= _MOST
        return (1.0, "") if unique else (0.6, ", but its values repeat")
    if field.type is FieldType.TEXT:
        return _text_factor(cells)
    share = fitting_share(field.type, cells)
    if share >= _MOST:
        return 1.0, ""
    if share >= _HALF:
        return 0.8, f", though only {share:.0%} of its values fit"
    return (0.55 if sure_name else 0.4), f", but only {share:.0%} of its values fit"


def _text_factor(cells: Sequence[str]) -> tuple[float, str]:
    spelled = [cell for cell in cells if len(cell) > 1]
    if spelled and fits(FieldType.FLAG, spelled, _MOST):
        return 0.6, ", but it holds yes and no"
    if fits(FieldType.NUMBER, cells, _MOST):
        return 0.7, ", but it holds numbers"
    return 1.0, ""


def look_alikes(
    fields: Iterable[Field],
    cells: Mapping[str, Sequence[str]],
    assigned: Sequence[Likeness],
) -> list[Likeness]:
    """Return fields without a column by name, for which some column's cells speak.

    E-mails, domains, the date of an event if only one column holds dates, and an identifier
    whose header says so and whose values do not repeat.
    """
    given = {each.field.name for each in assigned}
    used = {each.column for each in assigned}
    free = {column: shown for column, shown in cells.items() if column not in used and shown}
    found = []
    for field in fields:
        if field.name in given:
            continue
        if field.name == "email":
            found += _alike(field, free, email_share, "its values are e-mail addresses")
        elif field.type is FieldType.DOMAIN and field.name == "domain":
            found += _alike(field, free, domain_share, "its values are domains")
        elif field.type is FieldType.DATE and field.required:
            dated = [c for c, shown in free.items() if _holds_days(shown)]
            if len(dated) == 1:
                found.append(Likeness(field, dated[0], _LOOKS, "the only column of dates"))
        elif field.type is FieldType.ID and field.required:
            found += [
                Likeness(field, column, _LOOKS, "an identifier that does not repeat")
                for column, shown in free.items()
                if {"id", "uuid", "key"} & set(words(column)) and unique_share(shown) == 1.0
            ][:1]
    return found


def _holds_days(cells: Sequence[str]) -> bool:
    return not fits(FieldType.NUMBER, cells, _HALF) and fits(FieldType.DATE, cells, _MOST)


def _alike(
    field: Field,
    cells: Mapping[str, Sequence[str]],
    share: Callable[[Sequence[str]], float],
    why: str,
) -> list[Likeness]:
    return [
        Likeness(field, column, _LOOKS * share(shown), why)
        for column, shown in cells.items()
        if share(shown) >= _MOST
    ]
