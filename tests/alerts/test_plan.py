"""From matches to alerts to deliveries: told once, held by the gate, released by the clock, never lost."""

from __future__ import annotations

import email
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from typing import Any

import pytest
from sqlalchemy import select

from alerts.office import Office
from alerts.plan import FOLDED, ROUTINE, plan_case, planner_of, release
from alerts.rounds.steps import RoundReport, send_all
from alerts.rounds.telling import tell_latecomers
from index.ledger import (
    Ledger,
    Work,
    alerts,
    cases,
    centers,
    contacts,
    deliveries,
    enterprises,
    matches,
    notices,
    tables,
    tagged,
)
from index.ledger.codec import unpack
from index.records import (
    Alert,
    AlertState,
    Band,
    Contact,
    DeliveryState,
    Identifier,
    IpDispute,
    ItemState,
    Level,
    Match,
    Message,
    TaggedNotice,
)
from index.settings import Settings
from tests.contracts import smsserver
from tests.contracts.mailservers import Takes, serving
from tests.making import NOW, a_center, a_contact, a_match, a_notice, a_tagged, an_enterprise

NUMBER = Identifier("us_itc_investigation", "337-TA-1999")


def hear(work: Work, told: TaggedNotice) -> str:
    notices.write(work, told.notice, NOW)
    tagged.write(work, told, NOW)
    case = cases.join(work, told, NOW)
    notices.end(work, told.notice.key, ItemState.NO_MATCH, case=case)
    cases.refresh(work, case, NOW)
    return case


def an_event(native_id: str, event: str, day: date = date(2026, 3, 2), **values: Any) -> TaggedNotice:
    return a_tagged(a_notice(native_id, published_on=day), event=event, events=(event,), **values)


