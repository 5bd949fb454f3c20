"""Opportunities, their history and roles, subscriptions and usage, as systems export them."""

import numpy as np
import pyarrow as pa

from bullseye.demo import names
from bullseye.demo.cells import (
    Text,
    amounts,
    capitalised,
    dated,
    days_text,
    hidden,
    identifiers,
    joined,
    picked,
    smudged,
    taken,
    whole,
    with_repeats,
    with_times,
)
from bullseye.demo.chance import Bools, Floats, Ints, Stream, random_stream
from bullseye.demo.contact_exports import contact_ids, opportunity_ids
from bullseye.demo.contacts import Contacts
from bullseye.demo.opportunities import Opportunities
from bullseye.demo.people import FUNCTIONS
from bullseye.demo.simulate import Block
from bullseye.demo.story import (
    CHURN_REASONS,
    COMPETITORS,
    LEAD_SOURCES,
    LOSS_REASONS,
    LOST,
    OWNERS,
    PRODUCT,
    ROLES,
    STAGES,
    WON,
)
from bullseye.demo.truth import Dirt

_PER_BLOCK = 1_000_000
_US = "%m/%d/%Y"
_EXPECTED_DAYS = 75
_LAST = len(STAGES) - 1
_ENTERED = np.array([0.0, 0.2, 0.45, 0.7])
_PLANS = ("Starter", "Business", "Enterprise")
_PLAN_SEATS = (20, 120)
_ENDS = (*STAGES, WON, LOST)
_DISCUSSED = 2


