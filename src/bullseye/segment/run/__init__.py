"""Run step 1: import what is known, measure it, size the markets."""

from bullseye.segment.import_options import ImportOptions
from bullseye.segment.run.bullseye import USED_WITHIN, WON_WITHIN, fast_and_sticky
from bullseye.segment.run.importing import Imported, import_file, undo_import
from bullseye.segment.run.quality import ImportReport, imports, imports_of
from bullseye.segment.run.signals import SignalsTold, what_precedes
from bullseye.segment.run.sizing import market_sizes
from bullseye.segment.run.velocity import MeasuredVelocity, measure_velocity
from bullseye.segment.signals import Preceding, hazard_in_words
from bullseye.segment.told import BullseyeTold, CustomerList, TraitTold

__all__ = [
    "USED_WITHIN",
    "WON_WITHIN",
    "BullseyeTold",
    "CustomerList",
    "ImportOptions",
    "ImportReport",
    "Imported",
    "MeasuredVelocity",
    "Preceding",
    "SignalsTold",
    "TraitTold",
    "fast_and_sticky",
    "hazard_in_words",
    "import_file",
    "imports",
    "imports_of",
    "market_sizes",
    "measure_velocity",
    "undo_import",
    "what_precedes",
]
