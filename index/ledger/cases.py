"""Cases: one dispute, many identifiers. A notice joins by any of them; two cases that turn out to be
one are merged into the older, and the younger stays as a pointer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from index.keys import case_key
from index.ledger import notices, queue, tagged
from index.ledger.codec import content_key, pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import alerts, case_identifiers, cases, matches
from index.ledger.tables import notices as notice_table
from index.records import AlertState, Case, Identifier, Party, TaggedNotice

# A document's own number names the document, not the dispute.
JOINING = frozenset(
    {
        "us_itc_investigation",
        "us_itc_docket",
        "us_district_docket",
        "us_appeal_docket",
        "us_ptab_trial",
    }
)
PREFERRED = ("us_itc_investigation", "us_itc_docket", "us_district_docket", "us_ptab_trial", "us_appeal_docket")
UNSIDED = frozenset({"party", "party_1", "party_2"})


TOLD_ALREADY = "同一事件已预警"
COMPLAINT = "us_itc_complaint"  # no printed number: see `complaint_of`


def join(work: Work, notice: TaggedNotice, now: datetime) -> str:
    """The case a notice belongs to, opened, joined or merged as its identifiers say. Returns its key."""
    numbers = [i for i in notice.identifiers if i.kind in JOINING]
    found = {key for number in numbers if (key := find(work, number))}
    for tie in complaint_of(notice):
        numbers.append(tie)
        other = find(work, tie)
        if other and not (_instituted(numbers) and _instituted(identifiers(work, other))):
            found.add(other)
    if (before := notices.case_of(work, notice.notice.key)) and notices.of_case(work, before) == [notice.notice.key]:
        found.add(before)  # its only notice: what was told under it stays told
    known = sorted(found, key=lambda k: _opened(work, k))
    case = known[0] if known else _open(work, notice, numbers, now)
    for other in known[1:]:
        merge(work, other, case, now)
    rows = [{"kind": n.kind, "scope": n.scope, "value": n.value[:255], "case_key": case} for n in numbers]
    upsert(work, case_identifiers, rows)
    return case


def complaint_of(notice: TaggedNotice) -> list[Identifier]:
    """What ties a docketed complaint to the investigation it became: the day it was filed and its product.

    The Commission gives an instituted complaint a new number and prints the old one nowhere beside it.
    """
    product = " ".join(re.findall(r"\w+", (notice.product or "").casefold()))
    begins = notice.notice.forum == "us_itc" and notice.event in ("complaint_received", "institution")
    if not (begins and notice.filed_on and product):
        return []
    return [Identifier(COMPLAINT, f"{notice.filed_on.isoformat()} {product}"[:255])]


def _instituted(numbers: Iterable[Identifier]) -> bool:
    """Whether an investigation number is among them: two of those are two disputes, whatever else they share."""
    return any(number.kind == "us_itc_investigation" for number in numbers)


def find(work: Work, identifier: Identifier) -> str | None:
    """The case known by an identifier."""
    return work.execute(
        select(case_identifiers.c.case_key).where(
            case_identifiers.c.kind == identifier.kind,
            case_identifiers.c.scope == identifier.scope,
            case_identifiers.c.value == identifier.value[:255],
        )
    ).scalar()


def merge(work: Work, younger: str, older: str, now: datetime) -> None:
    """Make two cases one. Alerts follow unless the older case has told the same event already."""
    for table in (case_identifiers, notice_table):
        work.execute(update(table).where(table.c.case_key == younger).values(case_key=older))
    told = select(alerts.c.enterprise, alerts.c.event).where(alerts.c.case_key == older)
    already = {tuple(row) for row in work.execute(told)}
    moving = select(alerts.c.key, alerts.c.enterprise, alerts.c.event, alerts.c.state)
    for key, enterprise, event, state in work.execute(moving.where(alerts.c.case_key == younger)).all():
        if (enterprise, event) not in already:
            work.execute(update(alerts).where(alerts.c.key == key).values(case_key=older))
        elif state == AlertState.HELD:
            values = {"state": AlertState.SUPPRESSED, "reason": TOLD_ALREADY}
            work.execute(update(alerts).where(alerts.c.key == key).values(**values))
    work.execute(update(matches).where(matches.c.case_key == younger).values(active=False))
    work.execute(update(cases).where(cases.c.key == younger).values(merged_into=older, changed_at=now))


def family(work: Work, case: str) -> list[str]:
    """A case and every case merged into it."""
    found, heads = [case], [case]
    while heads:
        merged = work.execute(select(cases.c.key).where(cases.c.merged_into == heads.pop())).scalars().all()
        found += merged
        heads += merged
    return found


def refresh(work: Work, case: str, now: datetime) -> Case:
    """Put a case together again from all its notices and write it if it changed."""
    keys = notices.of_case(work, case)
    record = gather(case, tagged.load_many(work, keys), identifiers(work, case))
    text = pack(record)
    content = content_key(text + "".join(keys))
    changed = work.execute(
        update(cases)
        .where(cases.c.key == case, cases.c.content != content)
        .values(record=text, content=content, number=record.number, forum=record.forum, changed_at=now)
    ).rowcount
    for key in keys if changed else ():
        queue.put(work, key, now)  # each is found by its case's numbers, and counted with its case
    return record


def gather(key: str, told: Sequence[TaggedNotice], numbers: Sequence[Identifier]) -> Case:
    """A case as its notices tell it: parties and rights accumulate, the fullest product stands."""
    best = max(told, key=lambda n: (len(n.parties), len(n.notice.text)), default=None)
    ranked = sorted(numbers, key=lambda n: (PREFERRED.index(n.kind), n.value))
    printed = next((n.case_number for n in told if n.case_number), None)
    return Case(
        key=key,
        forum=best.notice.forum if best else "",
        number=ranked[0].value if ranked else printed,
        title=best.notice.title if best else "",
        product=max((n.product for n in told if n.product), key=len, default=None),
        identifiers=tuple(ranked),
        parties=united_parties(party for notice in told for party in notice.parties),
        rights=tuple({right.number: right for notice in reversed(told) for right in notice.rights}.values()),
    )


def united_parties(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Each name in each role once; the mention that states a country stands.

    A mention that only says somebody is a party adds nothing where another says on which side.
    """
    best: dict[tuple[str, str], Party] = {}
    for party in parties:
        same = (party.name.casefold(), party.role)
        if same not in best or (party.country and not best[same].country):
            best[same] = party
    sided = {name for name, role in best if role not in UNSIDED}
    return tuple(party for (name, role), party in best.items() if role not in UNSIDED or name not in sided)


