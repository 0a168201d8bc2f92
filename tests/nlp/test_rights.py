"""Numbers of asserted rights: lists, design and reissue patents, trademarks; prior art and quantities are none."""

from __future__ import annotations

import pytest

from nlp.pipeline import prose_pipeline
from nlp.rights import asserted_rights, find_rights

FOUND = [
    ("U.S. Patent No. 9,899,481 (“the '481 patent”)", ["US9899481"]),
    (
        "U.S. Patent Nos. 11,076,735 (“the '735 patent”), 11,071,428, and D789,435 (the “D'435 patent”)",
        ["US11076735", "US11071428", "USD789435"],
    ),
    ("U.S. Design Patent No. D789,435; U.S. Patent No. RE45,543", ["USD789435", "USRE45543"]),
    ("claims of U.S. Patent No. 10,945,478 ('478) and U.S. Patent No. 12,127,616", ["US10945478", "US12127616"]),
    ("United States Patent No. 7,221,967", ["US7221967"]),
    (
        "U.S. Trademark Registration No. 4,689,651; U.S. Trademark Registration Nos. 1,772,761 and 3,777,170",
        ["US4689651", "US1772761", "US3777170"],
    ),
    ("U.S. Copyright Registration No. TX 8-123-456", ["USTX8123456"]),
    ("the patent US9899481B2 and US D789,435 S1", ["US9899481", "USD789435"]),
    ("European Patent EP 2 400 812 B1", ["EP2400812"]),
    ("专利号为ZL 201510123456.7", ["CN201510123456"]),
    ("claims 1-5 and 8-10 of U.S. Letters Patent 5,581,715; U.S. Patent 6,123,456", ["US5581715", "US6123456"]),
    ("obvious over U.S. Patent No. 6,123,456 in combination with Roe", []),
    ("as taught by the reference U.S. Patent No. 6,123,456 to Nega", []),
    ("the company holds 1,492,294 patents and paid $9,899,481", []),
    ("Order No. 7 and Patent Office notice 1234567", []),
]


@pytest.mark.parametrize(("text", "numbers"), FOUND)
def test_numbers(text: str, numbers: list[str]) -> None:
    assert [one.value for one in find_rights(text)] == numbers


def test_components_mark_spans_on_the_text() -> None:
    doc = prose_pipeline()("Inv. No. 337–TA–1300 concerns U.S. Patent No. 9,899,481 of Ada Ltd. of Jinan, China.")
    assert [(span.text, span.label_, span.kb_id_) for span in doc.spans["identifiers"]] == [
        ("337–TA–1300", "us_itc_investigation", "337-TA-1300")
    ]
    assert [(span.label_, span.kb_id_) for span in doc.spans["rights"]] == [("patent", "US9899481")]
    assert [(ent.text, ent.ent_id_) for ent in doc.ents] == [("U.S.", "US"), ("China", "CN")]


def test_only_what_is_alleged_here_is_asserted() -> None:
    pipeline = prose_pipeline()
    docs = [
        pipeline(
            "by reason of infringement of claims 1-4 of U.S. Patent No. 9,899,481 and claim 2 of "
            "U.S. Patent No. 8,686,562."
        ),
        pipeline("The Board also held claims of U.S. Patent No. 5,000,000 unpatentable in another matter."),
    ]
    assert [right.number for right in asserted_rights(docs)] == ["US9899481", "US8686562"]
    assert asserted_rights(docs[1:])[0].number == "US5000000"
    assert all(right.quote and right.number[-3:] in right.quote.replace(",", "") for right in asserted_rights(docs))
