"""A proposal as definitions: an ICP and its tier policy, to be read, changed and published."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bullseye.definitions import yaml
from bullseye.definitions.icp import Clause, Icp
from bullseye.definitions.outcome import Outcome
from bullseye.definitions.rule import AllOf, Rule, Test
from bullseye.definitions.tier import EntryCriteria, Tier, TierPolicy
from bullseye.segment.evidence import Criterion, Cut
from bullseye.segment.propose import Proposal
from bullseye.stats.discrimination import Estimate

REVIEW_AFTER = timedelta(days=90)
_COVERAGES = (0.6, 0.5, 0.0)
_LONGEST_NAME = 60


def draft_icp(proposal: Proposal, outcome: Outcome, *, name: str, owner: str, today: date) -> Icp:
    """Return the ICP that a proposal amounts to; each criterion carries its evidence."""
    asked = outcome.sentence if outcome.is_good else f"not: {outcome.sentence}"
    return Icp(
        name=name,
        owner=owner,
        review_by=today + REVIEW_AFTER,
        review_when=(
            "the rate of its T1 falls to that of T2",
            "as many new cases are decided as it was learnt from",
        ),
        goal=f"Find accounts with: {asked}.",
        criteria=tuple(_clauses(proposal, outcome)),
        tiers=name,
    )


def draft_tiers(proposal: Proposal, *, name: str, owner: str, today: date) -> TierPolicy:
    """Return the tier policy with the cut-offs that the cases suggest."""
    entries = zip(Tier, proposal.cuts, _COVERAGES, strict=False)
    return TierPolicy(
        name=name,
        owner=owner,
        review_by=today + REVIEW_AFTER,
        review_when=("a tier holds more accounts than the team can work",),
        tiers=tuple(
            EntryCriteria(tier=tier, fit=cut.fit, coverage=coverage)
            for tier, cut, coverage in entries
        ),
    )


def icp_text(icp: Icp, proposal: Proposal) -> str:
    """Return the ICP as the text of its file."""
    word = "Provisional: learnt" if proposal.provisional else "Learnt"
    lines = [
        "# yaml-language-server: $schema=../schemas/icps.schema.json",
        f"# {word} on {proposal.as_of} from {proposal.n:,} cases, {proposal.accounts:,} accounts.",
        f"# {held_sentence(proposal)}",
        "# A draft: change what you know better, then publish it.",
    ]
    return "\n".join(lines) + "\n\n" + _plain(icp)


def tiers_text(policy: TierPolicy, proposal: Proposal) -> str:
    """Return the tier policy as the text of its file."""
    lines = ["# yaml-language-server: $schema=../schemas/tiers.schema.json"]
    lines += [
        f"# {cut_sentence(tier, cut)}" for tier, cut in zip(Tier, proposal.cuts, strict=False)
    ]
    return "\n".join(lines) + "\n\n" + _plain(policy)


def held_sentence(proposal: Proposal) -> str:
    """Return how well the proposal held on cases it was not learnt from."""
    held = proposal.held
    if held is None:
        return "How it does on cases it was not learnt from cannot be told yet: there are too few."
    where = f"later cases, from {held.since} on" if held.since else "accounts left aside"
    return f"On {held.n:,} {where}: AUC {said(held.auc)}; 0.5 is chance."


def cut_sentence(tier: Tier, cut: Cut) -> str:
    """Return what reaches a cut-off, and how often it went well there."""
    return (
        f"{tier} from {cut.fit}: {_percent(cut.share)} of the cases learnt from, rate"
        f" {_percent(cut.rate.value)} ({_percent(cut.rate.low)} to {_percent(cut.rate.high)})."
    )


def evidence_sentence(criterion: Criterion, outcome: Outcome, as_of: date) -> str:
    """Return the rates with and without a criterion, with intervals, n and day."""
    word = outcome.name if outcome.is_good else f"not {outcome.name}"
    unknown = f"; unknown in {criterion.unknown:,}" if criterion.unknown else ""
    rates = f"{_rate(criterion.with_it)} with it, {_rate(criterion.without)} without"
    return f"{word} in {rates}{unknown}; as of {as_of}."


def said(estimate: Estimate) -> str:
    """Return an estimate with its interval, in two digits.

    >>> said(Estimate(0.712, 0.65, 0.77, 400, 380))
    '0.71 (0.65 to 0.77)'
    """
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def _clauses(proposal: Proposal, outcome: Outcome) -> list[Clause]:
    names: list[str] = []
    for criterion in proposal.criteria:
        names.append(_name(criterion.rule, names))
    return [
        Clause(
            name=name,
            points=criterion.points,
            rule=criterion.rule,
            because=evidence_sentence(criterion, outcome, proposal.as_of),
            source=f"bullseye segment propose --outcome {outcome.name}",
        )
        for name, criterion in zip(names, proposal.criteria, strict=True)
    ]


def _name(rule: Rule, taken: Sequence[str]) -> str:
    """Return a name for a criterion, different from those taken."""
    words = re.sub(r"[^a-z0-9]+", "-", _words(rule).lower()).strip("-")
    base = words if re.match(r"[a-z]", words) else f"criterion-{words}".strip("-")
    base = base[: _LONGEST_NAME - 4].strip("-")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def _words(rule: Rule) -> str:
    match rule:
        case AllOf(parts):
            return " and ".join(_words(part) for part in parts)
        case Test(field, _, (True,)):
            return field
        case _:
            return str(rule).replace(" any of ", " ")


def _plain(definition: Icp | TierPolicy) -> str:
    return yaml.write(definition.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _rate(estimate: Estimate) -> str:
    if not estimate.n:
        return "none of 0"
    ends = f"{_percent(estimate.low)} to {_percent(estimate.high)}"
    return f"{_percent(estimate.value)} of {estimate.n:,} ({ends})"