def identifiers(work: Work, case: str) -> list[Identifier]:
    """The printed numbers a case is known by."""
    printed = (case_identifiers.c.case_key == case) & (case_identifiers.c.kind != COMPLAINT)
    rows = work.execute(select(case_identifiers).where(printed))
    return [Identifier(row.kind, row.value, row.scope) for row in rows]


def load(work: Work, case: str) -> Case:
    """A case by its key, the surviving one if it was merged. Raises NoResultFound."""
    row = work.execute(select(cases.c.record, cases.c.merged_into).where(cases.c.key == case)).one()
    return load(work, row.merged_into) if row.merged_into else unpack(Case, row.record)


def to_match(work: Work, against: str, limit: int) -> list[tuple[str, str]]:
    """(key, mark) of cases not yet matched as they stand now against this state of the register.

    `against` stands for the register, the judgements and the matcher; any change of it, or of the
    case itself, makes the case due.
    """
    mark = cases.c.content + against
    rows = work.execute(
        select(cases.c.key, mark)
        .where(cases.c.merged_into.is_(None), cases.c.matched_content != mark)
        .order_by(cases.c.opened_at, cases.c.key)
        .limit(limit)
    )
    return [(case, done) for case, done in rows]


def matched(work: Work, case: str, mark: str) -> None:
    """Say that a case was matched as it stands."""
    work.execute(update(cases).where(cases.c.key == case).values(matched_content=mark))


def count(work: Work) -> int:
    """How many cases there are, merged ones not counted."""
    return int(work.execute(select(func.count()).where(cases.c.merged_into.is_(None))).scalar_one())


def _open(work: Work, notice: TaggedNotice, numbers: Sequence[Identifier], now: datetime) -> str:
    born = next((n for kind in PREFERRED for n in numbers if n.kind == kind), None)
    key = case_key(born.kind, born.value, born.scope) if born else case_key("notice", notice.notice.key)
    record = Case(key, notice.notice.forum, notice.case_number, notice.notice.title)
    row = {
        "key": key,
        "forum": record.forum,
        "number": record.number,
        "record": pack(record),
        "content": "",
        "opened_at": now,
        "changed_at": now,
    }
    upsert(work, cases, [row])
    return key


def _opened(work: Work, case: str) -> tuple[datetime, str]:
    return work.execute(select(cases.c.opened_at).where(cases.c.key == case)).scalar_one(), case
