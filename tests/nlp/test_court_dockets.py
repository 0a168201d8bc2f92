"""Court feeds: parties from captions, events from short descriptions, and what is certainly no IP dispute."""

from __future__ import annotations

import pytest

from nlp.court_events import court_events
from tests.nlp.notices import docket, named, understand_prose

SCHEDULE_A = "The Partnerships and Unincorporated Associations Identified on Schedule A"
CAPTIONS = [
    ("China Tools, Inc. et al v. Song et al", "nyed", [("plaintiff", "China Tools, Inc."), ("defendant", "Song")]),
    (f"Acorn Ltd. v. {SCHEDULE_A}", "ilnd", [("plaintiff", "Acorn Ltd."), ("defendant", SCHEDULE_A)]),
    ("Davis v. The City Of Troy , et al", "nyed", [("plaintiff", "Davis"), ("defendant", "The City Of Troy")]),
    (
        "Dozer v. CN of Dunham, Inc. d/b/a CNAC of D      ",
        "mdb",
        [("plaintiff", "Dozer"), ("defendant", "CN of Dunham, Inc. d/b/a CNAC of D")],
    ),
    ("Translux Inc. v. Vega", "cafc", [("party_1", "Translux Inc."), ("party_2", "Vega")]),
    ("Roe v.", "flsd", [("plaintiff", "Roe")]),
    ("In the Matter of the Complaint of Sea Co., LLC", "flsd", [("petitioner", "Sea Co., LLC")]),
    ("In re: Subpoena to Acorn Ltd.", "flsd", []),
    ("In re: Mara Linden", "ca2", [("party_1", "Mara Linden")]),
    ("In re: Coffee Pods Antitrust Litigation", "nysd", []),
    ("Master List of 2018 Grand Jury Cases", "nyed", []),
    ("", "wvsd", []),
]
ENTRIES = [
    ("Complaint", "complaint"),
    ("Amended Complaint", "amended_complaint"),
    ("Answer to Complaint", "answer"),
    ("Answer to Complaint, Counterclaim", "counterclaim"),
    ("Motion for Preliminary Injunction", "preliminary_injunction"),
    ("Order on Motion for TRO", "tro"),
    ("Order on Motion to Dismiss", "order"),
    ("Order on Motion for Summary Judgment", "summary_judgment"),
    ("Order Dismissing Case", "dismissal"),
    ("~Util - Terminate Civil Case", "dismissal"),
    ("~Util - Set Deadlines/Hearings", "scheduling"),
    ("Scheduling Order", "scheduling"),
    ("Notice of Settlement", "settlement"),
    ("Clerks Entry of Default", "default"),
    ("Case Transferred Out", "transfer"),
    ("Notice of Appeal", "appeal"),
    ("Memorandum & Opinion", "opinion"),
    ("Clerk's Judgment", "judgment"),
    ("Case termination for order and judgment", "judgment"),
    ("Motion to Compel", "motion"),
    ("Protective Order", "order"),
    ("Patent/Trademark Report (AO 120)", "patent_report"),
    ("Quality Control Check", "other"),
    ("", "other"),
]
DISPUTES = [
    ("Acorn Ltd. v. Bough LLC", "Order", "1:25-cv-00101", "nyed", "unknown"),
    ("Acorn Ltd. v. Bough LLC", "Patent/Trademark Report (AO 120)", "1:25-cv-00101", "ded", "yes"),
    ("Acorn Ltd. v. Bough LLC", "Copyright Report (AO-121)", "1:25-cv-00101", "cacd", "yes"),
    ("Acorn Ltd. v. Bough LLC", "Claim Construction Order", "1:25-cv-00101", "txed", "yes"),
    ("USA v. Roe", "Order", "1:25-cr-00101", "nyed", "no"),
    ("United States v. Roe", "Order", "22-1298", "ca10", "no"),
    ("Sealed", "Order", "5:18-~gr-00001", "wvsd", "no"),
    ("Roe v. MSPB", "Order", "23-1236", "cafc", "no"),
    ("Roe v. Merrick Garland", "Order", "21-70002", "ca9", "no"),
    ("Roe v. Berryhill", "Order", "1:25-cv-00102", "nyed", "no"),
    ("Roe v. Acting", "Stipulation and Order of Remand to SSA", "1:25-cv-00103", "nyed", "no"),
    ("Acorn Ltd.", "Order", "25-00079", "mdb", "no"),
    ("Haida Ltd. v. ITC", "Opinion", "25-1046", "cafc", "yes"),
    ("Haida Ltd. v. Bough LLC", "Opinion", "25-1047", "cafc", "unknown"),
]


@pytest.mark.parametrize(("caption", "court", "expected"), CAPTIONS)
def test_captions(caption: str, court: str, expected: list[tuple[str, str]]) -> None:
    prose = understand_prose(docket(caption, "Order", court=court))
    assert [(role, name) for role, name, _ in named(prose)] == expected
    assert prose.language == "en"


@pytest.mark.parametrize(("entry", "event"), ENTRIES)
def test_entries(entry: str, event: str) -> None:
    assert court_events(entry)[0][0] == event


@pytest.mark.parametrize(("caption", "entry", "number", "court", "verdict"), DISPUTES)
def test_what_is_an_ip_dispute(caption: str, entry: str, number: str, court: str, verdict: str) -> None:
    prose = understand_prose(docket(caption, entry, number, court))
    assert prose.ip_dispute == verdict
    assert any(one.kind == "ip_dispute" for one in prose.evidence) is (verdict != "unknown")
    assert [one.value for one in prose.identifiers] == [number]
