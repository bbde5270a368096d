"""Up to when a provider's own list of messages was compared with ours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_lookbacks"
down_revision = "0008_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lookbacks",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_lookbacks")),
    )


def downgrade() -> None:
    op.drop_table("lookbacks")
