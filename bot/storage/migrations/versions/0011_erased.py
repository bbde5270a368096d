"""Keyed hashes of erased messages and people: what providers bring again is not stored again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_erased"
down_revision = "0011_private"
branch_labels = None
depends_on = None


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "erased_messages",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), server_default="", nullable=False),
        sa.Column("media", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_erased_messages")),
    )
    op.create_index(
        "ix_erased_messages_waiting", "erased_messages", ["next_at"], postgresql_where=sa.text("provider_id <> ''")
    )
    op.create_table(
        "erased_people",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_erased_people")),
    )


def downgrade() -> None:
    op.drop_table("erased_people")
    op.drop_table("erased_messages")
