"""Passwords (argon2id), one-time logins, and a brake on guessing."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from pwdlib import PasswordHash

from index.ledger import Ledger, Work, audit, sessions, users
from index.ledger.users import LOGIN, User
from index.problems import Refused, TryLater

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_HERE, PER_ADDRESS, PER_ACCOUNT = 5, 30, 60
"""Failures in a WINDOW: of one account from one address, of one address, of one account from anywhere."""
PASS_LASTS = timedelta(hours=1)
SHORTEST, LONGEST = 10, 200
AT_ONCE = 2
"""Passwords checked at one time: each takes 64 MiB and a core, and strangers may ask."""


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
    user = verified(ledger, name, password, address)
    if user:
        with ledger.begin() as work:
            audit.write(work, user.id, "login", user.id, datetime.now(UTC))
    return user


def verified(ledger: Ledger, name: str, password: str, address: str) -> User | None:
    """Whose name and password these are. Raises TryLater after too many failures.

    Each try counts as a failure before it is looked at and is excused after, so that tries made at once count too.
    """
    now = datetime.now(UTC)
    here, place, account = _watched(name, address)
    with ledger.begin() as work:
        for who, most in sorted({here: PER_ACCOUNT_HERE, place: PER_ADDRESS, account: PER_ACCOUNT}.items()):
            if sessions.failed(work, who, now, now - WINDOW) > most:
                raise TryLater("too many failed logins")
        user = users.load(work, name) if LOGIN.fullmatch(name) else None
    good, better = hasher().verify_and_update(password[:LONGEST], (user and user.password) or _nobodys())
    if not good or user is None or not user.password or user.disabled_at is not None:
        return None
    with ledger.begin() as work:
        sessions.forgive(work, here)
        for who in sorted((place, account)):
            sessions.excuse(work, who)
        return _rehashed(work, user, better)


def _rehashed(work: Work, user: User, better: str | None) -> User | None:
    """The user as they are now, with a hash of today's cost; None if the password was changed meanwhile."""
    now = users.load(work, user.id)
    if now is None or now.password != user.password or now.disabled_at is not None:
        return None
    if better:
        users.set_password(work, user.id, better)
    return users.load(work, user.id)


def _watched(name: str, address: str) -> tuple[str, str, str]:
    """What failures are counted under: digests, for people type their password where the name belongs."""
    seen = ((name, address), ("", address), (name, ""))
    digests = (sha256(repr(pair).encode()).hexdigest() for pair in seen)
    return next(digests), next(digests), next(digests)


def stamp(user: User) -> str:
    """What a session holds of the password it was opened under: with another password it is over."""
    return sha256(f"session {user.id} {user.password}".encode()).hexdigest()


def set_password(ledger: Ledger, user: User, password: str) -> User:
    """Keep a new password; the user with it. Raises Refused for one too short, too long or with the login name."""
    if not SHORTEST <= len(password) <= LONGEST or user.id in password.casefold():
        raise Refused(f"a password has {SHORTEST} to {LONGEST} characters and not the login name in it")
    try:
        hashed = hasher().hash(password)
    except UnicodeEncodeError as error:
        raise Refused("a password is made of whole characters") from error
    with ledger.begin() as work:
        users.set_password(work, user.id, hashed)
        audit.write(work, user.id, "password", user.id, datetime.now(UTC))
        return users.load(work, user.id) or user


def give_pass(ledger: Ledger, user: str) -> str:
    """A one-time login for a user, good for PASS_LASTS; only its digest is kept."""
    token, now = secrets.token_urlsafe(24), datetime.now(UTC)
    with ledger.begin() as work:
        users.give_pass(work, _digest(token), user, now, now + PASS_LASTS)
        audit.write(work, "系统", "one_time_login", user, now)
    return token


def take_pass(ledger: Ledger, token: str) -> User | None:
    """Whose one-time login this is, used up by asking; None if it is unknown, used, too old or its user shut out."""
    now = datetime.now(UTC)
    with ledger.begin() as work:
        name = users.take_pass(work, _digest(token), now)
        user = users.load(work, name) if name else None
        if user is None or user.disabled_at is not None:
            return None
        audit.write(work, user.id, "login", user.id, now, how="one-time")
    return user


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
