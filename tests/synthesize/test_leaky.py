"""The leaky funnel: cells add up, unknown is neither right nor wrong, shares have intervals."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.conftest import World

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.faces.cli.main import code_of
from bullseye.pipeline.leaking import leaky_funnel
from bullseye.prioritize.run import score
from bullseye.synthesize.leaky import FITS, Fit, People, Sent, cells, leaking, shared_money

TODAY = date(2026, 11, 2)
RIGHT, WRONG, UNKNOWN = Fit.RIGHT, Fit.WRONG, Fit.UNKNOWN


def codes(*fits: Fit) -> np.ndarray:
    return np.array([FITS.index(fit) for fit in fits])


def test_contacts_touches_and_money_stand_in_their_cell() -> None:
    people = People(np.array([0, 0, 1]), codes(RIGHT, RIGHT, WRONG), codes(RIGHT, WRONG, RIGHT))
    sent = Sent(
        np.array([0, 0, 1, 1]),
        codes(RIGHT, RIGHT, WRONG, WRONG),
        codes(WRONG, WRONG, RIGHT, RIGHT),
        np.array([True, False, False, False]),
    )
    found = cells(people, sent, {(RIGHT, WRONG): 50.0})
    by = {(cell.account, cell.contact): cell for cell in found}
    assert sum(cell.contacts for cell in found) == 3
    assert sum(cell.touches for cell in found) == 4
    leak = by[RIGHT, WRONG]
    assert (leak.contacts, leak.accounts, leak.touches, leak.money) == (1, 1, 2, 50.0)
    assert leak.answered is not None
    assert leak.answered.low < leak.answered.share == 0.5 < leak.answered.high
    assert leak.leaks
    assert by[RIGHT, RIGHT].answered is None
    assert not by[RIGHT, RIGHT].leaks


def test_a_touch_of_which_either_side_is_unknown_counts_only_if_the_other_is_wrong() -> None:
    sent = Sent(
        np.arange(4),
        codes(RIGHT, UNKNOWN, UNKNOWN, RIGHT),
        codes(RIGHT, RIGHT, WRONG, UNKNOWN),
        np.zeros(4, dtype=bool),
    )
    found = leaking(sent)
    assert found is not None
    assert (found.n, found.share) == (2, 0.5)


def test_touches_of_one_account_are_one_voice() -> None:
    n = 200
    account = np.repeat(np.arange(n // 20), 20)
    fits = np.where(account % 2 == 0, FITS.index(WRONG), FITS.index(RIGHT))
    right, answered = np.zeros(n, dtype=int), np.zeros(n, dtype=bool)
    clustered = leaking(Sent(account, fits, right, answered))
    single = leaking(Sent(np.arange(n), fits, right, answered))
    assert clustered is not None
    assert single is not None
    assert clustered.high - clustered.low > 2 * (single.high - single.low)


def test_money_is_shared_out_and_none_is_lost() -> None:
    rows = [(90.0, [(RIGHT, RIGHT)] * 2 + [(RIGHT, WRONG)]), (10.0, [(WRONG, RIGHT)])]
    found = shared_money(rows)
    assert found[RIGHT, RIGHT] == pytest.approx(60)
    assert sum(found.values()) == pytest.approx(100)


@pytest.fixture
def funnel(world: World) -> World:
    """Fit accounts r and s, an unfit one w, one u of which nothing is known; a buyer at r and w."""
    world.icp("saas", {"rule": {"industry": "SaaS"}, "points": 10})
    world.define("personas", "chief", who={"level": "cxo"})
    accounts = [{"account_id": "r"}, {"account_id": "s"}]
    world.known(
        [
            *({**each, "industry": "SaaS"} for each in accounts),
            {"account_id": "w", "industry": "Retail"},
            {"account_id": "u"},
        ]
    )
    contacts = [
        {"contact_id": "1", "account_id": "r", "title": "CEO"},
        {"contact_id": "2", "account_id": "r", "title": "Sales Assistant"},
        {"contact_id": "3", "account_id": "w", "title": "CEO"},
        {"contact_id": "4", "account_id": "u", "title": "?"},
    ]
    rows = [
        {**each, "email": f"{each['contact_id']}@x{at}.com"} for at, each in enumerate(contacts)
    ]
    world.known(rows, table=TableName.CONTACTS)
    return world


def test_a_workspace_shows_its_leaks_in_contacts_touches_and_money(funnel: World) -> None:
    touches = [
        {"touch_id": "t1", "contact_id": "2", "occurred_on": TODAY, "outcome": "Replied"},
        {"touch_id": "t2", "contact_id": "3", "occurred_on": TODAY},
        {"touch_id": "t3", "contact_id": "3", "occurred_on": TODAY - timedelta(days=400)},
    ]
    funnel.known(touches, table=TableName.TOUCHES)
    sold = {"outcome": "open", "created_on": TODAY - timedelta(days=9)}
    opportunities = [
        {"opportunity_id": "o", "account_id": "r", "amount": 100.0, **sold},
        {"opportunity_id": "p", "account_id": "s", "amount": 7.0, **sold},
    ]
    funnel.known(opportunities, table=TableName.OPPORTUNITIES)
    on_it = [{"opportunity_id": "o", "contact_id": contact, "added_on": TODAY} for contact in "12"]
    funnel.known(on_it, table=TableName.OPPORTUNITY_CONTACTS)
    score(funnel.workspace)
    found = leaky_funnel(funnel.workspace)
    wrong_contact, wrong_account = found.cell(RIGHT, WRONG), found.cell(WRONG, RIGHT)
    assert (wrong_contact.contacts, wrong_contact.touches, wrong_contact.money) == (1, 1, 50.0)
    assert wrong_contact.answered is not None
    assert wrong_contact.answered.share == 1
    assert (wrong_account.contacts, wrong_account.touches) == (1, 1)
    assert found.cell(RIGHT, RIGHT).money == 50
    assert (found.nobody_right, found.nobody_other) == (7, 0)
    assert (found.right_accounts, found.empty, found.first_empty) == (2, 1, ("s",))
    assert found.cell(UNKNOWN, UNKNOWN).contacts == 1
    assert found.without == ("spend",)


def test_the_day_that_touches_are_counted_since_is_counted(funnel: World) -> None:
    days = [TODAY, TODAY - timedelta(days=6), TODAY - timedelta(days=7)]
    touches = [
        {"touch_id": f"t{at}", "contact_id": "2", "occurred_on": day} for at, day in enumerate(days)
    ]
    funnel.known(touches, table=TableName.TOUCHES)
    score(funnel.workspace)
    found = leaky_funnel(funnel.workspace, days=7)
    assert found.since == days[1]
    assert found.cell(RIGHT, WRONG).touches == 2


def test_touches_that_are_not_imported_are_said_and_not_zero(
    funnel: World, capsys: pytest.CaptureFixture[str]
) -> None:
    score(funnel.workspace)
    funnel.write()
    assert code_of(["-w", str(funnel.folder), "leaky"]) == 0
    text = capsys.readouterr().out
    assert "Wrong people at right accounts: 1 contact, touches unknown, 0 open." in text
    assert "answered (95 %)" in text
    found = leaky_funnel(funnel.workspace)
    assert found.leaking is None
    assert found.without == ("touches", "spend")


def test_without_a_right_account_it_says_what_to_fill(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.icp("saas", {"rule": {"industry": "SaaS"}, "points": 10})
    world.define("personas", "chief", who={"level": "cxo"})
    world.known([{"account_id": "u"}])
    world.known([{"contact_id": "1", "account_id": "u", "title": "CEO"}], table=TableName.CONTACTS)
    score(world.workspace)
    world.write()
    assert code_of(["-w", str(world.folder), "leaky"]) == 0
    text = capsys.readouterr().out
    assert "No account is in a tier, so none is right. See what to fill: bullseye worklist" in text
    assert "0 of 0" not in text


def test_without_personas_nobody_is_right_or_wrong(world: World) -> None:
    world.icp("saas", {"rule": {"industry": "SaaS"}, "points": 10})
    world.known([{"account_id": "r", "industry": "SaaS"}])
    score(world.workspace)
    with pytest.raises(NotEnoughEvidence, match="No persona"):
        leaky_funnel(world.workspace)
    with pytest.raises(UsageError):
        leaky_funnel(world.workspace, days=0)
