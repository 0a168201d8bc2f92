"""The ledger contract, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from index.ledger import (
    Ledger,
    alerts,
    audit,
    bulletins,
    cases,
    deliveries,
    enterprises,
    guidance,
    judgements,
    leases,
    matches,
    notices,
    pages,
    policy_hints,
    problems,
    queue,
    raw_notices,
    sources,
    tagged,
)
from index.ledger.tables import metadata, notice_versions
from index.problems import Problem, Unusable
from index.records import (
    Alert,
    AlertState,
    Band,
    Delivery,
    DeliveryState,
    Identifier,
    ItemState,
    Level,
    Message,
    Receipt,
)
from tests.making import NOW, a_match, a_notice, a_page, a_raw, a_tagged, an_enterprise
from tests.postgres import ledger_url

MESSAGE = Message("m1", "c1@example.com", "subject", "text", "<p>text</p>", "center")


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(ledger_url(request.param, tmp_path))
    yield opened
    opened.close()


def an_alert(case: str, event: str = "institution", **values: object) -> Alert:
    fields = {
        "key": f"{case[:8]}{event}", "enterprise": "E1", "case": case, "event": event, "notice": "n1",
        "level": Level.NAMED, "band": Band.AUTO, "severity": "high", "state": AlertState.HELD,
        "center": "yantai", "created_at": NOW,
    }  # fmt: skip
    return Alert(**(fields | values))  # type: ignore[arg-type]


def a_delivery(key: str = "d1", alert: str = "", **values: object) -> Delivery:
    fields = {
        "key": key, "alert": alert, "channel": "email", "address": f"{key}@example.com", "audience": "enterprise",
        "state": DeliveryState.DUE, "due_at": NOW,
    }  # fmt: skip
    return Delivery(**(fields | values))  # type: ignore[arg-type]


def test_migrations_make_exactly_the_tables(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_transaction_is_kept_whole_or_not_at_all(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="half-way"), ledger.begin() as work:
        pages.keep(work, a_page())
        raise RuntimeError("half-way")
    with ledger.read() as work:
        assert pages.counts(work) == {}


def test_an_unchanged_page_is_kept_once_and_stays_as_it_came(ledger: Ledger) -> None:
    body = bytes(range(256)) * 40
    with ledger.begin() as work:
        key, state = pages.keep(work, a_page(body))
        assert state == pages.UNREAD
        pages.mark(work, key, pages.READ)
        assert pages.keep(work, a_page(body), {"If-None-Match": "x"}) == (key, pages.READ)
        assert pages.load(work, key) == a_page(body)
        assert pages.validators(work, "test", a_page().url) == {"If-None-Match": "x"}
        assert pages.counts(work) == {("test", "read"): 1}


def test_raw_notices_are_written_once_per_change_and_the_newest_stands(ledger: Ledger) -> None:
    with ledger.begin() as work:
        assert raw_notices.keep(work, a_raw(title="A"))
        assert not raw_notices.keep(work, a_raw(title="A"))
        later = replace(a_raw(title="B"), fetched_at=NOW + timedelta(hours=1))
        assert raw_notices.keep(work, later)
        assert raw_notices.keep(work, a_raw(part="document", title="C"))
        key = raw_notices.key_of(later)
        told = {raw.part: raw.fields["title"] for raw in raw_notices.parts(work, key)}
        assert told == {"list": "B", "document": "C"}
        assert raw_notices.has_part(work, "test", "2026-00001", "document")
        assert not raw_notices.has_part(work, "test", "2026-00001", "full_text")


def test_fields_that_come_back_after_a_change_stand_again(ledger: Ledger) -> None:
    with ledger.begin() as work:
        for hour, title in enumerate(("A", "B", "A")):
            raw = replace(a_raw(title=title), fetched_at=NOW + timedelta(hours=hour))
            assert raw_notices.keep(work, raw)
        ((told,),) = [[raw.fields["title"] for raw in raw_notices.parts(work, raw_notices.key_of(a_raw()))]]
        assert told == "A"


def test_a_changed_notice_is_a_new_version_and_waits_again(ledger: Ledger) -> None:
    first, second = a_notice(), a_notice(title="Certain Widgets; Correction")
    with ledger.begin() as work:
        assert notices.write(work, first, NOW)
        notices.end(work, first.key, ItemState.NO_MATCH)
        assert not notices.write(work, first, NOW)
        assert notices.counts(work) == {("federal_register", "no_match"): 1}
        assert notices.write(work, second, NOW)
        assert notices.versions(work, first.key) == [first, second]
        assert notices.load(work, first.key) == second
        assert notices.counts(work) == {("federal_register", "waiting"): 1}
        assert len(work.execute(select(notice_versions)).all()) == 2


def test_notices_are_understood_anew_when_the_rules_change(ledger: Ledger) -> None:
    notice = a_notice()
    with ledger.begin() as work:
        notices.write(work, notice, NOW)
        assert notices.to_understand(work, "rules-1", 10) == [notice]
        tagged.write(work, a_tagged(notice, understood_by="rules-1"), NOW)
        notices.end(work, notice.key, ItemState.NO_MATCH)
        assert notices.to_understand(work, "rules-1", 10) == []
        assert notices.to_understand(work, "rules-2", 10) == [notice]


def test_the_index_queue_keeps_what_changed_while_it_was_taken_in(ledger: Ledger) -> None:
    with ledger.begin() as work:
        queue.put(work, "n1", NOW)
        queue.put(work, "n2", NOW)
        taken = queue.waiting(work, 10)
        queue.put(work, "n2", NOW + timedelta(seconds=1))
        queue.done(work, taken)
        assert [key for key, _ in queue.waiting(work, 10)] == ["n2"]


def join(ledger: Ledger, native_id: str, *numbers: Identifier) -> str:
    told = a_tagged(a_notice(native_id), identifiers=numbers)
    with ledger.begin() as work:
        notices.write(work, told.notice, NOW)
        tagged.write(work, told, NOW)
        case = cases.join(work, told, datetime.now(UTC))
        notices.end(work, told.notice.key, ItemState.NO_MATCH, case=case)
        cases.refresh(work, case, NOW)
    return case


def test_a_notice_joins_its_case_by_any_identifier_and_two_cases_become_one(ledger: Ledger) -> None:
    docket, number = Identifier("us_itc_docket", "DN 3866"), Identifier("us_itc_investigation", "337-TA-1478")
    older = join(ledger, "a", docket)
    younger = join(ledger, "b", number)
    assert older != younger
    with ledger.begin() as work:
        alerts.insert(work, an_alert(younger), ["n1"])
    assert join(ledger, "c", docket, number, Identifier("fr_document", "c")) == older
    with ledger.read() as work:
        assert cases.load(work, younger).key == older
        assert set(notices.of_case(work, older)) == {a_notice(n).key for n in "abc"}
        assert {i.value for i in cases.identifiers(work, older)} == {"DN 3866", "337-TA-1478"}
        assert alerts.told(work, "E1", cases.family(work, older)) == ({"institution"}, {"n1"}, set())
        assert cases.count(work) == 1


def test_a_docket_number_is_one_only_within_its_court(ledger: Ledger) -> None:
    numbers = [Identifier("us_district_docket", "1:21-cv-00929", court) for court in ("ded", "nyed")]
    assert len({join(ledger, n.scope, n) for n in numbers}) == 2


def test_a_case_is_due_for_matching_until_matched_and_again_when_it_or_the_register_changes(ledger: Ledger) -> None:
    number = Identifier("us_itc_investigation", "337-TA-1478")
    case = join(ledger, "a", number)
    with ledger.begin() as work:
        ((due, mark),) = cases.to_match(work, "register-1", 10)
        assert due == case
        cases.matched(work, due, mark)
        assert cases.to_match(work, "register-1", 10) == []
        assert [key for key, _ in cases.to_match(work, "register-2", 10)] == [case]
    join(ledger, "b", number)
    with ledger.read() as work:
        assert [key for key, _ in cases.to_match(work, "register-1", 10)] == [case]


def test_the_register_state_changes_with_any_enterprise(ledger: Ledger) -> None:
    with ledger.begin() as work:
        before = enterprises.state(work)
        assert enterprises.write(work, an_enterprise(), NOW)
        after = enterprises.state(work)
        assert not enterprises.write(work, an_enterprise(), NOW)
        assert before != after == enterprises.state(work)
        assert enterprises.write(work, an_enterprise(city="青岛"), NOW)
        assert enterprises.state(work) != after
        assert enterprises.load(work, "E1") == an_enterprise(city="青岛")
        assert enterprises.find(work, "山东小部件股份有限公司") == "E1"


def test_matches_are_updated_never_doubled_and_keep_what_no_longer_holds(ledger: Ledger) -> None:
    with ledger.begin() as work:
        matches.write(work, "c1", [a_match("c1"), a_match("c1", "E2")], NOW)
        matches.write(work, "c1", [a_match("c1", score=0.9)], NOW)
        assert matches.of_case(work, "c1") == [a_match("c1", score=0.9)]
        assert matches.load(work, "c1", "E2") == a_match("c1", "E2")


def test_not_ours_binds_until_it_is_taken_back(ledger: Ledger) -> None:
    with ledger.begin() as work:
        before = judgements.state(work)
        number = judgements.judge(work, "qilu", "E1", "not_ours", "clerk", "another company", NOW)
        assert judgements.in_force(work) == {("qilu", "E1"): "not_ours"}
        assert judgements.state(work) != before
        judgements.undo(work, number, "clerk", NOW)
        assert judgements.in_force(work) == {}
    with pytest.raises(ValueError, match="perhaps"), ledger.begin() as work:
        judgements.judge(work, "qilu", "E1", "perhaps", "clerk", "", NOW)


def test_an_event_is_told_once_and_deadlines_survive(ledger: Ledger) -> None:
    with ledger.begin() as work:
        assert alerts.insert(work, an_alert("c1"), ["n1"])
        assert not alerts.insert(work, an_alert("c1", severity="low"), ["n2"])
        assert alerts.load(work, an_alert("c1").key) == an_alert("c1")
        assert alerts.told(work, "E1", ["c1"]) == ({"institution"}, {"n1", "n2"}, set())
        assert alerts.told(work, "E1", ["c2"]) == (set(), set(), {"n1", "n2"})
        assert alerts.counts(work) == {"held": 1}


@pytest.fixture
def planned(ledger: Ledger) -> Ledger:
    """One alert with four deliveries due."""
    with ledger.begin() as work:
        alert = an_alert("c1")
        alerts.insert(work, alert, ["n1"])
        for number in range(4):
            assert deliveries.insert(work, a_delivery(f"d{number}", alert.key), MESSAGE, NOW)
        assert not deliveries.insert(work, a_delivery("d0", alert.key), MESSAGE, NOW)
    return ledger


def claim(ledger: Ledger, holder: str, limit: int = 1, now: datetime = NOW) -> list[str]:
    with ledger.begin() as work:
        return [d.key for d, _ in deliveries.claim(work, now, holder, now + timedelta(minutes=2), limit)]


def test_a_delivery_has_one_sender_even_when_many_race(planned: Ledger) -> None:
    taken: list[str] = []
    lock = threading.Lock()

    def race(name: str) -> None:
        while keys := claim(planned, name):
            with lock:
                taken.extend(keys)

    racers = [threading.Thread(target=race, args=(f"sender-{n}",)) for n in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(taken) == ["d0", "d1", "d2", "d3"]


def test_only_the_holder_settles_and_the_message_is_frozen(planned: Ledger) -> None:
    assert claim(planned, "one") == ["d0"]
    receipt = Receipt("250 ok", NOW)
    with planned.begin() as work:
        assert not deliveries.settle(work, "d0", "another", DeliveryState.SENT)
        assert deliveries.settle(work, "d0", "one", DeliveryState.SENT, receipt=receipt.id, sent_at=receipt.at)
        assert deliveries.counts(work)["enterprise", "sent"] == 1
        ((_, message),) = deliveries.claim(work, NOW, "one", NOW, 1)
        assert message == MESSAGE


def test_what_a_dead_sender_held_is_unsure_and_goes_again_once(planned: Ledger) -> None:
    later = NOW + timedelta(minutes=5)
    every = ["d0", "d1", "d2", "d3"]
    for expected in (every, every, []):
        assert sorted(claim(planned, "mortal", 10, later)) == expected
        later += timedelta(minutes=5)
        with planned.begin() as work:
            assert deliveries.abandon(work, later) == len(expected)
    with planned.read() as work:
        assert deliveries.counts(work) == {("enterprise", "unsure"): 4}


def test_a_lease_is_held_by_one_until_it_ends(ledger: Ledger) -> None:
    soon = NOW + timedelta(minutes=1)
    with ledger.begin() as work:
        assert leases.take(work, "round", "a", NOW, soon)
        assert not leases.take(work, "round", "b", NOW, soon)
        assert leases.take(work, "round", "a", NOW, soon)
        assert leases.take(work, "round", "b", soon + timedelta(seconds=1), soon + timedelta(minutes=1))
        leases.drop(work, "round", "a")
        assert leases.holder_of(work, "round") == ("b", soon + timedelta(minutes=1))


def test_problems_are_counted_and_audit_rows_only_added(ledger: Ledger) -> None:
    problem = Problem("test", "https://source.example/1", "pubDate", "not a date: 'soon'")
    with ledger.begin() as work:
        assert problems.record(work, problem, NOW)
        assert not problems.record(work, problem, NOW + timedelta(hours=1))
        ((known, last, times),) = problems.latest(work)
        assert (known, last, times) == (problem, NOW + timedelta(hours=1), 2)
        audit.write(work, "clerk", "release", "a1", NOW, why="已核对")
        assert audit.of(work, "a1") == [(NOW, "clerk", "release", {"why": "已核对"})]


def test_a_source_remembers_its_cursor_and_back_off(ledger: Ledger) -> None:
    with ledger.begin() as work:
        assert sources.health(work, "test").cursor == ""
        sources.note(work, "test", cursor="2026-03-02", back_off_until=NOW)
        sources.note(work, "test", last_success=NOW)
        health = sources.health(work, "test")
        assert (health.cursor, health.back_off_until, health.last_success) == ("2026-03-02", NOW, NOW)
        crawl = sources.begin_crawl(work, "test", NOW)
        sources.end_crawl(work, crawl, NOW, "ok", {"pages": 3})


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql-what", "Could not parse"),
        ("sqlite:////proc/nowhere/ledger.db", "ledger"),
        ("nothing+known://x/y", "load plugin"),
    ],
)
def test_a_ledger_that_cannot_be_opened_says_why(url: str, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        Ledger.open(url)


def test_published_dates_come_back_as_dates(ledger: Ledger) -> None:
    with ledger.begin() as work:
        notices.write(work, a_notice(), NOW)
        assert notices.load(work, a_notice().key).published_on == date(2026, 3, 2)


def test_guidance_sums_what_was_recovered_by_currency(ledger: Ledger) -> None:
    act = guidance.Guidance("E1", "c1", "yantai", "指导意见书", "组织专家会商", NOW)
    with ledger.begin() as work:
        number = guidance.write(work, act)
        guidance.write(work, replace(act, loss_recovered=50.0, currency="USD", outcome="和解"))
        guidance.close(work, number, "胜诉", 1_000_000.0, "CNY", "避免的赔偿额")
        assert [g.outcome for g in guidance.of_case(work, "c1")] == ["胜诉", "和解"]
        year = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
        assert guidance.recovered(work, *year) == {"CNY": 1_000_000.0, "USD": 50.0}


def test_a_bulletin_number_is_given_once_and_its_review_recorded(ledger: Ledger) -> None:
    draft: dict[str, Any] = {"industry": "green_low_carbon", "period": "2026-02", "audience": "企业", "record": "{}"}
    draft |= {"content_sha256": "0" * 64, "composed_by": "王撰稿", "composed_at": NOW}
    with ledger.begin() as work:
        first, second = (bulletins.write(work, **draft) for _ in range(2))
        assert bulletins.review(work, first, bulletins.ISSUED, "李审核", "不涉密，可公开", NOW, "2026-001")
        assert not bulletins.review(work, first, bulletins.REJECTED, "李审核", "再审", NOW, None)
        issued, waiting = bulletins.load(work, first), bulletins.load(work, second)
        assert issued
        assert waiting
        assert (issued.number, issued.reviewed_by, issued.state) == ("2026-001", "李审核", "issued")
        assert (waiting.number, waiting.state) == (None, "draft")
        assert bulletins.issued_in(work, 2026) == 1
        assert [b.id for b in bulletins.every(work)] == [second, first]


def test_a_policy_hint_holds_between_its_dates(ledger: Ledger) -> None:
    hint = policy_hints.PolicyHint(
        "insurance", "投保海外知识产权保险可申请补贴", "已投保企业", "https://source.example/notice", date(2025, 5, 28)
    )
    with ledger.begin() as work:
        policy_hints.write(work, hint)
        assert policy_hints.in_force(work, date(2026, 3, 2)) == [hint]
        policy_hints.write(work, replace(hint, expires_on=date(2025, 12, 31)))
        assert policy_hints.in_force(work, date(2026, 3, 2)) == []
        assert policy_hints.in_force(work, date(2025, 12, 31)) != []


def test_a_docketed_complaint_and_the_investigation_it_became_are_one_case(ledger: Ledger) -> None:
    filed = date(2026, 1, 30)
    complaint = a_tagged(
        a_notice("a"), event="complaint_received", filed_on=filed, product="Widgets and Parts Thereof",
        identifiers=(Identifier("us_itc_docket", "DN 3866"),),
    )  # fmt: skip
    instituted = a_tagged(
        a_notice("b"), filed_on=filed, product="widgets and parts thereof",
        identifiers=(Identifier("us_itc_investigation", "337-TA-1478"),),
    )  # fmt: skip
    other_day = replace(instituted, filed_on=date(2026, 1, 29), identifiers=())
    with ledger.begin() as work:
        case = cases.join(work, complaint, NOW)
        assert cases.join(work, instituted, NOW) == case
        assert cases.join(work, other_day, NOW) != case
        assert {i.value for i in cases.identifiers(work, case)} == {"DN 3866", "337-TA-1478"}


def test_two_investigations_of_one_complaint_stay_two_cases(ledger: Ledger) -> None:
    told = [
        a_tagged(a_notice(n), f"337-TA-{n}", filed_on=date(2026, 1, 30), product="widgets") for n in ("1999", "2000")
    ]
    with ledger.begin() as work:
        assert len({cases.join(work, one, NOW) for one in told}) == 2


def test_merged_cases_do_not_tell_one_event_twice(ledger: Ledger) -> None:
    docket, number = Identifier("us_itc_docket", "DN 3866"), Identifier("us_itc_investigation", "337-TA-1478")
    older, younger = join(ledger, "a", docket), join(ledger, "b", number)
    with ledger.begin() as work:
        alerts.insert(work, an_alert(older), ["n1"])
        alerts.insert(work, replace(an_alert(younger), key="another"), ["n2"])
    join(ledger, "c", docket, number)
    with ledger.read() as work:
        assert alerts.counts(work) == {"held": 1, "suppressed": 1}
