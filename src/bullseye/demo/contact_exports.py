"""Contacts, touches and signals, as systems export them."""

import unicodedata

import numpy as np
import pyarrow as pa

from bullseye.demo import names
from bullseye.demo.cells import (
    Text,
    capitalised,
    dated,
    days_text,
    either,
    hidden,
    identifiers,
    joined,
    padded,
    picked,
    smudged,
    whole,
    with_repeats,
    with_times,
    worn,
)
from bullseye.demo.chance import Ints, Stream, random_stream
from bullseye.demo.contacts import Contacts
from bullseye.demo.people import EMPTY_TITLES, FREE_MAIL, FUNCTIONS, LANGUAGES, LEVELS
from bullseye.demo.simulate import Block
from bullseye.demo.story import LEAD_SOURCES, MESSAGES, ROLES, SIGNAL_KINDS
from bullseye.demo.touches import CHANNELS, OUTCOMES
from bullseye.demo.truth import Dirt

_PER_BLOCK = 1_000_000
_EUROPEAN = "%d/%m/%Y"
_DEPARTMENTS = ("Customer Success", "Operations", "Finance", "IT", "Sales", "Marketing")
_NO_ID_SHARE = 0.02
_FREE_MAIL_SHARE = 0.03
_MEAN_LAG_DAYS = 4.0
_KINDS = tuple(kind.name for kind in SIGNAL_KINDS)
_SUBJECTS = tuple(subject for kind in SIGNAL_KINDS for subject in kind.subjects)
_SUBJECT_STARTS = np.cumsum([0, *(len(kind.subjects) for kind in SIGNAL_KINDS)])[:-1]


def _plain(text: str) -> str:
    spelled = text.replace("ß", "ss").replace("ø", "o")
    folded = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "".join(c for c in folded.lower() if c.isalnum())


_GIVEN = tuple(name for each in LANGUAGES.values() for name in each.given)
_GIVEN_STARTS = np.cumsum([0, *(len(each.given) for each in LANGUAGES.values())])[:-1]
_FAMILY = tuple(name for each in LANGUAGES.values() for name in each.family)
_FAMILY_STARTS = np.cumsum([0, *(len(each.family) for each in LANGUAGES.values())])[:-1]
_TITLES = tuple(
    pattern.format(function)
    for each in LANGUAGES.values()
    for pattern in each.titles
    for function in each.functions
)


def contact_ids(block: int, rows: Ints) -> Text:
    """Return the CRM's identifiers of a block's contacts; a negative row is an empty cell."""
    return identifiers("0035g", np.where(rows < 0, -1, block * _PER_BLOCK + rows), 13)


def opportunity_ids(block: int, rows: Ints) -> Text:
    """Return the CRM's identifiers of a block's opportunities; a negative row is an empty cell."""
    return identifiers("0065g", np.where(rows < 0, -1, block * _PER_BLOCK + rows), 13)


def contact_rows(block: Block, seed: int, dirt: Dirt, day: int) -> pa.Table:
    """Return the contacts known on a day, with the titles they had then."""
    people, random = block.contacts, random_stream(seed, block.number, Stream.DIRT, 20)
    first = _GIVEN_STARTS[people.language] + people.given
    last = _FAMILY_STARTS[people.language] + people.family
    title = smudged(random, picked(_TITLES, _titles_on(people, day)), 0.01, EMPTY_TITLES)
    email = _emails(random, block, first, last)
    created = with_times(days_text(people.created_day), people.detail, "T", ":00.000+0000")
    table = pa.table(
        {
            "Id": contact_ids(block.number, np.arange(len(people))),
            "AccountId": names.record_ids(block.accounts.index[people.account]),
            "FirstName": picked(_GIVEN, first),
            "LastName": picked(_FAMILY, last),
            "Title": worn(random, title, dirt),
            "Department": worn(random, picked(_DEPARTMENTS, people.function), dirt),
            "Email": worn(random, email, dirt),
            "Phone": _phones(people),
            "LinkedIn URL": _profiles(block, first, last),
            "HasOptedOutOfEmail": picked(("false", "true"), people.opted_out.astype(np.int64)),
            "LeadSource": picked(LEAD_SOURCES, people.detail % len(LEAD_SOURCES)),
            "Buying Role": picked(ROLES, people.role),
            "No Longer At Company": picked(("false", "true"), (people.left_day <= day) * 1),
            "CreatedDate": dated(random, created, dirt),
        }
    )
    known = np.flatnonzero(people.created_day <= day)
    return with_repeats(random, table.take(known), dirt.exact_duplicate)


