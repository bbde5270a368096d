"""Knowledge that an office published itself, and drafts of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014_publications"
down_revision = "0013_own_copies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.ForeignKeyConstraint(["undoes"], ["publications.id"], name=op.f("fk_publications_undoes_publications")),
    )
    op.create_table(
        "published_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("publication_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_entries")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_published_entries_publication_id_publications")
        ),
        sa.UniqueConstraint(
            "publication_id", "kind", "entry", name=op.f("uq_published_entries_publication_id_kind_entry")
        ),
    )
    op.create_index(op.f("ix_published_entries_kind_entry"), "published_entries", ["kind", "entry"])
    op.create_table(
        "standard_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("publication_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_drafts")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_standard_drafts_publication_id_publications")
        ),
    )


def downgrade() -> None:
    op.drop_table("standard_drafts")
    op.drop_index(op.f("ix_published_entries_kind_entry"), table_name="published_entries")
    op.drop_table("published_entries")
    op.drop_table("publications")
