"""Run step 2: score every account, publish the result whole, and answer questions about it."""

from bullseye.prioritize.explanation import Explanation, Holds, Reason, Verdict
from bullseye.prioritize.listing import Standing, Target, Wish
from bullseye.prioritize.run.aggregates import (
    Certainty,
    CriterionCount,
    FitBand,
    FitSpread,
    Grid,
    GridCell,
    ListSize,
    PersonaCount,
    SignalCount,
    TierRange,
    certainties,
    criterion_counts,
    fit_signal_grids,
    fit_spreads,
    list_size,
    more_values_needed,
    persona_counts,
    signal_counts,
)
from bullseye.prioritize.run.asking import Answered, Question, what_if
from bullseye.prioritize.run.cohorts import score_cohorts
from bullseye.prioritize.run.differing import Compared, compare
from bullseye.prioritize.run.explaining import explain
from bullseye.prioritize.run.linked import (
    Seen,
    bound_sources,
    connection_of,
    related,
    scores_in_warehouse,
    seen,
)
from bullseye.prioritize.run.measuring import measured, measured_fields
from bullseye.prioritize.run.overriding import override, withdraw
from bullseye.prioritize.run.published import Opened, opened, reopened, run_since
from bullseye.prioritize.run.pushed import score_in_warehouse, warehouse_statement
from bullseye.prioritize.run.replaying import Replayed, replay
from bullseye.prioritize.run.scoring import Scored, score, statement
from bullseye.prioritize.run.selection import selected
from bullseye.prioritize.run.target_list import Worklist, targets, targets_of, worklists
from bullseye.prioritize.run.timeline import Moment, Timeline, history, past_runs
from bullseye.prioritize.why_now import WhyNow
from bullseye.prioritize.worklist import WorklistRow
from bullseye.stats.proportions import Share

__all__ = [
    "Answered",
    "Certainty",
    "Compared",
    "CriterionCount",
    "Explanation",
    "FitBand",
    "FitSpread",
    "Grid",
    "GridCell",
    "Holds",
    "ListSize",
    "Moment",
    "Opened",
    "PersonaCount",
    "Question",
    "Reason",
    "Replayed",
    "Scored",
    "Seen",
    "Share",
    "SignalCount",
    "Standing",
    "Target",
    "TierRange",
    "Timeline",
    "Verdict",
    "WhyNow",
    "Wish",
    "Worklist",
    "WorklistRow",
    "bound_sources",
    "certainties",
    "compare",
    "connection_of",
    "criterion_counts",
    "explain",
    "fit_signal_grids",
    "fit_spreads",
    "history",
    "list_size",
    "measured",
    "measured_fields",
    "more_values_needed",
    "opened",
    "override",
    "past_runs",
    "persona_counts",
    "related",
    "reopened",
    "replay",
    "run_since",
    "score",
    "score_cohorts",
    "score_in_warehouse",
    "scores_in_warehouse",
    "seen",
    "selected",
    "signal_counts",
    "statement",
    "targets",
    "targets_of",
    "warehouse_statement",
    "what_if",
    "withdraw",
    "worklists",
]
