"""A channel carries a message out of the house; each is one module of this folder.

A module declares `NAME` and `open(settings) -> Channel | None`: None where the settings do not call
for it. `open` may read settings but reaches nobody. To add a channel, add a module; one for text
messages is named `sms_` and the scheme of `YUJING_SMS_URL` it takes.

`Channel.send` returns the provider's Receipt or raises

- `TryLater`: nothing was taken; the same message may go later (time-out, busy, connection refused);
- `Refused`: it will never be taken (no such address); go on with the next message;
- `Unusable`: this channel takes nothing as it is set up (password, sender, certificate); stop here;
- `Unsure`: it was handed over, but the answer was lost; it may or may not have been taken.

An unsure message goes once more under the same id, by which a reader's mail program knows it again.
Where the reader would get it twice instead, the channel also has `ask` (see `Asks`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, runtime_checkable

from index.problems import Unusable, YujingError
from index.records import Message, Receipt
from index.settings import Settings


class Unsure(YujingError):
    """The message was handed over and the answer never came: taken or not, nobody knows."""


class Channel(Protocol):
    """One way out. A channel may be used again after any of its errors."""

    def send(self, message: Message) -> Receipt:
        """Hand one message over. Raises TryLater, Refused, Unusable or Unsure, nothing else."""
        ...


@runtime_checkable
class Asks(Protocol):
    """A channel whose provider is asked what became of an unsure message before it goes again."""

    settles: timedelta
    """How long after a message was handed over its absence from the provider's records means nothing."""

    def ask(self, key: str, to: str, since: date) -> Receipt | None:
        """The receipt of the message with this id, handed over since a day in Beijing; None if it surely never was.

        Raises Refused if it was taken and failed; TryLater, Unusable or Unsure where it cannot be told.
        """
        ...


@dataclass(frozen=True, slots=True)
class Closed:
    """A channel the settings call for that cannot be opened: it takes nothing, says why, and holds up no other."""

    reason: str

    def send(self, message: Message) -> Receipt:  # noqa: ARG002  the contract's shape
        """Raises Unusable with the reason."""
        raise Unusable(self.reason)


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels the settings call for, by name; one whose setting is wrong is `Closed`.

    Raises Unusable if that leaves none open, or for a module that is no channel.
    """
    opened: dict[str, Channel] = {}
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        if not (hasattr(module, "NAME") and hasattr(module, "open")):
            raise Unusable(f"channel module {found.name}: has no NAME or no open(settings)")
        try:
            channel: Channel | None = module.open(settings)
        except Unusable as error:
            channel = Closed(str(error))
        if channel is not None:
            opened[module.NAME] = channel
    if (texting := text_channel(settings)) and texting not in opened:
        opened[texting] = Closed("YUJING_SMS_URL: no channel takes an address of this scheme")
    closed = [channel.reason for channel in opened.values() if isinstance(channel, Closed)]
    if len(closed) == len(opened):
        raise Unusable("; ".join(closed))
    return opened


def text_channel(settings: Settings) -> str:
    """The name of the channel `YUJING_SMS_URL` calls for; empty where no SMS is set."""
    if not settings.sms_url:
        return ""
    scheme = re.match(r"[a-z][a-z0-9]{0,19}(?=://)", settings.sms_url)
    return f"sms_{scheme[0] if scheme else 'unknown'}"
