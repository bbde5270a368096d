"""The engine's working memory. Its documents are made in engine/memory.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Created


class RasaTracker(Base):
    """One JSON document a conversation."""

    __tablename__ = "rasa_trackers"

    sender_id: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[dict[str, Any]]
    updated_at: Mapped[Created]
