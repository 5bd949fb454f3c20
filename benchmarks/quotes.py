"""Whether the quote guard can be deceived: ``python -m benchmarks.quotes --help``.

Real turns of recorded meetings are quoted, then changed: harmlessly, so that the guard must
accept them, and in ways that make another statement of them, so that it must not. A changed
quote may by chance stand somewhere in the meeting after all; whether it does is decided without
the guard, by comparing lists of words. Nothing in the guard was tuned on these meetings.
"""

import argparse
import json
import os
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import table
from bullseye.research.quote import Slice, verified
from bullseye.research.source import Side, Source, SourceKind, Turn
from bullseye.stats.proportions import wilson

SEED = 7
LONGEST = 14
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Meeting:
    """One meeting, and the words of each of its turns as the truth compares them."""

    source: Source
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Case:
    """A quote of a turn, made from words that stand there; `speaker` is who is said to say it."""

    meeting: Meeting
    turn: int
    quote: str
    speaker: str


@dataclass
class Count:
    """How often the guard, and a plain search, accepted quotes, and how often they were right."""

    n: int = 0
    there: int = 0
    accepted: int = 0
    wrongly: int = 0
    plain: int = 0
    plain_wrongly: int = 0


def meetings(path: Path) -> list[Meeting]:
    """Return the meetings of a file with one JSON object per line."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)["meeting_transcripts"]
        turns = tuple(
            Turn(at, each["speaker"], Side.CUSTOMER, each["content"])
            for at, each in enumerate(said)
        )
        source = Source(SourceKind.CALL, "meeting", None, None, None, turns, "")
        found.append(Meeting(source, tuple(_words(turn.text) for turn in turns)))
    return found


def _words(text: str) -> tuple[str, ...]:
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", seen).casefold()))


def is_there(case: Case) -> bool:
    """Whether the words of a quote stand, in this order, in one turn of who is said to say it."""
    wanted = _words(case.quote)
    size = len(wanted)
    return any(
        words[at : at + size] == wanted
        for turn, words in zip(case.meeting.source.turns, case.meeting.words, strict=True)
        if turn.speaker == case.speaker
        for at in range(len(words) - size + 1)
    )


def cases(every: Sequence[Meeting], number: int, draw: random.Random) -> Iterator[Case]:
    """Yield quotes of 5 to 14 blanks-separated pieces from turns that are long enough."""
    long = [
        (meeting, turn)
        for meeting in every
        for turn in meeting.source.turns
        if len(turn.text.split()) >= 8
    ]
    for meeting, turn in draw.sample(long, min(number, len(long))):
        pieces = turn.text.split()
        size = draw.randint(5, min(LONGEST, len(pieces) - 1))
        start = draw.randint(0, len(pieces) - size)
        quote = " ".join(pieces[start : start + size])
        words = _words(quote)
        if len(words) >= 5 and quote[0].isalnum() and quote[-1].isalnum():
            yield Case(meeting, turn.index, quote, str(turn.speaker))


Change = Callable[[Case, random.Random, Sequence[Meeting]], Case | None]


def _with(case: Case, quote: str) -> Case:
    return Case(case.meeting, case.turn, quote, case.speaker)


def _one_word(case: Case, draw: random.Random) -> tuple[list[str], int]:
    pieces = case.quote.split()
    inner = [at for at in range(1, len(pieces) - 1) if _WORD.search(pieces[at])]
    return pieces, draw.choice(inner or [1])


def dropped(case: Case, draw: random.Random, _every: Sequence[Meeting]) -> Case:
    """Leave a word out, as in "not"."""
    pieces, at = _one_word(case, draw)
    return _with(case, " ".join(pieces[:at] + pieces[at + 1 :]))


def changed(case: Case, draw: random.Random, every: Sequence[Meeting]) -> Case:
    """Put another word of the data in the place of one."""
    pieces, at = _one_word(case, draw)
    other = draw.choice([words for words in draw.choice(every).words if words])
    pieces[at] = draw.choice(other)
    return _with(case, " ".join(pieces))


def swapped(case: Case, draw: random.Random, _every: Sequence[Meeting]) -> Case:
    """Change the places of two neighbours."""
    pieces, at = _one_word(case, draw)
    pieces[at], pieces[at - 1] = pieces[at - 1], pieces[at]
    return _with(case, " ".join(pieces))


def added(case: Case, draw: random.Random, _every: Sequence[Meeting]) -> Case:
    """Add a word, as in "really"."""
    pieces, at = _one_word(case, draw)
    return _with(case, " ".join([*pieces[:at], draw.choice(("really", "never")), *pieces[at:]]))


def misheard(case: Case, draw: random.Random, _every: Sequence[Meeting]) -> Case:
    """Change one letter of a word, as a recogniser does."""
    pieces, at = _one_word(case, draw)
    word = pieces[at]
    place = draw.randrange(len(word))
    pieces[at] = word[:place] + draw.choice("aeioustr") + word[place + 1 :]
    return _with(case, " ".join(pieces))


def inside(case: Case, draw: random.Random, _every: Sequence[Meeting]) -> Case | None:
    """Begin or end inside a word."""
    pieces = case.quote.split()
    at = draw.choice((0, -1))
    if len(pieces[at]) < 4:
        return None
    pieces[at] = pieces[at][2:] if at == 0 else pieces[at][:-2]
    return _with(case, " ".join(pieces))


def joined(case: Case, _draw: random.Random, _every: Sequence[Meeting]) -> Case | None:
    """Join the end of a turn and the beginning of the next."""
    turns = case.meeting.source.turns
    if case.turn + 1 >= len(turns):
        return None
    first, second = turns[case.turn].text.split()[-4:], turns[case.turn + 1].text.split()[:4]
    return _with(case, " ".join(first + second))


def another_speaker(case: Case, draw: random.Random, _every: Sequence[Meeting]) -> Case | None:
    """Say that somebody else of the meeting said it."""
    others = {str(t.speaker) for t in case.meeting.source.turns} - {case.speaker}
    if not others:
        return None
    return Case(case.meeting, case.turn, case.quote, draw.choice(sorted(others)))


def another_meeting(case: Case, draw: random.Random, every: Sequence[Meeting]) -> Case:
    """Say that it was said in another meeting, by somebody with the same part."""
    other = draw.choice([each for each in every if each is not case.meeting])
    return Case(other, case.turn, case.quote, case.speaker)


HARMLESS: dict[str, Callable[[str], str]] = {
    "as it is": lambda quote: quote,
    "capital letters": str.upper,
    "blanks and line ends": lambda quote: quote.replace(" ", " \u00a0\n"),
    "quotation marks around it": lambda quote: f"“{quote}…”",
    "curly apostrophes": lambda quote: quote.replace("'", "\u2019"),
    "decomposed, wide letters": lambda quote: unicodedata.normalize(
        "NFD", quote.translate({at: at + 0xFEE0 for at in range(ord("a"), ord("z") + 1)})
    ),
    "characters without width": lambda quote: quote.replace("e", "e\u200b\u00ad"),
}
HARMFUL: dict[str, Change] = {
    "a word left out": dropped,
    "a word changed": changed,
    "two words swapped": swapped,
    "a word added": added,
    "a letter misheard": misheard,
    "cut inside a word": inside,
    "two turns joined": joined,
    "another speaker": another_speaker,
    "another meeting": another_meeting,
}


def counted(name: str, case: Case | None, counts: dict[str, Count]) -> None:
    """Ask the guard, a plain search and the truth about one quote."""
    if case is None:
        return
    count = counts.setdefault(name, Count())
    found = verified(case.quote, case.meeting.source, speaker=case.speaker)
    truth = is_there(case)
    whole = "\n".join(turn.text for turn in case.meeting.source.turns).lower()
    plain = case.quote.lower() in whole
    count.n += 1
    count.there += truth
    count.accepted += isinstance(found, Slice)
    count.wrongly += isinstance(found, Slice) and not truth
    count.plain += plain
    count.plain_wrongly += plain and not truth


def _share(part: int, n: int) -> str:
    interval = wilson(part, n)
    return f"{part:,} ({100 * interval.low:.2f}-{100 * interval.high:.2f} %)"


def main() -> None:
    """Print what the guard and a plain search accept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("BULLSEYE_TEST_DATA"))
    parser.add_argument("--quotes", type=int, default=1500)
    options = parser.parse_args()
    every = meetings(Path(options.data) / "qmsum_product" / "val.jsonl")
    draw = random.Random(SEED)
    counts: dict[str, Count] = {}
    for case in cases(every, options.quotes, draw):
        for name, change in HARMLESS.items():
            counted(name, _with(case, change(case.quote)), counts)
        for name, harm in HARMFUL.items():
            counted(name, harm(case, draw, every), counts)
    rows = [
        (
            name,
            f"{count.n:,}",
            f"{count.there:,}",
            f"{count.accepted:,}",
            _share(count.wrongly, count.n),
            _share(count.plain_wrongly, count.n),
            f"{count.plain:,}",
        )
        for name, count in counts.items()
    ]
    headers = (
        "change",
        "n",
        "words there",
        "accepted",
        "wrongly",
        "search: wrongly",
        "search: accepted",
    )
    print(table(headers, rows))
    harmful = [counts[name] for name in HARMFUL]
    n, wrong = sum(each.n for each in harmful), sum(each.wrongly for each in harmful)
    missed = sum(each.there - (each.accepted - each.wrongly) for each in counts.values())
    print(f"{len(every)} meetings, harmful {n:,}, wrongly {wrong:,}, there but refused {missed:,}")


if __name__ == "__main__":
    main()
