"""The warehouse a workspace is connected to: kept in one file that only its owner may read."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from bullseye.errors import UsageError
from bullseye.warehouse.engines.address import shown

FILE = "connection"
DEFAULT_SCHEMA = "bullseye"
_OWNER_ONLY = 0o600
_VARIABLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


@dataclass(frozen=True)
class Connection:
    """Where the warehouse is, and the one schema that may be written.

    Either `url` is kept, or `url_env`: only the name of the environment variable that holds it.
    """

    schema: str = DEFAULT_SCHEMA
    url: str | None = None
    url_env: str | None = None

    @property
    def address(self) -> str:
        """The URL, from wherever it is kept.

        Raises
        ------
        UsageError
            If the environment variable is not set.
        """
        if self.url is not None:
            return self.url
        found = os.environ.get(self.url_env or "")
        if not found:
            raise UsageError(
                f"The environment variable {self.url_env} holds no URL of a warehouse.",
                hint=f"Set it as in: export {self.url_env}=postgresql://user@host/database",
            )
        return found

    @property
    def shown(self) -> str:
        """The URL without its secrets."""
        return shown(self.address)

    def __repr__(self) -> str:
        where = shown(self.url) if self.url is not None else f"${self.url_env}"
        return f"Connection({where}, schema={self.schema})"


def chosen(url: str | None, url_env: str | None, schema: str) -> Connection:
    """Return the connection that is asked for.

    Raises
    ------
    UsageError
        If both a URL and a variable are given, or what is given cannot be one.
    """
    if (url is None) == (url_env is None):
        raise UsageError("Give a URL, or --url-env with the name of the variable that holds it.")
    if url_env is not None and not _VARIABLE.match(url_env):
        raise UsageError(
            f"{shown(url_env)!r} is no name of an environment variable.",
            hint="Give the variable's name, not the URL: --url-env WAREHOUSE_URL",
        )
    if not schema.strip(". "):
        raise UsageError("The schema needs a name.", hint=f"As in: --schema {DEFAULT_SCHEMA}")
    return Connection(schema, url, url_env)


def kept(folder: Path) -> Connection | None:
    """Return the connection kept in `folder`, or None.

    Raises
    ------
    UsageError
        If the file cannot be read.
    """
    path = folder / FILE
    try:
        if not path.exists():
            return None
        written = json.loads(path.read_text(encoding="utf-8"))
        return Connection(written["schema"], written.get("url"), written.get("url_env"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(
            "The kept connection cannot be read.",
            place=str(path),
            hint="Connect again with: bullseye connect URL",
        ) from None


def keep(folder: Path, connection: Connection) -> None:
    """Keep a connection in `folder`, readable to its owner only."""
    written = {"schema": connection.schema, "url": connection.url, "url_env": connection.url_env}
    unfinished = folder / f".{FILE}.{os.getpid()}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({name: value for name, value in written.items() if value is not None}, file)
    unfinished.replace(folder / FILE)


def forget(folder: Path) -> bool:
    """Forget the connection kept in `folder`; return whether there was one."""
    path = folder / FILE
    found = path.exists()
    path.unlink(missing_ok=True)
    return found
