"""Several acts that are taken back together; who has a conversation without its applicant's knowing; lists that are
written and can still be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_told"
down_revision = "0024_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recallable_acts", sa.Column("batch", sa.BigInteger(), nullable=True))
    op.add_column("handoffs", sa.Column("untold", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("application_imports", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("application_imports", "written_at")
    op.drop_column("handoffs", "untold")
    op.drop_column("recallable_acts", "batch")
