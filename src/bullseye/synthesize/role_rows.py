"""The row of the prior a contact stands in: the rank of its level, and its part of the account."""

from dataclasses import dataclass

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.role_prior import Assumptions, Part, Rank
from bullseye.warehouse.role_facts import ContactFacts

_UP = {Rank.UPPER: Rank.TOP, Rank.MIDDLE: Rank.UPPER, Rank.WORKING: Rank.MIDDLE}


@dataclass(frozen=True)
class Cell:
    """A row and column of the prior; None where the title does not tell, or tells another part.

    `is_small` is set only where small accounts have figures of their own.
    """

    rank: Rank | None
    part: Part | None
    is_small: bool = False

    @property
    def words(self) -> str:
        """The row in words, as in "upper rank, in domain"."""
        rank = f"{self.rank} rank" if self.rank else "no known rank"
        part = str(self.part).replace("_", " ") if self.part else "no part that is stated"
        return f"{rank}, {part}" + (", small account" if self.is_small else "")


def cell_of(contact: ContactFacts, assumed: Assumptions) -> Cell:
    """Return the row a contact stands in; in a small account one row up."""
    rank = assumed.rank_of.get(contact.level or "")
    part = assumed.part_of.get(contact.function or "")
    is_small = contact.employees is not None and contact.employees < assumed.small_below
    if is_small and rank is not None:
        rank = _UP.get(rank, rank)
    if rank is None or part is None:
        return Cell(rank, part)
    row = assumed.rows.get((rank, part))
    return Cell(rank, part, is_small and row is not None and bool(row.small))


def stated_share(cell: Cell, role: BuyingRole, assumed: Assumptions) -> float:
    """Return the stated probability of a role in a row; what no row lists has the least."""
    row = assumed.rows.get((cell.rank, cell.part)) if cell.rank and cell.part else None
    if row is None:
        return assumed.unlisted
    listed = {**row.roles, **(row.small if cell.is_small else {})}
    return listed.get(role, assumed.unlisted)
