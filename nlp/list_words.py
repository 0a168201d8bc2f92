"""Words by which a list of parties is read: where it ends, and where "and" or "of" is part of a name."""

from __future__ import annotations

import re

from nlp.party_names import DEFINITION, OTHER_NAME

# A list ends at its verb, at a clause that says why or when, or at another name it is changed to.
LIST_END = re.compile(
    r"(?<=\s)(?:have|has|had|were|was|is|are|that|which|who|whose|did|does|do|alleg\w+"
    r"|asserts?|failed|filed|violat\w+|infring\w+"
    r"|committed|moved|opposed|requests?|requested|seeks?|should|would|shall|will|not"
    r"|only|regarding|respectively|pursuant|because"
    r"|be|being|been|each with|or any|or their|by reason|in default|in violation|from the"
    r"|from this|from further|with respect to|for fail\w+"
    r"|for lack|for good|for violati\w+|under section|under the|in the|in this|on the"
    r"|on or|to the|to show|to be|to have|as to"
    r"|as (?:an? |the )?(?:additional |new |named |proposed )?(?:respondents?|complainants?|part(?:y|ies))"
    r"|after|before|until|without|against|covered|directed"
    r"|alleging|finding|concerning|prohibiting|during)\b"
    r"|\b[Bb]ased (?:[Uu]p)?[Oo]n\b|\b[Dd]ue [Tt]o\b|\bBy Reason\b|\b[Ii]n [Dd]efault\b"
    r"|\bon (?=(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December) \d)|, or\b|(?<=\s)for (?=[RrCc](?:espondent|omplainant))"
    r"|(?<=Inc\. )for\b|(?<=Ltd\. )for\b|(?<=Corp\. )for\b|(?<=LLC )for\b|(?<=Limited )for\b"
    r"|(?<=\s)to (?=[\"“]?[A-Z])|\bDN ?\d|(?<= )v\. |(?<=[\w.)”])['’]s?(?=\s(?!of\b|and\b)[a-z])"
)
# What follows a place where a full stop was forgotten ("DC Supplements were").
RUN_ON = re.compile(r"[A-Z]\w+ (?:to |were|was|on )|[A-Z]\w+s?$")
# One place for several names before it.
SHARED = re.compile(r"(?:both|all|each) of ")
# Words that follow "and" inside one company's name ("Science and Technology Co., Ltd.", "Lilly and Company").
JOINED = re.compile(
    r"(?:Company|Co|Sons?|Brothers|Bros|Associates|Partners|Technolog(?:y|ies|ical)|Tech"
    r"|Trad(?:e|ing)|Commerc(?:e|ial)|Exports?|Imports?|Development"
    r"|Engineering|Equipment|Electronics?|Electric(?:al)?|Machinery|Economic|Design|Manufactur\w+"
    r"|Marketing|Services?|Supply|Accessories|Components"
    r"|Systems?|Industr\w+|Cultur\w+|Communications?|Research|Sales|Distribution|Logistics"
    r"|Materials?|Plastics?|Metals?|Chemicals?|Instruments?|Tools?"
    r"|Software|Garments?|Textiles?|Optic\w+|Medical|Health\w*|Investments?|Management"
    r"|Creative|Fellows|Decoration|Beauty|Garden|Leisure|Crafts|Gifts|Johnson"
    r"|Decker|Gamble|Wesson|Telegraph|Telephone|Mechanical|Hardware|Appliances?|Furniture"
    r"|Lighting|Packaging|Products?|Innovations?|Science|Innovation|Unincorporated)\b"
)
# Words after which "of PLACE" is part of the name ("Bank of China").
INSTITUTION = re.compile(
    r"\b(?:Bank|University|College|Institute|Academy|Board|Trustees|Regents|Department"
    r"|Ministry|Republic|Kingdom|State|City|Government)$"
)

# A firm told with another name it trades under is a name, also without a legal form.
OTHER_NAME_INSIDE = re.compile(r"\b(?:d/b/a|f/k/a|a/k/a|n/k/a|dba|doing business as)\b")
STREET = re.compile(r"\d[\w-]{0,7} \w")  # "139 Kifer Court", between a name and its city


def masked(text: str, start: int, stop: int) -> str:
    """The text with definitions blanked between start and stop, every character still at its place."""
    part = DEFINITION.sub(
        lambda found: found.group() if OTHER_NAME.match(found.group()) else " " * len(found.group()), text[start:stop]
    )
    return text[:start] + part + text[stop:]


def bracketed(text: str, start: int, at: int) -> bool:
    """Whether text[at] stands inside a bracket opened since `start`."""
    opened = text.rfind("(", max(start, at - 300), at)
    return opened >= 0 and text.find(")", opened, at) < 0 and text.find(")", at, at + 300) >= 0
