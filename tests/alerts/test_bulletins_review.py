"""A bulletin's way: draft, a second person's review, a number that never doubles, and content that never changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from alerts.bulletins import issue
from alerts.bulletins.month import Month
from alerts.bulletins.people import same_person
from alerts.commands import bulletins as commands
from alerts.commands import showing
from index.ledger import Ledger, audit, bulletins
from index.ledger.tables import bulletins as table
from index.problems import Unusable
from index.settings import Settings
from tests.alerts.bulletins import INDUSTRY, THEN, a_dispute, furnish, tell
from tests.postgres import ledger_url

MARCH = Month(2026, 3)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(ledger_url(request.param, tmp_path))
    furnish(opened)
    yield opened
    opened.close()


def a_draft(ledger: Ledger, month: Month = MARCH, by: str = "张三", audience: str = "") -> int:
    return issue.draft(ledger, INDUSTRY, month, by, audience, THEN)


def test_issued_under_the_years_numbers_without_a_gap(ledger: Ledger) -> None:
    drafts = [a_draft(ledger, Month(2026, month)) for month in (1, 2, 3)]
    first = issue.review(ledger, drafts[0], "李四", "不涉密，可以公开", THEN)
    issue.review(ledger, drafts[1], "李四", "有误", THEN, reject=True)
    third = issue.review(ledger, drafts[2], "李四", "不涉密，可以公开", THEN)
    assert (first.number, third.number) == ("2026-001", "2026-002")
    assert issue.edition_of(third).number == "〔2026〕第2期"
    assert issue.edition_of(third).mark == ""
    again = issue.review(ledger, a_draft(ledger, by="王五", audience="企业"), "李四", "可", THEN.replace(year=2027))
    assert again.number == "2027-001"


def test_the_year_is_beijings(ledger: Ledger) -> None:
    newyear = datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert issue.review(ledger, a_draft(ledger), "李四", "可", newyear).number == "2027-001"


def test_the_review_is_on_record(ledger: Ledger) -> None:
    made = a_draft(ledger)
    done = issue.review(ledger, made, "李四", " 经审查，\n不涉密 ", THEN)
    assert (done.reviewed_by, done.review, done.reviewed_at) == ("李四", "经审查， 不涉密", THEN)
    with ledger.read() as work:
        acts = audit.of(work, f"bulletin:{made}")
    assert [(who, what) for _, who, what, _ in acts] == [("张三", "bulletin_composed"), ("李四", "bulletin_issued")]
    assert acts[1][3]["number"] == "2026-001"
    assert acts[0][3]["sha256"] == acts[1][3]["sha256"] == done.content_sha256


@pytest.mark.parametrize("by", ["张三", " 张 三 ", "张三（科长）", "张三（zhangsan）", "ｚｈａｎｇｓａｎ", "ZhangSan"])
def test_the_composer_does_not_review(ledger: Ledger, by: str) -> None:
    made = a_draft(ledger, by="张三（zhangsan）")
    with pytest.raises(Unusable, match="另一人"):
        issue.review(ledger, made, by, "可", THEN)
    with ledger.read() as work:
        assert issue.load(work, made).state == bulletins.DRAFT


def test_who_is_one_person() -> None:
    assert not same_person("张伟（zhangwei1）", "张伟（zhangwei2）")
    assert same_person("张伟（zhangwei1）", "张玮（ZHANGWEI1）")
    assert not same_person("李四", "张三（zhangsan）")
    assert same_person("张三（科长）", "张三（zhangsan）")
    assert not same_person("wang.li", "王丽（wangli2）")


@pytest.mark.parametrize(("by", "said", "reason"), [("李四", "  ", "结论"), (" ", "可", "姓名")])
def test_a_review_needs_a_name_and_a_conclusion(ledger: Ledger, by: str, said: str, reason: str) -> None:
    made = a_draft(ledger)
    with pytest.raises(Unusable, match=reason):
        issue.review(ledger, made, by, said, THEN)


def test_a_bulletin_is_reviewed_once(ledger: Ledger) -> None:
    made = a_draft(ledger)
    issue.review(ledger, made, "李四", "可", THEN)
    with pytest.raises(Unusable, match="已由李四复核"):
        issue.review(ledger, made, "王五", "不可", THEN, reject=True)
    with pytest.raises(Unusable, match="没有这份简报"):
        issue.review(ledger, 999, "王五", "可", THEN)


def test_an_issued_bulletin_keeps_its_content_when_the_records_change(ledger: Ledger) -> None:
    made = a_draft(ledger)
    issue.review(ledger, made, "李四", "可", THEN)
    with ledger.read() as work:
        before = issue.content_of(issue.load(work, made))
    with ledger.begin() as work:
        tell(work, a_dispute("337-TA-2001"))
    with ledger.read() as work:
        assert issue.content_of(issue.load(work, made)) == before
    assert a_draft(ledger) != made


def test_changed_content_is_said_and_not_shown(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, other = a_draft(ledger), a_draft(ledger, Month(2026, 2))
    issue.review(ledger, made, "李四", "可", THEN)
    with ledger.begin() as work:
        changed = altered(issue.load(work, made).record)
        work.execute(update(table).where(table.c.id == made).values(record=changed))
    with ledger.read() as work, pytest.raises(Unusable, match="校验值不符"):
        issue.edition_of(issue.load(work, made))
    monkeypatch.setenv("YUJING_LEDGER_URL", ledger.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(showing, "PIPED_WIDTH", 160)
    with pytest.raises(Unusable, match="校验值不符"):
        commands.write(made, tmp_path / "b.html")
    assert not (tmp_path / "b.html").exists()
    assert commands.list_all() == 0
    printed = capsys.readouterr().out
    assert "altered" in printed
    assert f"{other} " in printed


def altered(record: str) -> str:
    """The record with one party's name changed, still well-formed."""
    changed = record.replace("Acme Holdings", "Acne Holdings")
    assert changed != record
    return changed


