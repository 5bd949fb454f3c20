"""What was said: sources, turns and evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Build the tables."""
    _build_sources()
    _build_turns()
    _build_evidence()


def _build_sources() -> None:
    op.create_table(
        "research_sources",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("occurred_on", sa.Date),
        sa.Column("account_id", sa.Text),
        sa.Column("account_by", sa.String(20)),
        sa.Column("opportunity_id", sa.Text),
        sa.Column("consent", sa.String(20), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("turn_count", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signature", sa.Text),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_research_sources"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_research_sources_account_id", "research_sources", ["account_id"])
    op.create_index(
        "uq_research_sources_standing",
        "research_sources",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def _build_turns() -> None:
    op.create_table(
        "research_turns",
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("turn_index", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("speaker", sa.Text),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("started_ms", sa.BigInteger),
        sa.Column("contact_id", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("resolved_by", sa.String(20)),
        sa.PrimaryKeyConstraint("source_id", "turn_index", name="pk_research_turns"),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["research_sources.id"],
            name="fk_research_turns_source_id",
        ),
    )
    op.create_index("ix_research_turns_contact_id", "research_turns", ["contact_id"])
    op.create_index("ix_research_turns_email", "research_turns", ["email"])


def _build_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("turn_index", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("char_start", sa.Integer, nullable=False),
        sa.Column("char_end", sa.Integer, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(
            ["source_id", "turn_index"],
            ["research_turns.source_id", "research_turns.turn_index"],
            name="fk_evidence_source_id_turn_index",
        ),
        sa.UniqueConstraint(
            "source_id",
            "turn_index",
            "kind",
            "char_start",
            "char_end",
            name="uq_evidence_source_id_turn_index_kind_char_start_char_end",
        ),
        sqlite_autoincrement=True,
    )
