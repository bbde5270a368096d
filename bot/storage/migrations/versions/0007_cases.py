"""Uploaded lists of applications, kept until they are written; the stage that a report is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_cases"
down_revision = "0006_survey"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application_imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_imports")),
    )

    op.add_column("complaints", sa.Column("stage", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("complaints", "stage")
    op.drop_table("application_imports")
