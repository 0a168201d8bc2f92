"""What an ITC notice does, by its title and abstract; relief only where it is granted."""

from __future__ import annotations

from pathlib import Path

import pytest

import nlp.itc_events as itc_events_module
from nlp.itc_events import ITC_EVENTS, granted_relief, itc_events, signals
from tests.nlp.notices import HEREBY, federal_register, understand_prose

P = "Certain Widgets; Notice of "
NOT_TO_REVIEW = "Commission Determination Not To Review an Initial Determination "
CASES = [
    (
        "complaint_received",
        "",
        "Notice of Receipt of Complaint; Solicitation of Comments",
        "has received a complaint entitled Certain Widgets, DN 3990;",
    ),
    (
        "review",
        "",
        P + "Determination Not To Review an Order Granting a Motion for Partial Termination of the Investigation by "
        "Withdrawal as to Certain Claims",
        "",
    ),
    ("default", "", P + "Determination Not To Review an Order Finding Respondent Ada Co., Ltd. in Default", ""),
    ("institution", "", "Certain Widgets (II) Institution of Investigation", ""),
    (
        "public_interest_request",
        "",
        P + "Request for Submissions on the Public Interest",
        "The Commission is soliciting submissions on public interest issues raised by the "
        "recommended relief should the Commission find a violation.",
    ),
    (
        "review",
        "",
        P + "a Commission Determination To Review in Part a Final Initial Determination Finding a "
        "Violation; Request for Written Submissions on Remedy, the Public Interest, and Bonding",
        HEREBY + "to review in part a final initial determination finding a violation of section 337.",
    ),
    (
        "review",
        "",
        P + NOT_TO_REVIEW + "Finding a Violation; Request for Written Submissions on Remedy, the Public Interest, "
        "and Bonding",
        HEREBY + "not to review.",
    ),
    (
        "review",
        "",
        P + NOT_TO_REVIEW + "Finding All Remaining Respondents in Default; Request for Written Submissions on "
        "Remedy, the Public Interest, and Bonding",
        HEREBY + "not to review an initial determination finding respondents in default. The Commission "
        "requests written submissions on remedy, the public interest, and bonding.",
    ),
    (
        "no_violation",
        "",
        P + "a Commission Determination To Review in Part a Final Initial Determination and, on "
        "Review, To Affirm the Finding of No Violation; Termination of the Investigation",
        HEREBY + "to review in part and affirm. The investigation is terminated.",
    ),
    (
        "no_violation",
        "CDO LEO",
        P + "Final Determination of No Violation by Active Respondents; Issuance of Default Remedial "
        "Orders; Termination",
        HEREBY + "to issue a limited exclusion order against defaulting respondents and cease and desist "
        "orders. This investigation is terminated.",
    ),
    (
        "violation_found",
        "LEO",
        P + "Finding of Violation; Issuance of Limited Exclusion Order; Termination",
        HEREBY + "to issue a limited exclusion order, and has determined not to issue cease and desist "
        "orders. The investigation is terminated.",
    ),
    (
        "violation_found",
        "GEO",
        "Certain Widgets; Issuance of a General Exclusion Order; Termination of Investigation",
        HEREBY + "to issue a general exclusion order.",
    ),
    (
        "violation_found",
        "CDO LEO",
        P + "Commission Determination To Issue a Limited Exclusion Order and Cease and Desist Orders "
        "Against Defaulting Respondents; Termination of the Investigation",
        HEREBY + "to issue orders.",
    ),
    (
        "default",
        "",
        P + NOT_TO_REVIEW + "Finding Respondents Ada and Bo in Default",
        HEREBY + "not to review an initial determination finding Ada Co., Ltd. in default.",
    ),
    (
        "amended",
        "",
        P + NOT_TO_REVIEW + "Granting a Motion To Amend the Complaint and Notice of Investigation",
        HEREBY + "not to review.",
    ),
    (
        "terminated",
        "",
        P + NOT_TO_REVIEW + "Terminating the Investigation in Its Entirety Based on Settlement; Termination of the "
        "Investigation",
        HEREBY + "not to review. The investigation is terminated.",
    ),
    (
        "terminated",
        "",
        P + NOT_TO_REVIEW + "Terminating the Investigation Based on a Consent Order; Issuance of Consent Order; "
        "Termination",
        HEREBY + "not to review. The Commission has issued a consent order. The investigation is terminated.",
    ),
    (
        "terminated",
        "",
        P + NOT_TO_REVIEW + "Terminating the Investigation as to the Last Remaining Respondent Based on Settlement; "
        "Termination of the Investigation",
        HEREBY + "not to review. The investigation is terminated.",
    ),
    (
        "party_terminated",
        "",
        P
        + NOT_TO_REVIEW
        + "Terminating the Investigation as to Certain Respondents Based on Withdrawal of the Complaint",
        HEREBY + "not to review.",
    ),
    (
        "party_terminated",
        "",
        P + "Commission Decision To Terminate Respondent Ada Ltd. From the Investigation",
        HEREBY + "to terminate respondent Ada Ltd. from the investigation.",
    ),
    (
        "review",
        "",
        P + NOT_TO_REVIEW + "Partially Terminating the Investigation as to Certain Patent Claims",
        HEREBY + "not to review an initial determination terminating the investigation as to claims 3 and 4.",
    ),
    (
        "enforcement",
        "",
        P + "Institution of Formal Enforcement Proceeding",
        HEREBY + "to institute a formal enforcement proceeding relating to the cease and desist orders.",
    ),
    (
        "enforcement",
        "",
        "Certain Widgets; Commission Determination Finding a Violation of a Consent Order; Assessment of Civil Penalty",
        HEREBY + "that respondent violated the consent order.",
    ),
    (
        "remedy_changed",
        "",
        P + "Commission Determination To Rescind a Limited Exclusion Order and Cease and Desist Orders",
        HEREBY + "to grant a joint petition to rescind the limited exclusion order.",
    ),
    (
        "remedy_changed",
        "",
        P + "Commission Determination To Institute a Modification Proceeding",
        HEREBY + "to institute a modification proceeding.",
    ),
    (
        "other",
        "",
        P + "Institution of Advisory Opinion Proceeding",
        HEREBY + "to institute an advisory opinion proceeding.",
    ),
    (
        "remand",
        "",
        P + "Commission Determination To Review in Part and, on Review, To Remand the Investigation "
        "to the Administrative Law Judge; Extension of Target Date",
        HEREBY + "to remand the investigation.",
    ),
    (
        "target_date",
        "",
        P + NOT_TO_REVIEW + "Extending the Target Date",
        HEREBY + "not to review an initial determination extending the target date.",
    ),
    (
        "summary_determination",
        "",
        P + NOT_TO_REVIEW + "Granting Summary Determination That the Economic Prong Is Satisfied",
        HEREBY + "not to review.",
    ),
    (
        "correction",
        "",
        "Certain Widgets; Notice of Institution of Investigation; Correction",
        "The Commission published a notice concerning the institution.",
    ),
    (
        "other",
        "",
        "Paper Clips From China; Scheduling of the Final Phase of Antidumping Duty Investigations",
        "investigation Nos. 701-TA-545-547 and 731-TA-1291 (Final)",
    ),
    (
        "other",
        "",
        "Summary of Commission Practice Relating to Administrative Protective Orders",
        "breaches under title VII and section 337 of the Tariff Act of 1930",
    ),
]


