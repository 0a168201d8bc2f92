"""Mails as `.eml` files in a folder, where no mail server is set: any mail program opens them."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import EDQUOT, ENOSPC
from pathlib import Path
from tempfile import NamedTemporaryFile

from alerts.letters.mime import as_mail, recipient, safe_id, sender
from index.keys import digest
from index.problems import TryLater, Unusable
from index.records import Message, Receipt
from index.settings import Settings

NAME = "file"


@dataclass(frozen=True, slots=True)
class Folder:
    """One file a message and recipient: the same message again replaces it, whole."""

    folder: Path
    sender: str

    def send(self, message: Message) -> Receipt:
        """Write the mail; the receipt is the file's name. Raises Refused, TryLater (disk full), Unusable."""
        now = datetime.now(UTC)
        name = f"{safe_id(message.id)}-{digest('recipient', recipient(message))[:12]}.eml"
        mail = as_mail(message, self.sender, now).as_bytes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _replace(self.folder / name, mail)
        except OSError as error:
            passing = error.errno in (ENOSPC, EDQUOT)
            raise (TryLater if passing else Unusable)(f"{self.folder}: {error.strerror or error}") from error
        return Receipt(name, now)


def _replace(file: Path, content: bytes) -> None:
    """Write beside and rename: a reader sees the old file or the new one, never half of one."""
    with NamedTemporaryFile(dir=file.parent, prefix=".", suffix=".part", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(file)
        except OSError:
            with suppress(OSError):
                Path(draft.name).unlink()
            raise


def open(settings: Settings) -> Folder | None:  # noqa: A001  the contract's name
    """The folder channel; None where a mail server is set."""
    return None if settings.smtp_url else Folder(settings.outgoing_mail, sender(settings.mail_from))
