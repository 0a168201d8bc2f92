"""A bulletin's way: composed as a draft, reviewed by another person, issued under a number or sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from alerts.bulletins.compose import compose
from alerts.bulletins.content import BulletinContent, printed_number, seal, sealed
from alerts.bulletins.month import Month
from alerts.bulletins.people import same_person, signature
from alerts.bulletins.words import say
from alerts.letters.plain import day
from index.ledger import Ledger, Work, audit, bulletins
from index.ledger.bulletins import DRAFT, ISSUED, REJECTED, Bulletin
from index.ledger.codec import unpack
from index.problems import Unusable
from index.records import BEIJING

LONGEST_REVIEW = 2000


@dataclass(frozen=True, slots=True)
class Edition:
    """A bulletin as it is printed: its content, and what its state puts on top. `mark` is empty once issued."""

    content: BulletinContent
    number: str
    dated: str
    on: date
    mark: str


def draft(ledger: Ledger, industry: str, month: Month, by: str, audience: str, now: datetime) -> int:
    """Compose a draft and record it; its id. The same content is recorded once. Raises Unusable."""
    signed, today = signature(by), now.astimezone(BEIJING).date()
    with ledger.begin() as work:
        content = compose(work, industry, month, today, audience)
        record, sha256 = sealed(content)
        known = bulletins.same(work, sha256)
        return known or _record(work, content, record, sha256, signed, now)


def _record(work: Work, content: BulletinContent, record: str, sha256: str, by: str, now: datetime) -> int:
    made = bulletins.write(
        work,
        industry=content.industry,
        period=content.period,
        audience=content.audience,
        record=record,
        content_sha256=sha256,
        composed_by=by,
        composed_at=now,
    )
    audit.write(work, by, "bulletin_composed", f"bulletin:{made}", now, sha256=sha256)
    return made


def review(ledger: Ledger, bulletin: int, by: str, said: str, now: datetime, *, reject: bool = False) -> Bulletin:
    """Record a second person's secrecy review; a yes issues the draft under the year's next number.

    Raises Unusable: no such draft, the composer reviews, no conclusion is given, the content is damaged, or
    the same month was issued since the draft was composed.
    """
    signed, conclusion = signature(by), " ".join(said.split())[:LONGEST_REVIEW]
    if not conclusion:
        raise Unusable("须写明保密审查结论 · the review's conclusion is needed")
    with ledger.begin() as work:
        found = _draft(work, bulletin, signed)
        if reject:
            done = bulletins.review(work, bulletin, REJECTED, signed, conclusion, now, None)
        else:
            done = bool(bulletins.issue(work, bulletin, signed, conclusion, now, now.astimezone(BEIJING).year))
            _alone(work, found)
        if not done:
            raise Unusable(f"bulletin {bulletin}: 已有他人复核 · reviewed by somebody else meanwhile")
        reviewed = load(work, bulletin)
        what = f"bulletin_{reviewed.state}"
        detail = {"said": conclusion, "number": reviewed.number, "sha256": reviewed.content_sha256}
        audit.write(work, signed, what, f"bulletin:{bulletin}", now, **detail)
    return reviewed


def load(work: Work, bulletin: int) -> Bulletin:
    """A bulletin by its id. Raises Unusable for an unknown one."""
    found = bulletins.load(work, bulletin)
    if found is None:
        raise Unusable(f"bulletin {bulletin}: 没有这份简报 · there is no such bulletin")
    return found


def _draft(work: Work, bulletin: int, by: str) -> Bulletin:
    found = load(work, bulletin)
    if found.state != DRAFT:
        raise Unusable(f"bulletin {bulletin}: 已由{found.reviewed_by}复核 · already reviewed ({found.state})")
    if same_person(by, found.composed_by):
        raise Unusable(
            f"bulletin {bulletin}: 编制人不得复核自己编制的简报，请由另一人复核 · "
            f"composed by {found.composed_by}, somebody else must review it"
        )
    content_of(found)
    return found


def _alone(work: Work, found: Bulletin) -> None:
    """A later issue of the same month must say which one it replaces. Asked with the number in hand: whoever
    issued at the same time has ended by then, for numbers are given one after the other."""
    *before, _mine = bulletins.issued_for(work, found.industry, found.period, found.audience) or [""]
    if before and say("replaces", number=printed_number(before[-1])) not in content_of(found).notes.paragraphs:
        raise Unusable(
            f"bulletin {found.id}: 该月简报已印发{printed_number(before[-1])}，请重新编制 · "
            f"{before[-1]} was issued meanwhile, compose it again"
        )


def intact(bulletin: Bulletin) -> bool:
    """Whether the content still is what was composed."""
    return seal(bulletin.record) == bulletin.content_sha256


def content_of(bulletin: Bulletin) -> BulletinContent:
    """The content as composed. Raises Unusable if it was changed since: then nothing of it is shown."""
    if not intact(bulletin):
        raise Unusable(
            f"bulletin {bulletin.id}: 内容与登记的校验值不符，不予显示，请核查台账 · "
            "the content does not match its recorded SHA-256 and is not shown"
        )
    return unpack(BulletinContent, bulletin.record)


def edition_of(bulletin: Bulletin) -> Edition:
    """The bulletin as it is printed now. Raises Unusable as content_of."""
    content = content_of(bulletin)
    at = bulletin.reviewed_at if bulletin.state == ISSUED and bulletin.reviewed_at else bulletin.composed_at
    on = at.astimezone(BEIJING).date()
    dated = say("issued_on" if bulletin.state == ISSUED else "composed_on", day=day(on))
    mark = {DRAFT: say("draft"), REJECTED: say("rejected")}.get(bulletin.state, "")
    number = printed_number(bulletin.number) if bulletin.number else say("no_number")
    return Edition(content, number, dated, on, mark)
