"""A notice of institution: entries with street addresses, each on its own line."""

from __future__ import annotations

import pytest

from nlp.institution import name_end, read_institution
from tests.nlp.notices import federal_register, named, understand_prose

ENTRIES = [
    (
        "Jinan Dali Technology Co., Ltd., Room 501, No. 8 Keji Road, Jinan, Shandong 250000, China",
        "Jinan Dali Technology Co., Ltd.",
        "CN",
    ),
    (
        "Qingdao Haiwei Machinery Co., Ltd., 12 Hong Kong Road, Qingdao, Shandong, China 266071",
        "Qingdao Haiwei Machinery Co., Ltd.",
        "CN",
    ),
    (
        "Yantai Ruida Co., Ltd. d/b/a RuidaHome, No. 1 Zhujiang Rd., Yantai 264006, China",
        "Yantai Ruida Co., Ltd. d/b/a RuidaHome",
        "CN",
    ),
    ("Best Choice (HK) Limited, Unit 5, 3/F, Wing Tower, Kowloon, Hong Kong", "Best Choice (HK) Limited", "HK"),
    ("Wide Sea Ltd., Unit 2, Nathan Road, Kowloon, Hong Kong, China", "Wide Sea Ltd.", "HK"),
    (
        "Hsinchu Precision Corp., No. 3, Sec. 2, Zhonghua Rd., Hsinchu City 30078, Taiwan",
        "Hsinchu Precision Corp.",
        "TW",
    ),
    ("Maple Imports Ltd., 55 King St. W, Toronto, Ontario M5H 2N2, Canada", "Maple Imports Ltd.", "CA"),
    ("Hana Electronics Co., Ltd., 12 Teheran-ro, Seoul 06164, Republic of Korea", "Hana Electronics Co., Ltd.", "KR"),
    ("Shopfront Services LLC, 410 Terry Avenue North, Seattle, Washington 98109", "Shopfront Services LLC", "US"),
    ("Granite Corp., 9 Main Street, San Jose CA 95112", "Granite Corp.", "US"),
    ("Zhang San d/b/a SuperDeals, Rm 2, Yiwu, Zhejiang Province, China", "Zhang San d/b/a SuperDeals", "CN"),
    ("Poultry Holdings plc, 1 Poultry, London EC2R 8EJ, United Kingdom", "Poultry Holdings plc", "GB"),
    ("Ji Nan Co., Ltd., No. 8 Keji Road, Jinan, Shandong 250000 CN", "Ji Nan Co., Ltd.", "CN"),
    ("Chu Corp., 41 Nan Rd., Taichung City 411, Taiwan (R.O.C.)", "Chu Corp.", "TW"),
    ("Nameless Trading, somewhere", "Nameless Trading", None),
]
TEXT = """(3) For the purpose of the investigation so instituted, the following are hereby named as parties:

(a) The complainants are:

Foundry Widgets, Inc., 123 Main Street, Suite 4, San Jose, CA 95112

Baum GmbH & Co. KG, Hauptstrasse 5, 80333 München, Germany

(b) The respondents are the following entities alleged to be in violation of section 337, and are the parties upon
which the complaint is to be served:

{entries}

(c) The Office of Unfair Import Investigations, U.S. International Trade Commission, 500 E Street SW,
Washington, DC 20436; and

(4) For the investigation so instituted, the Chief Administrative Law Judge shall designate the presiding judge."""


@pytest.mark.parametrize(("entry", "name", "country"), ENTRIES)
def test_an_entry_gives_name_and_country(entry: str, name: str, country: str | None) -> None:
    respondents = [party for party in read_institution(TEXT.format(entries=entry)) if party.role == "respondent"]
    assert [(party.name, party.country) for party in respondents] == [(name, country)]
    assert entry[: name_end(entry)] == name


@pytest.mark.parametrize("between", ["\n\n", "\n", "; "])
def test_all_entries_in_order_however_they_are_set_apart(between: str) -> None:
    found = read_institution(TEXT.format(entries=between.join(entry for entry, _, _ in ENTRIES)))
    assert [party.name for party in found if party.role == "respondent"] == [name for _, name, _ in ENTRIES]
    assert [(party.name, party.country) for party in found if party.role == "complainant"] == [
        ("Foundry Widgets, Inc.", "US"),
        ("Baum GmbH & Co. KG", "DE"),
    ]


def test_a_notice_of_before_2010() -> None:
    old = TEXT.replace("are:\n\nFoundry", "are—Foundry").replace("served:", "served—")
    old = old.replace("(c) The Office", "(c) Jane Roe, Esq., Office").format(
        entries="Bo Corp., 9 Main Street, Reno, NV 89501"
    )
    names = ["Foundry Widgets, Inc.", "Baum GmbH & Co. KG", "Bo Corp.", "Office of Unfair Import Investigations"]
    assert [party.name for party in read_institution(old)] == names


def test_the_abstracts_complainants_and_the_entries_are_one() -> None:
    prose = understand_prose(
        federal_register(
            "Certain Robot Widgets and Components Thereof; Notice of Institution of Investigation",
            number="337-TA-1444",
            summary=(
                "Notice is hereby given that a complaint was filed with the U.S. International Trade "
                "Commission on April 4, 2025, "
                "under section 337 of the Tariff Act of 1930, as amended, on behalf of Foundry Widgets, "
                "Inc. of San Jose, California "
                "and Baum GmbH & Co. KG of Germany. The complaint alleges violations of section 337 "
                "based upon the importation into "
                "the United States of certain robot widgets and components thereof by reason of the "
                "infringement of certain claims "
                "of U.S. Patent No. 11,111,111 (“the '111 patent”). The complainants request that the "
                "Commission institute an "
                "investigation and, after the investigation, issue a general exclusion order and cease "
                "and desist orders."
            ),
            supplementary=TEXT.format(entries=ENTRIES[0][0]),
        )
    )
    assert named(prose) == [
        ("complainant", "Foundry Widgets, Inc.", "US"),
        ("complainant", "Baum GmbH & Co. KG", "DE"),
        ("respondent", "Jinan Dali Technology Co., Ltd.", "CN"),
        ("commission_staff", "Office of Unfair Import Investigations", "US"),
    ]
    assert (prose.event, prose.relief, prose.ip_dispute) == ("institution", (), "yes")
    assert str(prose.filed_on) == "2025-04-04"
    assert prose.product == "robot widgets and components thereof"
    assert [right.number for right in prose.rights] == ["US11111111"]


def test_text_without_entries_gives_nobody() -> None:
    assert read_institution("The respondents are many. (a) The complainant is:") == ()
