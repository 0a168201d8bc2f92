"""What the Federal Register reader makes of each edition of a notice, and of pages that are none."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.reading import Split, combine, split_page
from crawlers.sources.federal_register import FederalRegister
from index.records import Identifier, Notice, Page
from tests.crawlers.federal_pages import NOW, PAGES, TEXT_HEAD, read, saved, split

REAL = Path(__file__).parents[3] / "shared" / "sources" / "federal_register"


def values(notice: Notice) -> list[str]:
    """A notice's identifiers without their kinds."""
    return [identifier.value for identifier in notice.identifiers]


# The text edition


def test_text_edition_gives_number_day_case_and_title() -> None:
    (notice,) = saved("institution.raw_text.html")
    assert (notice.native_id, notice.published_on, notice.filed_on) == ("2019-99101", date(2019, 6, 12), None)
    assert notice.case_number == "337-TA-9901 and 337-TA-9902"
    assert Identifier("us_itc_investigation", "337-TA-9902") in notice.identifiers
    assert Identifier("fr_document", "2019-99101") in notice.identifiers
    assert notice.title.endswith("and Products Containing the Same; Institution of Investigation")
    assert (notice.forum, notice.country, notice.entry_type) == ("us_itc", "US", "Notice")
    assert notice.url == "https://www.federalregister.gov/d/2019-99101"


def test_names_broken_by_wraps_and_page_turns_are_whole_again() -> None:
    supplementary = saved("institution.raw_text.html")[0].section("supplementary")
    assert "see Inv. No. 337-TA-360, USITC Pub. No. 2843" in supplementary
    assert "non-confidential documents were filed by several parties." in supplementary
    assert "ordered that—" in supplementary
    assert "Page 99102" not in supplementary


@pytest.mark.parametrize("spaces", ["kept", "taken away"])
def test_each_respondent_of_a_list_is_a_paragraph(spaces: str) -> None:
    page = (PAGES / "institution.raw_text.html").read_text("utf-8")
    if spaces == "taken away":
        page = "\n".join(line.rstrip() for line in page.split("\n"))
    paragraphs = read(page)[0].section("supplementary").split("\n\n")
    start = next(n for n, text in enumerate(paragraphs) if text.endswith("to be served:") and "(b)" in text)
    assert paragraphs[start + 1 : start + 7] == [
        "Ningbo Example Garden Tools Manufacturing & Trading Co., Ltd., Building 7, No. 88 Example Road, Yinzhou "
        "District, Ningbo, Zhejiang, China 315100",
        "Société Exemple S.A., Lyon, France",
        "Example Hose Inc., Dallas, TX 75201",
        "Zibo Example Plastic Products Co., Ltd., No. 3 Example Street, Zhangdian District, Zibo, Shandong, China",
        "Qingdao Example Rubber Industry Co., Ltd., Qingdao, China",
        "YANTAI EXAMPLE CO: Yantai, China",
    ]
    assert paragraphs[start + 7].startswith("(c) The Office of Unfair Import Investigations")


def test_an_entry_goes_on_over_a_page_turn_and_after_a_comma() -> None:
    head, foot = (
        f"{TEXT_HEAD}AGENCY\n\nTitle\n\n    (b) The respondents are--\n\n",
        "\n[FR Doc. 2019-99101 Filed]</pre>",
    )
    entries = "Ada Photo Co.,\n\n[[Page 9]]\n\nLtd., Jinan,\nShandong, China\n"
    entries += "Bo Skin\n\n[[Page 10]]\n\nCo., Ltd., Jinan, China\n"
    told = read(head + entries + foot)[0].section("supplementary").split("\n\n")
    assert told[1:] == ["Ada Photo Co., Ltd., Jinan, Shandong, China", "Bo Skin Co., Ltd., Jinan, China"]


def test_quotes_footnotes_contacts_and_signature() -> None:
    (notice,) = saved("institution.raw_text.html")
    summary = notice.section("summary")
    assert "(“Example”)" in summary
    assert "claims 1-4, 8-10, and 13 of U.S. Patent No. 9,999,999 (“the '999 patent”)." in summary
    assert notice.section("dates") == "The meeting is on July 1, 2019."
    assert notice.section("supplementary").endswith("By order of the Commission.\n\nIssued: June 7, 2019.")
    for left_out in ("footnote", "A. Person", "555-01", "protected", "<a", "Secretary"):
        assert left_out not in notice.text


