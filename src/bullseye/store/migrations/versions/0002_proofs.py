"""Proofs: results of mining, backtests and drift, each with its day and definitions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Build the table of proofs."""
    op.create_table(
        "proofs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("definitions_hash", sa.String(64), nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proofs"),
        sa.ForeignKeyConstraint(
            ["definitions_hash"], ["versions.hash"], name="fk_proofs_definitions_hash"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proofs_kind_subject", "proofs", ["kind", "subject"])
