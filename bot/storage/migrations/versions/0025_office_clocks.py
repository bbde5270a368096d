"""Time zones of offices, holidays on which they work, hours for a span of dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025_office_clocks"
down_revision = "0025_recall"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_zones",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "zone in ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')", name=op.f("ck_office_zones_zone")
        ),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_office_zones")),
    )
    op.create_table(
        "office_worked_days",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.PrimaryKeyConstraint("office", "day", name=op.f("pk_office_worked_days")),
    )
    op.create_table(
        "office_special_hours",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("week", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_office_special_hours_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_special_hours")),
    )
    op.create_index(op.f("ix_office_special_hours_office"), "office_special_hours", ["office"])


def downgrade() -> None:
    for table in ("office_special_hours", "office_worked_days", "office_zones"):
        op.drop_table(table)