def test_a_determination_without_labels_keeps_title_and_headings_apart() -> None:
    (notice,) = saved("determination.txt")
    assert (notice.title, notice.native_id) == ("Widgets From Elbonia", "03-99201")
    assert notice.published_on == date(2003, 8, 8)
    assert notice.case_number == "701-TA-9401, 9403-04 and 731-TA-9875"
    assert values(notice) == ["701-TA-9401", "701-TA-9403", "701-TA-9404", "731-TA-9875", "03-99201"]
    assert notice.section("supplementary").startswith("Determinations\n\nOn the basis of the record")


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("INTERNATIONAL TRADE COMMISSION\n\n\nNotice of Receipt\nof Complaint\n\n", "Notice of Receipt of Complaint"),
        ("DEPARTMENT OF X\n\nOffice of Y\n\nRIN 1000-AA00\n\nA Meeting\n\n", "A Meeting"),
        ("[Investigation No. 337-TA-9901]\n\nCertain Lamps\n\n", "Certain Lamps"),
        ("INTERNATIONAL TRADE COMMISSION\n\n[USITC SE-26-900]\n\n\nSunshine Act Meetings\n\n", "Sunshine Act Meetings"),
    ],
)
def test_title_stands_before_the_first_label(header: str, title: str) -> None:
    (notice,) = read(f"{TEXT_HEAD}{header}AGENCY HOLDING THE MEETING: The Commission.\n\nSTATUS: Open.\n</pre>")
    assert notice.title == title
    assert notice.section("supplementary").endswith("STATUS: Open.")


# The XML edition


def test_xml_edition_gives_sections_without_footnotes_and_page_turns() -> None:
    (notice,) = saved("rescission.notice.xml")
    assert (notice.native_id, notice.case_number) == ("2013-99301", "337-TA-9905")
    assert notice.title == "Certain Lamps; Institution of a Rescission Proceeding"
    assert notice.section("docket_header") == "[Inv. No. 337-TA-9905 (Rescission Proceeding)]"
    assert notice.section("summary") == (
        "The Commission has instituted a rescission proceeding.\n\n"
        "A second paragraph of the summary stands outside its element."
    )
    assert notice.section("supplementary").split("\n\n") == [
        "Background.—The order is published at http://www.example.com and concerns H2O lamps.",
        "Parties",
        "The respondents are:",
        "Jinan Example Lighting Co., Ltd., No. 5 Example Road, Jinan, Shandong, China",
        "Example Lamps & Sons, Boston, MA 02108",
        "Party | Place",
        "Weihai Example Co | Weihai",
        "Authority: 19 U.S.C. 1337.",
        "By order of the Commission.",
        "Issued: July 1, 2013.",
    ]
    assert "Nobody" not in notice.text
    assert "A. Person" not in notice.text


@pytest.mark.parametrize(
    ("name", "filed", "day"),
    [
        ("x.xml", "7-3-13; 8:45 am", date(2013, 7, 5)),  # the day after is Independence Day
        ("x.xml", "4-15-16; 8:45 am", date(2016, 4, 18)),  # a Friday
        ("x.xml", "4-14-16; 4:15 pm", None),  # a special filing follows no schedule
        ("2016-04-20_x.notice.xml", "4-14-16; 4:15 pm", date(2016, 4, 20)),
        ("2016-02-01_x.notice.xml", "4-14-16; 8:45 am", date(2016, 4, 15)),  # cannot be published before it is filed
        ("x.xml", "", None),
    ],
)
def test_day_of_a_document_that_prints_none(name: str, filed: str, day: date | None) -> None:
    page = (PAGES / "rescission.notice.xml").read_text("utf-8").replace("7–3–13; 8:45 am", filed)
    (notice,) = read(page, name)
    assert notice.published_on == day


def test_the_address_of_a_crawled_edition_holds_the_day() -> None:
    url = "https://www.federalregister.gov/documents/full_text/xml/2013/07/08/2013-99301.xml"
    page = Page("federal_register", url, NOW, (PAGES / "rescission.notice.xml").read_bytes())
    (raw,) = split_page(FederalRegister, page).raws
    assert raw.identity == "2013-99301 2013-07-08"


def test_every_notice_of_an_issue_is_read_and_a_stranger_is_no_case_of_the_commissions() -> None:
    found = split((PAGES / "issue.xml").read_bytes())
    assert [raw.native_id for raw in found.raws] == ["2018-99402", "2018-99403", "2018-99404"]
    assert {raw.identity.split()[1] for raw in found.raws} == {"2018-01-08"}
    stranger, complaint, meeting = saved("issue.xml")
    assert (stranger.forum, stranger.case_number) == ("us_federal_register", None)
    assert (complaint.case_number, values(complaint)) == ("DN 3746", ["DN 3746", "2018-99403"])
    assert meeting.section("supplementary").startswith("Time and Date: January 12, 2018 at 11:00 a.m.")
    assert [(problem.field, problem.reason) for problem in found.problems] == [
        ("FR Doc", "no document number"),
        ("elements", "unknown elements: NOVELTY"),
    ]


