"""Messages that wait for their provider, opt-outs, and files that are still to be fetched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015_sending"
down_revision = "0014_publications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_stored_files_wanted",
        "stored_files",
        ["created_at"],
        postgresql_where=sa.text("path = '' and error = ''"),
    )
    op.add_column("outgoing_messages", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "outgoing_messages",
        sa.Column("past_provider_ids", JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column("outgoing_messages", sa.Column("doubtful", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("outgoing_messages", "doubtful")
    op.drop_column("outgoing_messages", "past_provider_ids")
    op.drop_column("outgoing_messages", "next_at")
    op.drop_index("ix_stored_files_wanted", table_name="stored_files")
