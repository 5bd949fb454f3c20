"""What stands twice is shown with what speaks for it and against it, and nothing is merged."""

from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.segment.run import matching


def groups(world: Any, table: TableName) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    found = matching.duplicates(world.workspace, table)
    return [(each.ids, each.rules) for each in found]


ACCOUNTS = [
    {
        "account_id": "1",
        "name": "Globex SA",
        "domain": "globex.fr",
        "country": "FR",
        "city": "Lyon",
    },
    {"account_id": "2", "name": "GLOBEX", "domain": "globex.fr", "country": "FR", "city": "Paris"},
    {"account_id": "3", "name": "Initech", "domain": "initech.com", "country": "US"},
    {"account_id": "4", "name": "Initech Inc.", "domain": "initech.io", "country": "US"},
    {"account_id": "5", "name": "Shop One", "domain": "gmail.com"},
    {"account_id": "6", "name": "Shop Two", "domain": "gmail.com"},
    {"account_id": "7", "name": "Hooli", "country": "US"},
    {"account_id": "8", "name": "Hooli, Inc.", "domain": "hooli.com", "country": "US"},
    {"account_id": "9", "name": "Hooli GmbH", "country": "DE"},
]


def test_accounts_are_the_same_by_domain_or_by_name_and_country_unless_a_domain_contradicts(world):
    world.known(ACCOUNTS)
    assert groups(world, TableName.ACCOUNTS) == [
        (("1", "2"), ("same domain", "same name and country")),
        (("7", "8"), ("same name and country",)),
    ]


def test_the_evidence_names_the_fields_that_agree_and_that_contradict(world):
    world.known(ACCOUNTS)
    found = matching.duplicates(world.workspace, TableName.ACCOUNTS)[0]
    assert found.agree == ("domain", "country")
    assert found.contradict == ("name", "city")


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({"email": "ADA@acme.com ", "full_name": "A. L."}, ("same e-mail",)),
        ({"full_name": "ada lovelace", "account_id": "1"}, ("same name at one account",)),
        ({"full_name": "Ada Lovelace", "account_id": "2"}, None),
        ({"full_name": "Ada Lovelace", "account_id": "1", "email": "other@acme.com"}, None),
    ],
)
def test_contacts_are_the_same_by_e_mail_or_by_name_at_one_account(world, second, found):
    world.known([{"account_id": "1"}, {"account_id": "2"}])
    ada = {"contact_id": "a", "full_name": "Ada Lovelace", "email": "ada@acme.com"}
    people = [{**ada, "account_id": "1"}, {"contact_id": "b", **second}]
    world.known(people, table=TableName.CONTACTS, source="people")
    assert groups(world, TableName.CONTACTS) == ([(("a", "b"), found)] if found else [])
