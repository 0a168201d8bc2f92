"""A channel carries a message out of the house; each is one module of this folder.

A module declares `NAME` and `open(settings) -> Channel | None`: None where the settings do not call
for it. `open` may read settings but reaches nobody. To add a channel, add a module.

`Channel.send` returns the provider's Receipt or raises

- `TryLater`: nothing was taken; the same message may go later (time-out, busy, connection refused);
- `Refused`: it will never be taken (no such address); go on with the next message;
- `Unusable`: this channel takes nothing as it is set up (password, sender, certificate); stop here;
- `Unsure`: it was handed over, but the answer was lost; it may or may not have been taken.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

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


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels the settings call for, by name. Raises Unusable for a setting or module that is wrong."""
    opened: dict[str, Channel] = {}
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        if not (hasattr(module, "NAME") and hasattr(module, "open")):
            raise Unusable(f"channel module {found.name}: has no NAME or no open(settings)")
        if (channel := module.open(settings)) is not None:
            opened[module.NAME] = channel
    return opened
