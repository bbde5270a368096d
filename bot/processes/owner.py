"""The system user that owns the embedded database when Pandu itself runs as root.

PostgreSQL refuses to run as root. The user is made once; it is given the right to walk through the folders above the
database and above PostgreSQL's programs (an access-control entry for this one user), and nothing else.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from bot.errors import CannotRun

USER = "pandu-db"
_ACL = "system.posix_acl_access"
_ACL_VERSION = 2
_USER_OBJ, _NAMED_USER, _GROUP_OBJ, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_ENTRY = struct.Struct("<HHI")  # tag, permissions, id: linux/posix_acl_xattr.h


def database_user() -> pwd.struct_passwd | None:
    """The user to run PostgreSQL as, made when missing; None when we are not root and run it ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    with Path("/etc/passwd").open() as one_at_a_time:  # two that start at once would both make it
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        return _made()


def _made() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise CannotRun(
            "PostgreSQL cannot run as root, and useradd is missing to make a user for it: "
            "run Pandu as an ordinary user, or set PANDU_DATABASE_URL."
        )
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", USER]
    made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        raise CannotRun(
            f"The system user {USER} for PostgreSQL cannot be made ({made.stderr.strip()}): "
            "run Pandu as an ordinary user, or set PANDU_DATABASE_URL."
        ) from None


def let_through(path: Path, user: pwd.struct_passwd) -> None:
    """Let `user` walk through every folder above `path`; folders that already allow it stay untouched."""
    for folder in path.resolve().parents:
        if not _may_enter(folder, user):
            _grant(folder, user)


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    status = folder.stat()
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_mode & stat.S_IXOTH:
        return True
    entries = _read_acl(folder)
    named = any(tag == _NAMED_USER and number == user.pw_uid and allowed & 1 for tag, allowed, number in entries)
    return named and any(tag == _MASK and allowed & 1 for tag, allowed, _ in entries)  # a chmod narrows the mask


def _read_acl(folder: Path) -> list[tuple[int, int, int]]:
    try:
        raw = os.getxattr(folder, _ACL)
    except OSError:
        return []
    return list(_ENTRY.iter_unpack(raw[4:]))


def _grant(folder: Path, user: pwd.struct_passwd) -> None:
    """One entry "user may pass through"; on file systems without such entries, everyone may (but not list)."""
    mode = folder.stat().st_mode
    entries = _read_acl(folder) or [
        (_USER_OBJ, mode >> 6 & 7, _NO_ID),
        (_GROUP_OBJ, mode >> 3 & 7, _NO_ID),
        (_MASK, mode >> 3 & 7, _NO_ID),
        (_OTHER, mode & 7, _NO_ID),
    ]
    entries = [entry for entry in entries if (entry[0], entry[2]) != (_NAMED_USER, user.pw_uid)]
    entries = [
        (tag, allowed | 1, number) if tag == _MASK else (tag, allowed, number) for tag, allowed, number in entries
    ]
    entries.append((_NAMED_USER, 1, user.pw_uid))
    entries.sort(key=lambda entry: (entry[0], entry[2]))
    raw = struct.pack("<I", _ACL_VERSION) + b"".join(_ENTRY.pack(*entry) for entry in entries)
    try:
        os.setxattr(folder, _ACL, raw)
    except OSError:
        folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
