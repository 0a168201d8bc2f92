"""Who may use the desk, and their one-time logins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from index.ledger import sessions
from index.ledger.engine import Work, upsert
from index.ledger.tables import passes, users

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
"""What a login name looks like."""
CLERK, VIEWER = "clerk", "viewer"
ROLES = (CLERK, VIEWER)


@dataclass(frozen=True, slots=True)
class User:
    """A person at the desk. `center` empty: the whole province. `password` is a hash, empty until one is set.

    A `clerk` judges and releases, a `viewer` reads.
    """

    id: str
    name: str
    center: str
    role: str
    password: str = ""
    created_at: datetime | None = None
    disabled_at: datetime | None = None


def write(work: Work, user: User, now: datetime) -> None:
    """Add a user, or change the name, center and role of a known one; who is shut out stays so."""
    row = {"id": user.id, "name": user.name, "center": user.center, "role": user.role}
    upsert(work, users, [row | {"password": "", "created_at": now}])
    work.execute(update(users).where(users.c.id == user.id).values(**row))


def load(work: Work, user: str) -> User | None:
    """A user by login name, disabled ones too."""
    row = work.execute(select(users).where(users.c.id == user)).first()
    return User(**row._mapping) if row else None


def every(work: Work) -> list[User]:
    """All users, by login name."""
    return [User(**row._mapping) for row in work.execute(select(users).order_by(users.c.id))]


def set_password(work: Work, user: str, hashed: str) -> None:
    """Keep a new password's hash."""
    work.execute(update(users).where(users.c.id == user).values(password=hashed))


def disable(work: Work, user: str, now: datetime) -> bool:
    """Shut a user out, of open sessions too. False if there is no such user."""
    work.execute(delete(passes).where(passes.c.user == user))
    sessions.end_all(work, user)
    return bool(work.execute(update(users).where(users.c.id == user).values(disabled_at=now)).rowcount)


def enable(work: Work, user: str) -> bool:
    """Let a user in again. False if there is no such user."""
    return bool(work.execute(update(users).where(users.c.id == user).values(disabled_at=None)).rowcount)


def give_pass(work: Work, token: str, user: str, now: datetime, until: datetime) -> None:
    """Keep a one-time login; `token` is the digest of what the person is given. Those too old are forgotten."""
    work.execute(delete(passes).where(passes.c.expires_at < now))
    upsert(work, passes, [{"id": token, "user": user, "expires_at": until}])


def take_pass(work: Work, token: str, now: datetime) -> str | None:
    """Use a one-time login up: whose it is, or None if it is unknown, used or too old."""
    row = work.execute(delete(passes).where(passes.c.id == token).returning(passes.c.user, passes.c.expires_at)).first()
    return row.user if row and row.expires_at >= now else None
