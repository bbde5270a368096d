"""Officers, their sessions, their teams."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.walls import ALL, Sight
from bot.storage.base import Base, BigId, Created
from bot.storage.encrypted import INDEX, Encrypted, hash_of

Role = Literal["officer", "supervisor", "administrator"]
ROLES: tuple[Role, ...] = ("officer", "supervisor", "administrator")
"""From the least to the most: each may do what those before it may."""
CallKind = Literal["new", "answered", "emergency"]
CALL_KINDS: tuple[CallKind, ...] = ("new", "answered", "emergency")
"""Of what an officer may be notified: somebody new waits, the own applicant has answered, an emergency."""


class Officer(Base):
    """One account. `username` is lower case; `password_hash` is argon2id's; `totp_secret` is set once it was proved.

    `offices`: those whose people the officer sees and whose knowledge the officer changes, ids of knowledge/offices,
    the own one first; none for all.
    """

    __tablename__ = "officers"
    __table_args__ = (
        CheckConstraint("username = lower(username)", name="username_lower"),
        CheckConstraint(f"role in ({', '.join(repr(role) for role in ROLES)})", name="role"),
    )

    id: Mapped[BigId]
    username: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    offices: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    password_hash: Mapped[str] = mapped_column(Text)
    must_change_password: Mapped[bool] = mapped_column(server_default="true")
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)  # a code is accepted once
    created_at: Mapped[Created]
    last_seen_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    delays_replies: Mapped[bool] = mapped_column(server_default="false")  # typed ones, too, can be taken back

    @property
    def office(self) -> str:
        """The own office; "" for who is of none, or of all."""
        return self.offices[0] if self.offices else ""

    @property
    def sight(self) -> Sight:
        """The one place that says which offices' people somebody sees: administrators, and who has none set, all."""
        return ALL if self.role == "administrator" or not self.offices else Sight(tuple(self.offices))


def of_office(officer: Officer, office: str | None) -> bool:
    """Whether the officer may change the knowledge of `office`; None and "" stand for what concerns all offices."""
    return officer.sight.own(office)


class OfficerSession(Base):
    """One sign-in of one browser. Only the hash of the cookie's token is kept.

    `confirmed` is false between password and TOTP code: such a session opens nothing but the code's page.
    """

    __tablename__ = "officer_sessions"
    __table_args__ = (Index("ix_officer_sessions_officer", "officer_id"),)

    id: Mapped[BigId]
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    officer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="CASCADE"))
    confirmed: Mapped[bool]
    browser: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[Created]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PushSubscription(Base):
    """A browser that takes notifications for its officer: address and keys of its push service (bot/webpush.py).

    It goes with the session in which it was switched on, or met last. `kinds`: of CALL_KINDS.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        Index("ix_push_subscriptions_officer", "officer_id"),
        Index("ix_push_subscriptions_session", "session_id"),
    )

    id: Mapped[BigId]
    officer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("officer_sessions.id", ondelete="CASCADE"))
    endpoint: Mapped[str] = mapped_column(Encrypted, info={INDEX: "endpoint_hash"})
    endpoint_hash: Mapped[str | None] = mapped_column(Text, unique=True, default=hash_of("endpoint"))
    p256dh: Mapped[str] = mapped_column(Encrypted)
    auth: Mapped[str] = mapped_column(Encrypted)
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[Created]


class SignInFailure(Base):
    """A wrong password or code. `who` is a hash of the user name, or of the address it came from."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_who_at", "who", "at"),)

    id: Mapped[BigId]
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[Created]


class Team(Base):
    """Officers who share a queue. `office`: an id of knowledge/offices, or "" for all."""

    __tablename__ = "teams"

    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(Text, unique=True)
    office: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[Created]


class TeamMember(Base):
    __tablename__ = "team_members"
    __table_args__ = (Index("ix_team_members_officer", "officer_id"),)

    team_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True)
