"""The classification of businesses (KBLI), as the office imports it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_kbli"
down_revision = "0011_erased"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kbli_codes",
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.CheckConstraint("edition in (2020, 2025)", name=op.f("ck_kbli_codes_edition")),
        sa.PrimaryKeyConstraint("edition", "code", name=op.f("pk_kbli_codes")),
    )
    op.create_table(
        "kbli_links",
        sa.Column("code_2020", sa.Text(), nullable=False),
        sa.Column("code_2025", sa.Text(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code_2020", "code_2025", name=op.f("pk_kbli_links")),
    )
    op.create_table(
        "kbli_risks",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.CheckConstraint("scale in ('mikro', 'kecil', 'menengah', 'besar')", name=op.f("ck_kbli_risks_scale")),
        sa.CheckConstraint(
            "risk in ('Rendah', 'Menengah Rendah', 'Menengah Tinggi', 'Tinggi')", name=op.f("ck_kbli_risks_risk")
        ),
        sa.PrimaryKeyConstraint("code", "scale", "risk", name=op.f("pk_kbli_risks")),
    )
    op.create_table(
        "kbli_imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("part in ('kbli-2020', 'kbli-2025', 'links', 'risks')", name=op.f("ck_kbli_imports_part")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kbli_imports")),
    )
    op.create_index("ix_kbli_imports_part", "kbli_imports", ["part"])


def downgrade() -> None:
    for table in ("kbli_imports", "kbli_risks", "kbli_links", "kbli_codes"):
        op.drop_table(table)
