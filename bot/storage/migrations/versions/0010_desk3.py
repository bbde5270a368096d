"""The mark of a report that hides who made it (chosen as Anonim or Rahasia), so that the console's lists can tell."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_desk3"
down_revision = "0009_lookbacks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaints", sa.Column("hides", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    # What was chosen is encrypted: reports from before hide their reporter until they move again.
    op.execute("update complaints set hides = true where confirmed_at is not null")


def downgrade() -> None:
    op.drop_column("complaints", "hides")
