"""What is said of money at risk: by role, and by open opportunity."""

from dataclasses import dataclass
from datetime import date

from bullseye.definitions.buying_role import BuyingRole
from bullseye.stats.presence import Difference


@dataclass(frozen=True)
class OpportunityAtRisk:
    """One open opportunity that lacks a role: its stage, amount, and what it stands to lose.

    `points` is the difference of the chance to be won, -1 to 1; `money` that times the amount,
    None where there is no amount.
    """

    opportunity_id: str
    stage: str
    amount: float | None
    points: Difference
    money: Difference | None


@dataclass(frozen=True)
class RoleAtRisk:
    """What a missing role goes along with.

    `points` is the mean difference of the chance to be won over the open opportunities that lack
    the role, -1 to 1; `money` the sum of difference times amount; both None where it cannot be told
    yet: `reason` says why, and `need` about how many more closed opportunities it takes (None where
    not even that can be told). It rests on `n` opportunities of `accounts` accounts, `with_role` of
    them with the role on entering a stage; it can be told of `stages`, in which `opportunities`
    lack the role: `amount` is theirs, and `unpriced` have none. `beyond` more lack it in other
    stages. `as_of_today` is the raw difference with roles as they stand today: it looks into the
    future, and is shown as a warning only.
    """

    role: BuyingRole
    points: Difference | None
    money: Difference | None
    reason: str
    need: int | None
    n: int
    accounts: int
    with_role: int
    stages: tuple[str, ...]
    opportunities: int
    amount: float
    unpriced: int
    beyond: int
    as_of_today: float | None
    rows: tuple[OpportunityAtRisk, ...]

    @property
    def is_told(self) -> bool:
        """Whether history is enough to say anything."""
        return self.points is not None

    @property
    def matters(self) -> bool:
        """Whether the money differs from none."""
        return self.money is not None and (self.money.low > 0 or self.money.high < 0)


@dataclass(frozen=True)
class MoneyAtRisk:
    """Money at risk by missing role, as known on `as_of`; amounts in `currency`.

    The chance is to be won within `span` days of entering a stage. `adjusted_for` names what was
    held alike, `set_aside` what was not because the end itself fills it in. `undated` rows of roles
    have no day of their own; of `unseen` opportunities nobody knows the stages from their first day
    on. Roles overlap: their sums may not be added up.
    """

    as_of: date
    until: date
    currency: str
    span: int
    adjusted_for: tuple[str, ...]
    set_aside: tuple[str, ...]
    undated: int
    unseen: int
    roles: tuple[RoleAtRisk, ...]
