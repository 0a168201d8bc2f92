"""Passwords (argon2id), one-time logins, and a brake on guessing."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from pwdlib import PasswordHash

from index.ledger import Ledger, audit, sessions, users
from index.ledger.users import User
from index.problems import Refused, TryLater

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_HERE, PER_ADDRESS, PER_ACCOUNT = 5, 30, 60
"""Failures in a WINDOW: of one account from one address, of one address, of one account from anywhere."""
PASS_LASTS = timedelta(hours=1)
SHORTEST, LONGEST = 10, 200


@cache
def hasher() -> PasswordHash:
    """Argon2id with the library's recommended cost."""
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """A hash to check a stranger's password against, so that it takes as long as a user's."""
    return hasher().hash(secrets.token_hex(16))


def check(ledger: Ledger, name: str, password: str, address: str) -> User | None:
    """The user of a name and password, or None. Raises TryLater after too many failures."""
    now = datetime.now(UTC)
    watched = {f"{name[:64]}@{address}": PER_ACCOUNT_HERE, f"@{address}": PER_ADDRESS, f"{name[:64]}@": PER_ACCOUNT}
    with ledger.read() as work:
        if any(sessions.failures(work, who, now - WINDOW) >= most for who, most in watched.items()):
            raise TryLater("too many failed logins")
        user = users.load(work, name)
    good, better = hasher().verify_and_update(password[:LONGEST], (user and user.password) or _nobodys())
    allowed = good and user is not None and bool(user.password) and user.disabled_at is None
    with ledger.begin() as work:
        if not allowed or user is None:
            for who in watched:
                sessions.failed(work, who, now, now - WINDOW)
            return None
        sessions.forgive(work, f"{user.id}@{address}")
        if better:
            users.set_password(work, user.id, better)
        audit.write(work, user.id, "login", user.id, now)
    return user


def set_password(ledger: Ledger, user: User, password: str) -> None:
    """Keep a new password. Raises Refused for one too short, too long or the user's own name."""
    if not SHORTEST <= len(password) <= LONGEST or user.id in password:
        raise Refused(f"a password has {SHORTEST} to {LONGEST} characters and not the login name in it")
    hashed = hasher().hash(password)
    with ledger.begin() as work:
        users.set_password(work, user.id, hashed)
        audit.write(work, user.id, "password", user.id, datetime.now(UTC))


def give_pass(ledger: Ledger, user: str) -> str:
    """A one-time login for a user, good for PASS_LASTS; only its digest is kept."""
    token, now = secrets.token_urlsafe(24), datetime.now(UTC)
    with ledger.begin() as work:
        users.give_pass(work, sha256(token.encode()).hexdigest(), user, now + PASS_LASTS)
        audit.write(work, "系统", "one_time_login", user, now)
    return token


def take_pass(ledger: Ledger, token: str) -> User | None:
    """Whose one-time login this is, used up by asking; None if it is unknown, used, too old or its user shut out."""
    now = datetime.now(UTC)
    with ledger.begin() as work:
        name = users.take_pass(work, sha256(token.encode()).hexdigest(), now)
        user = users.load(work, name) if name else None
        if user is None or user.disabled_at is not None:
            return None
        audit.write(work, user.id, "login", user.id, now, how="one-time")
    return user
