"""Importing a register twice, a little fuller each time: one enterprise, not three."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.commands.registering import import_file
from index.ledger import Ledger, enterprises
from index.settings import load_settings


def put(folder: Path, heading: str, row: str) -> int:
    """Import a register of one row; the command's status."""
    file = folder / "register.csv"
    file.write_text(f"{heading}\n{row}\n", encoding="utf-8")
    return import_file("enterprises", file)


def test_a_renamed_firm_is_known_by_its_credit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "91370000MA3XYW123Q"
    assert put(tmp_path, "企业全称,统一社会信用代码", f"济南甲有限公司,{code}") == 0
    assert put(tmp_path, "企业全称,曾用名,统一社会信用代码", f"济南乙有限公司,济南甲有限公司,{code}") == 0
    assert put(tmp_path, "企业编号,企业全称", "A1,济南丙有限公司") == 0
    assert put(tmp_path, "企业全称,英文注册名", "济南丙有限公司,Jinan Bing Co. Ltd.") == 0
    ledger = Ledger.open(load_settings().ledger)
    with ledger.read() as work:
        known = {e.cn_name: (e.id, e.en_name) for e in enterprises.every(work)}
    ledger.close()
    assert set(known) == {"济南乙有限公司", "济南丙有限公司"}
    assert known["济南丙有限公司"] == ("A1", "Jinan Bing Co. Ltd.")
    assert "1 imported" in capsys.readouterr().out
