"""A ledger of some hundred notices and warnings, written through the ledger's own modules: what panels count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from index.keys import alert_key, delivery_key
from index.ledger import Ledger, Work, alerts, cases, centers, deliveries, enterprises, notices, tagged
from index.records import (
    Alert,
    AlertState,
    Band,
    Delivery,
    DeliveryState,
    Identifier,
    IpDispute,
    ItemState,
    Level,
    Message,
    Tag,
)
from tests.making import NOW, a_center, a_notice, a_tagged, an_enterprise

FORUMS = {
    "us_itc": ("US", "us_itc_investigation"),
    "us_district": ("US", "us_district_docket"),
    "us_ptab": ("US", "us_ptab_trial"),
    "epo": ("EP", "epo_opposition"),
    "upc": ("EP", "upc_action"),
    "udrp": ("", "udrp_case"),
}
INDUSTRIES = ("green_low_carbon", "marine", "biomedicine", "new_materials", "an_industry_of_tomorrow")
CENTERS = ("yantai", "weihai")
FIRST = date(2025, 1, 1)
DAYS = 450


def seed(ledger: Ledger, size: int = 300) -> None:
    """`size` notices: of two industries or none, undated, no dispute, one number in two courts, cases that
    merge; and warnings of a third of the cases in every stage, some handed on, some suppressed by a merge."""
    chance = Random(337)  # noqa: S311  the same ledger every time
    with ledger.begin() as work:
        for center in CENTERS:
            centers.write(work, a_center(center), NOW)
        for number in range(8):
            enterprises.write(
                work, an_enterprise(f"E{number}", f"Enterprise {number} Ltd.", cn_name=f"企业{number}"), NOW
            )
    for number in range(size):
        with ledger.begin() as work:
            case = _notice(work, chance, number)
            if case and number % 3 == 0:
                _warn(work, chance, case, number)
    with ledger.begin() as work:
        _settle(work, chance)
    _merge(ledger, chance)


def _notice(work: Work, chance: Random, number: int) -> str | None:
    forum = chance.choice(list(FORUMS))
    country, kind = FORUMS[forum]
    day = FIRST + timedelta(days=chance.randrange(DAYS))
    heard = a_notice(
        f"n{number}",
        title=f"Notice {number}",
        forum=forum,
        country=country,
        published_on=None if number % 10 in (3, 4) else day,
    )
    printed = f"1:25-cv-{chance.randrange(60):05d}" if forum == "us_district" else f"{forum}-{chance.randrange(30)}"
    scope = chance.choice(("nyed", "cand")) if forum == "us_district" else ""
    told = a_tagged(
        heard,
        identifiers=(Identifier(kind, printed, scope),),
        case_number=printed,
        ip_dispute=chance.choice((IpDispute.YES, IpDispute.YES, IpDispute.YES, IpDispute.UNKNOWN, IpDispute.NO)),
        filed_on=day if number % 10 in (4, 5) else None,
        tags=tuple(
            Tag(industry, 0.8, chance.choice(("tag", "tag", "review")))
            for industry in chance.sample(INDUSTRIES, chance.randrange(3))
        ),
    )
    notices.write(work, heard, NOW)
    tagged.write(work, told, NOW)
    if told.ip_dispute is IpDispute.NO:
        notices.end(work, heard.key, ItemState.NOT_IP)
        return None
    case = cases.join(work, told, NOW)
    notices.end(work, heard.key, ItemState.MATCHED, case=case)
    cases.refresh(work, case, NOW)
    return case


def _warn(work: Work, chance: Random, case: str, number: int) -> None:
    """An alert made at any hour, so that the day in Beijing is often another than in UTC."""
    made = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(DAYS * 24))
    enterprise, event = f"E{chance.randrange(8)}", f"event{number}"
    key = alert_key(enterprise, case, event)
    alert = Alert(
        key,
        enterprise,
        case,
        event,
        a_notice(f"n{number}").key,
        chance.choice(list(Level)),
        Band.AUTO,
        "high",
        AlertState.HELD,
        chance.choice(CENTERS),
        made,
    )
    alerts.insert(work, alert, [alert.notice])
    for audience in ("enterprise", "staff"):
        name = f"{audience}-{key[:6]}@example.com"
        delivery = Delivery(delivery_key(key, "email", name), key, "email", name, audience, DeliveryState.DUE, made)
        deliveries.insert(work, delivery, Message(delivery.key, name, "预警", "", "", "中心"), made)


def _settle(work: Work, chance: Random) -> None:
    """Each alert goes as far as it goes; of the mails some are taken, some refused, staff's always taken."""
    late = NOW + timedelta(days=900)
    fates = ("held", "held", "suppressed", "released", "sent", "sent", "acknowledged", "acknowledged", "closed")
    fate = {alert.key: chance.choice(fates) for alert in alerts.in_state(work, AlertState.HELD)}
    for delivery, _ in deliveries.claim(work, late, "seed", late, 10_000):
        told = fate[delivery.alert]
        taken = delivery.audience == "staff" or told in ("sent", "acknowledged")
        deliveries.settle(work, delivery.key, "seed", DeliveryState.SENT if taken else DeliveryState.REFUSED)
    for key, end in fate.items():
        if end == "held" and chance.random() < 0.4:
            alerts.escalated(work, key, CENTERS[0], NOW)
        elif end != "held":
            alerts.set_state(work, key, AlertState.RELEASED if end == "sent" else AlertState(end))


def _merge(ledger: Ledger, chance: Random) -> None:
    """Notices that name two numbers: their cases become one, and an event told twice is told once."""
    for number in range(12):
        with ledger.begin() as work:
            first, second = chance.sample(range(30), 2)
            numbers = tuple(Identifier("us_itc_investigation", f"us_itc-{each}") for each in (first, second))
            known = [case for each in numbers if (case := cases.find(work, each))]
            for event, case in zip(("twice", "twice"), known, strict=False):
                _twin(work, case, f"{event}{number}", number)
            told = replace(a_tagged(a_notice(f"m{number}", published_on=None)), identifiers=numbers)
            notices.write(work, told.notice, NOW)
            tagged.write(work, told, NOW)
            case = cases.join(work, told, NOW)
            notices.end(work, told.notice.key, ItemState.MATCHED, case=case)
            cases.refresh(work, case, NOW)


def _twin(work: Work, case: str, event: str, number: int) -> None:
    """The same event of what are still two cases, told to one enterprise in each."""
    of_case = notices.of_case(work, case)
    if of_case:
        made = datetime(2025, 5, 31, 15 + number % 3, 30, tzinfo=UTC)
        alert = Alert(
            alert_key("E1", case, event), "E1", case, event, of_case[0], Level.NAMED, Band.AUTO, "high",
            AlertState.HELD, CENTERS[1], made,
        )  # fmt: skip
        alerts.insert(work, alert, [alert.notice])
