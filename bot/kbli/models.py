"""The classification in the database, as the office imported it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created

EDITIONS = (2020, 2025)
SCALES = ("mikro", "kecil", "menengah", "besar")
RISKS = ("Rendah", "Menengah Rendah", "Menengah Tinggi", "Tinggi")
PARTS = ("kbli-2020", "kbli-2025", "links", "risks")


class KbliCode(Base):
    """One code of one edition with its official title and description."""

    __tablename__ = "kbli_codes"
    __table_args__ = (CheckConstraint("edition in (2020, 2025)", name="edition"),)

    edition: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)


class KbliLink(Base):
    """A code of 2020 and a code of 2025 that took over from it. `doubtful`: the two have little in common."""

    __tablename__ = "kbli_links"

    code_2020: Mapped[str] = mapped_column(Text, primary_key=True)
    code_2025: Mapped[str] = mapped_column(Text, primary_key=True)
    doubtful: Mapped[bool]


class KbliRisk(Base):
    """A risk that a code of 2025 may have at a scale; several where it depends on the scope of the activity."""

    __tablename__ = "kbli_risks"
    __table_args__ = (
        CheckConstraint(f"scale in ({', '.join(map(repr, SCALES))})", name="scale"),
        CheckConstraint(f"risk in ({', '.join(map(repr, RISKS))})", name="risk"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    scale: Mapped[str] = mapped_column(Text, primary_key=True)
    risk: Mapped[str] = mapped_column(Text, primary_key=True)


class KbliImport(Base):
    """A file that replaced one part of the classification; the newest id tells every process to read again."""

    __tablename__ = "kbli_imports"
    __table_args__ = (
        CheckConstraint(f"part in ({', '.join(map(repr, PARTS))})", name="part"),
        Index("ix_kbli_imports_part", "part"),
    )

    id: Mapped[BigId]
    part: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    rows: Mapped[int]
    imported_by: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[Created]
