"""Run step 2: score every account, publish the result whole, and answer questions about it."""

from bullseye.prioritize.explanation import Explanation, Holds, Reason, Verdict
from bullseye.prioritize.listing import Standing, Target, Wish
from bullseye.prioritize.run.explaining import explain
from bullseye.prioritize.run.overriding import override, withdraw
from bullseye.prioritize.run.published import Opened, opened
from bullseye.prioritize.run.replaying import Replayed, replay
from bullseye.prioritize.run.scoring import Scored, score
from bullseye.prioritize.run.target_list import Worklist, targets, targets_of, worklists
from bullseye.prioritize.run.timeline import Timeline, history
from bullseye.prioritize.why_now import WhyNow

__all__ = [
    "Explanation",
    "Holds",
    "Opened",
    "Reason",
    "Replayed",
    "Scored",
    "Standing",
    "Target",
    "Timeline",
    "Verdict",
    "WhyNow",
    "Wish",
    "Worklist",
    "explain",
    "history",
    "opened",
    "override",
    "replay",
    "score",
    "targets",
    "targets_of",
    "withdraw",
    "worklists",
]
