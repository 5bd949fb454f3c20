"""Whether a claim gets past the contract of messages: ``python -m benchmarks.messages --help``.

Real sentences that hold a number stand as proofs. A message repeats one of them: with the number
written otherwise, which must be allowed, or with another number or unit, which must not. What is
another number is decided without our reader, by how the change was made; a changed number that
stands in the sentence anyway is left out. Then claims are put into the demo's messages.
"""

import argparse
import csv
import hashlib
import os
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.measuring import table
from bullseye.definitions import load
from bullseye.definitions.contract import Contract, breaches, unsupported
from bullseye.definitions.message import Message
from bullseye.definitions.starter import Starter, write_starter
from bullseye.stats.proportions import wilson
from bullseye.synthesize.messages import LiveSignal, Recipient, Refused, written

SEED = 7
TODAY = date(2026, 11, 22)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ONES = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ALONE = re.compile(r"(?<![\w.,:/$€£%#+'\u2019-])\d+(?:[.,]\d+)*(?![\w:/%'\u2019-])(?![.,]\d)")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)*")
_UNIT = re.compile(
    r"\s?(?:%|percent|x\b|k\b|m\b|[$€£]|(?:min|hour|day|week|month|year|sec)\w*)", re.IGNORECASE
)


@dataclass(frozen=True)
class Number:
    """A number that stands alone in a sentence."""

    text: str
    start: int
    end: int

    @property
    def digits(self) -> str:
        """How it is written."""
        return self.text[self.start : self.end]

    @property
    def whole(self) -> int | None:
        """Its value where it is a whole number without separators, else None."""
        return int(self.digits) if self.digits.isdecimal() else None

    @property
    def has_unit(self) -> bool:
        """Whether a unit follows."""
        return _UNIT.match(self.text, self.end) is not None

    def put(self, new: str) -> str:
        """Return the sentence with `new` in its place."""
        return self.text[: self.start] + new + self.text[self.end :]


Change = Callable[[Number, random.Random], str | None]


