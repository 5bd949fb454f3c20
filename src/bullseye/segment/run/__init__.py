"""Run step 1: import what is known, measure it, size the markets."""

from bullseye.segment.import_options import ImportOptions
from bullseye.segment.run.importing import Imported, import_file, undo_import
from bullseye.segment.run.quality import ImportReport, imports, imports_of
from bullseye.segment.run.sizing import fetched_sizes, market_sizes

__all__ = [
    "ImportOptions",
    "ImportReport",
    "Imported",
    "fetched_sizes",
    "import_file",
    "imports",
    "imports_of",
    "market_sizes",
    "undo_import",
]
