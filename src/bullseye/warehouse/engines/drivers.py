"""Drivers of the engines: each an extra, imported only when its engine is asked for."""

from importlib import import_module
from typing import Any

from bullseye.errors import UsageError


def driver(module: str, extra: str) -> Any:
    """Return a driver's module.

    Raises
    ------
    UsageError
        If it is not installed; it says which extra brings it.
    """
    try:
        return import_module(module)
    except ImportError:
        raise UsageError(
            f"The driver {module} is not installed.",
            hint=f"Install it with: pip install 'bullseye-gtm[{extra}]'",
        ) from None
