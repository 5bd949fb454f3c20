"""Rules about proofs: a message may lean on them today, and somebody can show them."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.contract import certificates
from bullseye.definitions.proof import ProofKind


@coded(
    "PRF001",
    "proof-expired",
    Severity.WARNING,
    wrong="valid_until: 2025-01-31",
    right="valid_until: 2027-01-31",
)
def proof_expired(context: Context) -> Iterator[Hit]:
    """The last day on which it may be said has passed; messages that lean on it are refused.

    A customer who left and a certificate that ran out are the proofs that do most harm.
    """
    for proof in context.project.proofs.values():
        if proof.is_expired(context.today):
            message = f"it expired on {proof.valid_until}"
            hint = "Renew it with a new day and source, or delete it."
            yield Hit("proofs", proof.name, ("valid_until",), message, hint)


@coded(
    "PRF002",
    "proof-without-source",
    Severity.WARNING,
    wrong="says: Customers save 40 % of the time.   # and no source, url or evidence",
    right="""
says: Customers save 40 % of the time.
source: Time sheets of 12 customers, first quarter of 2026
""",
)
def proof_without_source(context: Context) -> Iterator[Hit]:
    """A number that nobody can look up is a claim, not a proof; messages may not lean on it."""
    for proof in context.project.proofs.values():
        if not proof.is_sourced:
            hint = "Name a source, a url, or evidence."
            yield Hit("proofs", proof.name, ("says",), "it names no source", hint)


@coded(
    "PRF003",
    "proof-of-the-future",
    Severity.ERROR,
    wrong="dated: 2099-01-31",
    right="dated: 2026-01-31",
)
def proof_still_to_come(context: Context) -> Iterator[Hit]:
    """A fact has happened. What is planned may be said as a plan, not as a proof."""
    for proof in context.project.proofs.values():
        if proof.dated > context.today:
            message = f"it is dated {proof.dated}, which is still to come"
            yield Hit("proofs", proof.name, ("dated",), message, "Correct the day.")


@coded(
    "PRF004",
    "proof-misses-its-subject",
    Severity.WARNING,
    wrong="kind: compliance   # and no certificate is named",
    right="""
kind: compliance
certificates: [SOC 2 Type II]
""",
)
def proof_misses_its_subject(context: Context) -> Iterator[Hit]:
    """A case is about a customer, and compliance is about a certificate or a law.

    Without it no message may drop the name, which is the point of such a proof.
    """
    for proof in context.project.proofs.values():
        if proof.kind is ProofKind.CASE and not (proof.customer or "").strip():
            yield Hit("proofs", proof.name, ("kind",), "a case names no customer", "Name it.")
        named = proof.certificates or certificates(proof.text)
        if proof.kind is ProofKind.COMPLIANCE and not named:
            message = "compliance names no certificate or law"
            yield Hit("proofs", proof.name, ("kind",), message, "List it in certificates.")


CHECKS = (proof_expired, proof_without_source, proof_still_to_come, proof_misses_its_subject)
