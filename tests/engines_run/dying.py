"""Run in a process of its own, and be killed in the middle of it: dying.py FOLDER DAY STAGE."""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bullseye import pipeline
from bullseye.workspace import Workspace


def main(folder: str, day: str, stage: str) -> None:
    """Run the workspace in `folder` until `stage` begins."""

    def die(now: str) -> None:
        if now == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    moment = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    pipeline.run(Workspace.open(Path(folder), now=lambda: moment), progress=die)


if __name__ == "__main__":
    main(*sys.argv[1:])
