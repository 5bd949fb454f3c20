"""A new workspace starts with definitions that load, check clean, and teach by example."""

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bullseye.definitions import FieldType, Project, TableName, load, yaml
from bullseye.definitions.checks import (
    ClauseFacts,
    Facts,
    FieldFacts,
    IcpFacts,
    Interval,
    check,
)
from bullseye.definitions.project import KINDS
from bullseye.definitions.rule import tests_in as comparisons_in
from bullseye.definitions.schema import schemas
from bullseye.definitions.starter import Starter, write_starter
from bullseye.errors import UsageError

TODAY = date(2026, 11, 21)


@pytest.fixture(params=list(Starter))
def started(request, tmp_path):
    write_starter(
        tmp_path, title="Acme", owner="Dana Whitfield", today=TODAY, starter=request.param
    )
    return tmp_path


def test_a_starter_has_no_findings_before_anything_is_imported(started) -> None:
    assert check(load(started), None, TODAY) == ()


def plausible(project: Project) -> Facts:
    """What a good import would measure: every field mostly known, every value there."""
    fields, tests = {}, []
    for icp in project.icps.values():
        tests += [
            (TableName.ACCOUNTS, t) for c in project.clauses(icp) for t in comparisons_in(c.rule)
        ]
    for persona in project.personas.values():
        tests += [(TableName.CONTACTS, t) for t in comparisons_in(persona.who)]
    for table, test in tests:
        known = fields.get((table, test.field))
        values = {**(known.values if known else {}), **{str(v): 9 for v in test.values}}
        fields[table, test.field] = FieldFacts(FieldType.TEXT, 900, 700, len(values), values)
    events = {signal.event: 5 for signal in project.signals.values() if signal.event}
    fields[TableName.SIGNALS, "type"] = FieldFacts(FieldType.TEXT, 9, 9, len(events), events)
    for market in project.markets.values():
        for test in [t for rule in (market.tam, market.sam) if rule for t in comparisons_in(rule)]:
            values = {str(v): 9 for v in test.values}
            fields[TableName.ACCOUNTS, test.field] = FieldFacts(
                FieldType.TEXT, 900, 700, 9999, values
            )
    icps = {
        name: IcpFacts(
            900,
            60,
            Interval(0.05, 0.09),
            100,
            {clause.name: ClauseFacts(200, 500, 200) for clause in project.clauses(icp)},
        )
        for name, icp in project.icps.items()
    }
    return Facts(fields, icps)


def test_a_starter_has_no_findings_on_data_that_fits_it(started) -> None:
    loaded = load(started)
    assert check(loaded, plausible(loaded.project), TODAY) == ()


def test_a_starter_shows_every_kind_but_sources_which_imports_write(started) -> None:
    project = load(started).project
    assert all(project.of_kind(kind) for kind in KINDS if kind != "sources")


def test_a_starter_is_due_for_review_in_ninety_days(started) -> None:
    project = load(started).project
    dates = {d.review_by for kind in KINDS for d in project.of_kind(kind).values()}
    assert dates == {TODAY + timedelta(days=90)}


def test_every_yaml_file_names_a_schema_that_is_there(started) -> None:
    for path in started.rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, path
        assert (path.parent / named[1]).is_file()


def test_the_private_part_stays_out_of_version_control(started) -> None:
    assert ".bullseye/" in (started / ".gitignore").read_text(encoding="utf-8").split()


def test_nothing_is_overwritten(tmp_path) -> None:
    (tmp_path / "icps").mkdir()
    mine = tmp_path / "icps/b2b-saas.yaml"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        write_starter(tmp_path, title="Acme", owner="Dana", today=TODAY)
    assert mine.read_text(encoding="utf-8") == "mine"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [mine]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(title=st.text(), owner=st.text(min_size=1))
def test_any_title_and_owner_read_back(tmp_path_factory, title: str, owner: str) -> None:
    folder = tmp_path_factory.mktemp("started")
    write_starter(folder, title=title, owner=owner, today=TODAY)
    project = load(folder).project
    assert project.settings.title == title
    assert {icp.owner for icp in project.icps.values()} == {owner}


