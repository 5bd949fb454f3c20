"""Decisions on buying roles: kept, replaced, withdrawn, and told apart from what is inferred."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, roles
from bullseye.store.db import Store
from bullseye.store.roles import About, NewRoleDecision, RoleDecision

Decided = Callable[..., RoleDecision]


@pytest.fixture
def decided(store: Store, monday: datetime) -> Decided:
    """Record a decision; name what differs."""

    def decide(**differs: object) -> RoleDecision:
        usual: dict[str, object] = {
            "contact_id": "p1",
            "opportunity_id": None,
            "about": About.ROLE,
            "value": "champion",
            "holds": True,
            "author": "rita",
            "reason": "Maria called her our best friend there",
            "created_at": monday,
        }
        return roles.add(store, NewRoleDecision(**{**usual, **differs}))  # type: ignore[arg-type]

    return decide


def test_a_decision_comes_back_as_it_was_made(store: Store, decided: Decided) -> None:
    kept = decided(opportunity_id="o1", holds=False)
    assert roles.active(store) == (kept,)
    assert (kept.opportunity_id, kept.holds, kept.withdrawn_at) == ("o1", False, None)


def test_a_contact_may_have_two_roles_but_one_stance(store: Store, decided: Decided) -> None:
    decided()
    decided(value="user")
    decided(about=About.STANCE, value="supporter")
    decided(about=About.STANCE, value="opposed")
    assert [each.value for each in roles.active(store)] == ["champion", "user", "opposed"]


def test_a_rejection_takes_the_place_of_a_confirmation(store: Store, decided: Decided) -> None:
    decided()
    decided(holds=False)
    assert [each.holds for each in roles.active(store)] == [False]


def test_what_is_decided_on_one_opportunity_stays_there(store: Store, decided: Decided) -> None:
    decided(opportunity_id="o1")
    decided(holds=False)
    assert [each.opportunity_id for each in roles.active(store)] == ["o1", None]


def test_what_held_at_a_moment_is_told_apart_from_what_holds_now(
    store: Store, decided: Decided, monday: datetime
) -> None:
    decided()
    later = monday + timedelta(days=2)
    roles.withdraw(store, "p1", "champion", opportunity_id=None, at=later, actor="omar")
    assert roles.active(store) == ()
    assert len(roles.active(store, known_at=monday + timedelta(days=1))) == 1
    assert roles.active(store, known_at=monday - timedelta(days=1)) == ()


def test_what_was_never_decided_cannot_be_withdrawn(
    store: Store, decided: Decided, monday: datetime
) -> None:
    decided(opportunity_id="o1")
    with pytest.raises(UnknownName, match="champion of p1"):
        roles.withdraw(store, "p1", "champion", opportunity_id=None, at=monday, actor="omar")


def test_a_decision_without_a_reason_is_refused(store: Store, decided: Decided) -> None:
    with pytest.raises(UsageError, match="reason"):
        decided(reason=" ")
    assert roles.active(store) == ()


def test_the_audit_trail_names_neither_the_contact_nor_the_reason(
    store: Store, decided: Decided
) -> None:
    decided(contact_id="maria@north.example")
    entry = audit.entries(store)[0]
    assert (entry.action, entry.actor) == ("role.confirm", "rita")
    assert "maria" not in str(entry).lower()
    assert audit.verify(store) is None
