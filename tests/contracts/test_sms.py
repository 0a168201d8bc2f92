"""SMS by the vendor's own SDK, against a server that checks the vendor's signature."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts.channels import Unsure, open_channels
from alerts.channels.sms_aliyun import Aliyun
from index.problems import Refused, TryLater, Unusable
from index.records import Message
from index.settings import Settings
from tests.contracts.smsserver import (
    CUT,
    KEY_ID,
    SECRET,
    SIGN,
    TEMPLATE,
    Answer,
    Provider,
    address,
    refused,
    said,
    serving,
)

BEIJING = ZoneInfo("Asia/Shanghai")
KEY = "9f3a72c1d4e5b6a79f3a72c1d4e5b6a7"
VALUES = (
    ("company", "海岳重工"),
    ("matter", "贵公司被列为美国337调查被申请人"),
    ("case", "337-TA-1414"),
    ("due", "最早3月2日前须答辩"),
    ("phone", "0531-88190000"),
)
MESSAGE = Message(KEY, "138 0000 0000", "", "", "", "山东分中心", variables=VALUES)
TODAY = datetime.now(BEIJING).date()


def channel_of(url: str, timeout: float = 5.0) -> Aliyun:
    channel = open_channels(Settings(_env_file=None, sms_url=url, mail_timeout=timeout))["sms_aliyun"]
    assert isinstance(channel, Aliyun)
    return channel


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def port(provider: Provider) -> Iterator[int]:
    with serving(provider) as found:
        yield found


@pytest.fixture
def sms(port: int) -> Aliyun:
    return channel_of(address(port))


# On the wire.


def test_a_message_is_signed_and_carries_template_variables_and_our_id(provider: Provider, sms: Aliyun) -> None:
    receipt = sms.send(MESSAGE)
    assert receipt.id == "000000000000000001^0"
    (query,) = provider.asked
    assert {name: query[name] for name in ("PhoneNumbers", "SignName", "TemplateCode", "OutId")} == {
        "PhoneNumbers": "13800000000",
        "SignName": SIGN,
        "TemplateCode": TEMPLATE,
        "OutId": KEY,
    }
    assert list(json.loads(query["TemplateParam"]).items()) == list(VALUES)
    (headers,) = provider.headers
    assert headers["authorization"].startswith(f"ACS3-HMAC-SHA256 Credential={KEY_ID},")
    assert (headers["x-acs-action"], headers["x-acs-version"]) == ("SendSms", "2017-05-25")
    assert SECRET not in json.dumps([query, headers])


def test_each_message_is_signed_anew(provider: Provider, sms: Aliyun) -> None:
    for _ in range(3):
        sms.send(MESSAGE)
    assert len(provider.nonces) == 3


def test_another_secret_is_noticed_and_makes_the_channel_unusable(provider: Provider, port: int) -> None:
    with pytest.raises(Unusable, match="SignatureDoesNotMatch") as caught:
        channel_of(address(port, secret="wrong")).send(MESSAGE)
    assert provider.records == []
    assert "wrong" not in str(caught.value)


def test_an_unknown_key_makes_the_channel_unusable(port: int) -> None:
    url = address(port).replace(KEY_ID, "LTAI5tAnother")
    with pytest.raises(Unusable, match=r"InvalidAccessKeyId\.NotFound"):
        channel_of(url).send(MESSAGE)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"sign": "别人的签名"}, "isv.SMS_SIGNATURE_ILLEGAL"), ({"template": "SMS_1"}, "isv.SMS_TEMPLATE_ILLEGAL")],
)
def test_a_signature_or_template_that_is_not_ours_makes_it_unusable(
    port: int, changed: dict[str, str], code: str
) -> None:
    with pytest.raises(Unusable, match=code):
        channel_of(address(port, **changed)).send(MESSAGE)


def test_only_the_key_of_the_setting_is_used(
    provider: Provider, sms: Aliyun, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "credentials"
    elsewhere.write_text("[default]\ntype = access_key\naccess_key_id = other\naccess_key_secret = other\n")
    for name, value in {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "other",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "other",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "other",
        "ALIBABA_CLOUD_CREDENTIALS_FILE": str(elsewhere),
    }.items():
        monkeypatch.setenv(name, value)
    assert sms.send(MESSAGE).id
    assert "x-acs-security-token" not in provider.headers[0]


def test_the_sdk_prints_nothing_even_where_it_is_told_to(
    sms: Aliyun, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEBUG", "sdk")
    sms.send(MESSAGE)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(provider: Provider, sms: Aliyun, status: int) -> None:
    other = Provider()
    with serving(other) as elsewhere:
        provider.instead["SendSms"] = Answer(status, headers={"Location": f"http://127.0.0.1:{elsewhere}/"})
        with pytest.raises(Unusable):
            sms.send(MESSAGE)
    assert (len(provider.asked), other.asked) == (1, [])


# Numbers and variables.


@pytest.mark.parametrize(
    "printed",
    [
        "13800000000",
        "+86 138 0000 0000",
        "86-138-0000-0000",
        "0086 13800000000",
        "（+86）13800000000",
        "１３８００００００００",
    ],
)
def test_a_mainland_mobile_number_is_known_however_it_is_written(provider: Provider, sms: Aliyun, printed: str) -> None:
    sms.send(replace(MESSAGE, to=printed))
    assert provider.asked[0]["PhoneNumbers"] == "13800000000"


@pytest.mark.parametrize(
    "printed",
    ["", "0531-88190000", "12345678901", "1380000000", "138000000000", "+852 51234567", "13800000000,13900000000", "x"],
)
def test_what_is_no_mainland_mobile_number_is_refused_and_never_sent(
    provider: Provider, sms: Aliyun, printed: str
) -> None:
    with pytest.raises(Refused):
        sms.send(replace(MESSAGE, to=printed))
    assert provider.asked == []


@pytest.mark.parametrize(
    "value", ["", "长" * 36, "见 https://e.com", "www.e.cn", "见e.com", "一\n二", "一【二】", "a\ud800"]
)
def test_a_variable_the_vendor_would_not_take_is_refused_by_name(provider: Provider, sms: Aliyun, value: str) -> None:
    with pytest.raises(Refused, match="variable matter"):
        sms.send(replace(MESSAGE, variables=(("company", "海岳"), ("matter", value))))
    assert provider.asked == []


# What the vendor answers.


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (refused("isv.BUSINESS_LIMIT_CONTROL"), TryLater),
        (refused("isp.SYSTEM_ERROR"), TryLater),
        (refused("isv.SOMETHING_NEW"), TryLater),
        (refused("Throttling.User", 400), TryLater),
        (Answer(429, b'{"Code": "Busy", "Message": "m"}', {"Retry-After": "3"}), TryLater),
        (refused("ServiceUnavailable", 503), TryLater),
        (refused("InternalError", 500), TryLater),
        (refused("isv.MOBILE_NUMBER_ILLEGAL"), Refused),
        (refused("isv.BLACK_KEY_CONTROL_LIMIT"), Refused),
        (refused("isv.PARAM_LENGTH_LIMIT"), Refused),
        (refused("isv.SMS_CONTENT_ILLEGAL"), Refused),
        (refused("isv.AMOUNT_NOT_ENOUGH"), Unusable),
        (refused("isv.OUT_OF_SERVICE"), Unusable),
        (refused("isv.SMS_SIGNATURE_ILLEGAL"), Unusable),
        (refused("isv.SMS_TEMPLATE_ILLEGAL"), Unusable),
        (refused("isv.TEMPLATE_MISSING_PARAMETERS"), Unusable),
        (refused("isv.INVALID_PARAMETERS"), Unusable),
        (refused("isv.DAY_LIMIT_CONTROL"), Unusable),
        (refused("isp.RAM_PERMISSION_DENY"), Unusable),
        (refused("Forbidden.RAM", 403), Unusable),
        (refused("InvalidTimeStamp.Expired", 400), Unusable),
        (refused("SignatureNonceUsed", 400), Unsure),
        (Answer(502, b"<html>Bad Gateway</html>"), Unsure),
        (Answer(200, b"<html>Welcome</html>"), Unsure),
        (Answer(200, b"[]"), Unsure),
        (Answer(200, b""), Unsure),
        (said(), Unsure),
        (CUT, Unsure),
    ],
)
def test_each_answer_has_its_meaning_and_nothing_is_sent_twice(
    provider: Provider, sms: Aliyun, answer: Answer, problem: type[Exception]
) -> None:
    provider.instead["SendSms"] = answer
    with pytest.raises(problem) as caught:
        sms.send(MESSAGE)
    assert type(caught.value) is problem
    assert len(provider.asked) == 1
    provider.instead.clear()
    assert sms.send(MESSAGE).id


def test_an_answer_that_does_not_come_is_unsure(provider: Provider, port: int) -> None:
    provider.after = provider.hang
    with pytest.raises(Unsure):
        channel_of(address(port), timeout=0.3).send(MESSAGE)
    assert [r["OutId"] for r in provider.records] == [KEY]


def test_a_server_that_is_away_may_be_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        gone = listening.getsockname()[1]
    with pytest.raises(TryLater):
        channel_of(address(gone)).send(MESSAGE)


def test_a_host_without_an_address_may_be_tried_later() -> None:
    with pytest.raises(TryLater):
        channel_of(address(443, host="no-such-host.invalid", tls="")).send(MESSAGE)


def test_what_is_sent_is_encrypted(provider: Provider, certificate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    with serving(provider, certificate) as secured:
        assert channel_of(address(secured, host="localhost", tls="")).send(MESSAGE).id


def test_a_server_nobody_vouches_for_gets_nothing(provider: Provider, certificate: str) -> None:
    with serving(provider, certificate) as secured, pytest.raises(Unusable):
        channel_of(address(secured, host="localhost", tls="")).send(MESSAGE)
    assert provider.asked == []


def test_plain_speech_at_an_encrypted_port_is_unusable(provider: Provider, port: int) -> None:
    with pytest.raises(Unusable):
        channel_of(address(port, tls="")).send(MESSAGE)
    assert provider.asked == []


# The setting.


@pytest.mark.parametrize(
    "url",
    [
        *("aliyun://", "aliyun://id:hunter2@", "aliyun://id@host?sign=s&template=t", "aliyun://id:hunter2@host"),
        *("aliyun://id:hunter2@host?sign=s", "aliyun://id:hunter2@host?sign=&template=t", "aliyun:hunter2"),
        *("aliyun://id:hunter2@host:port?sign=s&template=t", "aliyun://id:hunter2@host/x?sign=s&template=t"),
        *("aliyun://id:hunter2@host?sign=s&template=t&retry=9", "aliyun://id:hunter2@host?sign=s&sign=u&template=t"),
        *("aliyun://id:hunter2@dysmsapi.aliyuncs.com?sign=s&template=t&tls=no",),
    ],
)
def test_a_wrong_setting_is_said_without_its_key(url: str, tmp_path: Path) -> None:
    channels = open_channels(Settings(_env_file=None, sms_url=url, mail_dir=tmp_path))
    (texting,) = (channel for name, channel in channels.items() if name.startswith("sms_"))
    with pytest.raises(Unusable, match="YUJING_SMS_URL") as caught:
        texting.send(MESSAGE)
    assert "hunter2" not in str(caught.value)


def test_the_key_is_never_shown(sms: Aliyun) -> None:
    assert SECRET not in repr(sms)
    assert KEY_ID not in repr(sms)


def test_a_plain_message_is_not_given_to_a_proxy(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    channel = open_channels(Settings(_env_file=None, sms_url=address(port)))["sms_aliyun"]
    with pytest.raises(Unusable, match="HTTP_PROXY"):
        channel.send(MESSAGE)


def test_without_the_sdk_the_extra_is_named(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.channels.sms_aliyun.SDK", "no_such_package")
    channel = open_channels(Settings(_env_file=None, sms_url=address(port)))["sms_aliyun"]
    with pytest.raises(Unusable, match=r"yujing\[sms\]"):
        channel.send(MESSAGE)


def test_opening_the_channels_does_not_import_the_sdk() -> None:
    code = (
        "import sys; from alerts.channels import open_channels; from index.settings import Settings;"
        "open_channels(Settings(_env_file=None, sms_url='aliyun://a:b@h?sign=s&template=t'));"
        "print([name for name in sys.modules if name.startswith(('alibabacloud', 'Tea', 'darabonba'))])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


# What became of it.


def test_a_message_the_provider_has_is_found_by_our_id_only(provider: Provider, sms: Aliyun) -> None:
    provider.keep("13800000000", "another")
    provider.keep("13900000000", KEY)
    assert sms.ask(KEY, "+86 13800000000", TODAY) is None
    provider.keep("13800000000", KEY, status=1, code="")
    found = sms.ask(KEY, "13800000000", TODAY - timedelta(days=2))
    assert found is not None
    assert KEY in found.id
    assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert [q["SendDate"] for q in provider.asked][-1] == f"{TODAY:%Y%m%d}"


def test_a_message_the_network_gave_back_is_refused(provider: Provider, sms: Aliyun) -> None:
    provider.keep("13800000000", KEY, status=2, code="MOBILE_NOT_ON_SERVICE")
    with pytest.raises(Refused, match="MOBILE_NOT_ON_SERVICE"):
        sms.ask(KEY, "13800000000", TODAY)


def test_every_page_of_records_is_read(provider: Provider, sms: Aliyun) -> None:
    for number in range(120):
        provider.keep("13800000000", f"other-{number}")
    provider.keep("13800000000", KEY)
    assert sms.ask(KEY, "13800000000", TODAY) is not None
    assert [q["CurrentPage"] for q in provider.asked] == ["1", "2", "3"]


def test_what_is_older_than_the_records_cannot_be_told(provider: Provider, sms: Aliyun) -> None:
    with pytest.raises(Unsure):
        sms.ask(KEY, "13800000000", TODAY - timedelta(days=31))
    assert provider.asked == []
