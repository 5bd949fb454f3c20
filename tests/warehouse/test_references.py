"""What id, domain and exact name leave open is settled by more, or left to a person."""

from datetime import timedelta
from typing import Any

import duckdb
import pytest

from bullseye.definitions.field import TableName
from bullseye.store import match_decisions
from bullseye.store.match_decisions import NewMatchDecision
from bullseye.warehouse.legal_forms import plain_name
from bullseye.warehouse.mail_domains import of_nobody, registered
from bullseye.warehouse.references import reference_id

ACCOUNTS = [
    {"account_id": "1", "name": "Northwind Traders GmbH", "domain": "northwind.de"},
    {"account_id": "2", "name": "Globex SA", "domain": "globex.fr", "country": "FR"},
    {"account_id": "3", "name": "Globex Ltd", "domain": "globex.co.uk", "country": "GB"},
    {"account_id": "4", "name": "Mailinator", "domain": "mailinator.com"},
    {"account_id": "5", "name": "Hooli", "domain": "shop.hooli.com", "former_names": ["Nucleus"]},
    {"account_id": "6", "name": "Umbrella Health", "domain": "umbrella.com"},
    {"account_id": "7", "name": "Umbrella Foods", "domain": "umbrella.com"},
    {"account_id": "8", "name": "Gugl JSC", "country": "KZ"},
    {"account_id": "9", "name": "Metal Bearings and Sons of Idaho"},
]


def matched(world: Any, **contact: str) -> tuple[str | None, str]:
    """Return the account one contact is matched to, and how."""
    world.known(ACCOUNTS)
    world.known([{"contact_id": "c", **contact}], table=TableName.CONTACTS, source="people")
    (row,) = world.state(TableName.CONTACTS)
    return row["account_id"], row["_match_method"]


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ({"email": "a@mail.northwind.de"}, ("1", "registered domain")),
        ({"email": "a@hooli.com"}, ("5", "registered domain")),
        ({"email": "a@mailinator.com"}, (None, "unmatched")),
        ({"email": "a@gmail.com", "account_name": "Nothing Known"}, (None, "unmatched")),
        ({"account_name": "Globex", "country": "GB"}, ("3", "name and country")),
        ({"account_name": "Globex", "country": "DE"}, (None, "ambiguous")),
        ({"account_name": "Globex"}, (None, "ambiguous")),
        (
            {"email": "a@umbrella.com", "account_name": "Umbrella Foods"},
            ("7", "domain and name"),
        ),
        ({"email": "a@umbrella.com"}, (None, "ambiguous")),
        ({"account_name": "The North-Wind Traders"}, ("1", "name")),
        ({"account_name": "Nortwind Traders"}, ("1", "similar name")),
        ({"email": "a@other.org", "account_name": "Nortwind Traders"}, (None, "ambiguous")),
        ({"email": "a@eu.hooli.com", "account_name": "The Mailinator"}, (None, "ambiguous")),
        ({"account_name": "Nortwind Treaders Two"}, (None, "unmatched")),
        ({"account_name": "Northwind Traders Group"}, ("1", "short name")),
        ({"account_name": "Traders, Northwind"}, ("1", "similar name")),
        ({"account_name": "Акционерное общество «Гугл»"}, ("8", "name")),
        ({"account_name": "MBSI"}, (None, "unmatched")),
        ({"email": "a@gmail.com", "account_name": "Hooli"}, ("5", "name")),
        ({"email": "a@other.org", "account_name": "Hooli"}, (None, "ambiguous")),
        ({"email": "a@other.org", "account_name": "Northwind Traders Group"}, (None, "ambiguous")),
        ({"email": "a@other.org", "account_name": "Nucleus"}, ("5", "former name")),
        ({"account_name": "'; DROP TABLE other; --", "email": "'@'"}, (None, "unmatched")),
    ],
)
def test_a_contact_finds_its_account_or_is_left_to_a_person(world, contact, found):
    assert matched(world, **contact) == found


def test_an_account_is_found_by_the_name_and_the_domain_it_had_before(world):
    early = world.today - timedelta(days=90)
    before = {"account_id": "1", "name": "Acme Robots", "domain": "acme-robots.io"}
    world.known([before], on=early)
    world.known([{"account_id": "1", "name": "Botify Labs", "domain": "botify.example"}])
    people = [
        {"contact_id": "a", "email": "ada@acme-robots.io"},
        {"contact_id": "b", "account_name": "Acme Robots"},
    ]
    world.known(people, table=TableName.CONTACTS, source="people")
    found = [(row["account_id"], row["_match_method"]) for row in world.state(TableName.CONTACTS)]
    assert found == [("1", "former domain"), ("1", "former name")]


def test_signals_are_matched_as_contacts_are(world):
    world.known(ACCOUNTS)
    world.happened([{"type": "funding_round", "domain": "news.northwind.de"}])
    workspace = world.workspace
    with workspace.connection() as connection:
        state = workspace.state(
            connection, world.project, tuple(b.number for b in workspace.batches()), world.today
        )
        found = connection.execute(
            f"SELECT account_id, match_method FROM read_parquet('{state.signals}')"
        ).fetchall()
    assert found == [("1", "registered domain")]


def decision(world: Any, account_id: str | None) -> NewMatchDecision:
    return NewMatchDecision(
        reference=reference_id(None, "Globex", None),
        domain=None,
        name="Globex",
        country=None,
        account_id=account_id,
        author="rita",
        reason="asked them",
        created_at=world.workspace.now(),
    )


def test_what_a_person_decided_holds_until_it_is_withdrawn(world):
    assert matched(world, account_name="Globex") == (None, "ambiguous")
    new = decision(world, "3")
    match_decisions.add(world.store, new)
    (row,) = world.state(TableName.CONTACTS)
    assert (row["account_id"], row["_match_method"]) == ("3", "decision")
    match_decisions.withdraw(world.store, new.reference, at=new.created_at, actor="rita")
    (row,) = world.state(TableName.CONTACTS)
    assert (row["account_id"], row["_match_method"]) == (None, "ambiguous")


def test_a_decision_for_an_account_that_is_gone_does_not_count(world):
    match_decisions.add(world.store, decision(world, "99"))
    assert matched(world, account_name="Globex") == (None, "ambiguous")


def test_a_decision_outweighs_a_name_but_never_an_id(world):
    match_decisions.add(world.store, decision(world, None))
    assert matched(world, account_name="Globex", account_id="2") == ("2", "id")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
        ("The Boeing Company", "boeing"),
        ("Kowalski Sp. z o.o.", "kowalski"),
        ("株式会社トヨタ", "トヨタ"),
        ("Ørsted A/S", "orsted"),
        ("Straße und Wege AG", "strasse wege"),
        ("L'Oréal S.A.", "loreal"),
        ("Co", "co"),
        ("...", None),
    ],
)
def test_a_plain_name_has_no_legal_form_of_any_country(written, plain):
    sql = f"SELECT {plain_name('n')} FROM (SELECT ?::VARCHAR AS n)"
    assert duckdb.connect().execute(sql, [written]).fetchall() == [(plain,)]


def test_free_and_throw_away_mail_says_nothing_of_an_account():
    assert {"gmail.com", "web.de", "qq.com", "mailinator.com"} <= of_nobody()
    assert registered("smtp.gmail.com") is None
    assert registered("ada.lovelace.github.io") == "lovelace.github.io"
