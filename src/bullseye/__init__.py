"""Bullseye: right account, right person, right time.

>>> from bullseye import Workspace

opens a workspace from Python: ``Workspace.open(path).prioritize()`` returns the target list.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bullseye.faces.notebook import Workspace

__version__ = "0.1.0"
__all__ = ["Workspace", "__version__"]


def __getattr__(name: str) -> Any:
    """Import `Workspace` when it is first asked for, so that the command line stays light."""
    if name == "Workspace":
        return import_module("bullseye.faces.notebook").Workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
