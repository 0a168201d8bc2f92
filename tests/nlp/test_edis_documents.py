"""EDIS documents: who filed, in which role, whom the title names, and what the document is."""

from __future__ import annotations

import pytest

from tests.nlp.notices import edis, named, understand_prose

OFFICE = "Office of the Secretary"
PARTIES = [
    ("Motion", "Respondents' Motion", "Ada Corp. & Bo Ltd.", [("respondent", "Ada Corp."), ("respondent", "Bo Ltd.")]),
    ("Exhibit", "Exhibits 1-30", "Complainant Cai GmbH & Co. KG", [("complainant", "Cai GmbH & Co. KG")]),
    ("Notice", "Notice of Prior Art of Respondents Ada Corp.", "Ada Corp.", [("respondent", "Ada Corp.")]),
    ("Motion", "Motion of Respondent Ada Corp. for Leave", "Ada Corp.", [("respondent", "Ada Corp.")]),
    ("Order", "Order No. 4", "Jane Roe, ALJ", []),
    ("Order", "Order No. 5", "ALJ Roe", []),
    ("Notice of Appearance", "", "OUII", [("commission_staff", "Office of Unfair Import Investigations")]),
    ("Complaint", "Appendices A - L", "Nettle Inc.", [("complainant", "Nettle Inc.")]),
    (
        "Pre-Hearing Statement",
        "Complainants' Pre-Trial Statement",
        "Nettle Solutions, Inc., Avi Corporation, Avi Patent Holding 1 Corporation and Avi USA Corporation",
        [
            ("complainant", name)
            for name in (
                "Nettle Solutions, Inc.",
                "Avi Corporation",
                "Avi Patent Holding 1 Corporation",
                "Avi USA Corporation",
            )
        ],
    ),
    (
        "Motion Response/Reply",
        "Respondent Verde, Inc.'s Opposition to Complainants' Motion to Strike",
        "Verde, Inc.",
        [("respondent", "Verde, Inc.")],
    ),
    (
        "Action Request",
        "Respondent Haida’s Emergency Petition to Modify Remedial Orders",
        "Haida (Zhuhai) Company, Ltd. and Haida America, Inc.",
        [("respondent", "Haida (Zhuhai) Company, Ltd."), ("respondent", "Haida America, Inc.")],
    ),
    (
        "Motion",
        "Opposition to Complainants' Motion to Compel",
        "Jinan Science and Technology Co., Ltd.",
        [("respondent", "Jinan Science and Technology Co., Ltd.")],
    ),
    (
        "Response to Complaint/NOI",
        "Public Version",
        "Ada Co., Ltd.; Bo (HK) Ltd.; and Cai, LLC",
        [("respondent", "Ada Co., Ltd."), ("respondent", "Bo (HK) Ltd."), ("respondent", "Cai, LLC")],
    ),
    (
        "PO Subscription",
        "Agreement to Be Bound by the Protective Order of Jane Roe",
        "Ada Co., Ltd.",
        [("party", "Ada Co., Ltd.")],
    ),
    (
        "Motion Response/Reply",
        "Commission Investigative Staff's Response",
        "Office of Unfair Import Investigations",
        [("commission_staff", "Office of Unfair Import Investigations")],
    ),
    (
        "Other",
        "Certified List, 25-1832, Haida (Zhuhai) Technology Company, Ltd. v. International Trade Commission",
        OFFICE,
        [("party_1", "Haida (Zhuhai) Technology Company, Ltd."), ("party_2", "International Trade Commission")],
    ),
    (
        "Order, Commission",
        "Cease and Desist Order for Haida (Zhuhai) Technology Company, Ltd.",
        OFFICE,
        [("respondent", "Haida (Zhuhai) Technology Company, Ltd.")],
    ),
    (
        "Order",
        "Initial Determination Terminating Respondent Foyer Lighting Co., Ltd. Based on Settlement",
        "Administrative Law Judge",
        [("respondent", "Foyer Lighting Co., Ltd.")],
    ),
    ("Voting Sheet", "", OFFICE, []),
    (
        "Correspondence - USITC",
        "Letter to Chief Jane Roe of U.S. Customs and Border Protection about the Commission’s Exclusion Order",
        OFFICE,
        [],
    ),
]
EVENTS = [
    ("Complaint", "Exhibits", ("complaint_received",), ()),
    ("Complaint", "First Amended Complaint", ("complaint_received", "amended"), ()),
    (
        "Notice",
        "F.R. Notice of Commission's Final Determination Finding a Violation of Section 337; "
        "Issuance of a Limited Exclusion Order and Cease and Desist Orders; Termination of the "
        "Investigation",
        ("violation_found",),
        ("LEO", "CDO"),
    ),
    ("Order, Commission", "General Exclusion Order", ("violation_found",), ("GEO",)),
    ("Order", "Initial Determination Terminating Respondent Ada Ltd. Based on Settlement", ("party_terminated",), ()),
    ("Order", "Order No. 5: Amended Procedural Schedule", ("target_date",), ()),
    ("Motion", "Motion for Issuance of a General Exclusion Order", ("other",), ()),
]


@pytest.mark.parametrize(("entry_type", "title", "behalf", "expected"), PARTIES)
def test_parties(entry_type: str, title: str, behalf: str, expected: list[tuple[str, str]]) -> None:
    prose = understand_prose(edis(entry_type, title, behalf))
    assert [(role, name) for role, name, _ in named(prose)] == expected


@pytest.mark.parametrize(("entry_type", "title", "events", "relief"), EVENTS)
def test_events(entry_type: str, title: str, events: tuple[str, ...], relief: tuple[str, ...]) -> None:
    prose = understand_prose(edis(entry_type, title, OFFICE))
    assert (prose.events, prose.relief) == (events, relief)


def test_the_case_is_the_structured_one_and_the_product_the_case_titles() -> None:
    prose = understand_prose(edis("Motion", "Motion in view of Inv. No. 337-TA-1100 and IPR2024-00001", "Ada Ltd."))
    assert [one.value for one in prose.identifiers] == ["337-TA-1440", "900001"]
    assert (prose.case_number, prose.ip_dispute, prose.product) == ("337-1440", "yes", "Robot Widgets")
