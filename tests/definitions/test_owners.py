"""A person is told from a group, a function and a placeholder by the name alone."""

import pytest

from bullseye.definitions.checks.owners import is_group, is_nobody

GROUPS = [
    "Marketing", "RevOps team", "team@acme.com", "sales@acme.com", "all", "Everyone",
    "Sales & Marketing", "Dana and Kim", "Dana Whitfield / Kim Oh", "Dana; Kim", "VP Marketing",
    "Head of Sales", "#revops", "the GTM squad", "Customer Success", "rev-ops@acme.io",
    "Sales Operations", "marketing.team@acme.com",
]  # fmt: skip
PERSONS = [
    "Dana Whitfield", "dana@acme.com", "dana.whitfield@acme.com", "Ana Sales", "Zoë", "李娜",
    "Dana Whitfield (RevOps)", "José Ortega y Gasset", "Jean-Luc d'Aubigné", "Alexander Brandt",
    "O'Neill", "dana", "Siobhán Ó Briain",
]  # fmt: skip
NOBODY = ["TBD", "tba", "?", "-", "n/a", "N/A", "none", "Unassigned", "<owner>", "???", "x", "  "]


@pytest.mark.parametrize("owner", GROUPS)
def test_groups_and_functions_are_no_person(owner: str) -> None:
    assert is_group(owner)


@pytest.mark.parametrize("owner", PERSONS)
def test_people_are_people(owner: str) -> None:
    assert not is_group(owner)
    assert not is_nobody(owner)


@pytest.mark.parametrize("owner", NOBODY)
def test_placeholders_name_nobody_and_are_told_once(owner: str) -> None:
    assert is_nobody(owner)
    assert not is_group(owner)
