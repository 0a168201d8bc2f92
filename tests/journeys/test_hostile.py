"""The whole command against pages, servers and files that mean no good, or are merely broken."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from index.ledger import tables
from tests.conftest import ROOT
from tests.journeys.publishers import (
    FEED,
    Answer,
    Publishers,
    a_document,
    institution,
    publishing,
    text_of,
    the_register,
)
from tests.journeys.world import YUJING, World

OTHER = Path(__file__).parent / "other"
PAGES = OTHER / "pages"
SCRIPT, SUM = "<script>alert('T')</script>", "{{7*7}}"
HOSTILE_NAME = "Linyi Fictive <img src=x onerror=alert(2)> {{7*7}} Tool Co., Ltd."
LONG = "Certain " + "very " * 4_000 + "long Tools; Notice of Institution of Investigation"
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE NOTICE [<!ENTITY a "ha">%s]>
<NOTICE><PREAMB><SUBJECT>&i;</SUBJECT></PREAMB></NOTICE>
""" % b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 30) for c in range(ord("b"), ord("j")))


def problems(world: World) -> list[tuple[str, str, str, str]]:
    """(source, url, field, reason) of every recorded problem."""
    told = tables.problems.c
    with world.ledger() as ledger, ledger.read() as work:
        rows = work.execute(select(told.source, told.url, told.field, told.reason)).all()
    return [(row.source, row.url, row.field, row.reason) for row in rows]


def register(world: World, folder: Path, *names: str) -> None:
    """A center that releases at once and enterprises of these English names, each with a contact."""
    folder.mkdir(parents=True, exist_ok=True)
    sheets = {
        "centers": ["name,email,cities,provincial,grace_hours", "虚构中心,center@example.com,临沂,是,即时"],
        "enterprises": ["ent_id,en_name_registered,city"],
        "contacts": ["enterprise,name,email,consent"],
    }
    for number, name in enumerate(names):
        sheets["enterprises"].append(f'H-{number},"{name}",临沂')
        sheets["contacts"].append(f"H-{number},<b>法务</b>{SUM},h{number}@example.com,2026-02-01 书面同意")
    for kind, lines in sheets.items():
        (folder / f"{kind}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    world.register(folder)


# Pages


@dataclass
class Visited:
    """One round over hostile pages."""

    world: World
    publishers: Publishers
    stranger: Publishers
    ended: subprocess.CompletedProcess[str]


def hostile_pages(stranger: str) -> dict[str, Answer]:
    """What the publishers answer: everything that may go wrong in a page, once each."""
    title = f"Certain {SCRIPT} {SUM} Tools; Notice of Institution of Investigation"
    documents = [
        a_document("2026-80001", title),
        a_document("2026-80002", LONG),
        a_document("2026-80003", "Certain Torn Tools; Notice of Institution of Investigation"),
        a_document("2026-80004", "Certain Funny Tools; Notice of Institution of Investigation"),
        a_document("2026-80005", "Certain Heavy Tools; Notice of Institution of Investigation"),
        a_document("2026-80006", "Certain Far Tools; Order", full_text_xml_url=f"{stranger}/far.xml"),
        a_document("2026-80007", "Certain Posing Tools; Order", json_url=f"https://www.federalregister.gov@{stranger[7:]}/x"),
        a_document("2026-80008", "Certain \x00\x07\u202e\ud800Odd\r\nBcc: victim@example.com Tools; Order"),
    ]  # fmt: skip
    whole = institution("2026-80003", "Certain Torn Tools; Notice of Institution of Investigation", "Nobody Co., Ltd.")
    return {
        **the_register(*documents, next_page_url=f"{stranger}/api/v1/documents?page=2"),
        text_of("2026-80001"): Answer(institution("2026-80001", title, HOSTILE_NAME)),
        text_of("2026-80002"): Answer(institution("2026-80002", LONG, "Linyi Wordy Co., Ltd.")),
        text_of("2026-80003"): Answer(whole[: whole.index(b"SUPPLEMENTARY") + 5]),
        text_of("2026-80004"): Answer(LAUGHS),
        text_of("2026-80005"): Answer(b"<P>heavy</P>" * 5_000, repeat=850),  # some 50 MB
        FEED: Answer(b"oops\n", 500),
        "/ecf.cacd.uscourts.gov/cgi-bin/rss_outside.pl": Answer(status=302, headers={"Location": f"{stranger}/feed"}),
        "/ecf.ilnd.uscourts.gov/cgi-bin/rss_outside.pl": Answer(
            b'<rss version="2.0"><channel><link>https://ecf.ilnd.uscourts.gov</link><item>'
            b"<title>1:26-cv-80011 Nobody v. \x00\x1b[31m\xe2\x80\xae Linyi Wordy Co., Ltd.</title>"
            b"<link>https://ecf.ilnd.uscourts.gov/cgi-bin/DktRpt.pl?1</link><guid>1</guid></item></channel></rss>"
        ),
    }


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    """The round, done once. Pages over a million bytes are refused."""
    folder = tmp_path_factory.mktemp("hostile")
    with publishing(Publishers()) as stranger, publishing(Publishers()) as publishers:
        publishers.answers = hostile_pages(stranger.address)
        world = World(folder / "home", publishers.settings("ilnd", "cacd") | {"YUJING_PAGE_LIMIT": "1000000"})
        register(world, folder / "register", HOSTILE_NAME, "Linyi Wordy Co., Ltd.")
        yield Visited(world, publishers, stranger, world.attempt("watch", "--once"))


def test_a_round_over_hostile_pages_ends_well(visited: Visited) -> None:
    assert visited.ended.returncode == 1, visited.ended.stderr[-3000:]
    assert visited.ended.stderr.splitlines() == ["usitc_edis: no page could be had"]
    assert "Traceback" not in visited.ended.stdout + visited.ended.stderr


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (text_of("2026-80003"), "not well-formed"),
        (text_of("2026-80004"), ""),
        (text_of("2026-80005"), "larger"),
        ("/external/rss/render.rss", "500"),
        ("ecf.cacd.uscourts.gov", "302"),
        ("/far.xml", "will not follow"),
        ("www.federalregister.gov@", "will not follow"),
        ("page=2", "will not follow"),
    ],
)
def test_what_could_not_be_had_is_a_recorded_problem(visited: Visited, where: str, said: str) -> None:
    path = where.removeprefix("/www.federalregister.gov")
    told = [reason for _, url, _, reason in problems(visited.world) if path in url]
    assert any(said in reason for reason in told), problems(visited.world)


