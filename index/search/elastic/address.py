"""Where an Elasticsearch is and how it is known.

`http[s]://[USER:PASSWORD@]HOST[:PORT][/PREFIX][?ca=FILE][&fingerprint=SHA256]`; an API key is a password without
a user, `https://:KEY@HOST`. Certificates are always verified: by the public authorities, by those in `ca`, or by
being the one with this `fingerprint`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from index.problems import Unusable
from index.search.elastic.mapping import PREFIX

PORT = 9200

_FORM = "http[s]://[USER:PASSWORD@]HOST[:PORT][/PREFIX][?ca=FILE][&fingerprint=SHA256]"
_PREFIX = re.compile(r"(?!.*-(notices|warnings|lock))[a-z][a-z0-9_-]{0,39}")
_FINGERPRINT = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, how it is known and what our names begin with. `repr` shows no secret."""

    server: str
    prefix: str = PREFIX
    user: str = ""
    secret: str = field(default="", repr=False)
    ca: str = ""
    fingerprint: str = ""

    def __str__(self) -> str:
        return f"{self.server}/{self.prefix}"


def read_url(url: str) -> Address:
    """The parts of a URL. Raises Unusable naming the part that is wrong, never its secret."""
    parts, port = _split(url)
    options = _options(parts)
    prefix = parts.path.strip("/")
    if prefix and not _PREFIX.fullmatch(prefix):
        raise _wrong("PREFIX is a small letter and up to 39 of a-z, 0-9, _ and -, without -notices, -warnings, -lock")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return Address(
        server=f"{parts.scheme.lower()}://{host}:{port}",
        prefix=prefix or PREFIX,
        user=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        ca=_ca(options.get("ca", "")),
        fingerprint=_fingerprint(options.get("fingerprint", "")),
    )


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else PORT
    except ValueError:
        raise _wrong(
            "HOST or PORT cannot be read; signs like @ / : # in a password are written as %40 and so on"
        ) from None
    if not parts.hostname or re.search(r"[\s%]", parts.hostname) or not port:
        raise _wrong("HOST is missing or wrong; signs like @ / : # in a password are written as %40 and so on")
    if parts.username and not parts.password:
        raise _wrong("PASSWORD is missing; an API key is written https://:KEY@HOST")
    return parts, port


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.fragment or set(options) - {"ca", "fingerprint"}:
        raise _wrong("after ? only ca and fingerprint are known")
    if options and parts.scheme.lower() != "https":
        raise _wrong("ca and fingerprint go with https")
    return options


def _ca(file: str) -> str:
    if file and not Path(file).expanduser().is_file():
        raise _wrong(f"ca: no file {file}")
    return str(Path(file).expanduser().absolute()) if file else ""


def _fingerprint(text: str) -> str:
    bare = text.replace(":", "")
    if bare and not _FINGERPRINT.fullmatch(bare):
        raise _wrong("fingerprint is the certificate's SHA-256, 64 hexadecimal digits")
    return bare.lower()


def _wrong(what: str) -> Unusable:
    return Unusable(f"search index: {what} ({_FORM})")
