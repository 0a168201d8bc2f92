"""Spreadsheets in, registered enterprises, centers and contacts out, and every doubtful cell named."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from alerts.registers.columns import KINDS
from alerts.registers.register import (
    Sheet,
    enterprise_finder,
    read_centers,
    read_contacts,
    read_enterprises,
    valid_credit_code,
    without_remark,
    write_template,
)
from alerts.registers.sheets import read_table
from index.problems import BadRow, Unusable
from index.records import Alias, Enterprise


def code_with_check(first: str) -> str:
    return next(first + c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if valid_credit_code(first + c))


GOOD_CODE = code_with_check("91370000MA3XYW123")


def xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def text(path: Path, body: str, encoding: str = "utf-8-sig") -> Path:
    path.write_bytes(body.encode(encoding))
    return path


def told(problems: tuple[BadRow, ...]) -> list[tuple[int, str]]:
    return [(p.row, p.column) for p in problems]


ENGLISH = "ent_id,cn_name,former_cn_names,en_name_registered,short_names_cn,brands,city,overseas_subsidiaries\n"


def test_english_headings_with_many_values_in_a_cell(tmp_path: Path) -> None:
    row = (
        'E1,山东某某轮胎股份有限公司,山东某某橡胶有限公司,"Shandong X Tyre Co.,Ltd.",某某 | 某某轮胎,'
        "LEO; HOOVER (EU),潍坊市,"
        '"X America Corp.; KION Group AG (controlling stake); X Tech (Thailand); Y, Inc. d/b/a Z Appliances"\n'
    )
    sheet = read_enterprises(text(tmp_path / "r.csv", ENGLISH + row))
    assert sheet.problems == ()
    (enterprise,) = sheet.good
    assert (enterprise.id, enterprise.cn_name, enterprise.city) == ("E1", "山东某某轮胎股份有限公司", "潍坊")
    assert enterprise.en_name == "Shandong X Tyre Co.,Ltd."
    assert enterprise.aliases == (
        Alias("山东某某橡胶有限公司", "former"),
        Alias("某某", "short"),
        Alias("某某轮胎", "short"),
        Alias("LEO", "brand"),
        Alias("HOOVER", "brand"),
        Alias("X America Corp.", "subsidiary"),
        Alias("KION Group AG", "subsidiary"),
        Alias("X Tech (Thailand)", "subsidiary"),
        Alias("Y, Inc.", "subsidiary"),
        Alias("Z Appliances", "subsidiary"),
    )


def test_chinese_headings_tolerate_width_space_stars_and_remarks(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [
            "企业　编号",
            "企业 全称*",
            "英文注册名（必填）",
            "统一社会信用代码：",
            "目标市场",
            "出口产品（主要）",
            "所属产业",
        ],
        [7, "青岛某某有限公司", "Qingdao X Co., Ltd.", GOOD_CODE.lower(), "美国、欧盟", "轮胎；truck tyres", "新材料"],
    ]
    sheet = read_enterprises(xlsx(tmp_path / "r.xlsx", rows))
    assert sheet.problems == ()
    (e,) = sheet.good
    assert (e.id, e.credit_code, e.markets, e.products) == ("7", GOOD_CODE, ("美国", "欧盟"), ("轮胎", "truck tyres"))
    assert e.industries == ("新材料",)


def test_a_printed_name_with_other_names_in_it_gives_each(tmp_path: Path) -> None:
    row = ',,,"Foo Tools Co., Ltd. d/b/a FOOLY, f/k/a Bar Tools Co., Ltd.",,,,\n'
    (e,) = read_enterprises(text(tmp_path / "r.csv", ENGLISH + row)).good
    assert e.en_name == "Foo Tools Co., Ltd."
    assert set(e.aliases) == {Alias("FOOLY", "brand"), Alias("Bar Tools Co., Ltd.", "former")}


def test_a_row_filled_in_later_stays_the_same_enterprise(tmp_path: Path) -> None:
    bodies = (
        "企业全称\n济南甲有限公司\n",
        "企业全称,英文注册名\n济南甲有限公司,Jinan Jia Co. Ltd.\n",
        f"企业全称,统一社会信用代码\n济南甲有限公司,{GOOD_CODE}\n",
    )
    read = [read_enterprises(text(tmp_path / f"{n}.csv", body)).good for n, body in enumerate(bodies)]
    assert {e.id for sheet in read for e in sheet} == {read[0][0].id}
    assert read[0][0].id.startswith("E-")


def test_problems_name_row_and_column_and_the_other_rows_are_kept(tmp_path: Path) -> None:
    body = (
        "企业编号,企业全称,统一社会信用代码,备注\n"
        "A,济南甲有限公司,,\n"
        "B,,,没有名称\n"
        "\n"
        "A,济南丙有限公司,,编号重复\n"
        "D,=HYPERLINK(1),,\n"
        "E,济南戊有限公司,913700001630982840,\n"
    )
    sheet = read_enterprises(text(tmp_path / "坏.csv", body))
    assert [e.cn_name for e in sheet.good] == ["济南甲有限公司", "济南戊有限公司"]
    assert sheet.good[1].credit_code == ""
    assert told(sheet.problems) == [
        (1, "备注"), (3, "企业全称"), (5, "企业编号"), (6, "企业全称"), (6, "企业全称"), (7, "统一社会信用代码"),
    ]  # fmt: skip
    assert all(p.file == "坏.csv" for p in sheet.problems)
    assert "第 2 行" in sheet.problems[2].reason


def test_a_missing_column_names_what_was_found(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"企业全称.*地址.*电话"):
        read_enterprises(text(tmp_path / "r.csv", "地址,电话\n济南,1\n"))


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "-cmd|' /C calc'!A0", "+A1+B1", "＝1+1"])
def test_text_that_looks_like_a_formula_is_refused(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "r.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["企业编号", "企业全称", "英文注册名"])
    sheet.append(["A", "", "A Co., Ltd."])
    sheet["B2"].value = cell
    sheet["B2"].data_type = "s"
    book.save(path)
    result = read_enterprises(path)
    assert told(result.problems) == [(2, "企业全称")]
    assert result.good[0].cn_name == ""


def test_a_formula_is_never_worked_out(tmp_path: Path) -> None:
    result = read_enterprises(xlsx(tmp_path / "r.xlsx", [["企业编号", "企业全称"], ["A", '="济南"&"甲"']]))
    assert result.good == ()
    assert "公式" in result.problems[0].reason


def test_a_title_and_merged_headings_above_the_data(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["山东省出海企业登记表"],
        ["企业编号", "名称", None, "所在城市"],
        [None, "企业全称", "英文注册名", None],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("D2:D3")
    sheet.append(["A", "济南甲有限公司", "Jinan A Co., Ltd.", "济南"])
    sheet.append(["A", "济南乙有限公司", None, None])
    book.save(path)
    result = read_enterprises(path)
    assert (result.good[0].id, result.good[0].en_name, result.good[0].city) == ("A", "Jinan A Co., Ltd.", "济南")
    assert told(result.problems) == [(5, "企业编号")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_chinese_offices(tmp_path: Path, encoding: str) -> None:
    body = "企业全称,英文注册名\n烟台张裕葡萄酿酒股份有限公司,Yantai Changyu\n"
    (e,) = read_enterprises(text(tmp_path / "r.csv", body, encoding)).good
    assert e.cn_name == "烟台张裕葡萄酿酒股份有限公司"


def test_a_western_encoding_is_not_taken_for_chinese(tmp_path: Path) -> None:
    body = "en_name,city\nSociété Générale Hôtel à Étampes,Orléans\nChâteau Mirefleurs,Bordeaux à\n"
    with pytest.raises(Unusable, match="UTF-8"):
        read_enterprises(text(tmp_path / "r.csv", body, "cp1252"))


def test_control_and_direction_marks_are_removed(tmp_path: Path) -> None:
    body = "企业编号,企业全称\n\ufeffA\u200b,济南\u202e甲\x07有限公司\n"
    (e,) = read_enterprises(text(tmp_path / "r.csv", body)).good
    assert (e.id, e.cn_name) == ("A", "济南甲有限公司")


def test_a_cell_too_long_is_named_and_left_out(tmp_path: Path) -> None:
    sheet = read_enterprises(text(tmp_path / "r.csv", f"企业全称,英文注册名\n{'长' * 2_001},A Co.\n"))
    assert (sheet.good[0].cn_name, told(sheet.problems)) == ("", [(2, "企业全称")])


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(Unusable, match="解压"):
        read_table(path)


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    plain, path = xlsx(tmp_path / "a.xlsx", [["企业全称"], ["甲"]]), tmp_path / "b.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for item in old.namelist():
            body = old.read(item)
            if item == "xl/worksheets/sheet1.xml":
                body = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + body.replace(b"</v>", b"&b;</v>")
            new.writestr(item, body)
    with pytest.raises(Unusable):
        read_enterprises(path)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old workbook"])
def test_a_file_that_is_no_sheet_says_so(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(body)
    with pytest.raises(Unusable, match=r"r\.xlsx"):
        read_enterprises(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="无法打开"):
        read_enterprises(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("KION Group AG (controlling stake)", "KION Group AG"),
        ("KraussMaffei Group GmbH (former)", "KraussMaffei Group GmbH"),
        ("某某美国有限公司（全资）", "某某美国有限公司"),
        ("Example Inc.（全资）", "Example Inc."),
        ("Minera Gold (Veladero 50%)", "Minera Gold"),
        ("InnoLight Technology (Thailand)", "InnoLight Technology (Thailand)"),
        ("Sinotruk (Hong Kong) Ltd.", "Sinotruk (Hong Kong) Ltd."),
    ],
)
def test_a_bracketed_remark_is_no_part_of_the_name(name: str, kept: str) -> None:
    assert without_remark(name) == kept


def test_credit_codes_bear_their_check_character() -> None:
    assert valid_credit_code("91350100M000100Y43")  # the worked example of GB 32100-2015
    assert not valid_credit_code("91350100M000100Y44")
    assert not valid_credit_code("91350100M000100I43")
    assert not valid_credit_code("")


def test_centers_with_their_waiting_times(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["分中心名称", "联系电话", "电子邮箱", "负责城市", "是否省级中心", "发出前等待时间", "信息已核实"],
        ["甲中心", 53100000000.0, "a@example.com", "潍坊市、寿光市", "是", "即时", "是"],
        ["乙中心", "0531-1234567", "ｂ＠example.com", "", "否", "4小时", ""],
        ["丙中心", "+86 (531) 1234567", "", "", "", "人工", ""],
        ["丁中心", "打电话", "没有", "", "也许", "很久", ""],
        ["戊中心", "", "", "", "", "", ""],
    ]
    sheet = read_centers(xlsx(tmp_path / "c.xlsx", rows))
    assert [c.grace_hours for c in sheet.good] == [0.0, 4.0, None, None, 4.0]
    assert [c.phone for c in sheet.good] == ["53100000000", "0531-1234567", "+86 (531) 1234567", "", ""]
    assert sheet.good[0].cities == ("潍坊", "寿光")
    assert (sheet.good[0].provincial, sheet.good[0].verified) == (True, True)
    assert sheet.good[1].email == "b@example.com"
    assert {(r, c) for r, c in told(sheet.problems)} == {
        (5, "联系电话"), (5, "电子邮箱"), (5, "是否省级中心"), (5, "发出前等待时间"),
    }  # fmt: skip


ENTERPRISES = (
    Enterprise("E1", "济南甲有限公司", "Jinan A Co., Ltd.", credit_code=GOOD_CODE),
    Enterprise("E2", "济南乙有限公司"),
    Enterprise("E3", "济南乙有限公司"),
)


def test_contacts_find_their_enterprise_and_keep_proof_of_consent(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["企业", "联系人", "邮箱", "手机", "语言", "同意接收的记录"],
        ["E1", "王一", "w1@example.com", 13800000000, "英文", "2026-03-01 书面同意"],
        ["济南甲有限公司", "王二", "w2@example.com", "", "", ""],
        [GOOD_CODE, "王三", "w3@example.com", "", "", "是"],
        ["jinan a company limited", "王四", "w4@example.com", "", "", date(2026, 3, 1)],
        ["济南丙有限公司", "王五", "w5@example.com", "", "", ""],
        ["济南乙有限公司", "王六", "w6@example.com", "", "", ""],
        ["E1", "王七", "w7@example", "1.38E+10", "", ""],
    ]
    sheet = read_contacts(xlsx(tmp_path / "k.xlsx", rows), enterprise_finder(ENTERPRISES))
    assert [(c.enterprise, c.name, c.consent) for c in sheet.good] == [
        ("E1", "王一", "2026-03-01 书面同意"), ("E1", "王二", ""), ("E1", "王三", ""), ("E1", "王四", "2026-03-01"),
    ]  # fmt: skip
    assert (sheet.good[0].phone, sheet.good[0].language) == ("13800000000", "en")
    assert told(sheet.problems) == [
        (4, "同意接收的记录"),
        (6, "企业"),
        (7, "企业"),
        (8, "手机"),
        (8, "邮箱"),
        (8, "邮箱"),
    ]


@pytest.mark.parametrize(
    ("cell", "phone"), [("1.3705320001E+10", "13705320001"), ("1.37E+10", ""), ("13705320001", "13705320001")]
)
def test_a_telephone_in_scientific_notation_is_recovered_or_reported(tmp_path: Path, cell: str, phone: str) -> None:
    sheet = read_contacts(text(tmp_path / "k.csv", f"企业,联系人,邮箱,手机\nE1,王,w@example.com,{cell}\n"))
    assert (sheet.good[0].phone, len(sheet.problems)) == (phone, 0 if phone else 1)


@pytest.mark.parametrize(
    "email", ["a@b", "a b@example.com", "a@example..com", ".a@example.com", "a@example.com\nBcc: x"]
)
def test_a_bad_address_is_refused(tmp_path: Path, email: str) -> None:
    body = f'企业,联系人,邮箱,手机\nE1,王,"{email}",13700000000\n'
    sheet = read_contacts(text(tmp_path / "k.csv", body))
    assert (sheet.good[0].email, told(sheet.problems)) == ("", [(2, "邮箱")])


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_template_is_understood_and_its_example_is_not_imported(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(kind, path)
    readers: dict[str, Callable[[Path], Sheet[Any]]] = {
        "enterprises": read_enterprises,
        "centers": read_centers,
        "contacts": read_contacts,
    }
    sheet = readers[kind](path)
    assert (sheet.good, sheet.problems) == ((), ())
    book = load_workbook(path)
    assert [ws.title for ws in book.worksheets][1] == "填写说明"
    assert book.worksheets[0]["A2"].value == "示例"
    assert book.worksheets[0].column_dimensions["A"].number_format == "@"


def test_an_unchanged_example_is_known_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template("enterprises", path)
    book = load_workbook(path)
    book.worksheets[0].delete_cols(1)
    book.worksheets[0].append(["济南甲有限公司"])
    book.save(path)
    assert [e.cn_name for e in read_enterprises(path).good] == ["济南甲有限公司"]


def test_there_is_no_template_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="enterprises"):
        write_template("others", tmp_path / "x.xlsx")
