"""The audit log. Lines are only ever added (a trigger of the database sees to it)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created


class AuditLine(Base):
    """One act. `actor`: "officer:ID", "command-line", "api:NAME", "conversation:ID" or "system".

    `action` is a short name with a dot ("conversation.read", "officer.signed-in"); `subject` and `subject_id` say on
    what ("conversation", 17). `detail` holds no personal data.
    """

    __tablename__ = "audit_lines"
    __table_args__ = (
        Index("ix_audit_lines_subject", "subject", "subject_id", "id"),
        Index("ix_audit_lines_actor", "actor", "id"),
        Index("ix_audit_lines_at", "at"),
    )

    id: Mapped[BigId]
    at: Mapped[Created]
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, server_default="")
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
