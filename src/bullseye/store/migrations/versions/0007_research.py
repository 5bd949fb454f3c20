"""What was said: sources, turns and evidence."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Build the tables."""