def test_a_torn_issue_keeps_its_whole_notices_and_says_it_is_torn() -> None:
    whole = (PAGES / "issue.xml").read_bytes()
    found = split(whole[: whole.index(b"Government in the Sunshine")])
    assert [raw.native_id for raw in found.raws] == ["2018-99402", "2018-99403"]
    assert "document" in {problem.field for problem in found.problems}


# The API


def test_list_and_document_give_the_same_notice() -> None:
    listed, other = saved("list.json")
    (alone,) = saved("document.json")
    assert listed == alone
    assert (listed.case_number, listed.published_on) == ("337-TA-9901", date(2019, 6, 12))
    assert listed.section("abstract") == "Notice is hereby given of Example's complaint."
    assert (other.case_number, values(other)) == ("DN 3999", ["DN 3999", "2019-99102"])


def test_all_editions_of_a_notice_make_one() -> None:
    parts = [saved("list.json")[0], saved("document.json")[0], saved("institution.raw_text.html")[0]]
    assert len({part.key for part in parts}) == 1
    notice = combine(parts)
    assert notice.url.startswith("https://www.federalregister.gov/documents/2019/06/12/2019-99101/")
    assert {"abstract", "summary", "supplementary"} <= {section.label for section in notice.sections}


def test_a_correction_names_what_it_corrects() -> None:
    (notice,) = saved("list_last.json")
    assert notice.corrects == "2019-98000"
    (reprint,) = read(json.dumps({"document_number": "C1-2013-21203", "title": "x", "publication_date": "2013-09-30"}))
    assert reprint.corrects == "2013-21203"


def test_a_list_with_only_some_fields_is_read() -> None:
    row = {"document_number": "2020-00353", "title": "A", "publication_date": "2020-01-14", "html_url": "x"}
    found = split(json.dumps({"count": 1, "results": [row]}))
    (notice,) = read(json.dumps({"count": 1, "results": [row]}))
    assert not found.problems
    assert (notice.forum, notice.url) == ("us_itc", "https://www.federalregister.gov/d/2020-00353")


def test_no_documents_is_an_answer() -> None:
    assert split('{"count": 0, "description": "Documents"}') == Split((), (), True)


def rows(**changes: Any) -> str:
    """A list of one good and one changed row; a change to None takes the field away."""
    good = {"document_number": "2020-00353", "title": "A", "publication_date": "2020-01-14", "html_url": ""}
    bad = {k: v for k, v in (good | {"document_number": "2020-00354"} | changes).items() if v is not None}
    return json.dumps({"count": 2, "results": [good, bad]})


@pytest.mark.parametrize(
    ("changes", "field", "kept"),
    [
        ({"title": None}, "results[1].title", 2),
        ({"publication_date": None}, "results[1].publication_date", 2),
        ({"publication_date": "14/01/2020"}, "results[1].publication_date", 2),
        ({"document_number": None}, "results[1].document_number", 1),
        ({"document_number": "not a number"}, "results[1].document_number", 1),
        ({"brand_new": 1}, "fields", 2),
    ],
)
def test_a_row_that_is_not_as_it_should_be_is_told_and_costs_no_other(
    changes: dict[str, Any], field: str, kept: int
) -> None:
    found = split(rows(**changes))
    assert [problem.field for problem in found.problems] == [field]
    assert len(found.raws) == kept


def test_a_row_without_its_day_has_the_day_of_its_address() -> None:
    url = "https://www.federalregister.gov/documents/2020/01/14/2020-00354/x"
    assert read(rows(publication_date=None, html_url=url))[1].published_on == date(2020, 1, 14)
    assert read(rows(publication_date=None))[1].published_on is None


# Real documents


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real documents: {REAL} is absent")
@pytest.mark.parametrize(
    ("file", "number", "day", "case"),
    [
        (
            "2016-04-15_701-TA-545_ADCVD.notice.xml",
            "2016-08650",
            date(2016, 4, 15),
            "701-TA-545-547 and 731-TA-1291-1297",
        ),
        ("2026-02297.raw_text.html", "2026-02297", date(2026, 2, 5), "337-TA-1414"),
        ("2026-02431.json", "2026-02431", date(2026, 2, 6), None),
    ],
)
def test_a_real_document_is_read_without_a_problem(file: str, number: str, day: date, case: str | None) -> None:
    body = (REAL / file).read_bytes()
    assert not split(body, file).problems
    (notice,) = read(body, file)
    assert (notice.native_id, notice.published_on, notice.case_number) == (number, day, case)


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real documents: {REAL} is absent")
def test_a_real_list_is_read_without_a_problem() -> None:
    found = split((REAL / "list_section337_part1.json").read_bytes())
    assert (len(found.raws), found.problems) == (411, ())
