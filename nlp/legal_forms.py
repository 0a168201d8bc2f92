"""Legal forms of companies as they end a name: "Inc.", "Co., Ltd.", "S.A.U."."""

from __future__ import annotations

import re

_FORMS = (
    r"Incorporated|Inc|Limited|Ltd|Ltda|L\.?L\.?C|L\.?L\.?L?\.?P|L\.?P|P\.?L\.?L\.?C"
    r"|P\.?L\.?C|P\.C|Corporation|Corp|Company|Co"
    r"|U\.?L\.?C|GmbH(?: & Co\.? KG(?:aA)?)?|mbH|A\.?G|KGaA|K\.?G|e\.V|S\.?E|S\.?A\.? de C\.?V"
    r"|S\.? de R\.?L\.?(?: de C\.?V)?|S\.?A\.?[SUR]?"
    r"|S\.?A\.?S\.?U?|S\.?L\.?U?|S\.?p\.?A|S\.?r\.?l|B\.?V\.?(?:B\.?A)?|N\.?V|A/S|ApS"
    r"|A\.?S|AB|O[yY][jJ]?|K\.?K|Y\.?K|Pte|Pvt|Private"
    r"|Pty|Proprietary|Sdn|Bhd|Berhad|N\.?A|Kft|Zrt|s\.r\.o|a\.s|d\.o\.o|Sp\. z o\.o"
    r"|sp\.z\.o\.o|EIRL|LTD|INC|CORP|CO|LIMITED|COMPANY"
    r"|CORPORATION|LLC|GMBH|PLC|JSC|OJSC|OOO|SARL|S\.?à\.? ?r\.?l"
    r"|SIA|UAB|OÜ|EOOD|OOD|S\.?R\.?L|S\.?P\.?A|Srl|SpA|GesmbH|Aktiengesellschaft|Kabushiki Kaisha|D\.?A\.?C"
    r"|Designated Activity Company|Lt[ée]e|Pty\.? Ltd|inc|llc|ltd|corp|Unlimited Company"
)
_FORM = rf"(?:{_FORMS})(?![\w&'’/-])\.?"
_TAIL = (
    r"(?:\s*(?:\(|d/b/a\b|f/k/a\b|a/k/a\b|n/k/a\b|dba\b|fka\b|aka\b|a\.k\.a\.|doing business as\b"
    r"|formerly\b|also known as\b)|\s+of\s|['’]s?\s|['’]s?$"
    r"|\s(?:[A-Z][a-z]+\s){1,2}(?:Shi|Sheng|Xian|Qu)$)"  # a pinyin place after the form: "Ltd Shenzhen Shi"
)
ALONE = re.compile(rf"(?:{_FORM}[\s,]*)+(?={_TAIL}|[\s.:]*$)")
ENDS = re.compile(rf"(?:^|[\s,.)(]){_FORM}[\s,]*$")
INSIDE = re.compile(rf"(?:^|[\s,.)]){_FORM}")
_SAME = {"company": "co", "limited": "ltd", "incorporated": "inc", "corporation": "corp"}


def is_form_alone(chunk: str) -> bool:
    """Whether a stretch between commas is only a legal form, perhaps with a d/b/a or a place after it."""
    return bool(ALONE.match(chunk))


def ends_with_form(name: str) -> bool:
    """Whether a name ends in a legal form."""
    return bool(ENDS.search(name[-40:]))


def has_form(name: str) -> bool:
    """Whether a legal form stands anywhere in a name."""
    return bool(INSIDE.search(name[:300]))


def name_key(name: str) -> str:
    """One spelling for comparing names inside one notice: "Foo Company, Ltd." and "FOO Co., Ltd" are one."""
    words = re.sub(r"[^\w]+", " ", name.casefold().replace(".", "")).split()
    return " ".join(_SAME.get(word, word) for word in words)
