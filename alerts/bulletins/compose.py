"""From the ledger to a bulletin's content: one industry, one month. Everything in it stands in a record."""

from __future__ import annotations

from datetime import date

from alerts.bulletins import tables
from alerts.bulletins.cases_of_month import Disputes, disputes_of
from alerts.bulletins.content import BulletinContent, Part, printed_number
from alerts.bulletins.entry import dispute, hides
from alerts.bulletins.month import Month
from alerts.bulletins.text import numeral, printed
from alerts.bulletins.words import say
from alerts.letters.advice import plan
from alerts.letters.glossary import term
from alerts.letters.plain import day
from alerts.letters.wording import say as letter_words
from index.ledger import Work, bulletins, centers
from index.ledger.bulletins import SourceMonth
from index.problems import Unusable
from index.records import Center, Level
from nlp.industries import Industry, load

LONGEST_AUDIENCE = 64


def compose(
    work: Work, industry: str, month: Month, as_of: date, audience: str = "", picture: str = ""
) -> BulletinContent:
    """The industry's bulletin of a month as the records stand. A month without a dispute is said so.

    Raises Unusable for an unknown industry, a month that has not begun, or an audience too long to print.
    """
    known = _industry(industry)
    audience = _checked(month, as_of, audience)
    now, before = disputes_of(work, industry, month), disputes_of(work, industry, month.before)
    center, heads = _issuer(work), _headings(now)
    heard = bulletins.source_months(work, month.first, month.last, *month.span())
    issued = bulletins.issued_for(work, industry, month.key, audience)
    return BulletinContent(
        industry=industry,
        period=month.key,
        as_of=as_of,
        masthead=say("masthead"),
        masthead_en=say("masthead_en"),
        title=say("title", industry=known.zh, month=month.zh),
        title_en=say("title_en", industry=known.en, month=month.en),
        issuer=printed(center.name, 80) if center else "",
        audience=audience,
        overview=Part(heads["overview"], _overview(known, now, before, as_of)),
        figures=tables.figures(now, before),
        disputes_heading=heads.get("disputes", ""),
        disputes=tuple(dispute(at, told, as_of) for at, told in enumerate(now.told, start=1)),
        forums=tables.by_forum(heads["by_forum"], now) if now.told else None,
        advice=Part(heads["advice"], _steps()) if now.told else None,
        sources=tables.sources(heads["sources"], heard),
        notes=Part(heads["notes"], _notes(now, heard, issued, as_of)),
        contact=_contact(center) if center else "",
        picture=picture,
    )


def _headings(now: Disputes) -> dict[str, str]:
    """The numbered headings of the parts there are."""
    parts = ("overview", "disputes", "by_forum", "advice", "sources", "notes")
    kept = [part for part in parts if now.told or part not in ("disputes", "by_forum", "advice")]
    return {part: say("heading", number=numeral(at), name=say(part)) for at, part in enumerate(kept, start=1)}


def _industry(industry: str) -> Industry:
    known = load()
    if industry not in known:
        raise Unusable(f"没有产业 {industry!r} · no such industry; known: {', '.join(known)}")
    return known[industry]


def _checked(month: Month, as_of: date, audience: str) -> str:
    """The audience as printed."""
    if as_of < month.first:
        raise Unusable(f"{month.key}: 该月尚未开始 · the month has not begun")
    if len(audience) > LONGEST_AUDIENCE:
        raise Unusable(f"audience: 发送范围不得超过{LONGEST_AUDIENCE}字 · {LONGEST_AUDIENCE} characters at most")
    return printed(audience, LONGEST_AUDIENCE) or say("audience")


def _issuer(work: Work) -> Center | None:
    """The provincial center, where the register has one."""
    return next((center for center in centers.every(work) if center.provincial), None)


def _overview(industry: Industry, now: Disputes, before: Disputes, as_of: date) -> tuple[str, ...]:
    told = _summary(industry, now, before) if now.told else _nothing(industry, now, before)
    return (*told, say("running")) if as_of <= now.month.last else told


def _summary(industry: Industry, now: Disputes, before: Disputes) -> tuple[str, ...]:
    by = len(now.told) - len(before.told)
    key = "change_none" if not by else "change_up" if by > 0 else "change_down"
    forums = [say("forum_count", forum=term("forums", f), count=len(told)) for f, told in now.forums.items()]
    first = say(
        "summary",
        month=now.month.zh,
        industry=industry.zh,
        cases=len(now.told),
        change=say(key, before=len(before.told), by=abs(by)),
        begun=now.begun,
        forums=letter_words("zh", "separator").join(forums),
    )
    if not now.chinese:
        return (first,)
    return (first, say("summary_chinese", parties=now.chinese, defending=now.defending))


def _nothing(industry: Industry, now: Disputes, before: Disputes) -> tuple[str, ...]:
    none = say("summary_none", month=now.month.zh, industry=industry.zh, before=len(before.told))
    return none, say("none_is_not_nothing")


def _steps() -> tuple[str, ...]:
    """What the industry should do, what who is named must, and the rule on evidence that goes abroad."""
    return (*plan("zh", levels=Level.FIELD.value), say("advice_party"), letter_words("zh", "caution"))


def _notes(now: Disputes, heard: list[SourceMonth], issued: list[str], as_of: date) -> tuple[str, ...]:
    until = min(now.month.last, as_of)
    notes = [say("note_month", day=day(until)), say("note_as_of", day=day(as_of)), say("note_rules")]
    notes += [say("note_later")] if any(not source.crawled for source in heard) else []
    notes += [say("note_pending", count=now.pending)] if now.pending else []
    notes += [say("note_confidential", count=now.confidential)] if now.confidential else []
    notes += [say("note_hidden")] if any(map(hides, now.told)) else []
    notes += [say("replaces", number=printed_number(issued[-1]))] if issued else []
    return (*notes, say("legal"))


def _contact(center: Center) -> str:
    """Whom to ask, as the register has it; empty where it has neither telephone nor e-mail."""
    ways = [say("phone", phone=printed(center.phone, 40))] if center.phone else []
    ways += [say("email", email=printed(center.email, 120))] if center.email else []
    who = say("contact_who", name=printed(center.name, 80), ways="，".join(ways))
    return say("contact", who=who) if ways else ""