def touch_rows(block: Block, seed: int, dirt: Dirt) -> pa.Table:
    """Return one row per outreach to a contact, and what came of it."""
    sent, random = block.touches, random_stream(seed, block.number, Stream.DIRT, 21)
    rows = np.arange(len(sent.account))
    table = pa.table(
        {
            "Id": identifiers("00T5g", block.number * _PER_BLOCK + rows, 13),
            "WhoId": contact_ids(block.number, sent.contact),
            "AccountId": names.record_ids(block.accounts.index[sent.account]),
            "OpportunityId": opportunity_ids(block.number, _open_opportunity(block)),
            "ActivityDate": dated(random, days_text(sent.day), dirt),
            "TaskSubtype": picked(CHANNELS, sent.channel),
            "Subject": picked(("Intro", "Follow-up", "Case study", "Check-in"), rows % 4),
            "Result": picked(OUTCOMES, sent.outcome, sent.outcome > 0),
            "Message Name": picked(MESSAGES, rows // 4 % len(MESSAGES), sent.channel == 0),
        }
    )
    return with_repeats(random, table, dirt.exact_duplicate)


def _open_opportunity(block: Block) -> Ints:
    """Return the opportunity of the account that was open on the day of each touch, or -1.

    Where several were, it is the one that was opened last.
    """
    sent, sold = block.touches, block.opportunities
    if not len(sold):
        return np.full(len(sent.account), -1)
    span = int(max(sold.created_day.max(initial=0), sent.day.max(initial=0))) + 1
    opened = sold.account * span + sold.created_day
    order = np.argsort(opened, kind="stable")
    at = np.searchsorted(opened[order], sent.account * span + sent.day, side="right") - 1
    found = order[np.maximum(at, 0)]
    is_open = (sold.account[found] == sent.account) & (sold.close_day[found] >= sent.day)
    return np.where((at >= 0) & is_open, found, -1)


def signal_rows(block: Block, seed: int, dirt: Dirt, today: int) -> pa.Table:
    """Return one row per event: when it happened, and when the provider found out."""
    seen, random = block.signals, random_stream(seed, block.number, Stream.DIRT, 22)
    n = len(seen.account)
    lag = np.floor(random.exponential(_MEAN_LAG_DAYS, n)).astype(np.int64)
    index = block.accounts.index[seen.account]
    subject = picked(_SUBJECTS, _SUBJECT_STARTS[seen.kind] + seen.subject)
    funded = seen.kind == _KINDS.index("funding_round")
    kind = picked(_KINDS, seen.kind)
    name = capitalised(names.base_names(index))
    spoken = tuple(kind.replace("_", " ") for kind in _KINDS)
    detail = joined(name, ": ", picked(spoken, seen.kind), ", ", subject)
    table = pa.table(
        {
            "Event ID": identifiers("evt_", block.number * _PER_BLOCK + np.arange(n), 10),
            "Record ID": names.record_ids(np.where(random.random(n) < _NO_ID_SHARE, -1, index)),
            "Company Domain": names.domains(index),
            "Event Type": kind,
            "Subject": subject,
            "Event Date": dated(random, days_text(seen.day, _EUROPEAN), dirt, _EUROPEAN),
            "Amount": hidden(whole(seen.amount), ~funded),
            "Summary": detail,
            "Detected On": days_text(np.minimum(seen.day + lag, today), _EUROPEAN),
        }
    )
    return with_repeats(random, table, dirt.exact_duplicate)


def _titles_on(people: Contacts, day: int) -> Ints:
    position = people.language * len(LEVELS) + people.levels_on(day)
    titles: Ints = position * len(FUNCTIONS) + people.function
    return titles


def _emails(random: np.random.Generator, block: Block, first: Ints, last: Ints) -> Text:
    people = block.contacts
    own = names.domains(block.accounts.index[people.account])
    free = picked(FREE_MAIL, people.detail % len(FREE_MAIL))
    host = either(random.random(len(people)) < _FREE_MAIL_SHARE, free, own)
    return joined(_handles(first, last), "@", host)


def _profiles(block: Block, first: Ints, last: Ints) -> Text:
    people = block.contacts
    number = whole(block.number * _PER_BLOCK + people.person)
    url = joined("https://www.linkedin.com/in/", _handles(first, last), "-", number)
    return hidden(url, people.person % 3 == 0)


def _handles(first: Ints, last: Ints) -> Text:
    given = picked(tuple(_plain(name) for name in _GIVEN), first)
    family = picked(tuple(_plain(name) for name in _FAMILY), last)
    return joined(given, ".", family)


def _phones(people: Contacts) -> Text:
    first, last = people.detail // 10_000 % 1_000, people.detail % 10_000
    number = joined("+1 555 ", padded(first, 3), "-", padded(last, 4))
    return hidden(number, people.detail % 2 == 0)
