"""The accused product in the notice's own words: "semiconductor devices and products containing the same"."""

from __future__ import annotations

import re

from index.records import Evidence, Notice

_LIMIT = 300
_READ = 20_000
_ALLEGED = re.compile(
    r"\b(?:importation|sale|section 337)\b[^.;]{0,200}?\bof\s(?:the\s)?certain\s(?P<product>[^;\n]{3,280}?)"
    r"(?:\s\([^()]{0,80}\))?,?\s(?:by reason of|that infring|based on|through|covered by|due to|with respect to)"
)
_ENTITLED = re.compile(
    r"\bcomplaint\s(?:entitled\s|titled\s|regarding\s|concerning\s)?[\"“]?(?:Certain\s)?"
    r"(?P<product>[A-Z][^;\n]{3,280}?),?[\"”]?,?\s?DN ?-?\d{3,4}"
)
_TITLE = re.compile(
    r"^(?:(?:Notice of |F\.R\. Notice[^;:]{0,80}|Institution of )[^;]{0,80};\s)?"
    r"(?:In the Matter of:?\s)?Certain\s(?P<product>[^;\n]{3,280}?)"
    r"(?=\s?;|\s(?:Notice of|Commission(?:'s|’s)? (?:Determination|Decision|Final)|Institution of|Issuance of"
    r"|Request for)|,? Inv(?:estigation)?\. ?No|$)"
)
_EDIS = re.compile(
    r"^(?:In the Matter of:?\s)?(?:Certain\s)?(?P<product>[^;\n]{3,280}?)(?=\s?;|,? Inv(?:estigation)?\.? ?No|$)"
)
_UNNAMED = re.compile(
    r"^(?P<product>(?!Notice|Commission|Institution|Section 337|Summary|Receipt|Request)[A-Z][^;\n]{3,280}?);"
    r"\s(?:Notice|Commission|Institution|Issuance|Request)"
)
_REMEDY = re.compile(r"^(?:Certain\s)?(?P<product>[A-Z][^;\n]{3,200}?)\s[Ff]rom\s(?:the\s)?[A-Z]")
_CHINESE = re.compile(
    r"(?:特定|某些)(?P<product>[^，。；;\n]{2,60}?)(?:产品)?(?=侵犯|启动|发起|提起|提出|作出|进行|实施|（|\(|，|。|；|$)"
)


def find_product(notice: Notice, language: str) -> Evidence | None:
    """The product a dispute is about, as `Evidence("product", words, section)`; None where none is named."""
    for label, pattern in _places(notice, language):
        found = pattern.search(notice.section(label)[:_READ] or (notice.title if label == "title" else ""))
        if found:
            words = re.sub(r"\s+", " ", found["product"]).strip(' ,.“”"')
            return Evidence("product", re.sub(r"^Certain ", "", words)[:_LIMIT], label)
    return None


def _places(notice: Notice, language: str) -> list[tuple[str, re.Pattern[str]]]:
    """Where to look and how, in order."""
    if language == "zh":
        return [(label, _CHINESE) for label in ("title", "abstract", "summary", "supplementary")]
    if notice.forum != "us_itc":
        return [("title", _TITLE)]
    prose = [(label, _ALLEGED) for label in ("abstract", "summary", "supplementary")]
    return [
        ("case_title", _EDIS),
        *prose,
        ("abstract", _ENTITLED),
        ("summary", _ENTITLED),
        ("title", _TITLE),
        ("title", _UNNAMED),
        ("title", _REMEDY),
    ]
