"""Parties in the prose of ITC notices: every list style of the Federal Register, with legal-form commas."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.itc_parties import complaint_filed_on, read_itc_parties
from nlp.pipeline import on_one_line, prose_pipeline
from tests.nlp.notices import federal_register, named, understand_prose


def parties(text: str) -> list[tuple[str, str, str | None]]:
    found = read_itc_parties([prose_pipeline()(on_one_line(text))])
    return [(party.role[:4], party.name, party.country) for party in found]


LISTS = {
    "places and definitions": (
        "The Commission instituted this investigation on May 1, 2024, based on a complaint filed "
        "by Arbor Power Corp. of "
        "El Segundo, California, and Arbor Power Austria AG of Villach, Austria (collectively, "
        "“Complainants” or “Arbor”). "
        "89 FR 12345. The notice of investigation named as respondents Haida (Suzhou) "
        "Semiconductor Co., Ltd., of Lili Town, "
        "China; and Haida America, Inc., of Santa Clara, California (“Haida America”).",
        [
            ("comp", "Arbor Power Corp.", "US"),
            ("comp", "Arbor Power Austria AG", "AT"),
            ("resp", "Haida (Suzhou) Semiconductor Co., Ltd.", "CN"),
            ("resp", "Haida America, Inc.", "US"),
        ],
    ),
    "including": (
        "The notice of investigation named twenty-six respondents, including: Ada (Jinan) Co., Ltd. (“Ada”) of "
        "Shandong, China; YanTaiBoYouXianGongSi (“Bo”) of SanDongSheng, China; and Cai SIA, d/b/a Dee and d/b/a Eff "
        "of Moldova.",
        [
            ("resp", "Ada (Jinan) Co., Ltd.", "CN"),
            ("resp", "YanTaiBoYouXianGongSi", "CN"),
            ("resp", "Cai SIA, d/b/a Dee and d/b/a Eff", "MD"),
        ],
    ),
    "both sides in one sentence": (
        "a settlement between complainants Ada, LLC of Austin, Texas and respondents Bo Co., Ltd. of Jinan, China "
        "and Cai Ltd. of Korea, Republic of.",
        [("comp", "Ada, LLC", "US"), ("resp", "Bo Co., Ltd.", "CN"), ("resp", "Cai Ltd.", "KR")],
    ),
    "a firm that writes itself small, another's motion": (
        "orders against respondents apricot athletica inc. of Toronto, Canada, on complainant Ada Corporation's "
        "motion.",
        [("comp", "Ada Corporation", None), ("resp", "apricot athletica inc.", "CA")],
    ),
    "who is alleged to violate an order": (
        "The enforcement complaint alleges that Bo Networks, Inc. of Austin, Texas violated the order.",
        [("resp", "Bo Networks, Inc.", "US")],
    ),
    "a street address": (
        "A complaint was filed on May 1, 1998, on behalf of Ada, Inc., 139 Main Court, Sunnyvale, CA 94086.",
        [("comp", "Ada, Inc.", "US")],
    ),
    "one for another": (
        "The complaint was amended to substitute Ada Global Inc. of Irvine, California for Ada USA Corp.",
        [("resp", "Ada Global Inc.", "US")],
    ),
    "half a name": (
        "a complaint filed by Ada LLC d/b/a The Glow Company (“Complainant”) of Austin, Texas.",
        [("comp", "Ada LLC d/b/a The Glow Company", "US")],
    ),
    "numbered": (
        "The notice of investigation named as respondents: (1) Ada Tools Co., Ltd. of Shenzhen, "
        "China; (2) Bo LLC; and "
        "(3) Cesar GmbH of Berlin, Germany.",
        [("resp", "Ada Tools Co., Ltd.", "CN"), ("resp", "Bo LLC", None), ("resp", "Cesar GmbH", "DE")],
    ),
    "one place for all": (
        "named the following three (3) respondents: Ada Co., Ltd., Bo Co., Ltd., and Cai Co., "
        "Ltd., all of Jinan, China.",
        [("resp", "Ada Co., Ltd.", "CN"), ("resp", "Bo Co., Ltd.", "CN"), ("resp", "Cai Co., Ltd.", "CN")],
    ),
    "and inside names": (
        "The complainant names as respondents: Jinan Science and Technology Co., Ltd. of China; "
        "Weifang Import and Export "
        "Corp. of China; and Lilly and Company of Gary, IN.",
        [
            ("resp", "Jinan Science and Technology Co., Ltd.", "CN"),
            ("resp", "Weifang Import and Export Corp.", "CN"),
            ("resp", "Lilly and Company", "US"),
        ],
    ),
    "places apart": (
        "The complaint names as respondents: Ada (HK) Ltd. of Hong Kong, China; Bo Corp. of "
        "Taipei, Taiwan; Cai Ltd. of "
        "Macau, China; Dee Ltd. of Toronto, Ontario, Canada; Eno Ltd. of Gyeonggi-do, Republic "
        "of Korea; and Flo Inc. of "
        "Tbilisi.",
        [
            ("resp", "Ada (HK) Ltd.", "HK"),
            ("resp", "Bo Corp.", "TW"),
            ("resp", "Cai Ltd.", "MO"),
            ("resp", "Dee Ltd.", "CA"),
            ("resp", "Eno Ltd.", "KR"),
            ("resp", "Flo Inc.", None),
        ],
    ),
    "pinyin and other names": (
        "named as respondents Yan Tai Hai Wei Dian Zi Shang Wu You Xian Gong Si of Yantai, "
        "China; Qingdao Ji Co., Ltd. f/k/a "
        "Qingdao Old Co., Ltd. of Qingdao, China; and HC Robots (a.k.a. Huicang Information Co., Ltd.).",
        [
            ("resp", "Yan Tai Hai Wei Dian Zi Shang Wu You Xian Gong Si", "CN"),
            ("resp", "Qingdao Ji Co., Ltd. f/k/a Qingdao Old Co., Ltd.", "CN"),
            ("resp", "HC Robots (a.k.a. Huicang Information Co., Ltd.)", None),
        ],
    ),
    "named before": (
        "based on a complaint filed by Bellows Laboratories, Inc. (Bellows), of Madison, "
        "Wisconsin. Egida Research Ltd. of "
        "the United Kingdom and Egida Research LLC of Dover, Delaware (collectively, Egida) were "
        "named as respondents.",
        [
            ("comp", "Bellows Laboratories, Inc.", "US"),
            ("resp", "Egida Research Ltd.", "GB"),
            ("resp", "Egida Research LLC", "US"),
        ],
    ),
    "as respondents": (
        "The notice of investigation named Norte Control, LLC of Reno, Nevada; and Norte, Inc. "
        "of Providence, Rhode Island "
        "(collectively, “Norte”) as respondents.",
        [("resp", "Norte Control, LLC", "US"), ("resp", "Norte, Inc.", "US")],
    ),
    "short-hands return": (
        "a limited exclusion order against defaulting respondents La Modista Boutique (“La "
        "Modista”), Estrella Group Inc. "
        "(“Estrella”), and Jining Anao Footwear Co., Ltd. (“Anao”) and cease and desist orders "
        "against defaulting respondents "
        "La Modista and Estrella.",
        [
            ("resp", "La Modista Boutique", None),
            ("resp", "Estrella Group Inc.", None),
            ("resp", "Jining Anao Footwear Co., Ltd.", None),
        ],
    ),
    "by whom": (
        "has found a violation of section 337 of the Tariff Act of 1930, as amended, by Aeolus "
        "Wind Inc.; Aeolus Wind A/S; and "
        "Gama Electric, S.A.U., and has determined to issue a limited exclusion order.",
        [
            ("resp", "Aeolus Wind Inc.", None),
            ("resp", "Aeolus Wind A/S", None),
            ("resp", "Gama Electric, S.A.U.", None),
        ],
    ),
    "terminated as to": (
        "an initial determination terminating the investigation as to Lampe SE of "
        "Herzogenaurach, Germany, based on settlement.",
        [("resp", "Lampe SE", "DE")],
    ),
    "substituted": (
        "to substitute Linyi New Co., Ltd. for respondent Linyi Old Co., Ltd.",
        [("resp", "Linyi Old Co., Ltd.", None), ("resp", "Linyi New Co., Ltd.", None)],
    ),
    "a forgotten full stop": (
        "a complaint was filed on behalf of Steam Labs, Inc. of Reno, Nevada and Cloud LLC of "
        "Washington, DC Supplements to the "
        "Complaint were filed on November 18, 2025.",
        [("comp", "Steam Labs, Inc.", "US"), ("comp", "Cloud LLC", "US")],
    ),
    "nobody": (
        "on behalf of company, city, state or country. Respondents' Motion is denied. "
        "Complainant's Petition names no one.",
        [],
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_names_places_and_roles_of_a_list(case: str) -> None:
    text, expected = LISTS[case]
    assert parties(text) == expected


def test_a_corrected_corporate_title_replaces_the_old_one() -> None:
    found = parties(
        "named as respondents Haida (Suzhou) Technology Company, Ltd., of Lili Town, China; and "
        "Haida Inc. of Reno, Nevada. On "
        "May 2, 2024, the Commission determined not to review an initial determination granting "
        "a motion to amend the complaint "
        "to correct the corporate title of Respondent Haida (Suzhou) Technology Co., Ltd. to "
        "Haida (Suzhou) Technology Holding "
        "Co., Ltd. See Order No. 7 (Apr. 10, 2024)."
    )
    assert found == [("resp", "Haida (Suzhou) Technology Holding Co., Ltd.", "CN"), ("resp", "Haida Inc.", "US")]


@pytest.mark.parametrize(
    ("says", "listed"),
    [
        ("The Office of Unfair Import Investigations (“OUII”) is also participating in the investigation.", True),
        ("The Office of Unfair Import Investigations was also named as a party.", True),
        ("The Office of Unfair Import Investigations is not participating in the investigation.", False),
    ],
)
def test_commission_staff_only_where_it_takes_part(says: str, listed: bool) -> None:
    assert bool(parties(says)) is listed


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "a complaint was filed with the U.S. International Trade Commission on January 7, 2020, "
            "on behalf of A Inc.",
            date(2020, 1, 7),
        ),
        (
            "a complaint and motion for temporary relief were filed with the Commission on May 8, "
            "2021, on behalf of A Inc.",
            date(2021, 5, 8),
        ),
        (
            "The Commission has received a complaint filed on behalf of Ada, Inc. and Bo LLC on May 10, 2024.",
            date(2024, 5, 10),
        ),
        ("has received an amended complaint filed on behalf of Ada, Inc. on May 10, 2024.", None),
        (
            "instituted this investigation on August 30, 2024, based on a complaint filed by Ada, "
            "Inc. of Reno, Nevada.",
            None,
        ),
        ("A supplement to the complaint was filed on February 21, 2020.", None),
        ("An amended complaint was filed on February 3, 2021.", None),
    ],
)
def test_filing_date_is_the_complaints_own(text: str, day: date | None) -> None:
    assert complaint_filed_on([prose_pipeline()(text)]) == day


WORDS = st.sampled_from(["Haida", "Ruida", "Nova", "Tides", "Kestrel", "Zhongyi", "Acton", "Bluff", "Orient"])
FORMS = st.sampled_from([" Co., Ltd.", ", Inc.", " LLC", " GmbH", ", S.A.", " Limited", " Corporation", ", L.P."])
PLACES = st.sampled_from([(" of Jinan, China", "CN"), (" of Austin, Texas", "US"), (" of Sweden", "SE"), ("", None)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS, FORMS, PLACES), min_size=1, max_size=12, unique_by=lambda row: row[:2]))
def test_any_semicolon_list_is_read_back(rows: list[tuple[str, str, str, tuple[str, str | None]]]) -> None:
    entries = [f"{first} {second}{form}{place}" for first, second, form, (place, _) in rows]
    expected = [("resp", f"{first} {second}{form}", country) for first, second, form, (_, country) in rows]
    assert (
        parties("The complaint names as respondents: " + "; ".join(entries) + ". The complainant requests relief.")
        == expected
    )


def test_a_thirty_respondent_receipt_keeps_every_name_and_a_quote() -> None:
    names = [f"Shandong Maker {number} Machinery Co., Ltd." for number in range(30)]
    text = "The complainant names as respondents: " + "; ".join(f"{name} of Jinan, China" for name in names) + "."
    prose = understand_prose(
        federal_register(
            "Notice of Receipt of Complaint; Solicitation of Comments Relating to the Public Interest",
            summary="the Commission has received a complaint entitled Certain Mills, DN 3990; the Commission "
            "is soliciting comments",
            supplementary=text,
        )
    )
    assert [name for _, name, _ in named(prose)] == names
    assert all(party.country == "CN" and party.quote and len(party.quote) <= 300 for party in prose.parties)
    assert prose.case_number == "DN 3990"
    assert prose.product == "Mills"