def words(number: int) -> str:
    """Return a number from 2 to 99 in words."""
    if number < len(ONES):
        return ONES[number]
    rest = ONES[number % 10]
    return TENS[number // 10] + (f"-{rest}" if rest else "")


def as_words(found: Number, _: random.Random) -> str | None:
    """Write it in words."""
    whole = found.whole
    small = whole is not None and 1 < whole < 100 and not found.digits.startswith("0")
    return found.put(words(whole)) if small and whole else None


def with_commas(found: Number, _: random.Random) -> str | None:
    """Part its thousands."""
    whole = found.whole
    large = whole is not None and whole >= 1000 and not found.digits.startswith("0")
    return found.put(f"{whole:,}") if large else None


def in_thousands(found: Number, _: random.Random) -> str | None:
    """Write 3000 as 3k."""
    whole = found.whole
    return found.put(f"{whole // 1000}k") if whole and whole % 1000 == 0 else None


def in_other_digits(found: Number, _: random.Random) -> str | None:
    """Write it in wide digits, with a letter of no width inside."""
    wide = found.digits.translate({at: at + 0xFEE0 for at in range(ord("0"), ord("9") + 1)})
    return found.put(wide[:1] + "\u200b" + wide[1:])


HARMLESS: dict[str, Change] = {
    "as it is": lambda found, _: found.text,
    "in words": as_words,
    "with separators": with_commas,
    "in thousands (3k)": in_thousands,
    "wide digits, letters of no width": in_other_digits,
}


def _new(found: Number, digits: str) -> str | None:
    """Return the sentence with other digits, or None where it says that number anyway."""
    value = float(digits.replace(",", "."))
    said = {float(each.replace(",", "")) for each in _PLAIN.findall(found.text) if _reads(each)}
    said |= {float(ONES.index(w)) for w in re.findall(r"\w+", found.text.lower()) if w in ONES}
    return None if value in said else found.put(digits)


def _reads(digits: str) -> bool:
    return digits.replace(",", "").count(".") <= 1


def one_digit(found: Number, draw: random.Random) -> str | None:
    """Change one of its digits."""
    if found.whole is None:
        return None
    at = draw.randrange(len(found.digits))
    other = draw.choice([d for d in "123456789" if d != found.digits[at]])
    return _new(found, found.digits[:at] + other + found.digits[at + 1 :])


def ten_times(found: Number, _: random.Random) -> str | None:
    """Add a nought."""
    return _new(found, found.digits + "0") if found.whole else None


def one_more_in_words(found: Number, _: random.Random) -> str | None:
    """Say the next number, in words."""
    whole = found.whole
    if whole is None or not 1 < whole < 98 or _new(found, str(whole + 1)) is None:
        return None
    return found.put(words(whole + 1))


def thousands(found: Number, _: random.Random) -> str | None:
    """Make thousands of it."""
    whole = found.whole
    if not whole or found.has_unit or _new(found, str(1000 * whole)) is None:
        return None
    return found.put(f"{whole}k")


def percent(found: Number, _: random.Random) -> str | None:
    """Make a percentage of what has no unit."""
    return found.put(f"{found.digits} %") if not found.has_unit else None


def money(found: Number, _: random.Random) -> str | None:
    """Make money of what has no unit."""
    return found.put(f"€{found.digits}") if not found.has_unit else None


def other_time(found: Number, _: random.Random) -> str | None:
    """Say weeks instead of days, hours or the like."""
    unit = re.match(r"[\s-](min|hour|day|month|year)\w*", found.text[found.end :], re.IGNORECASE)
    if unit is None:
        return None
    start = found.end
    return f"{found.text[:start]} weeks{found.text[start + unit.end() :]}"


HARMFUL: dict[str, Change] = {
    "one digit changed": one_digit,
    "a nought added": ten_times,
    "the next number, in words": one_more_in_words,
    "made thousands": thousands,
    "made a percentage": percent,
    "made money": money,
    "another unit of time": other_time,
}


@dataclass
class Count:
    """How often our reader, and a plain comparison of digits, refused a sentence."""

    n: int = 0
    refused: int = 0
    plain: int = 0

    def add(self, message: str, proof: str) -> None:
        """Hold one sentence against the proof."""
        self.n += 1
        self.refused += bool(unsupported(message, [proof]))
        self.plain += bool(set(_PLAIN.findall(message)) - set(_PLAIN.findall(proof)))


def sentences(data: Path) -> Iterator[str]:
    """Yield real sentences: what companies say of themselves, what people write, and say."""
    panel = data / "yc_snapshots" / "yc_panel_dev_2021-12_2024-05.parquet"
    query = f"SELECT DISTINCT one_liner FROM '{panel}' WHERE one_liner IS NOT NULL ORDER BY ALL"
    with duckdb.connect() as connection:
        yield from (text for (text,) in connection.execute(query).fetchall())
    for path in sorted((data / "semeval2019_suggestions").glob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as lines:
            yield from (row[1] for row in csv.reader(lines) if len(row) > 1)
    with (data / "persuasion_for_good" / "full_dialog.csv").open(encoding="utf-8") as lines:
        yield from (row["Unit"] for row in csv.DictReader(lines) if row.get("Unit"))


def numbers(data: Path, limit: int) -> list[Number]:
    """Return numbers that stand alone, one per sentence, of the half that was held out."""
    texts = sorted({" ".join(text.split())[:600] for text in sentences(data)})
    found = [
        Number(text, *match.span())
        for text in texts
        if _is_held_out(text) and (match := _ALONE.search(text)) is not None
    ]
    random.Random(SEED).shuffle(found)
    return found[:limit]


def _is_held_out(text: str) -> bool:
    """Whether a sentence is of the half whose errors nobody read."""
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 1


# -- claims in whole messages ----------------------------------------------------------------

SLOTS = ("before", "after", "response", "call_to_action")
CLAIMS: dict[str, Sequence[str]] = {
    "a number": (
        "{n} %",
        "{n} percent",
        "{w} per cent",
        "{n}x",
        "{n},000",
        "{n} days",
        "${n}k",
        "{w}",
    ),
    "a certificate": ("ISO 27001", "HIPAA", "SOC 2 Type II", "PCI-DSS", "TISAX certified", "DSGVO"),
    "a customer": ("as at Globex", "GLOBEX Corp.", "like Initech"),
}


def in_messages(draws: int) -> dict[str, Count]:
    """Put claims into the demo's messages; return how often they were refused."""
    draw, counts = random.Random(SEED), {name: Count() for name in ("no claim", *CLAIMS)}
    with TemporaryDirectory() as folder:
        write_starter(Path(folder), title="x", owner="Ada", today=TODAY, starter=Starter.DEMO)
        project = load(Path(folder)).project
    contract = Contract.of(project, TODAY, ("Globex Corporation", "Initech"))
    live = LiveSignal("funding-round", "Raised Series B on 2026-10-01.", date(2026, 10, 1), 9.0)
    recipient = Recipient("Acme 77 Logistics", "Ana", (live,))
    messages = [m for _, m in sorted(project.messages.items())]
    for _ in range(draws):
        message = draw.choice(messages)
        _tell(counts["no claim"], message, contract, recipient, "")
        kind = draw.choice(list(CLAIMS))
        number = draw.randrange(61, 99)
        claim = draw.choice(CLAIMS[kind]).format(n=number, w=words(number))
        if claim.startswith("SOC 2") and "security-review" in message.proofs:
            continue
        slot = draw.choice(SLOTS)
        text = getattr(message, slot).split(" ")
        at = draw.randrange(len(text) + 1)
        told = " ".join([*text[:at], claim, *text[at:]])
        _tell(counts[kind], message.model_copy(update={slot: told}), contract, recipient, claim)
    return counts


def _tell(
    count: Count, message: Message, contract: Contract, recipient: Recipient, claim: str
) -> None:
    count.n += 1
    codes = {each.code for each in breaches(message, contract)} & {"MSG006", "MSG007", "MSG008"}
    found = written(message, contract, recipient)
    count.refused += bool(codes) and isinstance(found, Refused)
    proven = " ".join(proof.text for proof in contract.cited(message))
    count.plain += bool(claim) and claim not in proven


def _row(name: str, count: Count, *, harmful: bool) -> tuple[str, ...]:
    wrong, plain = count.refused, count.plain
    if harmful:
        wrong, plain = count.n - wrong, count.n - plain
    share, other = wilson(wrong, count.n), wilson(plain, count.n)
    return (
        name,
        f"{count.n:,}",
        f"{wrong:,} ({100 * share.low:.2f}-{100 * share.high:.2f} %)",
        f"{plain:,} ({100 * other.low:.2f}-{100 * other.high:.2f} %)",
    )


def main() -> None:
    """Print what got past the contract, and what it refused wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("BULLSEYE_TEST_DATA"))
    parser.add_argument("--sentences", type=int, default=4000)
    parser.add_argument("--messages", type=int, default=3000)
    options = parser.parse_args()
    draw = random.Random(SEED)
    real = numbers(Path(options.data), options.sentences)
    print(f"{len(real):,} real sentences with a number that stands alone")
    for title, changes, harmful in (
        ("written otherwise: refused wrongly", HARMLESS, False),
        ("another claim: allowed wrongly", HARMFUL, True),
    ):
        rows = []
        for name, change in changes.items():
            count = Count()
            for found in real:
                message = change(found, draw)
                if message is not None:
                    count.add(message, found.text)
            rows.append(_row(name, count, harmful=harmful))
        print(table((title, "n", "the contract", "comparing digits"), rows))
    told = in_messages(options.messages)
    rows = [
        _row(name, count, harmful=name != "no claim") for name, count in told.items() if count.n
    ]
    print(table(("claims in messages: wrong", "n", "the contract", "searching the proof"), rows))


if __name__ == "__main__":
    main()
