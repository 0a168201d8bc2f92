"""What every channel promises, run on each; then what a mail server may do to us."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from alerts.channels import Channel, Unsure, open_channels
from alerts.channels import email as email_channel
from index.problems import Refused, TryLater, Unusable
from index.records import Message
from index.settings import Settings
from tests.contracts import smsserver
from tests.contracts.mailservers import Answers, Takes, knows, serving, silent, speaking_tls

MESSAGE = Message(
    "9f3a72c1d4e5b6a79f3a72c1d4e5b6a7",
    "legal@example.com",
    "【海外知识产权预警】山东海岳重工股份有限公司涉美国337调查，最早3月2日前须答辩（337-TA-1414 被申请人）",
    "王敏：\n.本行以点开头\n" + "很长的一行" * 400,
    "<p>很长的一行</p>",
    "国家海外知识产权纠纷应对指导中心山东分中心",
    "王敏",
    "shandong@example.com",
)


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, mail_from="yujing@warning.example.com", mail_timeout=5, **changes)


TEXT = replace(
    MESSAGE,
    to="13800000000",
    subject="",
    text="",
    html="",
    variables=(
        ("company", "海岳重工"),
        ("matter", "贵公司被列为美国337调查被申请人"),
        ("case", "337-TA-1414"),
        ("due", "最早3月2日前须答辩"),
        ("phone", "0531-88190000"),
    ),
)


@dataclass
class Rig:
    """A channel, a message it takes, and the ids and bytes of what left by it."""

    channel: Channel
    message: Message
    ids: Callable[[], list[str]]
    left: Callable[[], list[bytes]]

    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(mail, policy=default) for mail in self.left()]


def mail_rig(channel: Channel, left: Callable[[], list[bytes]]) -> Rig:
    def ids() -> list[str]:
        found = (email.message_from_bytes(mail, policy=default)["Message-ID"] for mail in left())
        return [str(one).strip("<>").partition("@")[0] for one in found]

    return Rig(channel, MESSAGE, ids, left)


@contextmanager
def rigged(name: str, folder: Path) -> Iterator[Rig]:
    if name == "file":
        channel = open_channels(settings(mail_dir=folder))["file"]
        yield mail_rig(channel, lambda: [p.read_bytes() for p in sorted(folder.iterdir())])
    elif name == "email":
        taking = Takes()
        with serving(taking) as port:
            channel = open_channels(settings(smtp_url=f"smtp://127.0.0.1:{port}"))["email"]
            yield mail_rig(channel, lambda: taking.mails)
    else:
        provider = smsserver.Provider()
        with smsserver.serving(provider) as port:
            channel = open_channels(settings(mail_dir=folder, sms_url=smsserver.address(port)))["sms_aliyun"]
            yield Rig(channel, TEXT, lambda: [str(r["OutId"]) for r in provider.records], list)


@pytest.fixture(params=["email", "file"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with rigged(request.param, tmp_path / "out") as ready:
        yield ready


@pytest.fixture(params=["email", "file", "sms_aliyun"])
def any_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with rigged(request.param, tmp_path / "out") as ready:
        yield ready


# Every channel.


def test_what_was_taken_has_the_providers_receipt_and_our_id(any_rig: Rig) -> None:
    receipt = any_rig.channel.send(any_rig.message)
    assert receipt.id
    assert receipt.at.utcoffset() == timedelta(0)
    assert abs(receipt.at - datetime.now(UTC)) < timedelta(hours=1)
    assert any_rig.ids() == [MESSAGE.id]


def test_sent_again_it_has_the_same_id(any_rig: Rig) -> None:
    for _ in range(2):
        any_rig.channel.send(any_rig.message)
    assert set(any_rig.ids()) == {MESSAGE.id}


@pytest.mark.parametrize(
    "address", ["", "nobody", "1234", "a@b@c", "13800000000, 13900000000", "a@b.c\r\nBcc: x@e.com"]
)
def test_what_is_no_address_at_all_is_refused_and_the_next_goes(any_rig: Rig, address: str) -> None:
    with pytest.raises(Refused):
        any_rig.channel.send(replace(any_rig.message, to=address))
    any_rig.channel.send(any_rig.message)
    assert any_rig.ids() == [MESSAGE.id]


def test_one_channel_whose_setting_is_wrong_takes_nothing_and_holds_up_no_other(tmp_path: Path) -> None:
    channels = open_channels(settings(mail_dir=tmp_path, sms_url="aliyun://me:hunter2@"))
    assert channels["file"].send(MESSAGE).id
    with pytest.raises(Unusable, match="YUJING_SMS_URL") as caught:
        channels["sms_aliyun"].send(TEXT)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["carrier://me:hunter2@example.com?x=1", "hunter2"])
def test_an_address_no_channel_takes_is_unusable(tmp_path: Path, url: str) -> None:
    channels = open_channels(settings(mail_dir=tmp_path, sms_url=url))
    (texting,) = (channel for name, channel in channels.items() if name.startswith("sms_"))
    with pytest.raises(Unusable, match="YUJING_SMS_URL") as caught:
        texting.send(TEXT)
    assert "hunter2" not in str(caught.value) + "".join(channels)


# Mail.


def words(header: object) -> str:
    return str(make_header(decode_header(str(header))))


def test_a_mail_arrives_whole(rig: Rig) -> None:
    rig.channel.send(MESSAGE)
    (mail,) = rig.mails()
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Message-ID"] == f"<{MESSAGE.id}@warning.example.com>"
    assert mail["From"].addresses[0].addr_spec == "yujing@warning.example.com"
    assert mail["To"].addresses[0].addr_spec == "legal@example.com"
    assert mail["Reply-To"].addresses[0].addr_spec == "shandong@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:shandong@example.com?subject=unsubscribe>"
    assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(hours=1)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == MESSAGE.text.splitlines()
    assert html.get_content().splitlines() == MESSAGE.html.splitlines()


def test_the_senders_name_is_the_centers(rig: Rig) -> None:
    rig.channel.send(MESSAGE)
    raw = email.message_from_bytes(rig.left()[0])
    assert words(raw["From"]) == f"{MESSAGE.sender_name} <yujing@warning.example.com>"
    assert words(raw["To"]) == f"{MESSAGE.to_name} <{MESSAGE.to}>"


def test_only_short_ascii_lines_leave(rig: Rig) -> None:
    rig.channel.send(MESSAGE)
    (mail,) = rig.left()
    assert mail.isascii()
    assert max(len(line) for line in mail.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "address",
    [
        *("", "nobody", "a@b@c", "a b@example.com", "a@example.com, b@example.com", "a@example.com\r\nBcc: x@e.com"),
        *("王敏@example.com", "<a@example.com>", "a@", "@example.com", "a@example..com", "a" * 400 + "@example.com"),
    ],
)
def test_what_is_not_one_mail_address_is_refused(rig: Rig, address: str) -> None:
    with pytest.raises(Refused):
        rig.channel.send(replace(MESSAGE, to=address))
    rig.channel.send(MESSAGE)
    assert len(rig.mails()) == 1


@pytest.mark.parametrize("field", ["subject", "sender_name", "to_name", "id"])
@pytest.mark.parametrize(
    "attack", ["x\r\nBcc: all@example.com", "x\nBcc: all@example.com\n\nbody", "x\x00\u2028Bcc: y"]
)
def test_no_header_can_be_smuggled_in(rig: Rig, field: str, attack: str) -> None:
    changed: dict[str, Any] = {field: attack}
    rig.channel.send(replace(MESSAGE, **changed))
    (mail,) = rig.mails()
    assert mail["Bcc"] is None
    assert sorted(set(mail.keys())) == sorted(mail.keys())
    assert mail.is_multipart()


def test_a_reply_address_that_is_none_is_left_out_and_the_mail_goes(rig: Rig) -> None:
    rig.channel.send(replace(MESSAGE, reply_to="x@example.com\r\nBcc: y@example.com"))
    (mail,) = rig.mails()
    assert (mail["Reply-To"], mail["Bcc"]) == (None, None)


def test_without_a_reply_address_nothing_points_to_one(rig: Rig) -> None:
    rig.channel.send(replace(MESSAGE, reply_to=""))
    (mail,) = rig.mails()
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe"] is None


def test_broken_characters_do_not_stop_a_mail(rig: Rig) -> None:
    rig.channel.send(replace(MESSAGE, subject="a\ud800b", text="a\ud800b", html="a\udfffb"))
    assert rig.mails()[0]["Subject"] == "ab"


def test_one_channel_is_open_for_one_setting(tmp_path: Path) -> None:
    assert set(open_channels(settings(mail_dir=tmp_path))) == {"file"}
    assert set(open_channels(settings(smtp_url="smtp://127.0.0.1:1", mail_dir=tmp_path))) == {"email"}


@pytest.mark.parametrize(
    "url", ["http://mail.example.com", "smtp://", "smtp://host:port", "mail.example.com", "smtp://h/x"]
)
def test_a_wrong_server_address_is_said_without_its_password(url: str) -> None:
    with pytest.raises(Unusable, match="YUJING_SMTP_URL") as caught:
        open_channels(settings(smtp_url=url.replace("//", "//me:hunter2@", 1)))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("changes", [{}, {"smtp_url": "smtp://127.0.0.1"}])
def test_a_wrong_sender_address_is_unusable(changes: dict[str, str]) -> None:
    with pytest.raises(Unusable, match="YUJING_MAIL_FROM"):
        open_channels(Settings(_env_file=None, mail_from="nobody", **changes))  # type: ignore[arg-type]


# The folder.


def test_a_mail_written_again_is_one_file(tmp_path: Path) -> None:
    channel = open_channels(settings(mail_dir=tmp_path))["file"]
    receipts = {channel.send(replace(MESSAGE, subject=subject)).id for subject in ("一", "二")}
    channel.send(replace(MESSAGE, to="other@example.com"))
    files = sorted(tmp_path.iterdir())
    assert len(files) == 2
    assert receipts < {file.name for file in files}
    assert all(file.suffix == ".eml" for file in files)


def test_an_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    open_channels(settings(mail_dir=tmp_path / "out"))["file"].send(replace(MESSAGE, id="../../escaped"))
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_written_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Unusable):
        open_channels(settings(mail_dir=tmp_path / "taken"))["file"].send(MESSAGE)


# The mail server.

# The server warns of what this test wants of it: a login without encryption, on this machine only.
in_clear = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")


def sends_to(port: int, login: str = "") -> None:
    open_channels(settings(smtp_url=f"smtp://{login}127.0.0.1:{port}"))["email"].send(MESSAGE)


@pytest.mark.parametrize(
    ("command", "answer", "problem"),
    [
        ("RCPT", "550 5.1.1 no such user", Refused),
        ("RCPT", "451 4.7.1 greylisted, come back later", TryLater),
        ("RCPT", "452 4.2.2 mailbox full", TryLater),
        ("RCPT", "530 5.7.0 log in first", Unusable),
        ("RCPT", "drop", TryLater),
        ("MAIL", "550 5.7.1 sender not allowed", Unusable),
        ("MAIL", "421 4.3.2 shutting down", TryLater),
        ("MAIL", "drop", TryLater),
        ("DATA", "554 5.6.0 message refused", Refused),
        ("DATA", "451 4.3.0 try again", TryLater),
        ("DATA", "drop", Unsure),
    ],
)
def test_each_answer_of_a_server_has_its_meaning(command: str, answer: str, problem: type[Exception]) -> None:
    with serving(Answers(command, answer)) as port, pytest.raises(problem) as caught:
        sends_to(port)
    assert type(caught.value) is problem
    if answer != "drop":
        assert answer[4:] in str(caught.value)


def test_the_servers_word_is_the_receipt() -> None:
    taking = Takes()
    with serving(taking) as port:
        channel = open_channels(settings(smtp_url=f"smtp://127.0.0.1:{port}"))["email"]
        assert channel.send(MESSAGE).id == "250 2.0.0 queued as 7F3A"
    assert taking.senders == ["yujing@warning.example.com"]


@in_clear
def test_a_login_is_given_where_it_is_wanted() -> None:
    taking = Takes()
    with serving(taking, **knows("center", "p:@/ %")) as port:
        sends_to(port, "center:p%3A%40%2F%20%25@")
    assert len(taking.mails) == 1


@in_clear
@pytest.mark.parametrize("login", ["", "center:wrong@"])
def test_without_the_right_login_the_channel_is_unusable(login: str) -> None:
    with serving(Takes(), **knows("center", "right")) as port, pytest.raises(Unusable):
        sends_to(port, login)


def test_a_password_is_not_sent_in_clear_across_a_wire() -> None:
    far = email_channel.server_of("smtp://center:secret@mail.example.com")
    near = email_channel.server_of("smtp://center:secret@127.0.0.1")
    assert (far.near, near.near, "secret" in repr(far)) == (False, True, False)


def test_a_server_that_does_not_answer_may_be_tried_later() -> None:
    with silent() as port:
        channel = open_channels(settings(smtp_url=f"smtp://127.0.0.1:{port}").model_copy(update={"mail_timeout": 0.3}))
        with pytest.raises(TryLater):
            channel["email"].send(MESSAGE)


def test_a_server_that_is_away_may_be_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(TryLater):
        sends_to(port)


def test_plain_speech_at_an_encrypted_port_is_unusable() -> None:
    with serving(Takes()) as port, pytest.raises(Unusable):
        open_channels(settings(smtp_url=f"smtps://127.0.0.1:{port}"))["email"].send(MESSAGE)


def test_what_a_server_encrypts_is_encrypted(certificate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    taking = Takes()
    with serving(taking, **speaking_tls(certificate)) as port:
        open_channels(settings(smtp_url=f"smtp://localhost:{port}"))["email"].send(MESSAGE)
    assert len(taking.mails) == 1


def test_a_server_nobody_vouches_for_gets_nothing(certificate: str) -> None:
    taking = Takes()
    with serving(taking, **speaking_tls(certificate)) as port, pytest.raises(Unusable):
        open_channels(settings(smtp_url=f"smtp://localhost:{port}"))["email"].send(MESSAGE)
    assert taking.mails == []
