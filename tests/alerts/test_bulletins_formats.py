"""The same facts in every form, text that stays text, and no PDF rather than boxes."""

from __future__ import annotations

import re
import shutil
import struct
import unicodedata
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from alerts.bulletins import fonts
from alerts.bulletins.cmap import characters
from alerts.bulletins.compose import compose
from alerts.bulletins.content import Part
from alerts.bulletins.formats import FORMATS, writer
from alerts.bulletins.issue import Edition
from alerts.bulletins.month import Month
from index.ledger import Ledger
from index.problems import Unusable
from index.records import Party
from tests.alerts.bulletins import INDUSTRY, RESPONDENT, a_dispute, furnish, tell, texts

ISSUED = {"number": "〔2026〕第1期", "dated": "2026年4月3日印发", "on": date(2026, 4, 3), "mark": ""}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="9"><text y="8" font-size="8">案件7391</text></svg>'
HOSTILE = (
    '#read("/etc/passwd")', "$x^2$", "*bold* _it_ `code`", "\\ \\u{41} \\#", "<script>alert(1)</script>",
    "@cite <label> = heading", '"; #eval("1+1") //', "]]> [x] #[y]", "{{ 7*7 }} {% x %}", "// comment /* c */",
    "https://evil.example/#frag", "A" * 400, "-" * 80,
)  # fmt: skip


@pytest.fixture
def edition(ledger: Ledger) -> Edition:
    furnish(ledger)
    with ledger.read() as work:
        return Edition(compose(work, INDUSTRY, Month(2026, 3), date(2026, 4, 2)), **ISSUED)  # type: ignore[arg-type]


def pdf(edition: Edition, font: Path | None = None) -> bytes:
    """The PDF; skipped where the machine has no Chinese font."""
    try:
        return FORMATS[".pdf"](edition, font)
    except Unusable as error:
        if "没有找到中文字体" in str(error):
            pytest.skip(str(error))
        raise


class Text(HTMLParser):
    """The text a browser would show."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.inside: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.inside:
            self.told.append(data)


def plain(text: str) -> str:
    """Letters and signs alone: how lines are broken and spaced is each form's own affair."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Cc"))
    return re.sub(r"\s+", "", "".join(kept))


def shown(form: str, made: bytes) -> str:
    if form == ".pdf":
        pages = PdfReader(BytesIO(made)).pages
        # the page number stands between the halves of what runs over a page
        return plain("".join(re.sub(r"\n— \d+ —\s*$", "", page.extract_text()) for page in pages))
    reader = Text()
    reader.feed(made.decode("utf-8"))
    return plain("".join(reader.told))


def test_forms_are_found_by_their_modules() -> None:
    assert sorted(FORMATS) == [".html", ".pdf"]
    with pytest.raises(Unusable, match=r"\.html、\.pdf"):
        writer("")


@pytest.mark.parametrize("form", [".html", ".pdf"])
def test_every_fact_is_in_every_form(edition: Edition, form: str) -> None:
    made = pdf(edition) if form == ".pdf" else FORMATS[form](edition)
    told = shown(form, made)
    facts = [*texts(edition.content), edition.number, edition.dated]
    assert len(facts) > 100
    assert [fact for fact in facts if plain(fact) not in told] == []


@pytest.mark.parametrize("form", [".html", ".pdf"])
def test_a_draft_says_so_and_an_issued_bulletin_does_not(edition: Edition, form: str) -> None:
    draft = replace(edition, number="未编号", mark="草稿·未经复核")
    made = {one: shown(form, pdf(one) if form == ".pdf" else FORMATS[form](one)) for one in (draft, edition)}
    assert made[draft].count("草稿·未经复核") >= 2
    assert "第1期" not in made[draft]
    assert "草稿" not in made[edition]


def test_the_same_bulletin_gives_the_same_bytes(edition: Edition) -> None:
    assert FORMATS[".html"](edition) == FORMATS[".html"](edition)
    assert pdf(edition) == pdf(edition)
    later = replace(edition, on=date(2026, 4, 4))
    assert pdf(later) != pdf(edition)


def hostile(edition: Edition) -> Edition:
    return replace(edition, content=replace(edition.content, overview=Part("一、本月概况", HOSTILE)))


@pytest.mark.parametrize("form", [".html", ".pdf"])
def test_text_stays_text(edition: Edition, form: str) -> None:
    bad = hostile(edition)
    made = pdf(bad) if form == ".pdf" else FORMATS[form](bad)
    told = shown(form, made)
    assert [text for text in HOSTILE if plain(text) not in told] == []
    assert "root:" not in told


def test_hostile_names_from_the_record_to_the_page(ledger: Ledger) -> None:
    names = tuple(Party(f"{text[:100]} Co., Ltd.", "respondent", "CN") for text in HOSTILE)
    with ledger.begin() as work:
        tell(work, a_dispute(parties=names, title=HOSTILE[0] + "<b>", product=HOSTILE[4], url="javascript:alert(1)"))
    with ledger.read() as work:
        content = compose(work, INDUSTRY, Month(2026, 3), date(2026, 4, 2))
    bad = Edition(content, **ISSUED)  # type: ignore[arg-type]
    for form, made in ((".html", FORMATS[".html"](bad)), (".pdf", pdf(bad))):
        told = shown(form, made)
        assert plain(HOSTILE[0] + " Co., Ltd.") in told
        assert "javascript" not in told


