"""What people confirmed about a contact's role and stance."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Build the tables."""
