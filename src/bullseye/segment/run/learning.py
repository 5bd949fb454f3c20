"""Learn from outcomes: what wins, moves fast, is worth more, and what to leave alone.

Apart from the imports, which need no statistics: what loads slowly is loaded by who asks.
"""

from bullseye.segment.negative import Economics, Proposal
from bullseye.segment.recheck import Holds, ratio_words
from bullseye.segment.run.bullseye import USED_WITHIN, WON_WITHIN, fast_and_sticky
from bullseye.segment.run.negative import Negative, find_negative
from bullseye.segment.run.proposing import Proposed, propose_icp
from bullseye.segment.run.rechecking import Recheck, recheck
from bullseye.segment.run.resembling import Lookalikes, lookalikes
from bullseye.segment.run.signals import SignalsTold, what_precedes
from bullseye.segment.run.valuing import MeasuredValue, measure_value
from bullseye.segment.run.velocity import MeasuredVelocity, measure_velocity
from bullseye.segment.signals import Preceding, hazard_in_words
from bullseye.segment.stages import ByStage, StagePace, StagesTold
from bullseye.segment.told import BullseyeTold, CustomerList, TraitTold
from bullseye.segment.velocity import ByField, Pace, Why
from bullseye.segment.worse import Standing
from bullseye.stats.costs import Estimate
from bullseye.stats.hazards import Effect
from bullseye.stats.rate_ratio import Ratio
from bullseye.stats.survival import MedianDays, ShareBy

__all__ = [
    "USED_WITHIN",
    "WON_WITHIN",
    "BullseyeTold",
    "ByField",
    "ByStage",
    "CustomerList",
    "Economics",
    "Effect",
    "Estimate",
    "Holds",
    "Lookalikes",
    "MeasuredValue",
    "MeasuredVelocity",
    "MedianDays",
    "Negative",
    "Pace",
    "Preceding",
    "Proposal",
    "Proposed",
    "Ratio",
    "Recheck",
    "ShareBy",
    "SignalsTold",
    "StagePace",
    "StagesTold",
    "Standing",
    "TraitTold",
    "Why",
    "fast_and_sticky",
    "find_negative",
    "hazard_in_words",
    "lookalikes",
    "measure_value",
    "measure_velocity",
    "propose_icp",
    "ratio_words",
    "recheck",
    "what_precedes",
]
