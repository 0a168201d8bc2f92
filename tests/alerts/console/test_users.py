"""`yujing users`: what is not given stays, who is shut out stays out until somebody lets them in."""

from __future__ import annotations

import pytest

from alerts.commands.desk import add_user, disable_user, enable_user
from index.ledger import Ledger, audit, centers, users
from index.ledger.users import User
from index.problems import Unusable
from tests.alerts.console.province import WEIFANG
from tests.making import NOW, a_center


def known(ledger: Ledger) -> User:
    with ledger.read() as work:
        found = users.load(work, "lina")
    assert found
    return found


def test_a_changed_name_changes_neither_center_nor_role(desk_ledger: Ledger) -> None:
    add_user("lina", "李娜", WEIFANG, "viewer")
    add_user("lina", "李娜娜", None, None)
    assert (known(desk_ledger).name, known(desk_ledger).center, known(desk_ledger).role) == (
        "李娜娜",
        WEIFANG,
        "viewer",
    )
    add_user("lina", "李娜娜", "", "clerk")
    assert (known(desk_ledger).center, known(desk_ledger).role) == ("", "clerk")
    with desk_ledger.read() as work:
        told = [detail["before"] for _, _, what, detail in audit.of(work, "lina") if what == "user"]
    assert told[-1] == {"center": WEIFANG, "role": "viewer", "name": "李娜娜"}


def test_who_is_shut_out_is_let_in_by_a_word_of_its_own(desk_ledger: Ledger) -> None:
    add_user("lina", "李娜", WEIFANG, "viewer")
    disable_user("lina")
    with pytest.raises(Unusable, match="disabled"):
        add_user("lina", "李娜", None, None)
    assert known(desk_ledger).disabled_at
    enable_user("lina")
    assert known(desk_ledger).disabled_at is None
    with pytest.raises(Unusable, match="not known"):
        enable_user("nobody")


@pytest.fixture
def desk_ledger(monkeypatch: pytest.MonkeyPatch, ledger: Ledger) -> Ledger:
    """The ledger the commands open, with a center."""
    monkeypatch.setenv("YUJING_LEDGER_URL", str(ledger.engine.url))
    with ledger.begin() as work:
        centers.write(work, a_center(WEIFANG), NOW)
    return ledger
