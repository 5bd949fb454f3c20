"""What the workspace's own roles teach: a table by row, and a correction of what evidence adds.

A label is a role that a person gave: in the CRM, or by confirming it here. It is never evidence
for itself: what is learnt from uses only what was observed before the day of the label, and no
role of the CRM at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import numpy as np

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.role_prior import Assumptions
from bullseye.stats.roles import LearntShare, Recalibration, learnt_share, logit, recalibration
from bullseye.synthesize.role_evidence import CRM_ROLE, Observed, by_contact
from bullseye.synthesize.role_rows import Cell, cell_of, stated_share
from bullseye.synthesize.stance import RoleDecided
from bullseye.warehouse.role_facts import ContactFacts

ROW_LABELS = 10
"""Labelled contacts from which a row moves away from what is stated."""

OWN_LABELS = 30
"""Labelled contacts from which a row has an interval, and may name a role by itself."""

CORRECTION_LABELS = 60
"""Labelled contacts from which the sum of the evidence is corrected."""

WEIGHT_DOUBT = 1 / 3
"""How far off a stated weight of evidence may be, as a share of it (standard deviation)."""

_EACH = 5
"""Contacts with and without a role that a correction of it needs."""


@dataclass(frozen=True)
class Label:
    """Which roles people gave a contact, and the first day they did.

    Who gives a role picks it: the others that people give at all are taken as not played. A role
    that nobody was ever given is missing: perhaps the CRM's list has no word for it. A contact of
    whom roles were only rejected has those alone.
    """

    roles: Mapping[BuyingRole, bool]
    on: date


@dataclass(frozen=True)
class Example:
    """One labelled contact, with what was known of it before the label."""

    contact_id: str
    cell: Cell
    evidence: Mapping[BuyingRole, float]
    has_evidence: Mapping[BuyingRole, bool]
    label: Label


@dataclass(frozen=True)
class Learnt:
    """What labelled contacts taught: shares by row and role, and corrections by role.

    Both are empty where there were too few; then all is as stated.
    """

    rows: Mapping[tuple[Cell, BuyingRole], LearntShare] = field(
        default_factory=lambda: MappingProxyType({})
    )
    corrections: Mapping[BuyingRole, Recalibration] = field(
        default_factory=lambda: MappingProxyType({})
    )
    labelled: int = 0

    def share(self, cell: Cell, role: BuyingRole, assumed: Assumptions) -> float:
        """Return the probability of a role in a row: learnt, or stated."""
        row = self.rows.get((cell, role))
        return row.mean if row is not None else stated_share(cell, role, assumed)

    def is_own(self, cell: Cell, role: BuyingRole) -> bool:
        """Whether a row rests on enough contacts of this workspace to be called learnt."""
        row = self.rows.get((cell, role))
        return row is not None and row.n >= OWN_LABELS

    def corrected(self, role: BuyingRole, log_odds: float) -> float:
        """Return log-odds as they have to be corrected."""
        found = self.corrections.get(role)
        return found.at(log_odds) if found is not None else log_odds

    def error(
        self, cell: Cell, role: BuyingRole, log_odds: float, weights: Sequence[float] = ()
    ) -> float | None:
        """Return the standard deviation of the corrected log-odds; None where they are stated.

        It holds the error of the row, that of the correction, and the doubt about each weight of
        evidence that went in: a correction fits all weights at once, not each.
        """
        row, found = self.rows.get((cell, role)), self.corrections.get(role)
        if row is None or row.n < OWN_LABELS or (found is None and any(weights)):
            return None
        doubt = WEIGHT_DOUBT * float(np.hypot.reduce(np.array([0.0, *weights])))
        if found is None:
            return row.error
        return float(
            np.sqrt(found.error(log_odds) ** 2 + found.slope**2 * (row.error**2 + doubt**2))
        )


def labels(
    observed: Iterable[Observed], decided: Mapping[str, Sequence[RoleDecided]]
) -> dict[str, Label]:
    """Return what people said of each contact's roles, by contact.

    Parameters
    ----------
    observed
        All observations; those of a CRM role count.
    decided
        What people decided here and holds, by contact.
    """
    given: dict[str, dict[BuyingRole, date]] = {}
    refused: dict[str, dict[BuyingRole, date]] = {}
    for each in observed:
        if each.name == CRM_ROLE and each.role is not None:
            _first(given, each.contact_id, each.role, each.on)
    for contact_id, found in decided.items():
        for one in found:
            if one.role is not None:
                _first(given if one.holds else refused, contact_id, one.role, one.on)
    ever = sorted({role for days in given.values() for role in days})
    return {
        contact_id: _label(given.get(contact_id, {}), refused.get(contact_id, {}), ever)
        for contact_id in sorted({*given, *refused})
    }


def _first(
    into: dict[str, dict[BuyingRole, date]], contact_id: str, role: BuyingRole, on: date
) -> None:
    days = into.setdefault(contact_id, {})
    days[role] = min(on, days.get(role, on))


def _label(
    given: Mapping[BuyingRole, date],
    refused: Mapping[BuyingRole, date],
    ever: Sequence[BuyingRole],
) -> Label:
    roles = dict.fromkeys(ever if given else (), False)
    roles |= dict.fromkeys(given, True) | dict.fromkeys(refused, False)
    return Label(MappingProxyType(roles), min({**given, **refused}.values()))


def examples(
    contacts: Iterable[ContactFacts],
    observed: Iterable[Observed],
    found: Mapping[str, Label],
    assumed: Assumptions,
    *,
    before: date | None = None,
) -> list[Example]:
    """Return the labelled contacts with what was observed before their label.

    Parameters
    ----------
    contacts
        Contacts as known then.
    observed
        All observations.
    found
        Labels by contact.
    assumed
        The stated prior and weights.
    before
        Observations count only before this day too; up to the label's own day if absent.
    """
    days = {name: min(each.on, before) if before else each.on for name, each in found.items()}
    earlier = by_contact(
        each
        for each in observed
        if each.name != CRM_ROLE and each.contact_id in days and each.on < days[each.contact_id]
    )
    return [
        Example(
            contact.contact_id,
            cell_of(contact, assumed),
            *_evidence(earlier.get(contact.contact_id, ()), assumed),
            found[contact.contact_id],
        )
        for contact in contacts
        if contact.contact_id in found
    ]


def _evidence(
    observed: Sequence[Observed], assumed: Assumptions
) -> tuple[dict[BuyingRole, float], dict[BuyingRole, bool]]:
    weights = {
        role: [assumed.weights[each.name].of(role, each.role) for each in observed]
        for role in BuyingRole
    }
    return (
        {role: sum(found) for role, found in weights.items()},
        {role: any(weight > 0 for weight in found) for role, found in weights.items()},
    )


def learnt(found: Sequence[Example], assumed: Assumptions) -> Learnt:
    """Return what labelled contacts teach; as stated where there are too few.

    Notes
    -----
    A row moves from `ROW_LABELS` contacts on (`bullseye.stats.roles.learnt_share`), and the
    log-odds of a role are corrected from `CORRECTION_LABELS` on
    (`bullseye.stats.roles.recalibration`). So evidence that means nothing here loses its weight.
    """
    counted: dict[tuple[Cell, BuyingRole], list[bool]] = {}
    for each in found:
        for role, has in each.label.roles.items():
            counted.setdefault((each.cell, role), []).append(has)
    rows = {
        (cell, role): learnt_share(stated_share(cell, role, assumed), sum(has), len(has))
        for (cell, role), has in counted.items()
        if len(has) >= ROW_LABELS
    }
    table = Learnt(MappingProxyType(rows), MappingProxyType({}), len(found))
    if len(found) < CORRECTION_LABELS:
        return table
    corrections = {
        role: fitted
        for role in BuyingRole
        if (fitted := _correction(role, found, table, assumed)) is not None
    }
    return Learnt(table.rows, MappingProxyType(corrections), len(found))


def _correction(
    role: BuyingRole, found: Sequence[Example], table: Learnt, assumed: Assumptions
) -> Recalibration | None:
    known = [each for each in found if role in each.label.roles]
    has = np.array([each.label.roles[role] for each in known], dtype=bool)
    if len(known) < CORRECTION_LABELS or not _EACH <= has.sum() <= len(has) - _EACH:
        return None
    return recalibration(np.array([log_odds(each, role, table, assumed) for each in known]), has)


def log_odds(example: Example, role: BuyingRole, table: Learnt, assumed: Assumptions) -> float:
    """Return the log-odds of a role before any correction."""
    return logit(table.share(example.cell, role, assumed)) + example.evidence[role]
