"""Acts that officers can take back for some seconds, and replies that wait as long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025_recall"
down_revision = "0023_triage"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recallable_acts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("messages", postgresql.JSONB(), nullable=False),
        sa.Column("jobs", postgresql.JSONB(), nullable=False),
        sa.Column("undo", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recallable_acts")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_recallable_acts_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_recallable_acts_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_recallable_acts_officer_id"), "recallable_acts", ["officer_id"])
    op.create_index(op.f("ix_recallable_acts_conversation_id"), "recallable_acts", ["conversation_id"])
    op.add_column("officers", sa.Column("delays_replies", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("officers", "delays_replies")
    op.drop_table("recallable_acts")
