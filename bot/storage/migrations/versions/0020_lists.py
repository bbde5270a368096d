"""What the lists of an office mean: columns and services, said by hand and remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020_lists"
down_revision = "0019_walls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("office", "service", "sheet"):
        op.add_column("application_imports", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in ("columns", "services"):
        op.add_column("application_imports", sa.Column(name, JSONB(), server_default="{}", nullable=False))
    op.create_table(
        "list_habits",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('column', 'service')", name=op.f("ck_list_habits_kind")),
        sa.PrimaryKeyConstraint("office", "kind", "said", name=op.f("pk_list_habits")),
    )


def downgrade() -> None:
    op.drop_table("list_habits")
    for name in ("services", "columns", "sheet", "service", "office"):
        op.drop_column("application_imports", name)
