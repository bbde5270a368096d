"""What stands above and below the reports that an office prints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_letters"
down_revision = "0020_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letterheads",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("signer", sa.Text(), server_default="", nullable=False),
        sa.Column("signer_number", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_letterheads")),
    )


def downgrade() -> None:
    op.drop_table("letterheads")
