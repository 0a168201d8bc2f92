"""How yujing names itself to publishers."""

from __future__ import annotations

from importlib.metadata import version

from index.settings import load_settings


def user_agent() -> str:
    """One identifying User-Agent, with the operator's contact where one is set."""
    contact = load_settings().crawl_contact
    return f"yujing/{version('yujing')} (overseas IP dispute early warning{'; ' + contact if contact else ''})"
