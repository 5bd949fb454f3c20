"""A folder loads as a whole or says every mistake at once, each with file, line and column."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bullseye.definitions import Project, load
from bullseye.errors import DefinitionError

ICP = "icps/fintech.yaml"


def mistakes(folder) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        load(folder.path)
    return caught.value.problem.splitlines()[1:]


def test_a_folder_loads_as_a_project_with_places(clean) -> None:
    loaded = load(clean.path)
    assert set(loaded.project.icps) == {"fintech"}
    assert loaded.origin("icps", "fintech").place("criteria", 1, "points") == f"{ICP}:13:5"


def test_settings_alone_are_an_empty_project(tmp_path) -> None:
    (tmp_path / "bullseye.yaml").write_text("")
    assert load(tmp_path).project == Project()


def test_a_folder_without_settings_is_no_workspace(tmp_path) -> None:
    with pytest.raises(DefinitionError, match=r"bullseye\.yaml:1:1: cannot be read"):
        load(tmp_path)


def test_country_no_is_norway(clean) -> None:
    clean.edit("markets/finance.yaml", '[DE, "NO"]', "[NO, no, DE]")
    assert load(clean.path).project.markets["finance"].sam.values == ("NO", "no", "DE")


def test_every_mistake_is_told_at_once(clean) -> None:
    clean.edit(ICP, "points: 40", "pionts: 40")
    clean.edit(ICP, "{over: 20%}", "{ovr: 20%}")
    clean.edit("tiers/default.yaml", "tier: T2", "tier: T4")
    clean.edit("signals/funding-round.yaml", "window: 180 days", "window: ages")
    clean.edit("markets/finance.yaml", "sam:\n", "tam:\n")
    found = mistakes(clean)
    assert f"{ICP}:13:5: criteria.1.pionts: is no known entry; did you mean points?" in found
    assert any(line.startswith(f"{ICP}:21:34: ") and "over?" in line for line in found)
    assert any(line.startswith("tiers/default.yaml:7:6: ") for line in found)
    assert any(line.startswith("signals/funding-round.yaml:6:1: ") for line in found)
    assert any("tam appears twice" in line for line in found)


def test_names_that_refer_to_nothing_are_told_with_the_nearest(clean) -> None:
    clean.edit(ICP, "[funding-round", "[funding-rund")
    clean.edit(ICP, "tiers: default", "tiers: defualt")
    clean.edit(ICP, "market: finance", "market: financial")
    found = "\n".join(mistakes(clean))
    for near in ("'funding-round'", "'default'", "'finance'"):
        assert f"did you mean {near}?" in found


def test_two_files_with_one_name_are_refused(clean) -> None:
    clean.write("icps/twin.yaml", clean.text(ICP))
    assert mistakes(clean) == [
        "icps/twin.yaml:1:1: name: the name 'fintech' is taken by icps/fintech.yaml"
    ]


def test_what_is_missing_is_told(clean) -> None:
    clean.write("icps/empty.yaml", "")
    found = "\n".join(mistakes(clean))
    for required in ("name", "owner", "review_by", "review_when", "criteria"):
        assert f"icps/empty.yaml:1:1: {required}: is required" in found


@pytest.mark.parametrize(
    "content",
    [
        b"name: \xff\xfe",
        b"\xff\xfen\x00a\x00m\x00e\x00",
        b"\x00" * 100,
        b"- just\n- a list\n",
        b"just a text",
        b"[" * 3000,
        b"a: &a [x]\nb: *a\n",
        b"name: {a: {b: [1, 2, {c: 3}]}}",
        b"criteria: 5\nreview_when: 7\nowner: []\n",
        b"criteria: [5, [], {}, {rule: {}}, {rule: [1]}]",
    ],
)
def test_a_hostile_file_is_a_definition_error(clean, content: bytes) -> None:
    (clean.path / ICP).write_bytes(content)
    found = mistakes(clean)
    assert found
    assert all(line.startswith(f"{ICP}:") for line in found)


def test_a_folder_in_place_of_a_file_is_told(clean) -> None:
    (clean.path / "icps/odd.yaml").mkdir()
    assert mistakes(clean)[0].startswith("icps/odd.yaml:1:1: cannot be read")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(content=st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "replace"))))
def test_random_content_never_gives_anything_but_a_definition_error(clean, content: bytes) -> None:
    (clean.path / ICP).write_bytes(content)
    with pytest.raises(DefinitionError):
        load(clean.path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(data=st.data())
def test_a_damaged_definition_loads_or_is_a_definition_error(clean, data) -> None:
    text = clean.text("signals/funding-round.yaml")
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 20))
    put = data.draw(st.text(st.sampled_from("{}[]:,-#&*!|>'\"%@` \n\tab0"), max_size=5))
    clean.write(ICP.replace("fintech", "damaged"), text[:at] + put + text[at + cut :])
    with pytest.raises(DefinitionError):
        load(clean.path)


def test_the_canonical_text_gives_the_same_project_back(clean) -> None:
    project = load(clean.path).project
    assert Project.from_canonical(project.canonical()) == project
    assert Project.from_canonical(project.canonical()).hash == project.hash


def test_the_hash_follows_what_is_said_and_not_how(clean) -> None:
    before = load(clean.path).project.hash
    clean.edit(ICP, "criteria:", "# a remark\n\ncriteria:")
    clean.edit(ICP, "max_share: 10%", "max_share: 0.1")
    assert load(clean.path).project.hash == before
    clean.edit(ICP, "points: 40", "points: 41")
    assert load(clean.path).project.hash != before
