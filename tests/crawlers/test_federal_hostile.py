"""Pages that are no Federal Register document, and some that mean harm: a recorded problem, never a crash."""

from __future__ import annotations

import json

import pytest

from tests.crawlers.federal_pages import TEXT_HEAD, read, split


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "the answer is empty"),
        (" \n", "the answer is empty"),
        ("<!DOCTYPE html><html><body>Request Access</body></html>", "not a Federal Register document"),
        ("<?xml version='1.0'?><html><body>Request Access</body></html>", "no Federal Register document but <html>"),
        ('{"errors": {"per_page": "invalid"}}', "the API answered: {'per_page': 'invalid'}"),
        ('{"message": "Record Not Found"}', "the API answered: Record Not Found"),
        ("{}", "JSON without documents"),
        ('{"count": 3}', "JSON without documents"),
        ('{"count": 1, "results": [{"document_number": "2020-', "not JSON"),
        ('{"a":' * 100_000, "JSON nested too deeply"),
        ('{"document_number": "2020-00353", "title": NaN}', "NaN is no number"),
        ("<NOTICE><PREAMB><SUBJECT>Certain", "not well-formed XML"),
        ('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><NOTICE>&b;</NOTICE>', "declares entities"),
        ("<NOTICE>" + "<P>" * 10_000, "not well-formed XML"),
        ("<FEDREG><NOTICES></NOTICES></FEDREG>", "no Federal Register document but <FEDREG>"),
        ("\x00" * 100, "not a Federal Register document"),
    ],
)
def test_a_page_that_is_no_document_is_unreadable(page: str, reason: str) -> None:
    found = split(page)
    assert not found.readable
    assert not found.raws
    assert reason in found.problems[0].reason


def test_a_page_beyond_any_size_is_refused_unread() -> None:
    found = split(b" " * 50_000_000)
    assert found.problems[0].reason == "larger than 32000000 bytes"


def test_hostile_text_comes_out_bounded_and_clean() -> None:
    title = "\u202eevil\u0007 <script>alert(1)</script> " + "x" * 20_000
    (listed,) = read(json.dumps({"document_number": "2020-00353", "title": title, "publication_date": "2020-01-14"}))
    (printed,) = read(f"{TEXT_HEAD}AGENCY\n\n[DN 1]\n\n{title}\n\nSUMMARY: \u202e{'y ' * 300_000}\n")
    for notice in (listed, printed):
        assert len(notice.title) == 2_000
        assert not {"\u202e", "\u0007", "<"} & set(notice.text)
    assert len(printed.section("summary")) == 400_000


def test_fields_of_any_type_do_not_break_reading() -> None:
    odd = {"title": ["x"], "publication_date": 5, "docket_ids": {"a": 1}, "agencies": "x", "abstract": {"a": 1}}
    odd |= {"html_url": 7, "correction_of": [1], "type": [1], "action": 3.5, "dates": True}
    (notice,) = read(json.dumps({"document_number": "2020-00353"} | odd))
    assert (notice.title, notice.published_on, notice.corrects) == ("", None, None)


def test_half_characters_do_not_reach_the_ledger() -> None:
    page = '{"document_number": "2020-00353", "title": "a\\ud800b", "publication_date": "2020-01-14"}'
    (raw,) = split(page).raws
    assert json.dumps(raw.fields["title"], ensure_ascii=False).encode() == b'"a?b"'
