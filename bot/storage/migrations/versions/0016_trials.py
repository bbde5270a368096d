"""Questions that an office tries its drafts with, and what the last trial of a draft showed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016_trials"
down_revision = "0015_sending"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trial_questions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("holds", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_questions")),
        sa.UniqueConstraint("office", "text", name=op.f("uq_trial_questions_office_text")),
    )
    op.add_column("standard_drafts", sa.Column("trial", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("standard_drafts", "trial")
    op.drop_table("trial_questions")
