"""What nobody should send to a chat, as patterns: numbers like a NIK, codes, passwords."""

from __future__ import annotations

import re

LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")
"""Sixteen digits: a NIK, or the number of a bank card."""

SECRET = re.compile(
    r"\b(?:otp|kode verifikasi)\b\D{0,15}\b\d{4,8}\b"
    r"|\b(?:password|pasword|kata sandi|sandi|pw)(?:nya| saya| sy| ku)*\s*(?:[:=]|adalah|yaitu)\s*\S+",
    re.IGNORECASE,
)
"""A one-time code or a password together with its value."""
