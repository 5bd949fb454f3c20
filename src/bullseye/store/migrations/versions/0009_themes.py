"""What people decided about proposed themes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Build the table of decisions."""
    op.create_table(
        "theme_decisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("theme", sa.String(60), nullable=False),
        sa.Column("into", sa.String(60)),
        sa.Column("evidence_ids", sa.JSON, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_theme_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_theme_decisions_theme", "theme_decisions", ["theme"])