class Desk:
    """One ledger with one enterprise, its contact and its center, and the case that names it."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger, self.settings, self.now = ledger, settings, NOW

    def set_up(self, **center: object) -> Desk:
        with self.ledger.begin() as work:
            centers.write(work, a_center(**center), NOW)  # type: ignore[arg-type]
            enterprises.write(work, an_enterprise(), NOW)
            contacts.write(work, a_contact(), NOW)
        return self

    def tell(self, *told: TaggedNotice, **match: object) -> list[Alert]:
        with self.ledger.begin() as work:
            case = {hear(work, one) for one in told}.pop()
            found: Sequence[Match] = [a_match(case, **match)]  # type: ignore[arg-type]
            matches.write(work, case, found, NOW)
            return plan_case(work, Office.of(work, self.settings, self.now), cases.load(work, case), found)

    def deliveries(self) -> dict[tuple[str, str], int]:
        with self.ledger.read() as work:
            return deliveries.counts(work)


@pytest.fixture
def desk(ledger: Ledger, settings: Settings) -> Desk:
    return Desk(ledger, settings)


def test_a_center_that_releases_at_once_tells_staff_and_enterprise(desk: Desk) -> None:
    (alert,) = desk.set_up().tell(an_event("a", "institution"))
    assert alert.state is AlertState.RELEASED
    assert [d.rule for d in alert.deadlines] == ["response"]
    assert alert.deadlines[0].bound
    assert desk.deliveries() == {("staff", "due"): 1, ("enterprise", "due"): 1}


def test_a_center_with_grace_time_holds_and_only_staff_hear(desk: Desk) -> None:
    (alert,) = desk.set_up(grace_hours=4.0).tell(an_event("a", "institution"))
    assert alert.state is AlertState.HELD
    assert desk.deliveries() == {("staff", "due"): 1}


def test_staff_are_given_the_desks_address_where_there_is_one_and_enterprises_are_not(
    ledger: Ledger, settings: Settings
) -> None:
    public = settings.model_copy(update={"serve_url": "https://desk.example.com/"})
    (alert,) = Desk(ledger, public).set_up().tell(an_event("a", "institution"))
    with ledger.read() as work:
        rows = work.execute(select(tables.deliveries.c.audience, tables.deliveries.c.message)).all()
    texts = {audience: unpack(Message, message).text for audience, message in rows}
    assert f"https://desk.example.com/alerts/{alert.key}" in texts["staff"]
    assert "desk.example.com" not in texts["enterprise"]


@pytest.mark.parametrize(
    ("match", "dispute"),
    [
        ({"band": Band.REVIEW}, IpDispute.YES),
        ({"level": Level.AFFILIATED}, IpDispute.YES),
        ({}, IpDispute.UNKNOWN),
    ],
)
def test_what_is_not_sure_waits_for_a_clerk_even_where_the_center_releases_at_once(
    desk: Desk, match: dict[str, object], dispute: IpDispute
) -> None:
    (alert,) = desk.set_up().tell(an_event("a", "complaint", ip_dispute=dispute), **match)
    assert alert.state is AlertState.HELD
    assert "须工作人员研判" in alert.reason


def test_the_first_alert_speaks_for_all_that_is_known_and_the_rest_is_kept_with_its_reason(desk: Desk) -> None:
    told = [an_event("a", "complaint_received"), an_event("b", "institution"), an_event("c", "review")]
    made = desk.set_up().tell(*told)
    spoken = [alert for alert in made if alert.state is not AlertState.SUPPRESSED]
    assert [alert.event for alert in spoken] == ["institution"]
    assert {alert.reason for alert in made if alert not in spoken} == {FOLDED}


def test_the_same_event_from_another_source_is_told_once(desk: Desk) -> None:
    first = an_event("a", "institution")
    desk.set_up().tell(first)
    again = a_tagged(a_notice("b", source="usitc_edis"), event="institution")
    assert desk.tell(again) == []
    with desk.ledger.read() as work:
        events, heard, _ = alerts.told(work, "E1", [cases.find(work, NUMBER) or ""])
    assert events == {"institution"}
    assert heard == {first.notice.key, again.notice.key}


def test_a_new_event_is_a_new_alert_and_a_routine_one_is_suppressed(desk: Desk) -> None:
    desk.set_up().tell(an_event("a", "institution"))
    (found,) = desk.tell(an_event("b", "violation_found", date(2026, 9, 1)))
    assert found.state is AlertState.RELEASED
    (routine,) = desk.tell(an_event("c", "scheduling", date(2026, 9, 2)))
    assert (routine.state, routine.reason) == (AlertState.SUPPRESSED, ROUTINE)


def test_a_notice_read_better_later_is_not_told_again(desk: Desk) -> None:
    told = an_event("a", "institution")
    desk.set_up().tell(told)
    assert desk.tell(replace(told, event="violation_found")) == []


def test_a_better_matcher_moves_the_held_alert_and_makes_no_second(desk: Desk) -> None:
    told = an_event("a", "institution")
    desk.set_up(grace_hours=4.0).tell(told, band=Band.REVIEW)
    assert desk.tell(told, band=Band.AUTO) == []
    with desk.ledger.read() as work:
        (alert,) = alerts.in_state(work, AlertState.HELD)
    assert alert.band is Band.AUTO


def test_a_contact_without_consent_gets_nothing_and_that_is_on_record(desk: Desk) -> None:
    with desk.ledger.begin() as work:
        contacts.write(work, a_contact("C2", consent=""), NOW)
    desk.set_up().tell(an_event("a", "institution"))
    assert desk.deliveries()["enterprise", "suppressed"] == 1
    with desk.ledger.read() as work:
        (alert,) = alerts.in_state(work, AlertState.RELEASED)
        silent = [d for d in deliveries.of_alert(work, alert.key) if d.state is DeliveryState.SUPPRESSED]
    assert [d.problem for d in silent] == ["联系人尚未同意接收"]


def test_release_by_a_clerk_writes_the_deliveries_with_the_new_state(desk: Desk) -> None:
    (alert,) = desk.set_up(grace_hours=None).tell(an_event("a", "institution"))
    with desk.ledger.begin() as work:
        office = Office.of(work, desk.settings, datetime.now(UTC) + timedelta(hours=1))
        release(work, office, alert, "王科员")
        assert (again := alerts.load(work, alert.key)) is not None
        assert (again.state, again.released_by) == (AlertState.RELEASED, "王科员")
    assert desk.deliveries()["enterprise", "due"] == 1


def test_without_centers_an_alert_is_made_and_held(desk: Desk) -> None:
    with desk.ledger.begin() as work:
        enterprises.write(work, an_enterprise(), NOW)
    (alert,) = desk.tell(an_event("a", "institution"))
    assert (alert.state, alert.center) == (AlertState.HELD, "unassigned")
    assert desk.deliveries() == {("staff", "suppressed"): 1}


def test_a_city_without_a_center_falls_to_the_provincial_one(desk: Desk) -> None:
    with desk.ledger.begin() as work:
        centers.write(work, a_center("province", cities=(), provincial=True), NOW)
        enterprises.write(work, an_enterprise(city="滨州市"), NOW)
    (alert,) = desk.tell(an_event("a", "institution"))
    assert alert.center == "province"


def test_a_notice_that_does_not_name_the_enterprise_starts_no_clock_for_it(desk: Desk) -> None:
    others = an_event("a", "institution", date(2026, 1, 5), parties=())
    added = an_event("b", "amended", date(2026, 3, 2))
    spoken = [a for a in desk.set_up().tell(others, added) if a.state is not AlertState.SUPPRESSED]
    assert [(alert.event, alert.deadlines) for alert in spoken] == [("amended:2026-03-02", ())]


def test_an_alert_that_reached_nobody_goes_out_when_a_contact_agrees(desk: Desk) -> None:
    with desk.ledger.begin() as work:
        centers.write(work, a_center(), NOW)
        enterprises.write(work, an_enterprise(), NOW)
        contacts.write(work, a_contact(consent=""), NOW)
    desk.now = datetime.now(UTC)
    desk.tell(an_event("a", "institution"))
    tell_latecomers(desk.ledger, desk.settings)
    assert desk.deliveries() == {("staff", "due"): 1, ("enterprise", "suppressed"): 1}
    with desk.ledger.begin() as work:
        contacts.write(work, a_contact(), NOW)
        contacts.write(work, a_contact("C2"), NOW)
    for _ in range(2):
        tell_latecomers(desk.ledger, desk.settings)
        assert desk.deliveries() == {("staff", "due"): 1, ("enterprise", "due"): 2}


def test_the_center_is_told_once_of_an_address_that_was_refused(desk: Desk) -> None:
    class Picky(Takes):
        async def handle_RCPT(self, _server: object, _s: object, envelope: Any, address: str, _o: object) -> str:  # noqa: N802
            envelope.rcpt_tos.append(address)
            return "550 5.1.1 no such user" if address.startswith("c1@") else "250 OK"

    picky = Picky()
    with serving(picky) as port:
        desk.settings = desk.settings.model_copy(
            update={"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": "yujing@example.com"}
        )
        desk.set_up().tell(an_event("a", "institution"))
        for expected in ({"sent": 2, "refused": 1}, {}):
            assert send_all(desk.ledger, desk.settings, RoundReport()) == expected
    subjects = [email.message_from_bytes(m, policy=policy.default)["Subject"] for m in picky.mails]
    assert sum("送达失败" in subject for subject in subjects) == 1


def test_a_notice_that_gains_its_number_later_is_not_told_again(desk: Desk) -> None:
    bare = an_event("a", "institution", identifiers=(), case_number=None)
    assert len(desk.set_up().tell(bare)) == 1
    assert desk.tell(replace(bare, identifiers=(NUMBER,), case_number=NUMBER.value)) == []


def test_a_routine_notice_read_better_later_is_told(desk: Desk) -> None:
    desk.set_up().tell(an_event("a", "institution"))
    routine = an_event("b", "scheduling", date(2026, 9, 2))
    assert [a.state for a in desk.tell(routine)] == [AlertState.SUPPRESSED]
    assert [a.state for a in desk.tell(replace(routine, event="violation_found"))] == [AlertState.RELEASED]


def test_a_center_without_a_mailbox_is_told_through_the_provincial_one(desk: Desk) -> None:
    with desk.ledger.begin() as work:
        centers.write(work, a_center("province", cities=(), provincial=True), NOW)
    (alert,) = desk.set_up(email="").tell(an_event("a", "institution"))
    with desk.ledger.read() as work:
        told = {d.audience: d.address for d in deliveries.of_alert(work, alert.key)}
    assert told == {"staff": "province@example.com", "enterprise": "c1@example.com"}


def test_a_contact_who_shares_the_centers_mailbox_is_told_too(desk: Desk) -> None:
    with desk.ledger.begin() as work:
        contacts.write(work, a_contact("C9", email="yantai@example.com"), NOW)
    desk.set_up().tell(an_event("a", "institution"))
    assert desk.deliveries() == {("staff", "due"): 1, ("enterprise", "due"): 2}


TEXTING = "aliyun://id:secret@127.0.0.1:1?sign=s&template=SMS_1&tls=no"


def texting(desk: Desk, *people: Contact, sms: str = TEXTING) -> list[tuple[str, str, str, str]]:
    """What is planned for the enterprise when these are its contacts, where SMS is set up (or not)."""
    desk.settings = desk.settings.model_copy(update={"sms_url": sms})
    with desk.ledger.begin() as work:
        centers.write(work, a_center(), NOW)
        enterprises.write(work, an_enterprise(), NOW)
        for person in people:
            contacts.write(work, person, NOW)
    (alert,) = desk.tell(an_event("a", "institution"))
    return planned(desk, alert)


def planned(desk: Desk, alert: Alert) -> list[tuple[str, str, str, str]]:
    with desk.ledger.read() as work:
        told = [d for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise"]
    return sorted((d.channel, d.address, d.state.value, d.problem) for d in told)


def test_a_contact_with_mail_and_mobile_is_told_by_both(desk: Desk) -> None:
    assert texting(desk, a_contact(phone="+86 138 0000 0000")) == [
        ("file", "c1@example.com", "due", ""),
        ("sms_aliyun", "13800000000", "due", ""),
    ]


def test_without_sms_set_up_a_mobile_number_changes_nothing(desk: Desk) -> None:
    assert texting(desk, a_contact(phone="13800000000"), sms="") == [("file", "c1@example.com", "due", "")]


def test_a_contact_with_only_a_mobile_is_told_by_sms_and_staff_are_not_alarmed(desk: Desk) -> None:
    assert texting(desk, a_contact(email="", phone="13800000000")) == [("sms_aliyun", "13800000000", "due", "")]
    with desk.ledger.read() as work:
        assert deliveries.unheard(work) == []
        (alert,) = alerts.in_state(work, AlertState.RELEASED)
        planner = planner_of(work, Office.of(work, desk.settings, NOW), alert)
        assert planner is not None
        assert planner.reachable() is not None
    assert "没有可用联系人" not in staff_note_of(desk)
    assert "13800000000" in staff_note_of(desk)


def staff_note_of(desk: Desk) -> str:
    """The text of the one note due to staff."""
    with desk.ledger.read() as work:
        packed = work.execute(select(tables.deliveries.c.message).where(tables.deliveries.c.audience == "staff"))
        return unpack(Message, packed.scalar_one()).text


@pytest.mark.parametrize(
    ("sms", "phone", "why"),
    [
        ("", "13800000000", "联系人没有电子邮箱"),
        (TEXTING, "0531-88190000", "联系人没有电子邮箱，也没有可接收短信的手机号"),
    ],
)
def test_a_contact_no_way_reaches_is_on_record_with_why_and_staff_hear_it(
    desk: Desk, sms: str, phone: str, why: str
) -> None:
    assert texting(desk, a_contact(email="", phone=phone), sms=sms) == [("file", "contact:C1", "suppressed", why)]
    with desk.ledger.read() as work:
        assert len(deliveries.unheard(work)) == 1
    assert "没有可用联系人" in staff_note_of(desk)


def test_without_consent_neither_way_is_taken_and_both_go_once_it_is_given(desk: Desk) -> None:
    desk.now = datetime.now(UTC)
    silent = a_contact(phone="13800000000", consent="")
    why = "联系人尚未同意接收"
    assert texting(desk, silent) == [
        ("file", "c1@example.com", "suppressed", why),
        ("sms_aliyun", "13800000000", "suppressed", why),
    ]
    with desk.ledger.begin() as work:
        contacts.write(work, replace(silent, consent="书面同意"), NOW)
        (alert,) = alerts.in_state(work, AlertState.RELEASED)
    tell_latecomers(desk.ledger, desk.settings)
    assert [state for _, _, state, _ in planned(desk, alert)] == ["due", "due"]


def test_sms_set_up_later_reaches_whom_nothing_reached(desk: Desk) -> None:
    desk.now = datetime.now(UTC)
    texting(desk, a_contact(email="", phone="13800000000"), sms="")
    desk.settings = desk.settings.model_copy(update={"sms_url": TEXTING})
    tell_latecomers(desk.ledger, desk.settings)
    with desk.ledger.read() as work:
        (alert,) = alerts.in_state(work, AlertState.RELEASED)
    assert ("sms_aliyun", "13800000000", "due", "") in planned(desk, alert)


def test_two_contacts_who_share_a_mobile_get_one_sms(desk: Desk) -> None:
    told = texting(desk, a_contact(phone="13800000000"), a_contact("C2", phone="86-13800000000"))
    assert [channel for channel, *_ in told] == ["file", "file", "sms_aliyun"]


def test_the_center_is_told_of_a_number_that_was_refused(desk: Desk) -> None:
    provider = smsserver.Provider(instead={"SendSms": smsserver.refused("isv.BLACK_KEY_CONTROL_LIMIT")})
    with smsserver.serving(provider) as port:
        texting(desk, a_contact(phone="13800000000"), sms=smsserver.address(port))
        assert send_all(desk.ledger, desk.settings, RoundReport()) == {"sent": 3, "refused": 1}
    mails = [
        email.message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in desk.settings.outgoing_mail.iterdir()
    ]
    (told,) = (mail for mail in mails if "送达失败" in mail["Subject"])
    body = told.get_body(("plain",))
    assert body is not None
    assert "短信 13800000000（isv.BLACK_KEY_CONTROL_LIMIT" in body.get_content()


def test_what_a_clerk_releases_leaves_after_the_time_to_undo_it(desk: Desk) -> None:
    (alert,) = desk.set_up(grace_hours=None).tell(an_event("a", "institution"))
    for minutes in (1, 5):
        with desk.ledger.begin() as work:
            deliveries.withhold(work, alert.key, "研判已撤销")
            release(work, Office.of(work, desk.settings, NOW), alert, "王科员", timedelta(minutes=minutes))
            (told,) = (d for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise")
        assert (told.state, told.due_at) == (DeliveryState.DUE, NOW + timedelta(minutes=minutes))