@pytest.mark.parametrize(("event", "relief", "title", "abstract"), CASES)
def test_main_event_and_relief(event: str, relief: str, title: str, abstract: str) -> None:
    events, words = itc_events(title, abstract)
    assert events[0] == event
    assert set(granted_relief(events, title, abstract)[0]) == set(relief.split())
    assert set(events) <= set(ITC_EVENTS)
    assert words or event == "other"


def test_relief_that_is_asked_for_is_not_granted() -> None:
    prose = understand_prose(
        federal_register(
            "Certain Widgets; Institution of Investigation",
            abstract="The complainant requests that the Commission issue a general exclusion order and cease "
            "and desist orders.",
        )
    )
    assert (prose.event, prose.relief) == ("institution", ())


def test_a_finding_for_one_patent_and_not_for_another_tells_both() -> None:
    events, _ = itc_events(
        P + "Final Determination Finding a Violation; Issuance of a Limited Exclusion Order; "
        "Termination of Investigation",
        HEREBY + "that there is a violation as to the '111 patent. The Commission has determined there is "
        "no violation as to the '222 patent.",
    )
    assert events[:2] == ("violation_found", "no_violation")


def test_every_signal_is_used_by_a_rule() -> None:
    code = Path(itc_events_module.__file__).read_text("utf-8")
    unused = [name for name in signals() if f'"{name}"' not in code]
    assert unused == []
