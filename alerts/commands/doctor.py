"""`yujing doctor`: each seam, what it is set to, from where, and whether it answers."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from alerts.channels import Closed, open_channels, text_channel
from alerts.channels.email import server_of
from alerts.commands.showing import console, table
from alerts.letters.text_message import TEMPLATE
from crawlers.agent import user_agent
from crawlers.run import sources_ready
from crawlers.saved import spider_class
from index.ledger import Ledger, Work, answers, centers, enterprises, make_safe, sources
from index.problems import Unusable, YujingError
from index.search.engines import open_engine
from index.settings import Settings, hidden, load_settings

PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One seam's state: `ok`, `note` (works, but look) or `fault`."""

    seam: str
    value: str
    origin: str
    state: str
    said: str


def doctor(*, network: bool) -> int:
    """Print every finding. Status 1 if there is a fault."""
    found = list(examine(load_settings(), network=network))
    headings = ("环节 seam", "设置 value", "来自 from", "状态 state", "说明 what it says")
    shown = table("系统自检 · doctor", *headings, words=5)
    for finding in found:
        shown.add_row(finding.seam, finding.value, finding.origin, finding.state, finding.said)
    console().print(shown)
    return 1 if any(finding.state == "fault" for finding in found) else 0


def examine(settings: Settings, *, network: bool) -> Iterator[Finding]:
    """Every seam in turn; one that fails hides no other."""
    yield probe("ledger", make_safe(settings.ledger), settings.origin("ledger_url"), lambda: ledger_says(settings))
    yield probe("search", hidden(settings.search), settings.origin("search_url"), lambda: search_says(settings))
    yield probe(
        "mail",
        hidden(settings.smtp_url) or str(settings.outgoing_mail),
        mail_origin(settings),
        lambda: mail_says(settings),
    )
    yield sms_finding(settings)
    yield probe("rooms", "index crawlers nlp alerts", "package", rooms_say)
    yield from source_findings(settings, network=network)


def probe(seam: str, value: str, origin: str, ask: Callable[[], str]) -> Finding:
    """Ask a seam; a failure it names becomes a finding."""
    try:
        return Finding(seam, value, origin, "ok", ask())
    except (YujingError, OSError, smtplib.SMTPException) as error:
        return Finding(seam, value, origin, "fault", str(error)[:300])


def ledger_says(settings: Settings) -> str:
    """The database's name, and how much is registered."""
    ledger = Ledger.open(settings.ledger)
    try:
        with ledger.read() as work:
            registered = f"{enterprises.count(work)} enterprises, {len(centers.every(work))} centers"
        return f"{answers(ledger)}; {registered}"
    finally:
        ledger.close()


def search_says(settings: Settings) -> str:
    """How many notices the index holds. No index yet is no fault: the next round makes it."""
    health = open_engine(settings.search).probe()
    if health.state == "unusable":
        raise Unusable(health.detail)
    return f"{health.state}: {health.documents} notices indexed {health.detail}".strip()


def mail_origin(settings: Settings) -> str:
    """Where the mail setting in force comes from."""
    return settings.origin("smtp_url" if settings.smtp_url else "mail_dir")


def mail_says(settings: Settings) -> str:
    """Whether the mail server greets us, or the folder can be written."""
    if isinstance(closed := open_channels(settings).get("email" if settings.smtp_url else "file"), Closed):
        raise Unusable(closed.reason)
    if not settings.smtp_url:
        settings.outgoing_mail.mkdir(parents=True, exist_ok=True)
        return "no mail server set: mails are written to this folder"
    server_of(settings.smtp_url)
    parts = urlsplit(settings.smtp_url)
    secure = parts.scheme == "smtps"
    port = parts.port or (465 if secure else 25)
    host = parts.hostname or ""
    server: smtplib.SMTP
    if secure:
        server = smtplib.SMTP_SSL(host, port, timeout=PROBE_SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=PROBE_SECONDS)
    with server:
        code, words = server.noop()
    return f"{code} {words.decode('utf-8', 'replace')}"


def sms_finding(settings: Settings) -> Finding:
    """Whether text messages can leave. Nobody is asked: a question would need the vendor's word on a real number."""
    origin = settings.origin("sms_url")
    if not settings.sms_url:
        return Finding("sms", "", origin, "ok", "not set: no text message is sent")
    found = probe("sms", sms_shown(settings.sms_url), origin, lambda: sms_says(settings))
    return replace(found, state="note") if found.state == "ok" else found


def sms_says(settings: Settings) -> str:
    """That the channel can be opened, and the template its provider must have approved."""
    channel = open_channels(settings)[text_channel(settings)]
    if isinstance(channel, Closed):
        raise Unusable(channel.reason)
    return (
        "ready; the vendor's behaviour is known from its documents and SDK only, not yet seen live. "
        f"服务商须已审核通过的通知短信模板：{TEMPLATE}"
    )


def sms_shown(url: str) -> str:
    """The setting without its key: nothing at all of one that cannot be read."""
    try:
        parts = urlsplit(url)
        readable = parts.username and parts.password and parts.hostname
    except ValueError:
        readable = None
    return f"{parts.scheme}://***@{parts.netloc.rpartition('@')[2]}?{unquote(parts.query)}" if readable else "***"


def rooms_say() -> str:
    """That our four generic names are ours: another package of the name would be imported silently."""
    here = Path(__file__).resolve().parents[2]
    for room in ("index", "crawlers", "nlp", "alerts"):
        found = Path(str(import_module(room).__file__)).resolve()
        if found.parents[1] != here:
            raise Unusable(f"`{room}` resolves to {found}, not to this installation")
    return "each name is this installation's own"


def source_findings(settings: Settings, *, network: bool) -> Iterator[Finding]:
    """Each source: its address, its last success, and whether its server answers."""
    try:
        ledger = Ledger.open(settings.ledger)
    except Unusable:  # said already, under `ledger`
        known = [(source, "", "note") for source in sources_ready()]
    else:
        with ledger.read() as work:
            known = [(source, *source_says(work, source)) for source in sources_ready()]
        ledger.close()
    for source, told, state in known:
        card = spider_class(source).card
        base = settings.source_urls.get(source, card.origin)
        origin = settings.origin("source_urls") if source in settings.source_urls else "card"
        answer = reach(base.replace("{court}", "nyed")) if network else "not asked"
        seen = "" if card.seen_live else "not yet seen live; "
        yield Finding(
            source, base, origin, state if answer.startswith(("answers", "not asked")) else "note", seen + told + answer
        )


def source_says(work: Work, source: str) -> tuple[str, str]:
    """A source's health in words, and its state."""
    health = sources.health(work, source)
    if health.back_off_until:
        return f"leaving it alone until {health.back_off_until:%Y-%m-%d %H:%M}Z: {health.back_off_reason}; ", "note"
    last = f"{health.last_success:%Y-%m-%d %H:%M}Z" if health.last_success else "never"
    return f"last success {last}; ", "ok" if health.last_success else "note"


def reach(base: str) -> str:
    """Whether a web server answers at all; robots.txt is asked for, nothing else."""
    request = Request(f"{base.rstrip('/')}/robots.txt", headers={"User-Agent": user_agent()})  # noqa: S310  from settings
    if urlsplit(base).scheme not in ("http", "https"):
        return f"not a web address: {base}"
    try:
        with urlopen(request, timeout=PROBE_SECONDS) as answer:  # noqa: S310
            return f"answers {answer.status}"
    except HTTPError as error:
        return f"answers {error.code}"
    except (URLError, OSError, ValueError) as error:
        return f"does not answer: {getattr(error, 'reason', error)}"
