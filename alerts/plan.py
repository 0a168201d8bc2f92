"""From a case and its matches to alerts, and from a released alert to deliveries.

All in the transaction that caused it: a match is never without its alert, a released alert never
without its deliveries, and planning twice inserts once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from alerts import gate, grade
from alerts.deadlines import clock_note, deadlines_of_notice
from alerts.letters.compose import compose
from alerts.letters.letter import CLOCK, Audience, Letter
from alerts.letters.text_message import text_message
from alerts.letters.wording import say
from alerts.office import Office
from alerts.route import UNASSIGNED, center_for
from index.keys import alert_key, delivery_key
from index.ledger import Work, alerts, cases, contacts, deliveries, enterprises, matches, notices, tagged
from index.records import (
    Alert,
    AlertState,
    Case,
    Contact,
    Deadline,
    Delivery,
    DeliveryState,
    IpDispute,
    Match,
    Message,
    TaggedNotice,
)
from nlp.names import english_key

FOLDED = "已并入同一案件的首次预警"
ROUTINE = "程序性事项，不单独预警"
Names: TypeAlias = Mapping[str, Collection[str]]
PATENT_RULES = frozenset({"ipr_petition"})
AT_ONCE = timedelta()


def plan_case(
    work: Work, office: Office, case: Case, found: Sequence[Match], names: Names | None = None
) -> list[Alert]:
    """Alerts for what a case has that its enterprises were not told. Suppressed ones are included.

    `names` are the spellings in this case that meet each enterprise, beside the one its match rests on.
    """
    told = [n for n in tagged.load_many(work, notices.of_case(work, case.key)) if n.ip_dispute is not IpDispute.NO]
    dispute = dispute_of(told)
    planners = [Planner(work, office, case, match, (names or {}).get(match.enterprise, ())) for match in found]
    return [alert for planner in planners for alert in planner.plan(told, dispute)]


def dispute_of(told: Sequence[TaggedNotice]) -> IpDispute:
    """Whether a case is an IP dispute: one notice that says so is enough."""
    return IpDispute.YES if any(n.ip_dispute is IpDispute.YES for n in told) else IpDispute.UNKNOWN


def release(work: Work, office: Office, alert: Alert, by: str, after: timedelta = AT_ONCE) -> Alert:
    """Release a held alert: its deliveries are written with its new state, due `after` a while."""
    alerts.set_state(work, alert.key, AlertState.RELEASED, released_at=office.now, released_by=by, reason="")
    released = replace(alert, state=AlertState.RELEASED, released_at=office.now, released_by=by, reason="")
    if planner := planner_of(work, office, alert):
        planner.tell_enterprise(released, after)
    return released


def planner_of(work: Work, office: Office, alert: Alert, *, holding: bool = False) -> Planner | None:
    """The planner of an alert made before; None if nothing ever matched its case and enterprise.

    `holding`: None also if what matched them holds no longer.
    """
    case = cases.load(work, alert.case)
    if holding and alert.enterprise not in {match.enterprise for match in matches.of_case(work, case.key)}:
        return None
    match = matches.load(work, case.key, alert.enterprise) or matches.load(work, alert.case, alert.enterprise)
    return Planner(work, office, case, match) if match else None


def dates_of(notice: TaggedNotice) -> tuple[Deadline, ...]:
    """The legal dates a notice sets running, soonest first. Those of patents only where one is asserted."""
    heard = notice.notice
    found = deadlines_of_notice(heard.forum, notice.event, heard.published_on, notice.filed_on)
    patents = any(r.kind == "patent" for r in notice.rights) or "patent" in heard.text.casefold()
    kept = (d for d in found if patents or d.rule not in PATENT_RULES)
    return tuple(sorted(kept, key=lambda d: (d.due, d.rule)))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, by which channel, at which address; `barred` says why it may not be, empty if it may."""

    audience: Audience
    channel: str
    address: str
    contact: Contact | None
    barred: str = ""


