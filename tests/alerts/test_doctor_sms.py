"""What the self-check says of SMS: never the key, and always what must be approved."""

from __future__ import annotations

import pytest

from alerts.commands.doctor import Finding, sms_finding
from alerts.letters.text_message import TEMPLATE
from index.settings import Settings

GOOD = "aliyun://LTAI5t:hunter2@dysmsapi.aliyuncs.com?sign=海外知产&template=SMS_154950909"


def finding(url: str) -> Finding:
    return sms_finding(Settings(_env_file=None, sms_url=url))


def test_no_sms_is_no_fault() -> None:
    assert (finding("").state, finding("").value) == ("ok", "")


def test_what_is_set_is_shown_without_its_key_and_with_the_template_to_approve() -> None:
    found = finding(GOOD)
    assert (found.state, found.value) == (
        "note",
        "aliyun://***@dysmsapi.aliyuncs.com?sign=海外知产&template=SMS_154950909",
    )
    assert TEMPLATE in found.said
    assert "not yet seen live" in found.said


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "aliyun://LTAI5t:hunter2@",
        "carrier://LTAI5t:hunter2@host",
        "aliyun://LTAI5t:hun/ter2@host",
        "aliyun://[",
    ],
)
def test_what_cannot_be_used_is_a_fault_and_still_hides_its_key(url: str) -> None:
    found = finding(url)
    assert found.state == "fault"
    assert not any(part in found.value + found.said for part in ("hunter2", "LTAI5t", "ter2"))


def test_without_the_sdk_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.channels.sms_aliyun.SDK", "no_such_package")
    assert "yujing[sms]" in finding(GOOD).said