def opportunity_rows(block: Block, seed: int, dirt: Dirt, today: int) -> pa.Table:
    """Return opportunities as they stand today; open ones carry their *expected* close date."""
    sold, random = block.opportunities, random_stream(seed, block.number, Stream.DIRT, 10)
    stage = _stage_on(sold, today)
    lost = sold.closed & ~sold.won
    discussed = sold.closed | (stage >= _DISCUSSED)
    created, closes = days_text(sold.created_day, _US), days_text(_close_dates(sold), _US)
    table = pa.table(
        {
            "Id": opportunity_ids(block.number, np.arange(len(sold))),
            "AccountId": names.record_ids(block.accounts.index[sold.account]),
            "Name": _titles(block),
            "StageName": picked(_ENDS, stage),
            "Amount": smudged(random, amounts(sold.amount), dirt.unparsable_cell, ("TBC", "?")),
            "CloseDate": dated(random, closes, dirt, _US),
            "CreatedDate": dated(random, created, dirt, _US),
            "Discount %": picked(_PERCENTS, _percent(sold.discount), discussed),
            "Loss Reason": picked(LOSS_REASONS, sold.detail % len(LOSS_REASONS), lost),
            "Competitor": _competitors(sold, discussed),
            "Product": picked((PRODUCT,), np.zeros(len(sold), dtype=np.int64)),
            "LeadSource": picked(LEAD_SOURCES, sold.detail // 8 % len(LEAD_SOURCES)),
            "Owner": picked(OWNERS, sold.owner),
        }
    )
    return with_repeats(random, table, dirt.exact_duplicate)


def history_rows(block: Block, today: int) -> pa.Table:
    """Return one row per opportunity and stage it entered, with the day that became known."""
    sold = block.opportunities
    row, stage, day = stages_entered(sold, today)
    closing = stage > _LAST
    amount = hidden(amounts(sold.amount[row]), stage < _DISCUSSED)
    expected = sold.created_day[row] + _EXPECTED_DAYS + sold.detail[row] % 60
    return pa.table(
        {
            "Id": opportunity_ids(block.number, row),
            "AccountId": names.record_ids(block.accounts.index[sold.account[row]]),
            "StageName": picked(_ENDS, stage),
            "Amount": amount,
            "CloseDate": days_text(np.where(closing, day, expected)),
            "CreatedDate": days_text(sold.created_day[row]),
            "LastModifiedDate": with_times(days_text(day), sold.detail[row], "T", ":00Z"),
        }
    )


def role_rows(block: Block, today: int) -> pa.Table:
    """Return who had which role on which opportunity, with the day that was written down."""
    sold = block.opportunities
    row, role = np.nonzero(sold.role_days <= np.minimum(sold.close_day, today)[:, None])
    contact = _contacts_in_roles(block, row, role)
    return pa.table(
        {
            "Id": identifiers("00K5g", block.number * _PER_BLOCK + row * len(ROLES) + role, 13),
            "OpportunityId": opportunity_ids(block.number, row),
            "ContactId": contact_ids(block.number, contact),
            "Role": picked(ROLES, role),
            "CreatedDate": days_text(sold.role_days[row, role]),
            "SystemModstamp": days_text(sold.role_days[row, role]),
        }
    )


def _contacts_in_roles(block: Block, row: Ints, role: Ints) -> Ints:
    """Return who is written down: mostly the contact whose job suits the role, else anyone.

    Three of ten are anyone, so that a role is likely from a title and never certain.
    """
    people, n = block.contacts, len(block.accounts)
    counts = people.counts(n)
    firsts = np.cumsum(counts) - counts
    account = block.opportunities.account[row]
    anyone = np.argsort(people.account, kind="stable")[firsts[account] + role % counts[account]]
    order = [np.lexsort((-_suits(people, each), people.account)) for each in range(len(ROLES))]
    suited = np.stack(order)[role, firsts[account]]
    luck = (block.opportunities.detail[row] // 32 + 7 * role) % 10
    return np.where(luck < 7, suited, anyone)


def _suits(people: Contacts, role: int) -> Ints:
    """Return how well each contact's function and level suit a role of `ROLES`."""
    level = people.first_level
    ours = np.isin(people.function, [FUNCTIONS.index("success"), FUNCTIONS.index("operations")])
    match ROLES[role]:
        case "Champion":
            suits = 3 * ours + ((level >= 1) & (level <= 2))
        case "Economic Buyer":
            suits = 2 * level + (people.function == FUNCTIONS.index("finance"))
        case "Technical Buyer":
            suits = 5 * (people.function == FUNCTIONS.index("it")) + level
        case _:
            suits = 4 * ours - level
    return suits.astype(np.int64)


def subscription_rows(block: Block, seed: int, dirt: Dirt) -> pa.Table:
    """Return one row per subscription; a running one has no end date."""
    paid, random = block.subscriptions, random_stream(seed, block.number, Stream.DIRT, 11)
    reason = picked(CHURN_REASONS, paid.detail // 4 % len(CHURN_REASONS), paid.churned)
    table = pa.table(
        {
            "Subscription ID": subscription_ids(block.number, np.arange(len(paid))),
            "Account ID": names.record_ids(block.accounts.index[paid.account]),
            "Plan": picked(_PLANS, np.searchsorted(_PLAN_SEATS, paid.seats)),
            "Seats": whole(paid.seats),
            "MRR": amounts(paid.arr / 12),
            "ARR": amounts(paid.arr),
            "Start Date": days_text(paid.started_day),
            "End Date": days_text(paid.ended_day, shown=paid.churned),
            "Status": picked(("active", "canceled"), paid.churned.astype(np.int64)),
            "Churn Reason": reason,
            "Support Cost": amounts(paid.support_cost),
        }
    )
    return with_repeats(random, table, dirt.exact_duplicate)


def usage_rows(block: Block) -> pa.Table:
    """Return one row per subscription and day of use; days without use have no row."""
    used, paid = block.usage, block.subscriptions
    accounts = names.record_ids(block.accounts.index[paid.account])
    subscriptions = subscription_ids(block.number, np.arange(len(paid)))
    return pa.table(
        {
            "Account ID": taken(accounts, used.subscription),
            "Subscription ID": taken(subscriptions, used.subscription),
            "Date": days_text(used.day),
            "Active Users": pa.array(used.active_users),
            "Events": pa.array(used.event_count),
        }
    )


def subscription_ids(block: int, rows: Ints) -> Text:
    """Return the billing system's identifiers of a block's subscriptions."""
    return identifiers("sub_", block * _PER_BLOCK + rows, 10)


_PERCENTS = tuple(f"{percent}%" for percent in range(101))


def _percent(share: Floats) -> Ints:
    percent: Ints = np.rint(share * 100).astype(np.int64)
    return percent


def _titles(block: Block) -> Text:
    sold = block.opportunities
    base = capitalised(names.base_names(block.accounts.index[sold.account]))
    return joined(base, " - ", whole(sold.seats), " seats")


def _competitors(sold: Opportunities, discussed: Bools) -> Text:
    met = discussed & (sold.detail % 10 < 3)
    return picked(COMPETITORS, sold.detail // 16 % len(COMPETITORS), met)


def _close_dates(sold: Opportunities) -> Ints:
    expected = sold.created_day + _EXPECTED_DAYS + sold.detail % 60
    return np.where(sold.closed, sold.close_day, expected)


def _last_stage(sold: Opportunities) -> Ints:
    return np.where(sold.won, _LAST, sold.detail % len(STAGES))


def _entry_days(sold: Opportunities) -> Ints:
    length = (sold.close_day - sold.created_day)[:, None]
    days: Ints = sold.created_day[:, None] + np.floor(length * _ENTERED).astype(np.int64)
    return days


def _stage_on(sold: Opportunities, day: int) -> Ints:
    reached = np.minimum((_entry_days(sold) <= day).sum(axis=1) - 1, _last_stage(sold))
    end = np.where(sold.won, _ENDS.index(WON), _ENDS.index(LOST))
    return np.where(sold.closed, end, reached)


def stages_entered(sold: Opportunities, today: int) -> tuple[Ints, Ints, Ints]:
    """Return the row, the stage (won and lost follow `STAGES`) and the day of every entry."""
    days = np.c_[_entry_days(sold), sold.close_day]
    stages = np.tile(np.arange(len(STAGES) + 1), (len(sold), 1))
    stages[:, -1] = np.where(sold.won, _ENDS.index(WON), _ENDS.index(LOST))
    happened = (days <= today) & (stages <= _last_stage(sold)[:, None])
    happened[:, -1] = sold.closed
    row, place = np.nonzero(happened)
    return row, stages[row, place], days[row, place]
