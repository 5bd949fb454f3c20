"""How far teams' wordings drift: who says it otherwise, how often, and how far teams are apart."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from bullseye.definitions.term import Status, Term
from bullseye.definitions.wording import Use
from bullseye.stats.clusters import Clustered, Rate
from bullseye.stats.divergence import Divergence, divergence
from bullseye.synthesize.language import Sheets, Text

MIN_FILES = 5
"""Files per team from which a file is what is taken as independent; with fewer, a paragraph."""

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True)
class Said:
    """How often a team used one wording of an idea."""

    phrase: str
    status: Status
    n: int


@dataclass(frozen=True)
class TeamShare:
    """How often a team says an idea otherwise than preferred, and with which words.

    `otherwise` is the share of uses that are allowed or forbidden wordings, with its interval;
    `forbidden` counts those that are forbidden.
    """

    term: str
    team: str
    otherwise: Rate
    forbidden: int
    said: tuple[Said, ...]


@dataclass(frozen=True)
class TeamTexts:
    """What of a team was read: files, and uses of any wording of the sheet."""

    team: str
    files: int
    uses: int


@dataclass(frozen=True)
class Apart:
    """How far two teams are apart, over the ideas that both name."""

    one: str
    other: str
    divergence: Divergence


@dataclass(frozen=True)
class LanguageDrift:
    """The drift between teams; `unit` says what was taken as independent: file or paragraph."""

    unit: str
    teams: tuple[TeamTexts, ...]
    shares: tuple[TeamShare, ...]
    pairs: tuple[Apart, ...]


class _Seen(NamedTuple):
    team: int
    unit: int
    use: Use


def language_drift(
    texts: Mapping[str, Sequence[Text]], terms: Mapping[str, Term], *, locale: str = "en"
) -> LanguageDrift:
    """Return how the teams' texts word the ideas of the sheet.

    Parameters
    ----------
    texts
        The files of each team, by its name; at least two teams.
    terms
        The terms by name.
    locale
        The language of files that do not say theirs.

    Notes
    -----
    Uses in one file, or one paragraph, are not independent: intervals allow for that. An idea
    that a team never names has no share.
    """
    teams = list(texts)
    sheets = Sheets(terms)
    by_file = list(_seen(texts, sheets, locale, paragraphs=False))
    enough = all(
        len({each.unit for each in by_file if each.team == at}) >= MIN_FILES
        for at in range(len(teams))
    )
    seen = by_file if enough else list(_seen(texts, sheets, locale, paragraphs=True))
    return LanguageDrift(
        "file" if enough else "paragraph",
        tuple(
            TeamTexts(team, len(texts[team]), sum(each.team == at for each in seen))
            for at, team in enumerate(teams)
        ),
        tuple(_shares(teams, seen)),
        tuple(_pairs(teams, seen)),
    )


def _seen(
    texts: Mapping[str, Sequence[Text]], sheets: Sheets, locale: str, *, paragraphs: bool
) -> Iterator[_Seen]:
    """Yield every use with its team and its unit, numbered over all teams."""
    unit = 0
    for team, files in enumerate(texts.values()):
        for text in files:
            starts = [found.end() for found in _PARAGRAPH.finditer(text.text)] if paragraphs else []
            for use in sheets.uses(text, locale):
                yield _Seen(team, unit + bisect_right(starts, use.start), use)
            unit += len(starts) + 1


def _shares(teams: Sequence[str], seen: Sequence[_Seen]) -> Iterator[TeamShare]:
    for term in sorted({each.use.term for each in seen}):
        mine = [each for each in seen if each.use.term == term]
        counted = Clustered.of(
            np.array([each.use.status is not Status.PREFERRED for each in mine]),
            np.array([each.unit for each in mine], dtype=np.int64),
            np.array([each.team for each in mine], dtype=np.int64),
            len(teams),
        )
        for at, team in enumerate(teams):
            uses = [each.use for each in mine if each.team == at]
            if uses:
                said = Counter((use.phrase, use.status) for use in uses)
                yield TeamShare(
                    term,
                    team,
                    counted.rate(at),
                    sum(use.status is Status.FORBIDDEN for use in uses),
                    tuple(Said(*what, n) for what, n in said.most_common()),
                )


def _pairs(teams: Sequence[str], seen: Sequence[_Seen]) -> Iterator[Apart]:
    wordings = sorted({(each.use.term, each.use.phrase) for each in seen})
    place = {wording: at for at, wording in enumerate(wordings)}
    terms = sorted({term for term, _ in wordings})
    idea = np.array([terms.index(term) for term, _ in wordings], dtype=np.int64)
    counts = []
    for at in range(len(teams)):
        mine = [each for each in seen if each.team == at]
        units = {unit: row for row, unit in enumerate(sorted({each.unit for each in mine}))}
        table = np.zeros((len(units), len(wordings)), dtype=np.int64)
        for each in mine:
            table[units[each.unit], place[each.use.term, each.use.phrase]] += 1
        counts.append(table)
    for one, other in combinations(range(len(teams)), 2):
        yield Apart(teams[one], teams[other], divergence(counts[one], counts[other], idea))
