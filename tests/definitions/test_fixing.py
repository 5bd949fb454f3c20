"""Safe fixes change the exact place, keep everything else, and can be repeated."""

from dataclasses import replace

import pytest

from bullseye.definitions import load
from bullseye.definitions.checks import Fix, apply_fixes
from bullseye.definitions.checks.written import scalar
from bullseye.definitions.rule import Op

ICP = "icps/fintech.yaml"
COUNTRIES = "  - {name: home, points: 5, rule: {country: [no, UK, DE]}} # where we are\n"

FIXES = [
    (ICP, "      employees: {b", "      employes: {b", "      employees: {b"),
    (ICP, "[Fintech, Banking]", "[fintech, Banking]", "[Fintech, Banking]"),
    (ICP, "[Fintech, Banking]", "['FINTECH', Banking]", "['Fintech', Banking]"),
    (ICP, "[Fintech, Banking]", '["FINTECH", Banking]', '["Fintech", Banking]'),
    (ICP, "[Fintech, Banking]", "[Fintech, Banking, Fintech]", "[Fintech, Banking]"),
    (
        ICP,
        " [Fintech, Banking]",
        "\n        - Fintech\n        - Banking  # both\n        - Fintech\n",
        "\n        - Fintech\n        - Banking  # both\n",
    ),
    ("signals/funding-round.yaml", "event: f", "event: F", "event: f"),
    ("signals/started-hiring.yaml", "is_hiring", "is_hirng", "is_hiring"),
]


@pytest.mark.parametrize(("file", "old", "wrong", "right"), FIXES)
def test_a_fix_restores_the_text_around_it(clean, measured, file, old, wrong, right) -> None:
    clean.edit(file, old, right)
    wanted = clean.text(file)
    clean.edit(file, right, wrong)
    changed = apply_fixes(clean.path, clean.findings(measured()))
    assert changed == (clean.path / file,)
    assert clean.text(file) == wanted
    assert clean.findings(measured()) == ()


def test_applying_the_same_fixes_again_changes_nothing(clean, measured) -> None:
    clean.edit(ICP, "employees: {b", "employes: {b")
    clean.edit(ICP, "[Fintech, Banking]", "[fintech, Banking, Banking]")
    findings = clean.findings(measured())
    apply_fixes(clean.path, findings)
    once = clean.text(ICP)
    assert apply_fixes(clean.path, findings) == ()
    assert clean.text(ICP) == once


def test_several_fixes_of_one_line_all_apply(clean) -> None:
    clean.edit(ICP, "signals:", f"{COUNTRIES}signals:")
    apply_fixes(clean.path, clean.findings())
    assert "{country: [NO, GB, DE]}} # where we are\n" in clean.text(ICP)
    test = load(clean.path).project.icps["fintech"].criteria[-1].rule
    assert (test.op, test.values) == (Op.ANY_OF, ("NO", "GB", "DE"))


def test_line_ends_and_the_byte_order_mark_stay(clean, measured) -> None:
    clean.edit(ICP, "[Fintech, Banking]", "[fintech, Banking]")
    raw = b"\xef\xbb\xbf" + clean.text(ICP).replace("\n", "\r\n").encode()
    (clean.path / ICP).write_bytes(raw)
    apply_fixes(clean.path, clean.findings(measured()))
    assert (clean.path / ICP).read_bytes() == raw.replace(b"fintech, B", b"Fintech, B")


def test_a_file_that_changed_meanwhile_is_left_alone(clean, measured) -> None:
    clean.edit(ICP, "[Fintech, Banking]", "[fintech, Banking]")
    findings = clean.findings(measured())
    clean.edit(ICP, "[fintech, Banking]", "[Media, Fintech, Banking]")
    before = clean.text(ICP)
    assert apply_fixes(clean.path, findings) == ()
    assert clean.text(ICP) == before


def test_an_edit_after_which_a_file_would_not_load_is_not_made(clean) -> None:
    clean.edit(
        ICP, "      employees: {between: [50, 500]}", "      employes: 5\n      employees: 6"
    )
    before = clean.text(ICP)
    assert apply_fixes(clean.path, clean.findings()) == ()
    assert clean.text(ICP) == before


def test_a_hostile_value_from_the_data_is_written_as_one_value(clean, measured) -> None:
    hostile = "fintech]: {x: *y} # \"'"
    clean.edit(ICP, "[Fintech, Banking]", "[Fintech, Banking, x]")
    (finding,) = clean.findings(measured())
    text = clean.text(ICP)
    start = text.index(", x]") + 2
    fix = Fix(ICP, start, start + 1, "x", scalar(hostile) or "")
    apply_fixes(clean.path, [replace(finding, fix=fix)])
    rule = load(clean.path).project.icps["fintech"].criteria[0].rule
    assert rule.values == ("Fintech", "Banking", hostile)
