"""Rounds over what the ledger holds: handed on when late, understood anew, matched anew, judged, and judged again."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from alerts.commands.registering import import_file
from alerts.rounds.steps import RoundReport
from alerts.watch import run_round
from crawlers.saved import keep_page, spider_class
from index.ledger import Ledger, judgements, tables
from index.records import Page
from index.settings import Settings
from nlp.names import english_key
from nlp.tag import version
from tests.making import NOW

OTHER = Path(__file__).parents[1] / "journeys" / "other"
FULL_TEXT = OTHER / "pages" / "www.federalregister.gov" / "documents" / "full_text"
PUMPS = FULL_TEXT / "xml" / "2026" / "03" / "10" / "2026-70001.xml"
JARS = FULL_TEXT / "text" / "2026" / "03" / "12" / "2026-70002.txt"
AMENDED = OTHER.joinpath(
    "later", "www.federalregister.gov", "documents", "full_text", "xml", "2026", "05", "05", "2026-70010.xml"
)
XUHENG = "Jining Xuheng Machinery Co., Ltd."  # JN-01, whose center waits four hours


class Desk:
    """One province with its register, and rounds without crawling."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger, self.settings = ledger, settings

    def hear(self, *pages: Path) -> None:
        """Put saved pages of the Federal Register into the ledger."""
        for page in pages:
            self.hear_from("federal_register", page.name, page.read_bytes())

    def hear_from(self, source: str, name: str, body: bytes) -> None:
        """Put a page of a source into the ledger as if it had been crawled."""
        keep_page(self.ledger, spider_class(source), Page(source, f"saved:{name}", NOW, body))

    def round(self) -> RoundReport:
        return run_round(self.settings, crawling=False)

    def state(self, enterprise: str, event: str = "institution") -> tuple[str, str]:
        """(state, center) of an alert."""
        which = (tables.alerts.c.enterprise == enterprise) & (tables.alerts.c.event == event)
        with self.ledger.read() as work:
            row = work.execute(select(tables.alerts.c.state, tables.alerts.c.center).where(which)).one()
        return row.state, row.center

    def band(self, enterprise: str) -> str:
        with self.ledger.read() as work:
            rows = select(tables.alerts.c.band).where(tables.alerts.c.enterprise == enterprise)
            return str(work.execute(rows).scalar_one())

    def age(self, hours: float) -> None:
        """As if every alert had been made so long ago."""
        with self.ledger.begin() as work:
            work.execute(update(tables.alerts).values(created_at=datetime.now(UTC) - timedelta(hours=hours)))

    def mails(self) -> Counter[str]:
        """How many deliveries each address has had sent."""
        with self.ledger.read() as work:
            sent = select(tables.deliveries.c.address).where(tables.deliveries.c.state == "sent")
            return Counter(work.execute(sent).scalars())

    def judge(self, name: str, enterprise: str, verdict: str) -> int:
        with self.ledger.begin() as work:
            return judgements.judge(work, english_key(name), enterprise, verdict, "王科员", "核对过营业执照", NOW)

    def undo(self, judgement: int) -> None:
        with self.ledger.begin() as work:
            judgements.undo(work, judgement, "王科员", NOW)

    def rename(self, folder: Path, enterprise: str, english: str, chinese: str = "") -> None:
        """Import the register again with other names for an enterprise."""
        with (OTHER / "register" / "enterprises.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            if row["企业编号"] == enterprise:
                row["英文注册名"], row["企业全称"] = english, chinese or row["企业全称"]
        changed = folder / "enterprises.csv"
        with changed.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        assert import_file("enterprises", changed) == 0


@pytest.fixture
def desk(ledger: Ledger, settings: Settings) -> Desk:
    """The register imported, nothing heard yet."""
    for kind in ("centers", "enterprises", "contacts"):
        assert import_file(kind, OTHER / "register" / f"{kind}.csv") == 0
    return Desk(ledger, settings)


def test_what_waits_too_long_goes_to_the_provincial_center_once(desk: Desk) -> None:
    desk.hear(JARS)
    desk.round()
    assert desk.state("ZB-01", "complaint_received") == ("held", "other-zibo")
    before = desk.mails()
    desk.age(desk.settings.escalate_hours - 0.1)
    assert desk.round().escalated == 0
    desk.age(desk.settings.escalate_hours + 0.1)
    assert desk.round().escalated == 1
    assert desk.state("ZB-01", "complaint_received") == ("held", "other-province")
    assert desk.mails() - before == Counter({"province@example.com": 1})
    assert desk.round().escalated == 0
    assert desk.mails().total() == before.total() + 1


def test_without_a_provincial_center_a_late_alert_stays_where_it_is_seen(desk: Desk) -> None:
    with desk.ledger.begin() as work:
        work.execute(delete(tables.centers).where(tables.centers.c.id == "other-province"))
    desk.hear(JARS)
    desk.round()
    desk.age(desk.settings.escalate_hours + 1)
    desk.round()
    assert desk.state("ZB-01", "complaint_received") == ("held", "other-zibo")


def test_new_rules_read_everything_again_and_tell_nobody_again(desk: Desk) -> None:
    desk.hear(PUMPS, JARS)
    first = desk.round()
    assert (first.understood, len(first.alerts)) == (2, 5)
    before = desk.mails()
    with desk.ledger.begin() as work:
        work.execute(update(tables.tagged_notices).values(understood_by="rules of last year", content=""))
    again = desk.round()
    assert (again.understood, again.alerts, again.released) == (2, [], [])
    assert desk.mails() == before
    with desk.ledger.read() as work:
        assert set(work.execute(select(tables.tagged_notices.c.understood_by)).scalars()) == {version()}
    assert desk.round().understood == 0


def test_nothing_is_matched_again_until_the_register_changes(desk: Desk, tmp_path: Path) -> None:
    desk.hear(PUMPS, JARS)
    assert desk.round().matched == 2
    assert desk.round().matched == 0
    desk.rename(tmp_path, "RZ-02", "Rizhao Cheni Angling Co., Ltd.")
    again = desk.round()
    assert (again.matched, again.alerts) == (2, [])


def test_an_enterprise_that_turns_out_to_be_named_hears_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.hear(PUMPS)
    desk.round()
    before = desk.mails()
    desk.rename(tmp_path, "LY-04", "Nichuan (Foshan) Fluid Technology Co., Ltd.")
    (alert,) = desk.round().alerts
    assert (alert.enterprise, alert.event, alert.state) == ("LY-04", "institution", "released")
    assert desk.mails() - before == Counter({"linyi@example.com": 1})


def test_a_docket_that_spells_the_name_otherwise_does_not_hide_the_institution(desk: Desk, tmp_path: Path) -> None:
    desk.rename(tmp_path, "LY-03", "Linyi Huanli Tools Co., Ltd.")
    pages = OTHER / "pages" / "edis.usitc.gov" / "data"
    docket = next(pages.glob("*337-2201*")).read_bytes()
    assert b"Linyi Huanli Gongju Youxian Gongsi" in docket
    desk.hear(PUMPS)
    desk.hear_from(
        "usitc_edis", "docket.xml", docket.replace(b"Huanli Gongju Youxian Gongsi", b"Huanli Tools Co., Ltd.")
    )
    told = [alert for alert in desk.round().alerts if alert.enterprise == "LY-03" and alert.state != "suppressed"]
    assert [(alert.event, [str(d.due) for d in alert.deadlines]) for alert in told] == [("institution", ["2026-03-30"])]


def test_a_held_alert_that_no_longer_matches_is_not_sent(desk: Desk, tmp_path: Path) -> None:
    desk.hear(PUMPS)
    desk.round()
    desk.rename(tmp_path, "JN-01", "Jining Fictive Feed Co., Ltd.", "济宁假杉饲料有限公司")
    desk.round()
    assert desk.state("JN-01")[0] == "suppressed"
    desk.age(5)
    assert desk.round().released == []


def test_a_match_lost_by_a_slip_in_the_register_and_found_again_is_held_again(desk: Desk, tmp_path: Path) -> None:
    desk.hear(PUMPS)
    desk.round()
    desk.rename(tmp_path, "JN-01", "Jining Fictive Feed Co., Ltd.", "济宁假杉饲料有限公司")
    desk.round()
    assert desk.state("JN-01")[0] == "suppressed"
    desk.rename(tmp_path, "JN-01", XUHENG, "济宁虚衡机械有限公司")
    desk.round()
    assert desk.state("JN-01")[0] == "held"


def test_not_ours_suppresses_the_held_alert_and_binds_later_runs(desk: Desk) -> None:
    desk.hear(PUMPS)
    desk.round()
    assert desk.state("JN-01")[0] == "held"
    desk.judge(XUHENG, "JN-01", "not_ours")
    desk.round()
    assert desk.state("JN-01")[0] == "suppressed"
    desk.age(5)
    assert desk.round().released == []
    desk.hear(AMENDED)
    assert "JN-01" not in {alert.enterprise for alert in desk.round().alerts}
    assert "jn01@example.com" not in desk.mails()


def test_not_ours_speaks_of_one_enterprise_only(desk: Desk) -> None:
    desk.hear(PUMPS)
    desk.round()
    desk.judge(XUHENG, "JN-01", "not_ours")
    desk.round()
    assert [desk.state(who)[0] for who in ("LY-01", "LY-03")] == ["released", "released"]


def test_a_judgement_taken_back_brings_the_warning_back_to_held(desk: Desk) -> None:
    desk.hear(PUMPS)
    desk.round()
    before = desk.mails()
    judgement = desk.judge(XUHENG, "JN-01", "not_ours")
    desk.round()
    desk.undo(judgement)
    desk.round()
    assert desk.state("JN-01")[0] == "held"
    assert desk.mails() == before  # its staff were told already
    desk.age(5)
    assert [alert.enterprise for alert in desk.round().released] == ["JN-01"]
    assert desk.mails()["jn01@example.com"] == 1


def test_a_confirmed_name_is_certain_from_then_on(desk: Desk) -> None:
    desk.hear(JARS)
    desk.round()
    assert desk.band("ZB-01") == "review"
    desk.judge("Zibo Xushan Glass Co., Ltd.", "ZB-01", "confirmed")
    assert desk.round().alerts == []
    assert desk.band("ZB-01") == "auto"
    assert desk.state("ZB-01", "complaint_received")[0] == "held", "its center releases nothing by the clock"
