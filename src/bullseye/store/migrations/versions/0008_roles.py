"""What people confirmed about a contact's role and stance."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Build the table of decisions."""
    op.create_table(
        "role_decisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("opportunity_id", sa.Text),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_role_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_role_decisions_contact_id", "role_decisions", ["contact_id"])
