"""How many accounts said the same in a month, and whether that is more than before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from bullseye.research.source import EvidenceKind
from bullseye.stats.discoveries import FALSE_DISCOVERIES, q_values
from bullseye.stats.novelty import Window, chance_of_as_many
from bullseye.stats.proportions import Share, wilson

DAYS = 30
EARLIER_WINDOWS = 6
ACCOUNTS = 3
SOURCES = 2


class Rule(StrEnum):
    """Whether three accounts said the same within the window."""

    FIRED = "fired"  # by what people confirmed alone
    TO_REVIEW = "to review"  # only if the candidates are right
    NOT_YET = "not yet"


class Novelty(StrEnum):
    """Whether more accounts say it now than in the six windows before."""

    NEW = "new"
    AS_BEFORE = "as before"
    CANNOT_TELL = "cannot tell yet"


@dataclass(frozen=True)
class Heard:
    """One source with words of a customer; `occurred_on` and `account_id` may not be known."""

    number: int
    occurred_on: date | None
    account_id: str | None
    ours: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Said:
    """One piece of evidence under a theme; what was rejected is none."""

    theme: str
    source: int
    is_confirmed: bool


@dataclass(frozen=True)
class ThemeCount:
    """A theme in the window that ends on `as_of`.

    Attributes
    ----------
    accounts, confirmed_accounts
        Different accounts that said it; those by confirmed evidence alone.
    sources, quotes, confirmed
        Different sources, all quotes, and those of them that a person confirmed.
    nameless
        Sources whose account is not known: they count for no account.
    ours
        Different people of ours who heard it, where the sources name them.
    share
        Accounts that said it, of all that were heard in the window, with its interval.
    earlier
        Accounts in each window before, the latest first.
    p, q
        How likely as many would say it if nothing had changed, and the same adjusted for all
        themes; None where nobody was heard before.
    """

    theme: str
    kind: EvidenceKind
    as_of: date
    accounts: int
    confirmed_accounts: int
    sources: int
    quotes: int
    confirmed: int
    nameless: int
    ours: int
    share: Share
    rule: Rule
    earlier: tuple[int, ...]
    p: float | None
    q: float | None
    novelty: Novelty
    last_on: date | None


def theme_counts(
    kinds: Mapping[str, EvidenceKind],
    said: Iterable[Said],
    heard: Sequence[Heard],
    as_of: date,
) -> tuple[ThemeCount, ...]:
    """Return a row per theme of `kinds`, those of most accounts first.

    An account counts once however often it said it, and so does a source. The rule fires when
    three different accounts said it within 30 days, in two sources or more. Whether that is
    more than usual is judged apart, against the six windows before, and over all themes
    together (Benjamini-Hochberg), since at one mention a month three come by chance now and then.

    Parameters
    ----------
    kinds
        The themes that count, with their kinds.
    said
        Evidence under themes; other themes are passed over.
    heard
        Every source with a customer in it, also those without evidence: they are what the counts
        are shares of.
    as_of
        The last day of the window.
    """
    by_number = {each.number: each for each in heard}
    by_theme: dict[str, list[Said]] = {name: [] for name in kinds}
    for each in said:
        if each.theme in by_theme and each.source in by_number:
            by_theme[each.theme].append(each)
    rows = [
        _count(name, kinds[name], quotes, by_number, as_of) for name, quotes in by_theme.items()
    ]
    adjusted = _adjusted([row.p for row in rows])
    judged = [_judged(row, q) for row, q in zip(rows, adjusted, strict=True)]
    return tuple(sorted(judged, key=lambda row: (-row.accounts, -row.quotes, row.theme)))


def window_of(day: date | None, as_of: date) -> int | None:
    """Return how many windows before the one that ends on `as_of` a day lies; None outside all.

    >>> [window_of(date(2026, 3, day), date(2026, 3, 31)) for day in (1, 2, 31)]
    [1, 0, 0]
    """
    if day is None or day > as_of:
        return None
    window = (as_of - day) // timedelta(days=DAYS)
    return window if window <= EARLIER_WINDOWS else None


def _count(
    theme: str,
    kind: EvidenceKind,
    quotes: Sequence[Said],
    heard: Mapping[int, Heard],
    as_of: date,
) -> ThemeCount:
    present = [q for q in quotes if window_of(heard[q.source].occurred_on, as_of) == 0]
    sources = {each.source for each in present}
    windows = _windows(heard.values(), as_of)
    yes = _windows((heard[each.source] for each in quotes), as_of)
    counted = [Window(len(yes[at]), len(windows[at])) for at in range(EARLIER_WINDOWS + 1)]
    sure = {each.source for each in present if each.is_confirmed}
    sure_accounts = {heard[s].account_id for s in sure} - {None}
    days = [day for s in sources if (day := heard[s].occurred_on)]
    return ThemeCount(
        theme=theme,
        kind=kind,
        as_of=as_of,
        accounts=counted[0].yes,
        confirmed_accounts=len(sure_accounts),
        sources=len(sources),
        quotes=len(present),
        confirmed=sum(each.is_confirmed for each in present),
        nameless=sum(heard[s].account_id is None for s in sources),
        ours=len(frozenset().union(*(heard[s].ours for s in sources))),
        share=wilson(counted[0].yes, counted[0].heard),
        rule=_rule((len(sure_accounts), len(sure)), (counted[0].yes, len(sources))),
        earlier=tuple(each.yes for each in counted[1:]),
        p=chance_of_as_many(counted[0], tuple(counted[1:])),
        q=None,
        novelty=Novelty.CANNOT_TELL,
        last_on=max(days, default=None),
    )


def _windows(sources: Iterable[Heard], as_of: date) -> list[set[str]]:
    """Return the different accounts of each window, the present one first."""
    found: list[set[str]] = [set() for _ in range(EARLIER_WINDOWS + 1)]
    for each in sources:
        window = window_of(each.occurred_on, as_of)
        if window is not None and each.account_id is not None:
            found[window].add(each.account_id)
    return found


def _rule(sure: tuple[int, int], perhaps: tuple[int, int]) -> Rule:
    def fires(accounts: int, sources: int) -> bool:
        return accounts >= ACCOUNTS and sources >= SOURCES

    if fires(*sure):
        return Rule.FIRED
    return Rule.TO_REVIEW if fires(*perhaps) else Rule.NOT_YET


def _adjusted(p: Sequence[float | None]) -> list[float | None]:
    known = [each for each in p if each is not None]
    adjusted = iter(q_values(np.array(known)).tolist() if known else ())
    return [None if each is None else float(next(adjusted)) for each in p]


def _judged(row: ThemeCount, q: float | None) -> ThemeCount:
    if q is None:
        return row
    is_new = q <= FALSE_DISCOVERIES and row.accounts > 0
    return replace(row, q=q, novelty=Novelty.NEW if is_new else Novelty.AS_BEFORE)
