"""Locks: one holder at a time, as a lease that outlives neither its holder nor its time."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bullseye.errors import BullseyeError, Busy
from bullseye.store.db import Store
from bullseye.store.processes import Process, is_dead, this_process
from bullseye.store.tables import LEASES

Clock = Callable[[], datetime]
"""Tells the moment, in UTC."""


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Lease:
    """A lock that is held; `token` tells it from any other lease of the same name."""

    store: Store
    name: str
    holder: str
    token: str
    ttl: timedelta
    clock: Clock

    def renew(self) -> None:
        """Hold the lock for another `ttl`. Call it before a step that must not happen twice.

        Raises
        ------
        Busy
            If the lease ran out and somebody else took the lock.
        """
        if not _extended(self):
            raise Busy(
                f"The lock {self.name!r} was lost: {self.holder} did not renew it in time.",
                hint="Repeat the command once the other process has finished.",
                place=self.store.place,
            )


@contextmanager
def lock(
    store: Store, name: str, holder: str, ttl: timedelta, *, clock: Clock = utc_now
) -> Iterator[Lease]:
    """Hold the lock `name` while the block runs; the lease renews itself meanwhile.

    The lock is taken over where its lease has run out (the holder stopped renewing it), and at
    once where the holder ran on this host and its process is gone. It is not re-entrant.

    Parameters
    ----------
    store : Store
        Where the lease is kept.
    name : str
        What is locked.
    holder : str
        Who holds it, for whoever has to wait.
    ttl : timedelta
        How long the lease holds unless renewed. Clocks of hosts that share a store must not
        differ by as much.
    clock : callable
        Tells the moment; a workspace passes its own.

    Raises
    ------
    Busy
        If somebody else holds the lock; it says who, and since when.
    """
    lease = Lease(store, name, holder, secrets.token_hex(16), ttl, clock)
    _take(lease)
    try:
        with _renewed(lease):
            yield lease
    finally:
        # A lease that cannot be given back runs out; what the block raised matters more.
        with suppress(BullseyeError):
            _release(lease)


def _take(lease: Lease) -> None:
    now = lease.clock()
    with lease.store.write() as connection:
        is_it = LEASES.c.name == lease.name
        row = connection.execute(select(LEASES).where(is_it)).one_or_none()
        if row and not _is_free(row, now):
            raise _busy(row, lease.store.place)
        connection.execute(delete(LEASES).where(is_it))
        _insert(connection, lease, now)


def _insert(connection: Connection, lease: Lease, now: datetime) -> None:
    me = this_process()
    values = {
        "host": me.host,
        "pid_space": me.pid_space,
        "pid": me.pid,
        "process_started": me.started,
        "name": lease.name,
        "holder": lease.holder,
        "token": lease.token,
        "acquired_at": now,
        "expires_at": now + lease.ttl,
    }
    connection.execute(insert(LEASES).values(values))


def _is_free(row: Row[Any], now: datetime) -> bool:
    process = Process(row.host, row.pid_space, row.pid, row.process_started)
    return bool(row.expires_at <= now) or is_dead(process)


def _busy(row: Row[Any], place: str) -> Busy:
    return Busy(
        f"{row.holder} has held the lock {row.name!r} since {row.acquired_at:%Y-%m-%d %H:%M:%S} "
        f"UTC (process {row.pid} on {row.host}).",
        hint="Wait until it has finished, then repeat the command.",
        place=place,
    )


def _extended(lease: Lease) -> bool:
    is_mine = (LEASES.c.name == lease.name) & (LEASES.c.token == lease.token)
    query = update(LEASES).where(is_mine).values(expires_at=lease.clock() + lease.ttl)
    with lease.store.write() as connection:
        return bool(connection.execute(query).rowcount)


def _release(lease: Lease) -> None:
    is_mine = (LEASES.c.name == lease.name) & (LEASES.c.token == lease.token)
    with lease.store.write() as connection:
        connection.execute(delete(LEASES).where(is_mine))


@contextmanager
def _renewed(lease: Lease) -> Iterator[None]:
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(lease.ttl.total_seconds() / 3):
            with suppress(BullseyeError):  # a busy store is asked again at the next beat
                if not _extended(lease):
                    return

    thread = threading.Thread(target=beat, name=f"lease {lease.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
