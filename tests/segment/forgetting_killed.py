"""Forget a contact in a process of its own that dies: forgetting_killed.py FOLDER WHO STAGE."""

import os
import signal
import sys
from pathlib import Path

from bullseye.segment.run.forgetting import forget
from bullseye.workspace import Workspace


def main(folder: str, who: str, stage: str) -> None:
    """Forget `who` until a step that begins with `stage`, then die as by a power cut."""

    def die(now: str) -> None:
        if now.startswith(stage):
            os.kill(os.getpid(), signal.SIGKILL)

    forget(Workspace.open(Path(folder)), [who], reason="asked", step=die)


if __name__ == "__main__":
    main(*sys.argv[1:])