def test_no_stranger_is_ever_asked(visited: Visited) -> None:
    assert visited.stranger.asked == []
    assert not [problem for problem in problems(visited.world) if "DNS" in problem[3]], "the live publisher was asked"


def test_a_torn_document_is_asked_for_in_the_text_edition_at_the_same_place(visited: Visited) -> None:
    assert text_of("2026-80003", "text") in visited.publishers.paths


def test_a_page_beyond_the_limit_is_given_up_at_once(visited: Visited) -> None:
    assert visited.publishers.paths.count(text_of("2026-80005")) == 1
    with visited.world.ledger() as ledger, ledger.read() as work:
        assert max(work.execute(select(tables.pages.c.size)).scalars()) < 1_000_000


def test_every_listed_document_is_counted_in_one_state(visited: Visited) -> None:
    states = visited.world.status()["items"]["federal_register"]
    assert states["total"] == 8
    assert sum(count for state, count in states.items() if state != "total") == 8
    assert "waiting" not in states


def test_what_a_page_or_a_register_says_never_becomes_markup_or_a_template(visited: Visited) -> None:
    mails = visited.world.mails()
    assert {mail["To"].addresses[0].addr_spec for mail in mails} == {
        "h0@example.com", "h1@example.com", "center@example.com",
    }  # fmt: skip
    for mail in mails:
        body = mail.get_body(("html",))
        assert body is not None
        page = body.get_content()
        for bad in ("<script", "<img", "<b>法务", "onerror=alert(2)>"):
            assert bad not in page, mail["To"]
    (told,) = (mail for mail in mails if "h0@" in mail["To"])
    page, plain = (told.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]
    assert "&lt;img src=x onerror=alert(2)&gt; {{7*7}} Tool" in page
    assert "&lt;script&gt;alert(&#39;T&#39;)&lt;/script&gt; {{7*7}} Tools" in page
    for text in (plain, told["Subject"]):
        assert "<img src=x onerror=alert(2)> {{7*7}} Tool" in text


