"""What people's own roles say of the beliefs: tested on later ones, and silent without them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.role_prior import Assumptions, RolePrior, assumptions
from bullseye.synthesize.role_check import RoleCheck, role_check, split_day
from bullseye.synthesize.role_evidence import Observed
from bullseye.synthesize.role_learning import Label, examples, labels, learnt
from bullseye.synthesize.stance import RoleDecided
from bullseye.warehouse.role_facts import ContactFacts

DAY = date(2026, 1, 1)
CHAMPION, BUYER, USER = BuyingRole.CHAMPION, BuyingRole.ECONOMIC_BUYER, BuyingRole.USER
LEVELS = ("vp", "manager", "ic")


@pytest.fixture(scope="module")
def assumed() -> Assumptions:
    own = RolePrior(
        name="ours",
        owner="Dana Whitfield",
        review_by=date(2030, 1, 1),
        review_when=("it moves",),
        serves=("operations",),
    )
    return assumptions(own)


def people(n: int) -> list[ContactFacts]:
    return [
        ContactFacts(f"p{at}", f"a{at}", None, None, LEVELS[at % 3], "operations", 900)
        for at in range(n)
    ]


def given(roles: Sequence[BuyingRole], *, days: int = 1) -> list[Observed]:
    """Return roles of the CRM, one contact a day."""
    return [
        Observed(f"p{at}", "crm_role", DAY + timedelta(days=days * at), f"row {at}", "", None, role)
        for at, role in enumerate(roles)
    ]


def checked(
    observed: Sequence[Observed],
    assumed: Assumptions,
    *,
    n: int = 300,
    decided: Mapping[str, Sequence[RoleDecided]] | None = None,
) -> RoleCheck:
    now = people(n)
    return role_check(
        now,
        now,
        observed,
        decided or {},
        assumed,
        split_on=split_day(labels(observed, decided or {})),
        as_of=DAY + timedelta(days=n),
        unknown_words={},
    )


def by_title(n: int, luck: float) -> list[BuyingRole]:
    """Return the role that suits each contact's title, or any role."""
    random = np.random.default_rng(4)
    suits = (BUYER, CHAMPION, USER)
    return [
        suits[at % 3] if random.random() < luck else suits[random.integers(3)] for at in range(n)
    ]


def test_roles_that_follow_titles_are_learnt_and_their_precision_is_told(
    assumed: Assumptions,
) -> None:
    found = checked(given(by_title(300, 0.85)), assumed)
    assert (found.taught, found.tested, found.needed) == (210, 90, 0)
    shown = found.at_threshold
    assert shown is not None
    assert shown.precision.n >= 60
    assert shown.precision.low < 0.9 < shown.precision.high
    assert found.gain is not None
    assert found.gain.low > 0
    assert f"right for {shown.precision.share:.0%}" in found.verdict


def test_roles_that_have_nothing_to_do_with_titles_claim_no_precision(
    assumed: Assumptions,
) -> None:
    found = checked(given(by_title(300, 0.0)), assumed)
    assert found.gain is not None
    assert found.gain.low <= 0
    assert "no better than how frequent each role is" in found.verdict


def test_a_threshold_that_promises_more_than_holds_is_said_to_be_too_low(
    assumed: Assumptions,
) -> None:
    before, after = by_title(1500, 0.65)[:1050], by_title(1500, 0.45)[1050:]
    found = checked(given([*before, *after]), assumed, n=1500)
    shown = found.at_threshold
    assert shown is not None
    assert shown.precision.high < found.threshold
    assert "less than the threshold of 70% says: raise it" in found.verdict


def test_too_few_roles_say_how_many_are_missing(assumed: Assumptions) -> None:
    found = checked(given(by_title(60, 0.9)), assumed)
    assert (found.taught, found.tested, found.needed) == (42, 18, 12)
    assert found.verdict.startswith("Cannot tell yet: 12 more")
    assert found.trials == ()


def test_without_roles_it_says_so(assumed: Assumptions) -> None:
    found = checked([], assumed)
    assert (found.labelled, found.split_on, found.needed) == (0, None, 30)
    assert found.verdict.startswith("Cannot tell yet")


def test_roles_of_one_day_cannot_be_foretold(assumed: Assumptions) -> None:
    found = checked(given(by_title(200, 0.9), days=0), assumed)
    assert found.split_on is None
    assert "all roles that people gave are of one day" in found.verdict


def test_the_role_of_the_crm_is_never_evidence_for_itself(assumed: Assumptions) -> None:
    observed = given(by_title(80, 0.0))
    found = examples(people(80), observed, labels(observed, {}), assumed)
    assert all(set(each.evidence.values()) == {0.0} for each in found)
    assert not any(has for each in found for has in each.has_evidence.values())


def test_what_was_seen_after_the_label_teaches_nothing(assumed: Assumptions) -> None:
    roles = given([BUYER])
    signed = [
        Observed("p0", "signed", DAY + timedelta(days=days), f"touch {days}", "")
        for days in (-5, 0, 5)
    ]
    (found,) = examples(people(1), [*roles, *signed], labels(roles, {}), assumed)
    assert found.evidence[BUYER] == 3.0
    (late,) = examples(people(1), [*roles, *signed[1:]], labels(roles, {}), assumed)
    assert late.evidence[BUYER] == 0.0


def test_a_role_is_tested_only_on_contacts_that_were_not_taught(assumed: Assumptions) -> None:
    first = given(by_title(100, 0.8))
    again = [
        Observed(each.contact_id, "crm_role", DAY + timedelta(days=400), "later", "", None, USER)
        for each in first[:20]
    ]
    found = checked([*first, *again], assumed)
    assert found.taught + found.tested == found.labelled == 100


def test_a_label_says_no_to_the_roles_that_people_use_and_nothing_of_others() -> None:
    found = labels(given([BUYER, USER]), {})
    assert found["p0"].roles == {BUYER: True, USER: False}
    assert BuyingRole.BLOCKER not in found["p1"].roles


def test_a_rejection_alone_says_no_to_one_role() -> None:
    no = RoleDecided(BUYER, None, False, "rita", "has no budget", "decision 1", DAY)
    assert labels(given([USER]), {"p9": (no,)})["p9"].roles == {BUYER: False}


def test_evidence_that_means_nothing_here_loses_its_weight(assumed: Assumptions) -> None:
    random = np.random.default_rng(3)
    roles = given([(CHAMPION, USER)[at] for at in random.integers(0, 2, 300)])
    seen = [
        Observed(each.contact_id, "introduced", DAY - timedelta(days=1), "t", "")
        for each in roles
        if random.random() < 0.5
    ]
    found = learnt(
        examples(people(300), [*roles, *seen], labels(roles, {}), assumed), assumed
    ).corrections[CHAMPION]
    assert abs(found.slope) < 0.35


def test_testing_begins_after_seven_tenths_and_never_on_the_first_day() -> None:
    days = [0, 0, 0, 0, 0, 0, 0, 0, 3, 4]
    found = {f"p{at}": Label({}, DAY + timedelta(days=day)) for at, day in enumerate(days)}
    assert split_day(found) == DAY + timedelta(days=3)
    assert split_day(dict(list(found.items())[:8])) is None
