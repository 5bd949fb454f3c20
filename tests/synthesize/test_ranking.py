"""Contacts are ranked by a stated order; each place has its reasons, and unknown is said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.synthesize.ranking import Answered, ContactFound, Says, ranked

DAY = date(2026, 11, 2)
PLAIN = ContactFound(
    contact_id="b",
    name=None,
    title="Buyer",
    level=None,
    function=None,
    persona=None,
    fits=False,
    priority=None,
    role=None,
    is_confirmed=False,
    is_written=False,
    probability=None,
    low=None,
    high=None,
    stance=None,
    touched=None,
)
BUYER = replace(PLAIN, persona="buyer", fits=True, priority=10)
CHAMPION = {"role": BuyingRole.CHAMPION, "probability": 0.6}


def answered(days_ago: int) -> Answered:
    day = DAY - timedelta(days=days_ago)
    return Answered(1, 1, day, day)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BUYER, PLAIN),
        (BUYER, replace(PLAIN, touched=answered(1), level="owner", **CHAMPION)),
        (replace(PLAIN, fits=None, title=None), PLAIN),
        (BUYER, replace(PLAIN, fits=None, title=None)),
        (BUYER, replace(BUYER, persona="user", priority=20)),
        (BUYER, replace(BUYER, stance=Stance.OPPOSED, **CHAMPION)),
        (replace(BUYER, **CHAMPION), BUYER),
        (BUYER, replace(BUYER, role=BuyingRole.BLOCKER, probability=0.9)),
        (replace(BUYER, **CHAMPION), replace(BUYER, role=BuyingRole.USER, probability=0.9)),
        (replace(BUYER, role=BuyingRole.CHAMPION, is_confirmed=True), replace(BUYER, **CHAMPION)),
        (replace(BUYER, touched=answered(20)), replace(BUYER, touched=Answered(0, 0, None, None))),
        (BUYER, replace(BUYER, touched=Answered(4, 3, DAY, None))),
        (replace(BUYER, touched=answered(20)), replace(BUYER, touched=answered(400))),
        (replace(BUYER, level="vp"), replace(BUYER, level="ic")),
        (replace(BUYER, level="junior"), BUYER),
    ],
)
def test_who_goes_first(first: ContactFound, second: ContactFound) -> None:
    late = replace(second, contact_id="a")  # the id only decides where nothing else does
    assert [each.contact for each in ranked([late, first], DAY)] == [first, late]


def test_of_two_alike_the_id_decides() -> None:
    other = replace(PLAIN, contact_id="a")
    assert [each.contact.contact_id for each in ranked([PLAIN, other], DAY)] == ["a", "b"]


def test_every_step_says_what_is_known_and_what_is_not() -> None:
    (only,) = ranked([replace(PLAIN, fits=None, title=None)], DAY)
    assert [reason.step for reason in only.reasons] == [
        *("persona", "role", "stance", "answers", "level")
    ]
    assert {reason.says for reason in only.reasons} == {Says.UNKNOWN}


def test_a_believed_role_carries_its_probability_and_where_it_comes_from() -> None:
    stated = ranked([replace(BUYER, **CHAMPION)], DAY)[0].reasons[1].text
    assert stated == "champion (60%, stated and not estimated)"
    measured = replace(BUYER, low=0.5, high=0.7, **CHAMPION)
    assert "95 % interval 50% to 70%" in ranked([measured], DAY)[0].reasons[1].text
    confirmed = replace(BUYER, role=BuyingRole.USER, is_confirmed=True)
    assert ranked([confirmed], DAY)[0].reasons[1].text == "user, confirmed by a person"


def test_a_role_of_the_crm_shows_no_probability_that_looks_measured() -> None:
    written = replace(
        BUYER, role=BuyingRole.ECONOMIC_BUYER, probability=0.99, low=None, is_written=True
    )
    assert ranked([written], DAY)[0].reasons[1].text == "economic buyer (written in the CRM)"


FOUND = st.builds(
    replace,
    st.just(PLAIN),
    contact_id=st.text("abc", min_size=1, max_size=3),
    fits=st.sampled_from([None, False]),
    role=st.sampled_from([None, *BuyingRole]),
    probability=st.floats(0, 1),
    stance=st.sampled_from([None, *Stance]),
    level=st.sampled_from([None, "vp", "ic", "nonsense"]),
)


@given(st.lists(FOUND, max_size=8, unique_by=lambda each: each.contact_id), st.randoms())
def test_the_order_is_total_whatever_the_order_given(given_: list[ContactFound], random) -> None:
    shuffled = random.sample(given_, len(given_))
    assert ranked(given_, DAY) == ranked(shuffled, DAY)
    assert [each.place for each in ranked(given_, DAY)] == list(range(1, len(given_) + 1))
