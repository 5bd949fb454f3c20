"""Calls, notes, answers and chats of the demo world, as other systems export them.

What the buyers say in them is planted (`phrases.PLANTED`), by whom and when is known, and one
objection is new: it comes up only in the last weeks.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from bullseye.demo import scripts
from bullseye.demo.phrases import (
    ANSWERS,
    CHATTER,
    CLOSINGS,
    OPENINGS,
    PLANTED,
    QUESTIONS,
    Matter,
)
from bullseye.demo.scripts import Buyer, Line, Seller, Talk
from bullseye.demo.story import OWNERS
from bullseye.errors import UsageError

_FILES = 36
_ROWS_READ = 4000
_HISTORY_DAYS = 210
_NEW_DAYS = 28
_NEW_ACCOUNTS = 5
_STREAM = 31
_KINDS = {"survey.csv": "survey", "reviews.csv": "review"}


@dataclass(frozen=True)
class Spoken:
    """One planted statement: what it is about, its words, and where and when they were said."""

    file: str
    account_id: str
    contact_id: str
    on: date
    kind: str
    matter: str
    quote: str


@dataclass(frozen=True)
class ConversationFile:
    """A file of words, and what its importer has to say of it; None where the file does."""

    path: Path
    account_id: str | None = None
    kind: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Conversations:
    """The files that were written, in order, and what was planted in them."""

    files: tuple[ConversationFile, ...]
    planted: tuple[Spoken, ...]


def write_conversations(exports: Path, *, seed: int, today: date) -> Conversations:
    """Write files of words into `exports`/research, of contacts in the newest export there.

    Parameters
    ----------
    exports
        The folder of a generated world.
    seed
        The same seed, day and exports write the same bytes.
    today
        The world's last day; conversations go back seven months.

    Raises
    ------
    UsageError
        If the folder cannot be written.
    """
    draw = np.random.Generator(np.random.PCG64([seed, 0, _STREAM, 0]))
    buyers = _buyers(exports)
    order = draw.permutation(len(buyers))
    chosen = [buyers[at] for at in order[:_FILES]]
    talks = [_talk(draw, buyer, number, today) for number, buyer in enumerate(chosen)]
    folder = exports / "research"
    try:
        folder.mkdir(exist_ok=True)
        files = tuple(_written(folder, talks))
    except OSError as error:
        raise UsageError(
            f"The demo's conversations cannot be written: {error.strerror}.", place=str(folder)
        ) from error
    return Conversations(files, tuple(each for talk in talks for each in _planted(talk)))


def _buyers(exports: Path) -> list[Buyer]:
    """Return a contact of each account whose address shows the account, one per account."""
    accounts = {
        row["Record ID"]: (row["Company name"], row["Company Domain Name"])
        for row in _rows(exports, "crm_companies_*.csv", "utf-8")
    }
    contacts = list(_rows(exports, "contacts_*.csv", "cp1252"))
    ids = {(row["Email"], row["Id"]) for row in contacts}
    records = Counter(email for email, _ in ids)
    found: dict[str, Buyer] = {}
    for row in contacts:
        name, domain = accounts.get(row["AccountId"], ("", ""))
        is_theirs = bool(domain) and row["Email"].endswith(f"@{domain}")
        is_one = records[row["Email"]] == 1 and row["No Longer At Company"] == "false"
        if is_theirs and is_one and row["FirstName"] and row["LastName"]:
            names = (row["FirstName"], row["LastName"])
            buyer = Buyer(row["Id"], row["AccountId"], name, *names, row["Email"])
            found.setdefault(row["AccountId"], buyer)
    return list(found.values())


def _rows(exports: Path, pattern: str, encoding: str) -> Iterator[dict[str, str]]:
    newest = max(exports.glob(pattern), default=None)
    if newest is None:
        return
    with newest.open(encoding=encoding, newline="") as file:
        yield from islice(csv.DictReader(file), _ROWS_READ)


def _talk(draw: np.random.Generator, buyer: Buyer, number: int, today: date) -> Talk:
    is_late = number < _NEW_ACCOUNTS
    back = draw.integers(1, _NEW_DAYS) if is_late else draw.integers(_NEW_DAYS, _HISTORY_DAYS)
    matters = [m for m in PLANTED if draw.random() < (float(is_late) if m.is_new else m.share)]
    matters = matters or [PLANTED[int(draw.integers(2))]]
    seller = Seller(_one(draw, OWNERS))
    return Talk(
        number,
        buyer,
        seller,
        today - timedelta(days=int(back)),
        tuple(_lines(draw, buyer, matters)),
    )


def _lines(draw: np.random.Generator, buyer: Buyer, matters: Sequence[Matter]) -> Iterator[Line]:
    yield Line(_one(draw, OPENINGS).format(first=buyer.first), is_buyer=False)
    yield Line(_one(draw, ANSWERS), is_buyer=True)
    for matter in matters:
        yield Line(_one(draw, QUESTIONS), is_buyer=False)
        before = f"{_one(draw, CHATTER)} " if draw.random() < 0.6 else ""
        after = f" {_one(draw, CHATTER)}" if draw.random() < 0.4 else ""
        quote = _one(draw, matter.phrasings)
        yield Line(f"{before}{quote}{after}", is_buyer=True, matter=matter, quote=quote)
    yield Line(_one(draw, CLOSINGS), is_buyer=False)


def _one(draw: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(draw.integers(len(choices)))]


def _written(folder: Path, talks: Sequence[Talk]) -> Iterator[ConversationFile]:
    """Write every talk in the format of its turn; yield the files."""
    rows: dict[str, list[Talk]] = {name: [] for name in _KINDS}
    chats: list[Talk] = []
    for talk in talks:
        form = talk.number % 9
        if form in (7, 8):
            rows["survey.csv" if form == 7 else "reviews.csv"].append(talk)
            continue
        if form == 6:
            chats.append(talk)
        name, text = scripts.WRITERS[form](talk)
        (folder / name).write_text(text, encoding="utf-8")
        if form in scripts.WITHOUT_ACCOUNT:
            yield ConversationFile(folder / name, talk.buyer.account_id, on=talk.on)
        else:
            yield ConversationFile(folder / name)
    for name, part in rows.items():
        if part:
            (folder / name).write_text(scripts.answers(part), encoding="utf-8")
            yield ConversationFile(folder / name, kind=_KINDS[name])
    if chats:
        (folder / "users.json").write_text(scripts.members(chats), encoding="utf-8")
        yield ConversationFile(folder / "users.json")


def _planted(talk: Talk) -> Iterator[Spoken]:
    form = talk.number % 9
    name = {7: "survey.csv", 8: "reviews.csv"}.get(form) or scripts.WRITERS[form](talk)[0]
    for line in talk.lines:
        if line.matter is not None:
            yield Spoken(
                f"research/{name}",
                talk.buyer.account_id,
                talk.buyer.contact_id,
                talk.on,
                line.matter.kind,
                line.matter.name,
                line.quote,
            )
