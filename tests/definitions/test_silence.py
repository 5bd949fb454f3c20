"""Findings are silenced on the spot, with a reason, and no more widely than that."""

import pytest

ICP = "icps/fintech.yaml"
REASON = "because the market is three hundred named accounts"
BAD = "employees: {between: [60, 50]}"


def codes(clean) -> list[str]:
    return [finding.code for finding in clean.findings()]


def test_a_comment_behind_the_line_silences_it(clean) -> None:
    clean.edit(ICP, "employees: {b", "employes: {b")
    clean.edit(ICP, "500]}", f"500]}}  # bullseye: ignore RUL001 {REASON}")
    assert codes(clean) == []


def test_a_comment_on_the_line_above_silences_the_line(clean) -> None:
    clean.edit(
        ICP, "      employees: {b", f"      # bullseye: ignore RUL001 {REASON}\n      employes: {{b"
    )
    assert codes(clean) == []


def test_a_comment_behind_another_line_silences_nothing(clean) -> None:
    clean.edit(ICP, "employees: {b", "employes: {b")
    clean.edit(ICP, "points: 40", f"points: 40  # bullseye: ignore RUL001 {REASON}")
    assert codes(clean) == ["GOV007", "RUL001"]


def test_one_comment_may_name_several_codes(clean) -> None:
    comment = f"# bullseye: ignore GOV001, GOV003 {REASON}"
    clean.edit(ICP, "owner: Dana Whitfield", f"owner: Sales  {comment}")
    assert codes(clean) == []


def test_another_rule_on_the_same_line_is_still_found(clean) -> None:
    clean.edit(ICP, "owner: Dana Whitfield", f"owner: Sales  # bullseye: ignore GOV002 {REASON}")
    assert codes(clean) == ["GOV001", "GOV007"]


@pytest.mark.parametrize(
    "said",
    [
        "ignore GOV001",
        "ignore GOV001 because",
        "ignore GOV001 because so",
        "ignore GOV999 because it is only for this quarter",
        "ignore",
        "ignore because I do not like it",
        "silence GOV001 because I do not like it",
    ],
)
def test_a_comment_without_code_and_reason_silences_nothing(clean, said: str) -> None:
    clean.edit(ICP, "owner: Dana Whitfield", f"owner: Sales  # bullseye: {said}")
    assert codes(clean) == ["GOV001", "GOV006"]


def test_text_that_looks_like_a_comment_is_text(clean) -> None:
    clean.edit(ICP, "goal: Win", f'goal: "# bullseye: ignore GOV001 {REASON}"\n#')
    clean.edit(ICP, "owner: Dana Whitfield", "owner: Sales")
    assert codes(clean) == ["GOV001"]


def test_measured_rules_count_as_silenced_in_vain_only_once_data_is_there(clean, measured) -> None:
    clean.edit(ICP, "max_share: 10%", f"max_share: 10%  # bullseye: ignore ICP003 {REASON}")
    assert codes(clean) == []
    assert [f.code for f in clean.findings(measured())] == ["GOV007"]