def test_no_header_is_longer_than_a_reader_can_bear_nor_smuggles_another_in(visited: Visited) -> None:
    for mail in visited.world.mails():
        assert len(mail["Subject"]) <= 400
        assert mail["Bcc"] is None
        assert mail.defects == []


def test_control_characters_end_in_the_ledger_nowhere(visited: Visited) -> None:
    with visited.world.ledger() as ledger, ledger.read() as work:
        records = list(work.execute(select(tables.notices.c.record)).scalars())
    assert records
    for record in map(json.loads, records):
        text = json.dumps(record, ensure_ascii=False).replace("\\n", "")
        assert not [c for c in text if ord(c) < 32 or c in "\u202e\ud800"]
        assert "\\u0000" not in text
        assert "\\u001b" not in text


# Servers


def test_robots_that_forbid_are_obeyed_and_recorded(tmp_path: Path) -> None:
    robots = {"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n")}
    with publishing(Publishers(robots, PAGES)) as publishers:
        world = World(tmp_path / "home", publishers.settings("ilnd"))
        world.attempt("watch", "--once")
        assert set(publishers.paths) == {"/robots.txt"}
    told = problems(world)
    assert {source for source, *_ in told} == {"federal_register", "usitc_edis", "cmecf_rss"}
    assert all("robots" in reason.casefold() for *_, reason in told), told


def test_one_host_is_asked_one_thing_at_a_time_with_the_delay_between(tmp_path: Path) -> None:
    with publishing(Publishers(folder=PAGES)) as publishers:
        slow = publishers.settings(delay=0.5) | {"YUJING_SOURCES": '["usitc_edis"]'}
        World(tmp_path / "home", slow).run("watch", "--once")
    asked = [(at, path) for at, path in publishers.asked if path != "/robots.txt"]
    assert len(asked) >= 4
    assert publishers.paths[0] == "/robots.txt"
    assert asked[0][1].startswith(FEED)
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(asked)) >= 0.4


