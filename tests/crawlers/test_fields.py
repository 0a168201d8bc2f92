"""The small readers: safe text, dates without guessing, bytes as text, XML that cannot bite."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fields import (
    clean_text,
    decode,
    paragraphs,
    parse_date,
    parse_instant,
    recovered_xml,
    safe_text,
    safe_xml,
    unescape,
    without_markup,
)
from index.problems import Unreadable


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (" A\t B\r\nC ", "A B C"),
        ("A\x00\x1b[31mB", "A[31mB"),
        ("Co\u202e.dtL\u2066", "Co.dtL"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("O\x92Sample \x96 Co", "O’Sample – Co"),
        ("non\xa0breaking", "non breaking"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("青岛\u3000有限公司", "青岛 有限公司"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_line_is_safe(text: str | None, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text(max_size=300), st.integers(2, 50))
def test_a_clean_line_is_bounded_and_stays_clean(text: str, limit: int) -> None:
    clean = clean_text(text, limit)
    assert len(clean) <= limit
    assert clean_text(clean, limit) == clean
    assert safe_text(clean) == clean
    assert "\n" not in clean


def test_paragraphs_join_hard_wraps_and_keep_numbers_whole() -> None:
    text = "Investigation No. 337-\nTA-1414 was\ninstituted - \nwell.\n\n \n\nSecond   one.\n"
    assert paragraphs(text) == "Investigation No. 337-TA-1414 was instituted - well.\n\nSecond one."
    assert paragraphs(None) == paragraphs("\n \n") == ""
    assert len(paragraphs("x " * 500_000)) == 400_000


@pytest.mark.parametrize(
    ("text", "times", "plain"),
    [
        ("A &amp;amp; B", 1, "A &amp; B"),
        ("A &amp;amp; B", 2, "A & B"),
        ("O&amp;#39;S", 9, "O'S"),
        ("&#" + "9" * 5_000 + ";", 2, "&#" + "9" * 5_000 + ";"),
    ],
)
def test_entities_are_decoded_as_often_as_said(text: str, times: int, plain: str) -> None:
    assert unescape(text, times) == plain


def test_markup_leaves_its_words() -> None:
    html = "<p>One <b>bold</b></p>Two<br/>Three &lt; 4 <script>x</script><!-- note --> a < b"
    assert without_markup(html).split("\n") == ["", "One bold", "Two", "Three < 4 x note  a < b"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("04-05-2026", date(2026, 4, 5)),
        (" 2026/04/05  00:00:00 ", date(2026, 4, 5)),
        ("05.04.2026", None),
        ("2026-02-30", None),
        ("", None),
        (None, None),
        ("1" * 10_000, None),
    ],
)
def test_a_date_is_read_by_declared_formats_only(text: str | None, day: date | None) -> None:
    assert parse_date(text, ("%m-%d-%Y", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d")) == day


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Fri, 03 Feb 2023 10:58:42 MST", datetime(2023, 2, 3, 17, 58, 42, tzinfo=UTC)),
        ("Fri, 3 Feb 2023 10:58 GMT", datetime(2023, 2, 3, 10, 58, tzinfo=UTC)),
        ("03 Feb 2023 10:58:42 -0530", datetime(2023, 2, 3, 16, 28, 42, tzinfo=UTC)),
        ("Fri, 03 Feb 2023 10:58:42 ChST", datetime(2023, 2, 3, 0, 58, 42, tzinfo=UTC)),
        ("2023-02-03T10:58:42-05:00", datetime(2023, 2, 3, 15, 58, 42, tzinfo=UTC)),
        ("2023-02-03T10:58:42Z", datetime(2023, 2, 3, 10, 58, 42, tzinfo=UTC)),
        ("2023-02-03T10:58:42", None),
        ("Fri, 03 Feb 2023 10:58:42 XYZ", None),
        ("Fri, 31 Feb 2023 10:58:42 GMT", None),
        ("Fri, 03 Feb 0001 10:58:42 GMT", None),
        ("Fri, 03 Feb 2023 10:58:42 +9999", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_an_instant_needs_a_zone_that_is_known(text: str | None, instant: datetime | None) -> None:
    assert parse_instant(text) == instant


def test_a_time_without_offset_may_be_given_its_zone() -> None:
    summer = parse_instant("2023-07-03 10:58:42", ZoneInfo("America/New_York"))
    assert summer == datetime(2023, 7, 3, 14, 58, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "hint", "text"),
    [
        ("é".encode(), "", "é"),
        ("é".encode("latin-1"), "", "é"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + b"\x92", "", "’"),
        ("\ufeffé".encode(), "latin-1", "é"),
        ("é".encode("utf-16"), "", "é"),
        ("青岛".encode("gb18030"), "gb18030", "青岛"),
        ('<meta charset="gbk">青岛'.encode("gbk"), "", "青岛"),
        ("é".encode(), "no-such-charset", "é"),
        (b'<?xml encoding="zlib"?>x', "", "x"),
        (b"\x81", "", "\ufffd"),
    ],
)
def test_bytes_become_text_by_what_the_page_says(body: bytes, hint: str, text: str) -> None:
    assert decode(body, hint).rpartition(">")[2] == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a><b></a>",
        b"not xml",
        b"<!DOCTYPE html><html>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x "NDATA TIF>">]><a>&x;</a>',
    ],
    ids=str,
)
def test_xml_that_is_broken_or_bites_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        safe_xml(body)
    with pytest.raises(Unreadable):
        recovered_xml(body)


def test_a_picture_named_in_an_old_patent_is_no_attack() -> None:
    body = b'<!DOCTYPE a SYSTEM "a.dtd" [<!ENTITY D1 SYSTEM "D1.TIF" NDATA TIF>]><a>b</a>'
    assert safe_xml(body).text == "b"


def test_a_torn_feed_keeps_its_whole_items() -> None:
    whole = b"<rss><item><title>1</title></item><item><titles>2</titles></item></rss>"
    assert recovered_xml(whole)[1] is None
    root, wrong = recovered_xml(whole[:-12])
    assert [item[0].text for item in root.iter("item")] == ["1"]
    assert wrong
    root, wrong = recovered_xml(whole.replace(b">1<", b">\x011 & 1<"))
    assert len(list(root.iter("item"))) == 2
    assert wrong
