"""Contacts that are left alone, and those whose data was removed."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Build the tables."""