@dataclass(frozen=True)
class Planner:
    """Plans for one enterprise in one case, inside one transaction."""

    work: Work
    office: Office
    case: Case
    match: Match
    names: Collection[str] = ()

    def plan(self, told: Sequence[TaggedNotice], dispute: IpDispute) -> list[Alert]:
        """Alerts for what was not told before; the first speaks for all that is known by then."""
        family = cases.family(self.work, self.case.key)
        events, heard, elsewhere = alerts.told(self.work, self.match.enterprise, family, ROUTINE)
        alerts.set_band(self.work, self.match.enterprise, family, self.match.level, self.match.band)
        fresh = [n for n in told if n.notice.key not in heard | elsewhere]
        lead = None if heard or not fresh else grade.leading(self._naming(fresh) or fresh)
        planned = []
        for event, same in _by_event(fresh).items():
            if event in events:  # heard again, from another source: the same alert tells of it
                self._join(family, event, same)
            else:
                planned.append(self._add(event, same, dispute, self._silent(same, lead)))
        return planned

    def tell_staff(self, alert: Alert) -> None:
        """Staff hear of every match at once."""
        center = self.office.staff_of(alert.center)
        barred = "" if center.email else "中心没有电子邮箱"
        to = Recipient("staff", self.office.channel, center.email or f"center:{center.id}", self.reachable(), barred)
        self._deliver(alert, to)

    def tell_enterprise(self, alert: Alert, after: timedelta = AT_ONCE) -> None:
        """One delivery for each contact and way to reach it; one that may not be sent is suppressed, with why."""
        for contact in contacts.of_enterprise(self.work, alert.enterprise):
            for to in self._recipients(contact):
                self._deliver(alert, to, after)

    def tell_refusal(self, alert: Alert, refused: Delivery) -> None:
        """The center hears that a warning could not be delivered, so that somebody telephones."""
        center, office = self.office.staff_of(alert.center), self.office
        if not center.email:
            return
        audience = deliveries.REFUSAL + refused.key
        key = delivery_key(alert.key, office.channel, audience)
        way = "refused_mail" if refused.channel == office.channel else "refused_sms"
        said = say("staff", way, address=refused.address, problem=refused.problem)
        letter = replace(self.letter(alert, "staff", self.reachable()), refused=said)
        told = Delivery(key, alert.key, office.channel, center.email, audience, DeliveryState.DUE, office.now)
        deliveries.insert(self.work, told, compose(letter, key, office.domain), office.now)

    def _naming(self, told: Sequence[TaggedNotice]) -> list[TaggedNotice]:
        """The notices that name the enterprise themselves: only these can start its clock."""
        ours = {english_key(name) for name in (self.match.party.name, *self.names)}
        return [n for n in told if any(english_key(party.name) in ours for party in n.parties)]

    def _silent(self, same: Sequence[TaggedNotice], lead: TaggedNotice | None) -> str:
        if lead is not None:
            return "" if lead in same else FOLDED
        return "" if any(map(grade.weight_of, same)) else ROUTINE

    def _add(self, event: str, same: Sequence[TaggedNotice], dispute: IpDispute, silent: str) -> Alert:
        alert = self._alert(event, grade.leading(self._naming(same) or same), dispute, silent)
        alerts.insert(self.work, alert, [n.notice.key for n in same])
        if not silent:
            self.tell_staff(alert)
        if alert.state is AlertState.RELEASED:
            self.tell_enterprise(alert)
        return alert

    def _alert(self, event: str, lead: TaggedNotice, dispute: IpDispute, silent: str) -> Alert:
        enterprise = enterprises.load(self.work, self.match.enterprise)
        center = center_for(enterprise, self.office.centers) if enterprise else UNASSIGNED
        state, reason = gate.first_state(gate.waits_because(self.match, dispute), center)
        if silent:
            state, reason = AlertState.SUPPRESSED, silent
        released, now, dates = state is AlertState.RELEASED, self.office.now, dates_of(lead)
        return Alert(
            key=alert_key(self.match.enterprise, self.case.key, event),
            enterprise=self.match.enterprise,
            case=self.case.key,
            event=event,
            notice=lead.notice.key,
            level=self.match.level,
            band=self.match.band,
            severity=grade.severity(lead, self.match.level, dates, self.office.today),
            state=state,
            center=center.id,
            created_at=now,
            deadlines=dates,
            reason=reason,
            released_at=now if released else None,
            released_by=CLOCK if released else "",
        )

    def _join(self, family: Sequence[str], event: str, same: Sequence[TaggedNotice]) -> None:
        known = alerts.of_event(self.work, self.match.enterprise, family, event)
        if known:
            alerts.tells(self.work, known, [n.notice.key for n in same])

    def _recipients(self, contact: Contact) -> list[Recipient]:
        barred = "" if contact.consent else "联系人尚未同意接收"
        ways = self.office.ways_to(contact)
        if ways:
            return [Recipient("enterprise", channel, address, contact, barred) for channel, address in ways]
        return [Recipient("enterprise", self.office.channel, f"contact:{contact.id}", contact, self.office.missing)]

    def _deliver(self, alert: Alert, to: Recipient, after: timedelta = AT_ONCE) -> None:
        now, due = self.office.now, self.office.now + after
        key = delivery_key(alert.key, to.channel, f"{to.audience}:{to.address}")
        message = None if to.barred else self._message(alert, to, key)
        state = DeliveryState.SUPPRESSED if to.barred else DeliveryState.DUE
        person = to.contact.id if to.contact else ""
        delivery = Delivery(key, alert.key, to.channel, to.address, to.audience, state, due, person, problem=to.barred)
        if not deliveries.insert(self.work, delivery, message, now) and message:
            deliveries.unbar(self.work, key, message, due)

    def _message(self, alert: Alert, to: Recipient, key: str) -> Message:
        letter = self.letter(alert, to.audience, to.contact)
        if to.channel == self.office.channel:
            return compose(letter, key, self.office.domain)
        return text_message(letter, key)

    def letter(self, alert: Alert, audience: Audience, contact: Contact | None) -> Letter:
        """An alert as it is told to one reader. Raises LookupError if its notice or enterprise is gone."""
        notice = tagged.load(self.work, alert.notice)
        enterprise = enterprises.load(self.work, alert.enterprise)
        if notice is None or enterprise is None:
            raise LookupError(f"alert {alert.key}: its notice or enterprise is not in the ledger")
        return Letter(
            center=self.office.staff_of(alert.center) if audience == "staff" else self.office.center(alert.center),
            enterprise=enterprise,
            contact=contact,
            audience=audience,
            alert=alert,
            match=self.match,
            case=self.case,
            notice=notice,
            deadlines=alert.deadlines,
            today=self.office.today,
            clock_note=clock_note(notice.notice.forum, notice.event),
            link=self.office.desk_link(alert.key) if audience == "staff" else "",
        )

    def reachable(self) -> Contact | None:
        """The first contact of the enterprise who agreed and whom a way reaches."""
        told = contacts.of_enterprise(self.work, self.match.enterprise)
        return next((c for c in told if c.consent and self.office.ways_to(c)), None)


def _by_event(told: Sequence[TaggedNotice]) -> dict[str, list[TaggedNotice]]:
    events: dict[str, list[TaggedNotice]] = {}
    for notice in told:
        events.setdefault(grade.event_of(notice), []).append(notice)
    return events
