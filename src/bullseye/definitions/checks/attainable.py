"""The best fit and the best signal strength an account could possibly reach."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from bullseye.definitions.checks.logic import Logic
from bullseye.definitions.icp import Clause, Icp, Mode
from bullseye.definitions.signal import Signal

_Clash = frozenset[tuple[int, int]]


def best_fit(icp: Icp, logic: Logic) -> float:
    """Return an upper bound of `fit_score`, 0-100, over all accounts that could exist.

    It is below 100 only where criteria that earn points exclude each other or the requirements.
    """
    scored = icp.of_mode(Mode.SCORE)
    earning = [clause for clause in scored if clause.points > 0]
    fewest = sum(clause.points for clause in scored if clause.points < 0)
    most = sum(clause.points for clause in earning)
    required = [clause.rule for clause in icp.of_mode(Mode.REQUIRE)]
    if not most or not logic.can_hold(*required):
        return 100.0
    if logic.can_hold(*required, *(clause.rule for clause in earning)):
        return 100.0
    possible = [clause for clause in earning if logic.can_hold(*required, clause.rule)]
    clash = frozenset(
        (a, b)
        for a, b in combinations(range(len(possible)), 2)
        if not logic.can_hold(*required, possible[a].rule, possible[b].rule)
    )
    reached = _most_points(possible, clash, range(len(possible)))
    return 100.0 * (reached - fewest) / (most - fewest)


def _most_points(clauses: Sequence[Clause], clash: _Clash, left: Iterable[int]) -> int:
    """Return the most points of clauses that do not clash pairwise; exact, by branching."""
    rest = list(left)
    disputed = [at for at in rest if any((min(at, b), max(at, b)) in clash for b in rest)]
    if not disputed:
        return sum(clauses[at].points for at in rest)
    first = disputed[0]
    without = [at for at in rest if at != first]
    compatible = [at for at in without if (min(at, first), max(at, first)) not in clash]
    taken = clauses[first].points + _most_points(clauses, clash, compatible)
    return max(taken, _most_points(clauses, clash, without))


def best_strength(signals: Iterable[Signal]) -> int:
    """Return the strength of all helpful `signals` on their first day."""
    return sum(signal.points for signal in signals if signal.points > 0)
