"""One Settings object, read once from the environment (`YUJING_…`) and an optional `.env` file.

A URL per seam. Secrets come only from the environment; `described` never shows them.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from index.problems import Unusable


class Settings(BaseSettings):
    """Every setting of the product. Each name below is read from `YUJING_` + its upper case."""

    model_config = SettingsConfigDict(env_prefix="YUJING_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(Path(".yujing"), description="folder for the ledger, search index and mails")
    ledger_url: str = Field("", description="sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DB")
    search_url: str = Field(
        "", description="sqlite:///FILE (embedded) or http[s]://[USER:PASSWORD@]HOST[:PORT][/PREFIX] (Elasticsearch)"
    )
    smtp_url: str = Field(
        "", description="smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…; empty: mails go to mail_dir"
    )
    mail_dir: Path | None = Field(None, description="folder for .eml files where there is no mail server")
    mail_from: str = Field("yujing@localhost.localdomain", description="sender address of every mail")
    mail_timeout: float = Field(30.0, gt=0, description="seconds a mail server may take")
    sms_url: str = Field("", description="aliyun://KEY_ID:KEY_SECRET@HOST?sign=SIGNATURE&template=SMS_…; empty: no SMS")
    source_urls: dict[str, str] = Field({}, description='base address per source, as JSON: {"usitc_edis": "https://…"}')
    sources: list[str] = Field([], description="the sources a round crawls, as JSON; empty: all ready ones")
    courts: list[str] = Field([], description="the courts cmecf_rss hears, as JSON; empty: all known ones")
    crawl_delay: float | None = Field(
        None, ge=0, description="seconds between requests to one host; empty: each source's own"
    )
    crawl_timeout: float = Field(900.0, gt=0, description="seconds one source may crawl for")
    crawl_contact: str = Field("", description="e-mail or address named in the User-Agent")
    page_limit: int = Field(20_000_000, gt=0, description="bytes; a larger page is refused")
    outbox_lease: float = Field(120.0, gt=0, description="seconds a sender may hold a delivery")
    escalate_hours: float = Field(
        72.0, gt=0, description="hours an alert may wait before the provincial center gets it"
    )
    undo_seconds: float = Field(60.0, ge=0, description="seconds a warning released on the desk waits, to be undone")
    serve_host: str = Field("127.0.0.1", description="address the desk listens on")
    serve_port: int = Field(8000, ge=0, le=65535, description="port the desk listens on; 0: any free one")
    serve_url: str = Field("", description="the desk's public address, https://…, for links in staff mails")
    session_hours: float = Field(12.0, gt=0, description="hours a login lasts without use")
    font: Path | None = Field(None, description="a Chinese font file for PDFs; empty: one found on the system")
    log_format: Literal["text", "json"] = Field("text", description="how logs are written to standard error")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="the least that is logged")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="bearer token for /metrics; empty: only this machine may read it"
    )

    @cached_property
    def ledger(self) -> str:
        """The ledger's URL; an SQLite file in `home` by default."""
        return self.ledger_url or f"sqlite:///{self.home / 'ledger.db'}"

    @cached_property
    def search(self) -> str:
        """The search index's URL; an SQLite file beside the ledger by default."""
        if self.search_url:
            return self.search_url
        beside = re.match(r"sqlite:///(.+)$", self.ledger)
        folder = Path(beside.group(1)).parent if beside and self.ledger_url else self.home
        return f"sqlite:///{folder / 'search.db'}"

    @cached_property
    def outgoing_mail(self) -> Path:
        """Where mails are written when no mail server is set."""
        return self.mail_dir or self.home / "mail"

    def origin(self, name: str) -> str:
        """Where a value comes from: `environment`, `.env` or `default`."""
        if f"YUJING_{name.upper()}" in os.environ:
            return "environment"
        return ".env" if name in self.model_fields_set else "default"

    def described(self) -> list[tuple[str, str, str]]:
        """(name, value with secrets hidden, origin) for each setting."""
        return [(name, hidden(getattr(self, name)), self.origin(name)) for name in type(self).model_fields]


def hidden(value: Any) -> str:
    """A value to show: the password inside a URL is replaced by `***`."""
    return re.sub(r"(?<=://)([^:/@\s]*):[^@\s]*@", r"\1:***@", str("" if value is None else value))


def load_settings(**overrides: Any) -> Settings:
    """The settings in force. Raises Unusable naming each setting that is wrong."""
    try:
        return Settings(**overrides)
    except SettingsError as error:
        raise Unusable(f"settings: {error}: lists and tables are written as JSON") from error
    except ValidationError as error:
        wrong = "; ".join(f"YUJING_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise Unusable(f"settings: {wrong}") from error