def test_the_page_fetches_and_runs_nothing(edition: Edition) -> None:
    pictured = replace(edition, content=replace(edition.content, picture=SVG))
    made = FORMATS[".html"](hostile(pictured)).decode("utf-8")
    reader = Text()
    reader.feed(made)
    assert not {"script", "link", "iframe", "object", "form"} & set(reader.tags)
    sources = re.findall(r'(?:src|srcset|background)="([^"]*)"|url\(([^)]*)\)', made)
    assert [one for pair in sources for one in pair if one and not one.startswith("data:image/svg+xml;base64,")] == []
    assert "default-src &#39;none&#39;" in made or "default-src 'none'" in made


def test_long_words_stay_on_the_page(edition: Edition) -> None:
    reader = PdfReader(BytesIO(pdf(hostile(edition))))
    for page in reader.pages:
        reached: list[float] = []

        def visit(text: str, _cm: object, matrix: list[float], *_rest: object, seen: list[float] = reached) -> None:
            if text.strip():
                seen.append(matrix[4])

        page.extract_text(visitor_text=visit)
        assert max(reached) < float(page.mediabox.width)
    lines = "\n".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split("\n")
    runs = [len(run) for line in lines for run in re.findall("A{9,}", line)]
    assert 400 - 9 < sum(runs) <= 400
    assert max(runs) < 120


def test_a_picture_is_set_where_there_is_one(edition: Edition) -> None:
    pictured = replace(edition, content=replace(edition.content, picture=SVG))
    assert pdf(pictured) != pdf(edition)
    assert b"data:image/svg+xml;base64," in FORMATS[".html"](pictured)


# Fonts


def test_without_a_font_the_pdf_is_refused_with_what_helps(edition: Edition, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="没有找到中文字体") as refused:
        FORMATS[".pdf"](edition, None, [tmp_path])
    assert "fonts-noto-cjk" in str(refused.value)
    assert "YUJING_FONT" in str(refused.value)


def a_chinese_font() -> Path:
    try:
        return fonts.find("简报").files[0]
    except Unusable as error:
        pytest.skip(str(error))


def test_a_character_no_font_has_is_named(edition: Edition) -> None:
    font = a_chinese_font()
    odd = replace(edition, content=replace(edition.content, title="简报\U00012345"))
    with pytest.raises(Unusable, match=r"U\+12345"):
        FORMATS[".pdf"](odd, font, [font.parent])


def test_a_named_font_is_the_one_used(edition: Edition, tmp_path: Path) -> None:
    font = tmp_path / f"own{a_chinese_font().suffix}"
    shutil.copyfile(a_chinese_font(), font)
    made = FORMATS[".pdf"](edition, font, [tmp_path / "empty"])
    assert plain(edition.content.title) in shown(".pdf", made)


@pytest.mark.parametrize(("name", "reason"), [("none.ttf", "没有这个文件"), ("text.ttf", "不是可用的字体文件")])
def test_a_named_font_that_is_none_is_said(edition: Edition, tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "text.ttf").write_text("this is no font", "utf-8")
    with pytest.raises(Unusable, match=reason):
        FORMATS[".pdf"](edition, tmp_path / name)


def test_a_font_without_chinese_is_filled_up_from_others_or_refused(edition: Edition, tmp_path: Path) -> None:
    latin = next((f.faces[0].file for f in fonts._families(None) if ord("简") not in f.has and ord("A") in f.has), None)
    if latin is None:
        pytest.skip("no Latin font on this machine")
    with pytest.raises(Unusable, match="没有找到中文字体"):
        FORMATS[".pdf"](edition, latin, [tmp_path])
    assert plain(edition.content.title) in shown(".pdf", pdf(edition, latin))


def test_a_fonts_characters_are_read_from_its_table(tmp_path: Path) -> None:
    known = characters(a_chinese_font())
    assert {ord(c) for c in "海外知识产权A1（"} <= known
    assert 0x12345 not in known
    bad = tmp_path / "bad.ttf"
    for body in (b"", b"\0\1\0\0" + struct.pack(">H", 9), b"ttcf" + b"\xff" * 40):
        bad.write_bytes(body)
        characters.cache_clear()
        assert characters(bad) == frozenset()


def test_a_table_of_segments_tells_missing_characters(tmp_path: Path) -> None:
    # two segments: A to C by delta, where B's place would be 0; a to b through the glyph array, b missing
    ends, starts = (0x43, 0x62, 0xFFFF), (0x41, 0x61, 0xFFFF)
    deltas, ranges = ((5 - 0x41) & 0xFFFF, 0, 1), (0, 4, 0)
    body = struct.pack(">3H", *ends) + b"\0\0" + struct.pack(">3H", *starts)
    body += struct.pack(">3H", *deltas) + struct.pack(">3H", *ranges) + struct.pack(">2H", 9, 0)
    sub = struct.pack(">HHHHHHH", 4, 14 + len(body), 0, 6, 4, 1, 2) + body
    table = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + sub
    head = b"\0\1\0\0" + struct.pack(">HHHH", 1, 16, 0, 0)
    font = tmp_path / "small.ttf"
    font.write_bytes(head + struct.pack(">4sIII", b"cmap", 0, 28, len(table)) + table)
    assert characters(font) == {0x41, 0x42, 0x43, 0x61}


def test_the_respondent_is_in_the_sample(edition: Edition) -> None:
    assert RESPONDENT.name in "".join(texts(edition.content))
