"""Reading whole notices: negatives, own and cited numbers, other languages, hostile and real text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.records import Notice, Section
from nlp.identifiers import find_identifiers
from nlp.itc_events import ITC_EVENTS
from nlp.language import detect_language
from tests.nlp.notices import HEREBY, federal_register, understand_prose

SHARED = Path(__file__).resolve().parents[3] / "shared" / "sources" / "federal_register" / "list_section337_part1.json"


@pytest.mark.parametrize(
    ("title", "sections", "verdict"),
    [
        (
            "Paper Clips From China; Scheduling of the Final Phase",
            {
                "docket_header": "Investigation Nos. 701-TA-545-547 (Final)",
                "summary": "The investigations were requested in petitions filed on August 11, 2015 by Ada Steel "
                "Corporation of Gary, Indiana.",
            },
            "no",
        ),
        (
            "Seafood; Institution of Investigation and Scheduling of Hearing",
            {"abstract": "under section 332(g) of the Tariff Act of 1930 instituted investigation No. 332-575"},
            "no",
        ),
        (
            "Notice Concerning the Appointment of the Commission's Administrative Law Judges for "
            "Section 337 Investigations",
            {"abstract": "have been appointed"},
            "no",
        ),
        ("Government in the Sunshine Act Meeting Notice", {"summary": "Vote on Inv. No. 337-TA-1300."}, "no"),
        (
            "Energy Conservation Program; Correction",
            {"abstract": "The Department of Energy is correcting a final rule."},
            "no",
        ),
        (
            "Certain Mills; Notice of Request for Submissions on the Public Interest",
            {"abstract": "issued an Initial Determination on Violation of Section 337."},
            "yes",
        ),
        (
            "Certain Lighters; Notice of Determination Not To Review an Order Finding Respondents in Default",
            {"abstract": "has determined not to review an initial determination finding respondents in default."},
            "yes",
        ),
        ("Certain Wheels From China; Notice of Commission Determination To Conduct Remand Proceedings", {}, "no"),
        ("Certain Mills; Commission Decision Affirming Denial of a Motion", {"abstract": "to affirm."}, "yes"),
        (
            "Notice of Receipt of Complaint",
            {"abstract": "has received a complaint entitled Certain Mills, DN 3990;"},
            "yes",
        ),
    ],
)
def test_only_section_337_is_an_ip_dispute(title: str, sections: dict[str, str], verdict: str) -> None:
    prose = understand_prose(federal_register(title, **sections))
    assert prose.ip_dispute == verdict
    assert not (verdict == "no" and (prose.parties or prose.rights or prose.filed_on))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Inv. No. 337-TA-1414 and 337–TA–1300 (Rescission)", ["337-TA-1414", "337-TA-1300"]),
        ("Certain Mills, DN 3432; and DN3809; Docket No. 3746", ["DN 3432", "DN 3809", "DN 3746"]),
        ("Nos. 701-TA-545-547 and 731-TA-1291-1297; No. 332-575", ["701-TA-545-547", "731-TA-1291-1297", "332-575"]),
        ("IPR2021-01599, PGR 2026–00055, 2:22-cv-00446-JRG", ["IPR2021-01599", "PGR2026-00055", "2:22-cv-00446"]),
        ("call 701-555-1234 or 202-205-2000; 19 U.S.C. 1337", []),
    ],
)
def test_numbers_in_prose(text: str, values: list[str]) -> None:
    assert [one.value for one in find_identifiers(text)] == values


def test_a_cited_case_is_not_the_notices_own() -> None:
    notice = federal_register(
        "Certain Mills; Notice of Request for Submissions on the Public Interest",
        abstract="For background, see Certain Modems, Inv. No. 337-TA-360. The Final ID finds a violation "
        "of section 337.",
        supplementary="products subject to the orders in Investigation No. 337-TA-1366. Submissions should "
        "refer to the "
        "investigation number (“Inv. No. 337-TA-1400”) in a prominent place.",
    )
    prose = understand_prose(notice)
    assert [one.value for one in prose.identifiers] == ["337-TA-1400"]
    assert prose.case_number == "337-TA-1400"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("美国国际贸易委员会决定对特定机器人启动337调查", "zh"),
        ("Die Klage wegen der Verletzung des Patents ist bei dem Landgericht und nicht zurückgewiesen", "de"),
        ("La décision de la division locale dans une affaire pour contrefaçon du brevet est publiée", "fr"),
        ("Laluz De Los Santos v. New York Sound et al", "en"),
        ("特許権侵害に関する訴えの提起について", "ja"),
        ("", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_chinese_bulletin_gives_event_product_and_number() -> None:
    title = "美国ITC正式对特定扫地机器人及其组件启动337调查"
    notice = Notice(
        "k",
        "bulletin",
        "1",
        "",
        title,
        "",
        "US",
        sections=(Section("title", title), Section("abstract", "调查编码：337-TA-1444。")),
    )
    prose = understand_prose(notice)
    assert (prose.language, prose.event, prose.ip_dispute) == ("zh", "institution", "yes")
    assert (prose.product, prose.case_number) == ("扫地机器人及其组件", "337-TA-1444")


@pytest.mark.parametrize(
    "piece",
    [
        "Haida Co., Ltd. of Jinan, China; ",
        "respondent A ",
        "((",
        '("',
        "9,899,481, ",
        "A and ",
        "terminating B as to ",
        " ",
        "\n",
        "特定产品",
    ],
)
def test_two_megabytes_of_hostile_prose_stay_bounded(piece: str) -> None:
    text = "The complaint names as respondents: " + piece * (2_000_000 // len(piece))
    prose = understand_prose(federal_register("Certain Mills; Notice", abstract=text[:2_000_000], supplementary=text))
    assert len(prose.parties) <= 1_000
    assert len(prose.rights) <= 400
    assert all(len(party.name) <= 200 and len(party.quote or "") <= 300 for party in prose.parties)
    assert all(len(one.quote) <= 300 for one in prose.evidence)


def test_the_order_quoted_is_the_one_granted() -> None:
    prose = understand_prose(
        federal_register(
            "Certain Mills; Notice of Final Determination Finding a Violation; Issuance of a Limited "
            "Exclusion Order; Termination",
            abstract=HEREBY
            + "that there is a violation and to issue a limited exclusion order. The investigation is terminated.",
        )
    )
    assert prose.relief == ("LEO",)
    assert any(one.kind == "relief" and "limited exclusion order" in one.quote for one in prose.evidence)


@pytest.mark.skipif(not SHARED.exists(), reason=f"the shared sample list is not here: {SHARED}")
def test_every_notice_of_the_shared_list_is_read() -> None:
    rows = json.loads(SHARED.read_text("utf-8"))["results"]
    read = [understand_prose(federal_register(row["title"], abstract=row["abstract"] or "")) for row in rows]
    assert len(read) == len(rows) > 400
    for prose in read:
        assert prose.event in ITC_EVENTS
        assert set(prose.relief) <= {"GEO", "LEO", "CDO"}
        assert all(party.role in {"complainant", "respondent"} for party in prose.parties)
        assert all(2 <= len(party.name) <= 120 and party.quote and len(party.quote) <= 300 for party in prose.parties)
        assert all(right.quote and len(right.quote) <= 300 for right in prose.rights)
        assert prose.product is None or 3 <= len(prose.product) <= 300
    institutions = [prose for prose in read if prose.event == "institution"]
    named = [prose for prose in institutions if prose.parties and prose.filed_on]
    assert len(named) >= 0.97 * len(institutions)  # one abstract names "company, city, state or country"
