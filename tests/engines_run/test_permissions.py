"""Least privilege: read the sources, write one schema; what is missing is named first."""

from dataclasses import replace
from typing import Any

import pytest
from tests.engines_run.houses import PostgresHouse
from tests.engines_run.worlds import believe, filled, related

from bullseye import pipeline
from bullseye.errors import BullseyeError, ExternalError, InputError
from bullseye.pipeline import connecting
from bullseye.warehouse.connection import Connection


@pytest.fixture
def house(postgres_house: PostgresHouse) -> Any:
    """A database in which a role of its own may connect, and nothing else."""
    filled(postgres_house)
    role = f"r_{postgres_house.database}"
    postgres_house.query(f"CREATE ROLE {role} LOGIN")
    postgres_house.query("CREATE SCHEMA bullseye")
    yield replace(postgres_house, role=role)
    postgres_house.query(f"DROP OWNED BY {role}")
    postgres_house.query(f"DROP ROLE {role}")


@pytest.fixture
def world(world: Any, house: PostgresHouse) -> Any:
    """A workspace that wants to score there."""
    believe(world)
    related(world, house)
    return world


def read(house: PostgresHouse) -> None:
    house.query(f"GRANT USAGE ON SCHEMA crm TO {house.role}")
    house.query(f"GRANT SELECT ON ALL TABLES IN SCHEMA crm TO {house.role}")


def write(house: PostgresHouse) -> None:
    house.query(f"GRANT USAGE, CREATE ON SCHEMA bullseye TO {house.role}")


def tables(house: PostgresHouse) -> list[str]:
    rows = house.query("SELECT tablename FROM pg_tables WHERE schemaname = 'bullseye'")
    return sorted(name for (name,) in rows)


def test_reading_the_sources_and_writing_one_schema_is_enough(
    world: Any, house: PostgresHouse
) -> None:
    read(house)
    write(house)
    assert pipeline.run(world.workspace).accounts == 6


def test_what_may_not_be_read_is_named_with_its_grant_before_anything_runs(
    world: Any, house: PostgresHouse
) -> None:
    write(house)
    with pytest.raises(InputError) as error:
        pipeline.run(world.workspace)
    said = str(error.value)
    assert "crm.accounts: We may not read crm.accounts" in said
    assert "crm.events: We may not read crm.events" in said
    assert f'GRANT USAGE ON SCHEMA "crm" TO "{house.role}"' in said
    assert f'GRANT SELECT ON "crm"."accounts" TO "{house.role}"' in said
    assert tables(house) == []


def test_following_the_grants_that_are_named_is_enough(world: Any, house: PostgresHouse) -> None:
    found = connecting.connect(world.workspace, Connection("bullseye", house.url))
    for text in [p for each in found.relations for p in each.problems]:
        house.query(text.split("Grant: ")[1])
    for denied in found.denied:
        house.query(denied.grant)
    assert pipeline.run(world.workspace).accounts == 6


def test_the_columns_a_source_maps_are_the_only_ones_it_needs(
    world: Any, house: PostgresHouse
) -> None:
    write(house)
    house.query("ALTER TABLE crm.accounts ADD COLUMN salary integer")
    house.query(f"GRANT USAGE ON SCHEMA crm TO {house.role}")
    house.query(f"GRANT SELECT ON crm.events TO {house.role}")
    source = world.kinds["sources"]["crm"]
    columns = ", ".join(f'"{column.column}"' for column in source.columns.values())
    house.query(f"GRANT SELECT ({columns}) ON crm.accounts TO {house.role}")
    assert pipeline.run(world.workspace).accounts == 6


def test_a_schema_that_may_not_be_written_is_named_with_its_grant(
    world: Any, house: PostgresHouse
) -> None:
    read(house)
    with pytest.raises(ExternalError) as error:
        pipeline.run(world.workspace)
    assert "We may not make tables in bullseye" in error.value.problem
    assert f'GRANT USAGE, CREATE ON SCHEMA "bullseye" TO "{house.role}"' in error.value.hint


def test_a_schema_that_is_absent_and_may_not_be_made_is_named(
    world: Any, house: PostgresHouse
) -> None:
    read(house)
    related(world, house, schema="elsewhere")
    with pytest.raises(ExternalError, match="We may not make the schema elsewhere"):
        pipeline.run(world.workspace)


def test_checking_leaves_nothing_behind(world: Any, house: PostgresHouse) -> None:
    read(house)
    write(house)
    found = connecting.connect(world.workspace, Connection("bullseye", house.url))
    assert found.is_usable
    assert tables(house) == []
    assert house.query("SELECT * FROM pg_views WHERE schemaname = 'bullseye'") == []


def test_a_password_is_never_said(world: Any, house: PostgresHouse) -> None:
    url = house.url.replace(f"{house.role}@", f"{house.role}:tr0ub4dor@").replace(
        house.database, "nowhere"
    )
    with pytest.raises(BullseyeError) as error:
        connecting.connect(world.workspace, Connection("bullseye", url))
    assert "tr0ub4dor" not in str(error.value)
    assert "nowhere" in str(error.value)