@dataclass
class Hung:
    """A round whose publisher never answers, and a second round started meanwhile."""

    world: World
    first: int
    said: str
    second: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def hung(tmp_path_factory: pytest.TempPathFactory) -> Hung:
    """A notice is in the ledger already; its warning must not wait for a publisher that hangs."""
    folder = tmp_path_factory.mktemp("hung")
    never = threading.Event()
    silent = {f"/ecf.{court}.uscourts.gov/cgi-bin/rss_outside.pl": Answer(hold=never) for court in ("ilnd", "cacd")}
    page = folder / "2026-80001.xml"
    page.write_bytes(institution("2026-80001", "Certain Tools; Notice of Institution", "Linyi Wordy Co., Ltd."))
    with publishing(Publishers(silent)) as publishers:
        limits = {"YUJING_SOURCES": '["cmecf_rss"]', "YUJING_CRAWL_TIMEOUT": "12"}
        world = World(folder / "home", publishers.settings("ilnd", "cacd") | limits)
        register(world, folder / "register", "Linyi Wordy Co., Ltd.")
        world.run("read", "--source", "federal_register", "--keep", page)
        words = [*YUJING, "watch", "--once"]
        first = subprocess.Popen(words, cwd=ROOT, env=world.told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until = time.monotonic() + 60
        while not holds_the_round(world) and time.monotonic() < until:
            time.sleep(0.1)
        second = world.attempt("watch", "--once")
        _, said = first.communicate(timeout=120)
        never.set()
    return Hung(world, first.returncode, said.decode(), second)


def holds_the_round(world: World) -> bool:
    """Whether some process is at a round."""
    with world.ledger() as ledger, ledger.read() as work:
        return bool(work.execute(select(tables.leases.c.name)).first())


def test_a_publisher_that_hangs_is_given_up_on_and_said_so(hung: Hung) -> None:
    assert hung.first == 1
    assert "cmecf_rss: stopped after 12 s" in hung.said


def test_a_publisher_that_hangs_holds_up_no_warning(hung: Hung) -> None:
    assert {mail["To"].addresses[0].addr_spec for mail in hung.world.mails()} == {
        "h0@example.com", "center@example.com",
    }  # fmt: skip


def test_a_second_round_says_that_one_is_running(hung: Hung) -> None:
    assert hung.second.returncode == 2
    (line,) = hung.second.stderr.strip().splitlines()
    assert "another round is running" in line


# Files


@pytest.mark.parametrize(
    ("source", "good", "notices"),
    [
        ("federal_register", "www.federalregister.gov/documents/full_text/xml/2026/03/10/2026-70001.xml", 1),
        ("usitc_edis", "edis.usitc.gov/external/rss/render.rss.xml", 5),
        ("cmecf_rss", "ecf.ilnd.uscourts.gov/cgi-bin/rss_outside.pl.xml", 4),
    ],
)
def test_each_file_that_cannot_be_read_is_named_in_one_line_and_the_others_are_read(
    tmp_path: Path, source: str, good: str, notices: int
) -> None:
    (tmp_path / "folder").mkdir()
    bad = {
        "empty.xml": b"",
        "garbage.bin": bytes(range(256)) * 40,
        "laughs.xml": LAUGHS,
        "zeros.xml": b"\0" * 5_000,
        "deep.json": b"[" * 100_000,
        "deep.xml": b"<a>" * 100_000,
    }
    for name, body in bad.items():
        (tmp_path / name).write_bytes(body)
    files = [tmp_path / name for name in ("folder", "missing.xml", *bad)]
    done = World(tmp_path / "home").attempt("read", "--source", source, *files, PAGES / good)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == notices
    for file in files:
        said = [line for line in done.stderr.splitlines() if str(file) in line]
        assert len(said) == 1, (file.name, done.stderr)


def test_formulas_in_a_register_are_refused_and_named(tmp_path: Path) -> None:
    book = Workbook()
    rows = [
        ("企业编号", "企业全称", "英文注册名"),
        ("F-1", '=HYPERLINK("http://evil.example","山东公式有限公司")', ""),
        ("F-2", "山东拟川泵业股份有限公司", "@SUM(A1:A9)"),
        ("F-3", "临沂幻砾工具有限公司", ""),
    ]
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "enterprises.xlsx")
    world = World(tmp_path / "home")
    done = world.attempt("import", "enterprises", tmp_path / "enterprises.xlsx")
    assert done.returncode == 1
    assert "row 2" in done.stderr
    assert "row 3" in done.stderr
    with world.ledger() as ledger, ledger.read() as work:
        kept = work.execute(select(tables.enterprises.c.id, tables.enterprises.c.en_name)).all()
    assert {tuple(row) for row in kept} == {("F-2", ""), ("F-3", "")}


def test_a_workbook_that_would_unpack_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "enterprises.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(256):
                sheet.write(b"0" * 1_000_000)
    done = World(tmp_path / "home").attempt("import", "enterprises", bomb)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert "enterprises.xlsx" in line
    assert "解压后过大" in line


def test_a_register_saved_by_an_old_spreadsheet_in_gb18030_is_read(tmp_path: Path) -> None:
    told = (
        (OTHER / "register" / "enterprises.csv").read_text("utf-8").replace("幻砾", "幻㵘")
    )  # outside GB 2312 and GBK
    (tmp_path / "enterprises.csv").write_bytes(told.encode("gb18030"))
    world = World(tmp_path / "home")
    world.run("import", "enterprises", tmp_path / "enterprises.csv")
    with world.ledger() as ledger, ledger.read() as work:
        names = set(work.execute(select(tables.enterprises.c.cn_name)).scalars())
    assert "临沂幻㵘工具有限公司" in names
    assert "山东拟川泵业股份有限公司" in names
