"""Who is registered: enterprises from the sheets people fill in (centers and contacts: see `contacts`).

Every reader gives the good records and, for each cell or row it could not take, a problem a clerk can act on. A file
that is no such sheet raises Unusable.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from alerts.registers.blank_sheets import write_template
from alerts.registers.contacts import enterprise_finder, read_centers, read_contacts
from alerts.registers.lines import Line, Sheet, read_sheet
from index.keys import digest
from index.records import Alias, Enterprise
from nlp.chinese_places import bare
from nlp.names import ends_with_form, has_han, split_names

__all__ = ["Sheet", "enterprise_finder", "read_centers", "read_contacts", "read_enterprises", "write_template"]

_NAMES = re.compile(r"\s*(?:[|｜;；\n])\s*")
_REMARK = re.compile(r"^(?P<name>.*\S)\s*[(（](?P<remark>[^()（）]*)[)）]\s*$")
MADE = "E-"
_CODE_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def read_enterprises(path: Path) -> Sheet[Enterprise]:
    """Enterprises of a sheet. A row needs a Chinese or an English name; of two rows with one id the first counts."""
    return read_sheet("enterprises", path, ("cn_name", "en_name_registered"), _enterprise, "ent_id")


def _enterprise(line: Line) -> Enterprise | None:
    cn_name, en_name = line.one("cn_name"), line.many("en_name_registered", _NAMES)
    if not cn_name and not en_name:
        line.wrong("cn_name", "企业全称和英文注册名至少填一项，本行未导入")
        return None
    code = _credit_code(line)
    aliases = _aliases(line, cn_name, en_name)
    own = [a.name for a in aliases if a.kind == "legal"]
    english = [a.name for a in aliases if a.kind == "english"]
    kept = tuple(a for a in aliases if a.name not in (own[:1] + english[:1]) or a.kind not in ("legal", "english"))
    return Enterprise(
        id=line.one("ent_id") or made_id(cn_name or en_name[0]),
        cn_name=own[0] if own else "",
        en_name=english[0] if english else "",
        city=bare(line.one("city")),
        credit_code=code,
        industries=tuple(line.many("industries")),
        products=tuple(line.many("products")),
        markets=tuple(line.many("markets")),
        aliases=kept,
    )


def made_id(name: str) -> str:
    """The id of an enterprise registered without one: of its first name alone, so that a row filled in later is
    the same enterprise."""
    return MADE + digest("enterprise", name)[:12]


def _aliases(line: Line, cn_name: str, en_names: list[str]) -> list[Alias]:
    """Every name in the row, each once per kind; a d/b/a or f/k/a inside a cell gives names of its own."""
    found = _own(cn_name, "legal")
    found += [a for name in en_names for a in _own(name, "english")]
    found += [Alias(name, "former") for part in line.many("former_cn_names") for name in _split(part)]
    found += [Alias(name, "short") for name in line.many("short_names_cn")]
    found += [Alias(without_remark(name, always=True), "brand") for name in line.many("brands", _NAMES)]
    subsidiaries = (without_remark(name) for name in line.many("overseas_subsidiaries", _NAMES))
    found += [Alias(name, "subsidiary") for part in subsidiaries for name in _split(part)]
    return list(dict.fromkeys(alias for alias in found if alias.name))


def _own(printed: str, kind: str) -> list[Alias]:
    kinds = {"": kind, "aka": kind, "fka": "former", "dba": "brand", "bracket": "short"}
    return [
        Alias(
            n.name,
            "legal" if n.relation == "bracket" and has_han(n.name) and ends_with_form(n.name) else kinds[n.relation],
        )
        for n in split_names(printed)
    ]


def _split(printed: str) -> list[str]:
    return [n.name for n in split_names(printed)]


def without_remark(name: str, always: bool = False) -> str:
    """A name without a last remark in brackets: `KION Group AG (controlling stake)`, but not `InnoLight (Thailand)`.

    A bracket is a remark after a legal form, in small letters, in Chinese after a foreign name, or with a figure in it.
    """
    found = _REMARK.match(name)
    if found is None:
        return name.strip()
    head, remark = found.group("name"), found.group("remark").strip()
    small = remark[:1].islower() or re.search(r"[0-9%]", remark) or (has_han(remark) and not has_han(head))
    return head if always or small or not remark or ends_with_form(head) else name.strip()


def _credit_code(line: Line) -> str:
    """The unified social credit code, '' where it is none: a wrong one would be worse than none."""
    code = "".join(unicodedata.normalize("NFKC", line.one("credit_code")).upper().split())
    if code and not valid_credit_code(code):
        line.wrong(
            "credit_code",
            f"“{code[:30]}”不是有效的统一社会信用代码（位数或校验码不对），该项未采用，本行其余内容已导入",
        )
        return ""
    return code


def valid_credit_code(code: str) -> bool:
    """Whether an 18-character code bears its check character: GB 32100-2015, modulo 31, weights 3^i mod 31."""
    if len(code) != 18 or any(c not in _CODE_DIGITS for c in code):
        return False
    total = sum(_CODE_DIGITS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return _CODE_DIGITS[-total % 31] == code[17]