# A JSON Schema validator small enough to read: what editors do, for the words the schemas use.


def fits(schema, value, root) -> bool:
    if ref := schema.get("$ref"):
        schema = {**root["$defs"][ref.rpartition("/")[2]], **schema}
    if "anyOf" in schema and not any(fits(each, value, root) for each in schema["anyOf"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    types = schema.get("type")
    if types and not any(is_a(t, value) for t in ([types] if isinstance(types, str) else types)):
        return False
    return all(
        (
            fits_text(schema, value) if isinstance(value, str) else True,
            fits_object(schema, value, root) if isinstance(value, dict) else True,
            fits_array(schema, value, root) if isinstance(value, list) else True,
            fits_number(schema, value) if is_a("number", value) else True,
        )
    )


def is_a(type_: str, value) -> bool:
    known = {"object": dict, "array": list, "string": str, "null": type(None), "boolean": bool}
    if type_ in known:
        return isinstance(value, known[type_])
    number = int if type_ == "integer" else int | float
    return isinstance(value, number) and not isinstance(value, bool)


def fits_text(schema, value: str) -> bool:
    long = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9)
    return long and ("pattern" not in schema or re.search(schema["pattern"], value) is not None)


def fits_number(schema, value) -> bool:
    above = "exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"]
    return above and schema.get("minimum", value) <= value <= schema.get("maximum", value)


def fits_array(schema, value: list, root) -> bool:
    items = all(fits(schema.get("items", {}), each, root) for each in value)
    return items and schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9)


def fits_object(schema, value: dict, root) -> bool:
    named, other = schema.get("properties", {}), schema.get("additionalProperties", {})
    if not set(schema.get("required", ())) <= set(value):
        return False
    for key, each in value.items():
        wanted = named.get(key, other)
        if wanted is False or (wanted is not True and not fits(wanted, each, root)):
            return False
    return True


def as_json(value):
    return json.loads(json.dumps(value, default=str))


def test_every_starter_file_fits_its_schema(started) -> None:
    for path in started.rglob("*.yaml"):
        kind = "settings" if path.parent == started else path.parent.name
        schema = json.loads((started / f"schemas/{kind}.schema.json").read_text(encoding="utf-8"))
        value = as_json(yaml.read(path.read_text(encoding="utf-8")))
        assert fits(schema, value, schema), path


def test_the_schemas_refuse_what_the_loader_refuses() -> None:
    icp = schemas()["icps"]
    good = {
        "name": "a", "owner": "Dana", "review_by": "2027-01-01", "review_when": ["x"],
        "criteria": [{"name": "b", "points": 5, "rule": {"industry": ["Fintech"]}}],
    }  # fmt: skip
    assert fits(icp, good, icp)
    assert not fits(icp, {**good, "nmae": "a"}, icp)
    assert not fits(icp, {**good, "criteria": []}, icp)
    assert not fits(icp, {**good, "name": "Not A Name"}, icp)
    wrong = {"name": "b", "points": 5, "rule": {"industry": {"ovr": 5}}}
    assert not fits(icp, {**good, "criteria": [wrong]}, icp)


def test_a_source_may_map_a_column_by_its_name_alone() -> None:
    schema = schemas()["sources"]
    source = {
        "name": "a", "owner": "Dana", "review_by": "2027-01-01", "review_when": ["x"],
        "table": "accounts", "columns": {"industry": "Industry", "x": {"column": "X"}},
    }  # fmt: skip
    assert fits(schema, source, schema)


@pytest.mark.parametrize("kind", [*KINDS, "settings"])
def test_every_entry_of_a_schema_is_described(kind: str) -> None:
    schema = schemas()[kind]
    models = [schema, *schema.get("$defs", {}).values()]
    bare = [
        name
        for model in models
        for name, entry in model.get("properties", {}).items()
        if "description" not in entry
    ]
    assert bare == []
    text = json.dumps(schema)
    assert not any(word in text for word in ("discriminator", "prefixItems", "oneOf"))
