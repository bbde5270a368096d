"""Letterheads: the words above and below the reports that an office prints."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Created


class Letterhead(Base):
    """An office's own: `lines` above (the first ones large), `place`, `position`, `signer` and the number (NIP) below.

    `office` is "" for reports about several offices.
    """

    __tablename__ = "letterheads"

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    lines: Mapped[str] = mapped_column(Text, server_default="")
    place: Mapped[str] = mapped_column(Text, server_default="")
    position: Mapped[str] = mapped_column(Text, server_default="")
    signer: Mapped[str] = mapped_column(Text, server_default="")
    signer_number: Mapped[str] = mapped_column(Text, server_default="")
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[Created]
