"""The case number and identifiers of a docket header, and a document's own number."""

from __future__ import annotations

import pytest

from crawlers.federal_numbers import case_numbers, document_number


@pytest.mark.parametrize(
    ("header", "printed", "values"),
    [
        ("[Investigation No. 337-TA-1414]", "337-TA-1414", ["337-TA-1414"]),
        ("[Investigation No. 337–TA–894]", "337-TA-894", ["337-TA-894"]),
        ("[Investigation No. 337-TA-\n1414]", "337-TA-1414", ["337-TA-1414"]),
        ("Inv. No. 337-TA-1000 (Rescission Proceeding)", "337-TA-1000", ["337-TA-1000"]),
        ("[Investigation Nos. 337-TA-941 and 942]", "337-TA-941 and 942", ["337-TA-941", "337-TA-942"]),
        (
            "[Investigation No. 337-TA-928 Investigation No. 337-TA-937 \n(Consolidated)]",
            "337-TA-928, 337-TA-937",
            ["337-TA-928", "337-TA-937"],
        ),
        (
            "[Investigation Nos. 701-TA-545-547 and 731-TA-1291-92 (Final)]",
            "701-TA-545-547 and 731-TA-1291-92",
            ["701-TA-545", "701-TA-546", "701-TA-547", "731-TA-1291", "731-TA-1292"],
        ),
        ("[Investigation No. TA-201-75]", "TA-201-75", ["TA-201-75"]),
        ("[Investigation No. AA1921-129 (Second Review)]", "AA1921-129", ["AA1921-129"]),
        ("Docket No. 3746", "DN 3746", ["DN 3746"]),
        ("[Docket No 3428]", "DN 3428", ["DN 3428"]),
        ("DN 3746", "DN 3746", ["DN 3746"]),
        ("[Investigation No. 332-345]", "332-345", []),
        ("[USITC SE-26-007]", None, []),
        ("Docket No. RM25-14-000", None, []),
        ("Docket No. FDA-2013-N-0001", None, []),
        ("731-TA-1-9999", "731-TA-1-9999", ["731-TA-1", "731-TA-9999"]),
        ("", None, []),
    ],
)
def test_case_of_a_docket_header(header: str, printed: str | None, values: list[str]) -> None:
    found = case_numbers([header])
    assert found.printed == printed
    assert [identifier.value for identifier in found.identifiers] == values


def test_kinds_tell_investigations_dockets_and_trade_remedies_apart() -> None:
    found = case_numbers(["337-TA-1414", "DN 3746", "731-TA-1291"])
    assert found.printed == "337-TA-1414, DN 3746, 731-TA-1291"
    kinds = [identifier.kind for identifier in found.identifiers]
    assert kinds == ["us_itc_investigation", "us_itc_docket", "us_itc_trade_remedy"]


def test_a_flood_of_numbers_is_bounded() -> None:
    found = case_numbers(["337-TA-1, 2 and " * 100_000])
    assert len(found.printed or "") <= 200
    assert len(found.identifiers) <= 200


@pytest.mark.parametrize(
    ("printed", "address", "number"),
    [
        ("[FR Doc. 2016-08650 Filed 4-14-16; 8:45 am]", "", "2016-08650"),
        ("[FR Doc No: 2026-02297]", "", "2026-02297"),
        ("[FR Doc. E9–1234 Filed 1–22–09; 8:45 am]", "", "E9-1234"),
        ("[FR Doc. C1-2013-21203 Filed 9-5-13; 8:45 am]", "", "C1-2013-21203"),
        ("[FR Doc. 03-20254 Filed 8-7-03; 8:45 am]", "", "03-20254"),
        ("[FR Doc. Filed 4-14-16; 8:45 am]", "", ""),
        ("", "/documents/full_text/xml/2026/02/06/2026-02431.xml", "2026-02431"),
        ("", "2016-04-15_701-TA-545.xml", ""),
    ],
)
def test_number_of_a_document(printed: str, address: str, number: str) -> None:
    assert document_number(printed, address) == number
