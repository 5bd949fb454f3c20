"""The lock: one holder, and no grief after a crash."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bullseye.errors import Busy
from bullseye.store.db import Store
from bullseye.store.locks import lock
from bullseye.store.tables import LEASES

HOUR = timedelta(hours=1)

HOLDS = """
import sys, time
from datetime import timedelta
from bullseye.store.db import Store
from bullseye.store.locks import lock

with lock(Store.open(sys.argv[1]), "workspace", "omar", timedelta(hours=1)):
    print("held", flush=True)
    time.sleep(60)
"""

COUNTS = """
import sys, time
from datetime import timedelta
from pathlib import Path
from bullseye.errors import Busy
from bullseye.store.db import Store
from bullseye.store.locks import lock

store, counter = Store.open(sys.argv[1]), Path(sys.argv[2])
done = 0
while done < 5:
    try:
        with lock(store, "workspace", "omar", timedelta(hours=1)):
            number = int(counter.read_text())
            time.sleep(0.01)
            counter.write_text(str(number + 1))
            done += 1
    except Busy:
        time.sleep(0.005)
"""


@contextmanager
def another_holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, path], stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()


def test_a_second_process_is_told_who_holds_the_lock_and_since_when(
    path: Path, store: Store
) -> None:
    with another_holder(path) as holder:
        with pytest.raises(Busy) as caught, lock(store, "workspace", "rita", HOUR):
            pass
        said = str(caught.value)
    assert "omar has held the lock 'workspace' since 20" in said
    assert f"process {holder.pid}" in said


def test_the_lock_of_a_killed_process_is_taken_over_at_once(path: Path, store: Store) -> None:
    with another_holder(path) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with lock(store, "workspace", "rita", HOUR) as lease:
            lease.renew()
            assert lease.holder == "rita"


def test_processes_that_compete_never_hold_the_lock_together(path: Path, tmp_path: Path) -> None:
    Store.open(path).close()
    counter = tmp_path / "counter"
    counter.write_text("0")
    rivals = [subprocess.Popen([sys.executable, "-c", COUNTS, path, counter]) for _ in range(2)]
    assert [rival.wait(timeout=60) for rival in rivals] == [0, 0]
    assert counter.read_text() == "10"


def test_a_lock_given_back_is_free(store: Store) -> None:
    with lock(store, "workspace", "rita", HOUR):
        pass
    with lock(store, "workspace", "omar", HOUR) as lease:
        assert lease.holder == "omar"


def test_a_lock_is_given_back_when_its_block_fails(store: Store) -> None:
    with pytest.raises(RuntimeError, match="boom"), lock(store, "workspace", "rita", HOUR):
        raise RuntimeError("boom")
    with lock(store, "workspace", "omar", HOUR) as lease:
        assert lease.holder == "omar"


def test_a_lock_cannot_be_taken_twice_by_one_process(store: Store) -> None:
    with (
        lock(store, "workspace", "rita", HOUR),
        pytest.raises(Busy, match="rita has held"),
        lock(store, "workspace", "rita", HOUR),
    ):
        pass


def test_locks_of_other_names_do_not_matter(store: Store) -> None:
    with lock(store, "workspace", "rita", HOUR), lock(store, "demo", "omar", HOUR) as lease:
        assert lease.name == "demo"


def test_a_lease_that_ran_out_is_taken_over_and_its_holder_notices(
    store: Store, monday: datetime
) -> None:
    later = monday + 2 * HOUR
    with (
        lock(store, "workspace", "rita", HOUR, clock=lambda: monday) as first,
        lock(store, "workspace", "omar", HOUR, clock=lambda: later) as second,
    ):
        with pytest.raises(Busy, match="was lost: rita"):
            first.renew()
        second.renew()


def test_a_holder_that_lost_the_lock_does_not_take_it_from_the_next(
    store: Store, monday: datetime
) -> None:
    first = lock(store, "workspace", "rita", HOUR, clock=lambda: monday)
    first.__enter__()
    later = monday + 2 * HOUR
    with lock(store, "workspace", "omar", HOUR, clock=lambda: later) as second:
        first.__exit__(None, None, None)
        second.renew()
        assert second.holder == "omar"


def test_a_lease_renews_itself_while_it_is_held(path: Path, store: Store) -> None:
    ttl = timedelta(seconds=0.6)
    with lock(store, "workspace", "rita", ttl):
        time.sleep(1.2)
        with pytest.raises(Busy, match="rita has held"), lock(store, "workspace", "omar", ttl):
            pass


@pytest.mark.parametrize("elsewhere", [{"host": "another-host"}, {"pid_space": "1"}])
def test_a_process_that_cannot_be_seen_from_here_is_trusted_until_its_lease_runs_out(
    path: Path, store: Store, elsewhere: dict[str, str]
) -> None:
    with another_holder(path) as holder:
        holder.kill()
        holder.wait()
    with store.write() as connection:
        connection.execute(update(LEASES).values(elsewhere))
    with pytest.raises(Busy, match="omar has held"), lock(store, "workspace", "rita", HOUR):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell the start")
def test_a_process_that_got_the_number_of_a_dead_holder_is_not_mistaken_for_it(
    path: Path, store: Store
) -> None:
    with another_holder(path):
        pass
    with store.write() as connection:
        connection.execute(update(LEASES).values(pid=os.getpid(), process_started="1"))
    with lock(store, "workspace", "rita", HOUR) as lease:
        assert lease.holder == "rita"
