"""Personas, proofs and messages load in both forms, and old personas keep their hash."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from bullseye.definitions.message import Message
from bullseye.definitions.persona import Persona
from bullseye.definitions.project import Project
from bullseye.definitions.proof import Proof

GOVERNED = {"owner": "Dana Whitfield", "review_by": "2030-01-01", "review_when": ["it moves"]}
PROOF = {
    "name": "p",
    **GOVERNED,
    "says": "They saved 40 %.",
    "kind": "saving",
    "dated": "2026-01-01",
}
MESSAGE = {"name": "m", **GOVERNED, "persona": "p", "role": "user", "channel": "email"}


def persona(**written: Any) -> Persona:
    return Persona.model_validate({"name": "p", **GOVERNED, "who": {"title": "CEO"}, **written})


def test_a_statement_is_a_text_or_a_text_with_evidence_and_is_written_shortest() -> None:
    found = persona(pains=["Late.", {"says": "Dear.", "evidence": ["E7"]}, {"says": "Slow."}])
    assert [each.is_guess for each in found.pains] == [True, False, True]
    written = found.model_dump(mode="json")["pains"]
    assert written == ["Late.", {"says": "Dear.", "evidence": ["E7"]}, "Slow."]
    assert Persona.model_validate(found.model_dump(mode="json")) == found


def test_a_persona_of_old_is_written_as_ever() -> None:
    old = persona(anxiety="Late.", kpis=["days"])
    assert set(old.model_dump(mode="json")) == {
        *("name", "owner", "review_by", "review_when"),
        *("who", "priority", "anxiety", "ambition", "kpis"),
    }
    text = Project(personas={"p": old}).canonical()
    assert "messages" not in json.loads(text)
    assert Project.from_canonical(text).canonical() == text


def test_what_is_new_changes_the_hash_and_reads_back() -> None:
    new = persona(
        killer_objection="No.", roles=["blocker"], before_after=[{"before": "a", "after": "b"}]
    )
    project = Project(personas={"p": new}, proofs={"p": Proof.model_validate(PROOF)})
    assert project.hash != Project(personas={"p": persona()}).hash
    assert Project.from_canonical(project.canonical()) == project


def test_every_statement_is_listed_with_its_place() -> None:
    found = persona(anxiety="A.", pains=["B.", " "], before_after=[{"before": "C.", "after": "D."}])
    assert [(path, str(said)) for path, said in found.statements()] == [
        (("anxiety",), "A."),
        (("pains", 0), "B."),
        (("before_after", 0, "before"), "C."),
        (("before_after", 0, "after"), "D."),
    ]


def test_blank_questions_are_named() -> None:
    assert persona(anxiety=" ", kpis=[""]).blank_questions == (
        "anxiety",
        "ambition",
        "killer_objection",
        "kpis",
    )


@pytest.mark.parametrize("evidence", ["12", "E0", "E-1", "e12", "S12"])
def test_evidence_is_named_as_research_shows_it(evidence: str) -> None:
    with pytest.raises(ValidationError):
        persona(pains=[{"says": "Late.", "evidence": [evidence]}])


def test_a_proof_holds_between_its_days_and_with_a_source() -> None:
    proof = Proof.model_validate({**PROOF, "source": "a study", "valid_until": "2026-12-31"})
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [proof.is_valid(day) for day in days] == [False, True, True, False]
    assert not Proof.model_validate(PROOF).is_valid(date(2026, 6, 1))
    assert Proof.model_validate({**PROOF, "evidence": ["E4"]}).is_valid(date(2026, 6, 1))
    with pytest.raises(ValidationError, match="before dated"):
        Proof.model_validate({**PROOF, "valid_until": "2025-12-31"})


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("hook", "For {account}"),
        ("objection", "{contact} says no"),
        ("before", "{subject} came"),
        ("after", "{{ account }}"),
        ("response", "{% if account %}"),
        ("call_to_action", "{account.name}"),
        ("call_to_action", "{ account }"),
        ("why_now", {"signal": "any", "says": "{name} came"}),
    ],
)
def test_braces_are_for_what_a_slot_may_name(slot: str, text: Any) -> None:
    with pytest.raises(ValidationError, match="braces"):
        Message.model_validate({**MESSAGE, "stage": "problem", slot: text})


def test_an_occasion_is_a_signal_or_a_signal_with_its_sentence() -> None:
    short = Message.model_validate({**MESSAGE, "stage": "problem", "why_now": "funding-round"})
    long = {"signal": "any", "says": "{subject} on {date}, {account}"}
    full = Message.model_validate({**MESSAGE, "stage": "problem", "why_now": long})
    assert short.model_dump(mode="json")["why_now"] == "funding-round"
    assert Message.model_validate(full.model_dump(mode="json")) == full


def test_before_the_purchase_why_now_is_a_slot_to_fill() -> None:
    stages = {
        stage: "why_now" in Message.model_validate({**MESSAGE, "stage": stage}).empty_slots
        for stage in ("unaware", "problem", "solution", "decision", "onboarding", "renewal")
    }
    assert [stage for stage, needed in stages.items() if not needed] == ["onboarding", "renewal"]