def test_a_changed_draft_cannot_be_issued(ledger: Ledger) -> None:
    made = a_draft(ledger)
    with ledger.begin() as work:
        changed = altered(issue.load(work, made).record)
        work.execute(update(table).where(table.c.id == made).values(record=changed))
    with pytest.raises(Unusable, match="校验值不符"):
        issue.review(ledger, made, "李四", "可", THEN)


def test_the_same_content_is_recorded_once(ledger: Ledger) -> None:
    assert a_draft(ledger) == a_draft(ledger, by="李四")
    sent_back = a_draft(ledger)
    issue.review(ledger, sent_back, "王五", "改", THEN, reject=True)
    assert a_draft(ledger) != sent_back


def test_a_second_issue_of_a_month_must_name_the_first(ledger: Ledger) -> None:
    first = a_draft(ledger)
    stale = issue.draft(ledger, INDUSTRY, MARCH, "张三", "", THEN + timedelta(days=1))
    issue.review(ledger, first, "李四", "可", THEN)
    with pytest.raises(Unusable, match="请重新编制"):
        issue.review(ledger, stale, "李四", "可", THEN)
    fresh = issue.draft(ledger, INDUSTRY, MARCH, "张三", "", THEN + timedelta(days=2))
    done = issue.review(ledger, fresh, "李四", "可", THEN)
    assert done.number == "2026-002"
    assert "本期替代〔2026〕第1期。" in issue.content_of(done).notes.paragraphs


def together(jobs: int, work: object) -> list[str]:
    """Run `work(number)` in as many threads at one moment; what each returned, or the refusal's first words."""
    ready, said = threading.Barrier(jobs), [""] * jobs

    def run(at: int) -> None:
        ready.wait()
        try:
            said[at] = work(at)  # type: ignore[operator]
        except Unusable as refusal:
            said[at] = f"refused: {refusal}"

    threads = [threading.Thread(target=run, args=(at,)) for at in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_reviewers_at_once_never_share_a_number(ledger: Ledger) -> None:
    drafts = [a_draft(ledger, audience=f"范围{number}") for number in range(8)]
    said = together(8, lambda at: issue.review(ledger, drafts[at], f"复核人{at}", "可", THEN).number)
    assert sorted(said) == [f"2026-{number:03}" for number in range(1, 9)]


def test_of_two_reviewers_of_one_draft_one_wins(ledger: Ledger) -> None:
    made = a_draft(ledger)
    said = together(6, lambda at: issue.review(ledger, made, f"复核人{at}", "可", THEN).number)
    assert [one for one in said if not one.startswith("refused")] == ["2026-001"]
    assert sum("复核" in one for one in said if one.startswith("refused")) == 5
    assert issue.review(ledger, a_draft(ledger, Month(2026, 2)), "李四", "可", THEN).number == "2026-002"


def test_of_two_drafts_of_one_month_issued_at_once_one_wins(ledger: Ledger) -> None:
    drafts = [issue.draft(ledger, INDUSTRY, MARCH, "张三", "", THEN + timedelta(days=at)) for at in range(4)]
    said = together(4, lambda at: issue.review(ledger, drafts[at], "李四", "可", THEN).number)
    assert sum(one == "2026-001" for one in said) == 1
    assert sum("请重新编制" in one for one in said) == 3


def test_the_commands_go_the_whole_way(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YUJING_LEDGER_URL", settings.ledger)
    opened = Ledger.open(settings.ledger)
    furnish(opened)
    opened.close()
    assert commands.compose(INDUSTRY, MARCH.first, "张三", "") == 0
    assert "案件 cases 2" in capsys.readouterr().out
    assert commands.write(1, tmp_path / "draft.html") == 0
    assert "草稿·未经复核" in (tmp_path / "draft.html").read_text("utf-8")
    assert commands.review(1, "李四", "可", reject=False) == 0
    assert "〔" in capsys.readouterr().out
    assert commands.write(1, tmp_path / "issued.HTML") == 0
    assert "草稿" not in (tmp_path / "issued.HTML").read_text("utf-8")
    with pytest.raises(Unusable, match=r"\.html、\.pdf"):
        commands.write(1, tmp_path / "b.docx")
    with pytest.raises(Unusable, match="无法写入"):
        commands.write(1, tmp_path / "nowhere" / "b.html")
    commands.list_all()
    assert "〔" in capsys.readouterr().out
