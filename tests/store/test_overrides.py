"""Overrides: people's decisions about tiers."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, overrides
from bullseye.store.db import Store
from bullseye.store.overrides import NewOverride, Override

HOUR = timedelta(hours=1)
TUESDAY = date(2026, 3, 3)
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def decided(store: Store, monday: datetime) -> Any:
    def decide(**differs: Any) -> Override:
        usual: dict[str, Any] = {
            "account_id": "acme",
            "tier": "T1",
            "author": "rita",
            "reason": "The board asked for it.",
            "expires_on": FRIDAY,
            "created_at": monday,
        }
        return overrides.add(store, NewOverride(**{**usual, **differs}))

    return decide


def test_an_override_holds_from_its_day_to_the_day_it_expires(store: Store, decided: Any) -> None:
    override = decided()
    assert overrides.active(store, date(2026, 3, 1)) == ()
    assert overrides.active(store, date(2026, 3, 2)) == (override,)
    assert overrides.active(store, FRIDAY) == (override,)
    assert overrides.active(store, date(2026, 3, 7)) == ()


def test_a_withdrawn_override_held_until_it_was_withdrawn(
    store: Store, decided: Any, monday: datetime
) -> None:
    override = decided()
    gone = overrides.withdraw(store, override.id, at=monday + 48 * HOUR, actor="omar")
    assert gone.withdrawn_at == monday + 48 * HOUR
    assert overrides.active(store, TUESDAY) == (gone,)
    assert overrides.active(store, date(2026, 3, 4)) == ()
    assert overrides.listed(store) == (gone,)


def test_what_a_run_saw_can_be_asked_again(store: Store, decided: Any, monday: datetime) -> None:
    decided(created_at=monday)
    later = decided(account_id="zeta", created_at=monday + 2 * HOUR)
    known = overrides.active(store, monday.date(), known_at=monday + HOUR)
    assert [override.account_id for override in known] == ["acme"]
    assert later in overrides.active(store, monday.date())


def test_a_day_in_the_past_can_be_asked_with_what_is_known_now(
    store: Store, decided: Any, monday: datetime
) -> None:
    override = decided()
    past = date(2025, 5, 13)
    assert overrides.active(store, past) == ()
    assert overrides.active(store, past, known_at=monday) == (override,)


def test_a_new_decision_replaces_the_earlier_one_for_good(
    store: Store, decided: Any, monday: datetime
) -> None:
    decided(expires_on=date(2026, 12, 31))
    second = decided(tier="T3", created_at=monday + HOUR, author="omar")
    assert overrides.active(store, TUESDAY) == (second,)
    assert overrides.active(store, date(2026, 3, 7)) == ()
    actions = [entry.action for entry in audit.entries(store, subject="account acme")]
    assert actions == ["override.add", "override.withdraw", "override.add"]


@pytest.mark.parametrize("blank", ["account_id", "tier", "author", "reason"])
def test_an_override_says_who_what_and_why(store: Store, decided: Any, blank: str) -> None:
    with pytest.raises(UsageError, match="is blank"):
        decided(**{blank: "  "})
    assert overrides.listed(store) == ()


def test_an_override_does_not_end_before_it_begins(decided: Any) -> None:
    with pytest.raises(UsageError, match="before it begins on 2026-03-02"):
        decided(expires_on=date(2026, 3, 1))


def test_withdrawing_what_is_gone_or_unknown_is_refused(
    store: Store, decided: Any, monday: datetime
) -> None:
    override = decided()
    overrides.withdraw(store, override.id, at=monday, actor="omar")
    with pytest.raises(UsageError, match="was withdrawn on"):
        overrides.withdraw(store, override.id, at=monday, actor="omar")
    with pytest.raises(UnknownName):
        overrides.withdraw(store, 10**30, at=monday, actor="omar")


def test_overrides_are_listed_by_account(store: Store, decided: Any) -> None:
    decided()
    zeta = decided(account_id="zeta'; --")
    assert overrides.listed(store, account_id="zeta'; --") == (zeta,)
    assert len(overrides.listed(store)) == 2
