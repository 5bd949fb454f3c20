"""Which fields a rule may read."""

import pytest

from bullseye.definitions.field import FieldType, TableName
from bullseye.definitions.known import field_named, growth, readable_fields, stored_fields
from bullseye.errors import DefinitionError


def source(world, name: str, **columns: str) -> None:
    written = {field: {"column": field, "type": kind} for field, kind in columns.items()}
    world.define("sources", name, table="accounts", columns={"account_id": "Id", **written})


def test_a_customers_field_is_stored_and_readable_without_code(world):
    source(world, "crm", seats="count", nps="number")
    fields = readable_fields(world.project, TableName.ACCOUNTS)
    assert fields["seats"].type is FieldType.COUNT
    assert "seats" not in stored_fields(world.project, TableName.CONTACTS)
    derived = field_named(fields, "seats_growth_18m")
    assert derived is not None
    assert (derived.type, derived.means) == (FieldType.SHARE, "Growth of seats over 18 months.")


def test_one_field_with_two_types_is_refused(world):
    source(world, "crm", seats="count")
    source(world, "provider", seats="text")
    with pytest.raises(DefinitionError, match="'seats' is count in one source and text") as raised:
        stored_fields(world.project, TableName.ACCOUNTS)
    assert raised.value.place == "sources/provider.yaml"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("headcount_growth_6m", ("employees", 6)),
        ("revenue_growth_12m", ("revenue", 12)),
        ("revenue_growth_0m", None),
        ("revenue_growth_100m", None),
        ("growth_6m", None),
        ("Revenue_growth_6m", None),
    ],
)
def test_a_growth_is_recognised_by_its_name(name, found):
    assert growth(name) == found
