"""The secret that signs the forms' tokens."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from index.problems import Unusable


def form_secret(home: Path) -> str:
    """Made once, readable by the operator alone. Raises Unusable."""
    file = home / "desk.key"
    try:
        if not file.exists():
            home.mkdir(parents=True, exist_ok=True)
            _make(file)
        secret = file.read_text("ascii").strip()
    except OSError as error:
        raise Unusable(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        secret = ""
    if len(secret) < 32:
        raise Unusable(f"{file}: nothing to sign with in it; delete it and a new one is made")
    return secret


def _make(file: Path) -> None:
    """Written aside and linked into place, so that another process never reads half of it."""
    aside = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_hex(32))
        os.link(aside, file)
    except FileExistsError:
        pass  # another process was first
    finally:
        aside.unlink(missing_ok=True)
