"""What people decided about proposed themes."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Build the tables."""
