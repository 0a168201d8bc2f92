"""The setting of this channel, read: whose messages, under which signature, from which template, by which host."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from index.problems import Unusable

FORM = "YUJING_SMS_URL: not aliyun://KEY_ID:KEY_SECRET@HOST[:PORT]?sign=SIGNATURE&template=SMS_…[&tls=no]"


@dataclass(frozen=True, slots=True)
class Account:
    """`host` with its port if one is given. The key is never shown."""

    host: str
    secure: bool
    key_id: str = field(repr=False)
    key_secret: str = field(repr=False)
    sign: str
    template: str

    @property
    def protocol(self) -> str:
        """How the host is spoken to, as the SDK wants it said."""
        return "HTTPS" if self.secure else "HTTP"


def account_of(url: str) -> Account:
    """Read the setting. Raises Unusable; the message holds no key."""
    try:
        parts = urlsplit(url)
        asked, port = parse_qs(parts.query, strict_parsing=True), parts.port
    except ValueError as error:
        raise Unusable(FORM) from error
    said = {name: values[0].strip() for name, values in asked.items() if len(values) == 1}
    whole = {"sign", "template"} <= said.keys() <= {"sign", "template", "tls"} and said.keys() == asked.keys()
    addressed = parts.username and parts.password and parts.hostname and port != 0
    if not (whole and addressed) or parts.path.strip("/") or parts.fragment:
        raise Unusable(FORM)
    secure = said.get("tls") != "no"
    if not (secure or near(str(parts.hostname))):
        raise Unusable("YUJING_SMS_URL: tls=no is for a server on this machine only")
    key_id, key_secret = unquote(str(parts.username)), unquote(str(parts.password))
    return Account(parts.netloc.rpartition("@")[2], secure, key_id, key_secret, said["sign"], said["template"])


def near(host: str) -> bool:
    """Whether a host is this machine, so that nothing crosses a wire."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
