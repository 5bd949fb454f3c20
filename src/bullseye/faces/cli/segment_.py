"""`bullseye segment`: what the outcomes say about segments; one subcommand per question."""

import click

from bullseye.faces.cli.bullseyes import BULLSEYE_COMMANDS
from bullseye.faces.cli.proposing import propose_
from bullseye.faces.cli.segment_values import VALUE_COMMANDS
from bullseye.faces.cli.segments import SEGMENT_COMMANDS


@click.group("segment", epilog="Example: bullseye segment velocity")
def segment_() -> None:
    """Learn from outcomes: which segments win, move faster, are worth more, and cost too much.

    Every number is shown with its interval, its n and its day; what the data cannot tell is said.
    """


for each in (propose_, *BULLSEYE_COMMANDS, *SEGMENT_COMMANDS, *VALUE_COMMANDS):
    segment_.add_command(each)
