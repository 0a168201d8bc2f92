"""Who is registered: enterprises, centers and contacts from the sheets people fill in.

Every reader gives the good records and, for each cell or row it could not take, a problem a clerk can act on. A file that
is no such sheet raises Unusable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from alerts.blank_sheets import write_template
from alerts.columns import KINDS, heading_key, known_headings
from alerts.sheets import Table, read_table, unknown_headings
from index.keys import digest
from index.problems import BadRow, Unusable
from index.records import Alias, Center, Contact, Enterprise
from nlp.chinese_places import bare
from nlp.names import ends_with_form, english_key, has_han, split_names

__all__ = ["Sheet", "enterprise_finder", "read_centers", "read_contacts", "read_enterprises", "write_template"]

T = TypeVar("T")
_NAMES = re.compile(r"\s*(?:[|｜;；\n])\s*")
_LIST = re.compile(r"\s*[|｜;；、，,\n]\s*")
_REMARK = re.compile(r"^(?P<name>.*\S)\s*[(（](?P<remark>[^()（）]*)[)）]\s*$")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")
_YES, _NO = (
    frozenset({"是", "有", "y", "yes", "true", "1", "√", "省级"}),
    frozenset({"", "否", "无", "n", "no", "false", "0", "×"}),
)
_LANGUAGES = {"": "zh", "zh": "zh", "中文": "zh", "汉语": "zh", "en": "en", "英文": "en", "英语": "en", "english": "en"}
_CODE_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_EXAMPLE = ("示例", "样例", "example")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """What a file held: the records, and a problem for each cell or row that could not be taken."""

    good: tuple[T, ...]
    problems: tuple[BadRow, ...]


@dataclass(slots=True)
class Line:
    """One row being read: column id → text, and a place to say what is wrong with it."""

    file: str
    number: int
    cells: dict[str, str]
    printed: dict[str, str]
    problems: list[BadRow] = field(default_factory=list)

    def one(self, column: str) -> str:
        """A column's text on one line."""
        return self.cells.get(column, "").replace("\n", " ")

    def many(self, column: str, separator: re.Pattern[str] = _LIST) -> list[str]:
        """A column's values."""
        return [part for part in separator.split(self.cells.get(column, "")) if part]

    def wrong(self, column: str, reason: str) -> None:
        """Say that a column is wrong, by the heading the file gives it."""
        self.problems.append(BadRow(self.file, self.number, self.printed.get(column, column), reason))


def read_enterprises(path: Path) -> Sheet[Enterprise]:
    """Enterprises of a sheet. A row needs a Chinese or an English name; a later row with an id already seen is left out."""
    return _read("enterprises", path, ("cn_name", "en_name_registered"), _enterprise, "ent_id")


def read_centers(path: Path) -> Sheet[Center]:
    """Guidance centers of a sheet; each needs a name. A waiting time not understood means: a clerk must release."""
    return _read("centers", path, ("name",), _center, "center_id")


def read_contacts(path: Path, find: Callable[[str], str | None] | None = None) -> Sheet[Contact]:
    """Contacts of a sheet. `find` turns an enterprise's id, name or credit code into its id, None if it is not known.

    Without recorded consent a contact is kept and nothing will be sent to it.
    """
    return _read("contacts", path, ("enterprise",), lambda line: _contact(line, find), "email")


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


def _read(kind: str, path: Path, needed: tuple[str, ...], make: Callable[[Line], T | None], id_column: str) -> Sheet[T]:
    columns = known_headings(kind)
    table = read_table(path, lambda heading: heading_key(heading) in columns)
    if not {columns.get(heading_key(h)) for h in table.headings} & set(needed):
        wanted = " 或 ".join(c.heading for c in KINDS[kind] if c.id in needed)
        found = "、".join(table.headings[:20]) or "（空表）"
        raise Unusable(f"{table.file}：缺少必填的列“{wanted}”；表中的列是：{found}")
    problems = [*unknown_headings(table, lambda h: heading_key(h) in columns), *table.problems]
    good: dict[str, T] = {}
    rows: dict[str, int] = {}
    for line in _lines(table, columns):
        record = make(line)
        if record is not None:
            key = _identity(record)
            if key in good:
                line.wrong(id_column, f"与第 {rows[key]} 行重复（{key}），本行未导入")
            good.setdefault(key, record)
            rows.setdefault(key, line.number)
        problems += line.problems
    return Sheet(tuple(good.values()), tuple(sorted(problems, key=lambda p: p.row)))


def _identity(record: object) -> str:
    return str(getattr(record, "id"))  # noqa: B009  enterprises, centers and contacts all have one


def _lines(table: Table, columns: dict[str, str]) -> Iterator[Line]:
    """Rows by column id; the template's example row and rows whose every cell was refused are left out."""
    for row in table.rows:
        cells: dict[str, str] = {}
        printed: dict[str, str] = {}
        for heading in table.headings:
            column = columns.get(heading_key(heading))
            if column:
                printed.setdefault(column, heading)
                if heading in row.cells:
                    cells.setdefault(column, row.cells[heading])
        first = next(iter(row.cells.values()), "")
        if cells and first.casefold() not in _EXAMPLE and not first.startswith("示例（"):
            yield Line(table.file, row.number, cells, printed)


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
        id=line.one("ent_id") or code or "E" + digest("enterprise", cn_name, *en_name)[:12],
        cn_name=own[0] if own else "",
        en_name=english[0] if english else "",
        city=bare(line.one("city")),
        credit_code=code,
        industries=tuple(line.many("industries")),
        products=tuple(line.many("products")),
        markets=tuple(line.many("markets")),
        aliases=kept,
    )


def _aliases(line: Line, cn_name: str, en_names: list[str]) -> list[Alias]:
    """Every name in the row, each once per kind; a d/b/a or f/k/a inside a cell gives names of its own."""
    found = [a for a in _own(cn_name, "legal")]
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


def _center(line: Line) -> Center | None:
    name = line.one("name")
    if not name:
        line.wrong("name", "没有名称，本行未导入")
        return None
    return Center(
        id=line.one("center_id") or "C" + digest("center", name)[:12],
        name=name,
        phone=_phone(line),
        email=_email(line),
        cities=tuple(map(bare, line.many("cities"))),
        provincial=_yes(line, "provincial"),
        grace_hours=_grace(line),
        verified=_yes(line, "verified"),
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
    email, phone = _email(line), _phone(line)
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
    if printed.casefold() in _NO:
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


def _yes(line: Line, column: str) -> bool:
    printed = line.one(column).casefold()
    if printed not in _YES | _NO:
        line.wrong(column, f"“{printed[:20]}”不是“是”或“否”，已按“否”处理")
    return printed in _YES


def _email(line: Line) -> str:
    printed = unicodedata.normalize("NFKC", line.one("email")).strip()
    if printed and not (len(printed) <= 254 and _EMAIL.fullmatch(printed)):
        line.wrong("email", f"“{printed[:60]}”不是有效的邮箱地址，该项未采用")
        return ""
    return printed


def _phone(line: Line) -> str:
    printed = unicodedata.normalize("NFKC", line.one("phone")).strip().replace("—", "-").replace("–", "-")
    if printed and not _PHONE.fullmatch(printed):
        line.wrong("phone", f"“{printed[:30]}”不是有效的电话号码，该项未采用")
        return ""
    return printed
