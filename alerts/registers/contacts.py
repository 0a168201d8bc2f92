"""Guidance centers and enterprises' contacts, from the sheets people fill in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from alerts.registers.lines import NO, Line, Sheet, email_cell, phone_cell, read_sheet, yes_cell
from index.keys import digest
from index.records import Center, Contact, Enterprise
from nlp.chinese_places import bare
from nlp.names import english_key

_LANGUAGES = {"": "zh", "zh": "zh", "中文": "zh", "汉语": "zh", "en": "en", "英文": "en", "英语": "en", "english": "en"}


def read_centers(path: Path) -> Sheet[Center]:
    """Guidance centers of a sheet; each needs a name. A waiting time not understood means: a clerk must release."""
    return read_sheet("centers", path, ("name",), _center, "center_id")


def read_contacts(path: Path, find: Callable[[str], str | None] | None = None) -> Sheet[Contact]:
    """Contacts of a sheet. `find` turns an enterprise's id, name or credit code into its id, None if it is not known.

    Without recorded consent a contact is kept and nothing will be sent to it.
    """
    return read_sheet("contacts", path, ("enterprise",), lambda line: _contact(line, find), "email")


def enterprise_finder(enterprises: Iterable[Enterprise]) -> Callable[[str], str | None]:
    """A `find` for `read_contacts`: by id, credit code or any full name; None where two enterprises share the name."""
    known: dict[str, set[str]] = {}
    for e in enterprises:
        names = (e.cn_name, e.en_name, *(a.name for a in e.aliases if a.kind in ("legal", "english", "former")))
        for word in {e.id, e.credit_code, *map(english_key, names)} - {""}:
            known.setdefault(word, set()).add(e.id)

    def find(printed: str) -> str | None:
        found = known.get(printed) or known.get(printed.upper()) or known.get(english_key(printed)) or set()
        return next(iter(found)) if len(found) == 1 else None

    return find


def _center(line: Line) -> Center | None:
    name = line.one("name")
    if not name:
        line.wrong("name", "没有名称，本行未导入")
        return None
    return Center(
        id=line.one("center_id") or "C" + digest("center", name)[:12],
        name=name,
        phone=phone_cell(line),
        email=email_cell(line),
        cities=tuple(map(bare, line.many("cities"))),
        provincial=yes_cell(line, "provincial"),
        grace_hours=_grace(line),
        verified=yes_cell(line, "verified"),
    )


def _grace(line: Line) -> float | None:
    printed = unicodedata.normalize("NFKC", line.one("grace_hours")).casefold()
    if printed in ("人工", "人工发出", "manual", "never"):
        return None
    number = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)\s*(?:个?小时|h|hours?)?", printed)
    if number:
        return float(number.group(1))
    if printed in ("", "即时", "立即", "immediately"):
        return 0.0 if printed else 4.0
    line.wrong("grace_hours", f"“{printed[:30]}”不是“即时”、小时数或“人工”，已按“人工”处理")
    return None


def _contact(line: Line, find: Callable[[str], str | None] | None) -> Contact | None:
    printed = line.one("enterprise")
    who = find(printed) if find and printed else printed
    if not who:
        line.wrong(
            "enterprise",
            f"没有登记“{printed[:60]}”或同名企业不止一家，本行未导入" if printed else "没有写明企业，本行未导入",
        )
        return None
    email, phone = email_cell(line), phone_cell(line)
    if not email and not phone:
        line.wrong("email", "邮箱和手机至少要有一项有效，本行未导入")
        return None
    name = line.one("name")
    if not name:
        line.wrong("name", "没有写明联系人")
    contact = "K" + digest("contact", who, name, email or phone)[:12]
    return Contact(contact, who, name, email, phone, _language(line), _consent(line))


def _consent(line: Line) -> str:
    """When and how consent was given; a bare yes is no record of it."""
    printed = line.one("consent")
    if printed.casefold() in NO:
        return ""
    if not re.search(r"[0-9]{4}", printed):
        line.wrong("consent", f"“{printed[:30]}”没有写明同意的日期和方式，按未取得同意处理，不会向其发送")
        return ""
    return printed


def _language(line: Line) -> str:
    printed = line.one("language").casefold()
    if printed not in _LANGUAGES:
        line.wrong("language", f"“{printed[:20]}”不是“中文”或“英文”，已按中文处理")
    return _LANGUAGES.get(printed, "zh")
