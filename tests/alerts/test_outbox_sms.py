"""The outbox by SMS: the provider's id on record, and an unsure message asked about before it goes again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from alerts.channels import open_channels
from alerts.channels.sms_aliyun import SETTLES
from alerts.outbox import GIVE_UP_AFTER, reclaim, send_due
from index.ledger import Ledger, alerts, deliveries, tables
from index.records import Delivery, DeliveryState, Message
from index.settings import Settings
from tests.alerts.test_outbox import ALERT, mail_settings
from tests.contracts.mailservers import Takes
from tests.contracts.mailservers import serving as serving_mail
from tests.contracts.smsserver import CUT, Provider, address, refused, serving
from tests.contracts.test_sms import KEY, MESSAGE
from tests.making import NOW

NUMBER = "13800000000"


@dataclass
class Post:
    """One SMS planned in a ledger, and the provider it goes to."""

    ledger: Ledger
    settings: Settings
    provider: Provider

    def put(self, key: str = KEY, channel: str = "sms_aliyun", to: str = NUMBER) -> None:
        with self.ledger.begin() as work:
            alerts.insert(work, ALERT, [])
            delivery = Delivery(key, "a1", channel, to, "enterprise", DeliveryState.DUE, NOW)
            message = Message(key, to, "主题", "正文", "<p>正文</p>", "中心", variables=MESSAGE.variables)
            deliveries.insert(work, delivery, message, datetime.now(UTC))

    def send(self, **changed: Any) -> dict[str, int]:
        """Make everything due, after changing what is asked, and send what is."""
        with self.ledger.begin() as work:
            work.execute(update(tables.deliveries).values(**{"due_at": NOW, **changed}))
        return dict(send_due(self.ledger, open_channels(self.settings), self.settings))

    def row(self, key: str = KEY) -> Delivery:
        with self.ledger.read() as work:
            return next(d for d in deliveries.of_alert(work, "a1") if d.key == key)

    @property
    def sent(self) -> int:
        return len(self.provider.asked_for("SendSms"))

    @property
    def asked(self) -> int:
        return len(self.provider.asked_for("QuerySendDetails"))


@pytest.fixture
def post(ledger: Ledger, settings: Settings) -> Iterator[Post]:
    provider = Provider()
    with serving(provider) as port:
        use = settings.model_copy(update={"sms_url": address(port), "mail_timeout": 5.0})
        ready = Post(ledger, use, provider)
        ready.put()
        yield ready


def test_a_sent_message_has_the_providers_id_as_its_receipt(post: Post) -> None:
    assert post.send() == {"sent": 1}
    assert post.send() == {}
    assert (post.row().state, post.row().receipt) == (DeliveryState.SENT, "000000000000000001^0")
    assert [record["OutId"] for record in post.provider.records] == [KEY]


def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(post: Post) -> None:
    post.provider.after = lambda: CUT
    assert post.send() == {"unsure": 1}
    assert post.row().due_at - datetime.now(UTC) > SETTLES - timedelta(minutes=1)
    assert post.send() == {"sent": 1}
    assert (post.sent, post.asked, len(post.provider.records)) == (1, 1, 1)
    assert KEY in post.row().receipt


def test_a_message_that_surely_never_arrived_goes_again_under_its_own_id(post: Post) -> None:
    post.provider.instead["SendSms"] = CUT
    assert post.send() == {"unsure": 1}
    assert post.send() == {"due": 1}
    assert "never had it" in post.row().problem
    post.provider.instead.clear()
    assert post.send() == {"sent": 1}
    assert (post.sent, post.asked) == (2, 1)
    assert [record["OutId"] for record in post.provider.records] == [KEY]


def test_lost_twice_it_is_asked_about_twice(post: Post) -> None:
    post.provider.instead["SendSms"] = CUT
    assert [post.send() for _ in range(4)] == [{"unsure": 1}, {"due": 1}] * 2
    assert (post.sent, post.asked) == (2, 2)


@pytest.mark.parametrize("answer", [CUT, refused("isp.RAM_PERMISSION_DENY"), refused("Throttling.User", 400)])
def test_what_cannot_be_told_stays_unsure_and_is_never_sent_again(post: Post, answer: Any) -> None:
    post.provider.after = lambda: CUT
    post.provider.instead["QuerySendDetails"] = answer
    for _ in range(4):
        assert post.send() == {"unsure": 1}
    assert (post.sent, post.asked) == (1, 3)
    assert post.row().problem.startswith("asked what became of it")
    long_ago = datetime.now(UTC) - GIVE_UP_AFTER - timedelta(hours=1)
    assert post.send(created_at=long_ago) == {"unsure": 1}
    assert post.send() == {}
    assert (post.row().state, post.sent) == (DeliveryState.UNSURE, 1)


def test_a_question_that_fails_holds_up_no_other_message(post: Post) -> None:
    post.provider.after = lambda: CUT
    assert post.send() == {"unsure": 1}
    post.provider.after = lambda: None
    post.provider.instead["QuerySendDetails"] = refused("isp.RAM_PERMISSION_DENY")
    post.put("f" * 32, to="13900000000")
    assert post.send() == {"unsure": 1, "sent": 1}


def test_what_the_network_gave_back_is_refused(post: Post) -> None:
    post.provider.instead["SendSms"] = CUT
    assert post.send() == {"unsure": 1}
    post.provider.keep(NUMBER, KEY, status=2, code="MOBILE_NOT_ON_SERVICE")
    assert post.send() == {"refused": 1}
    assert "MOBILE_NOT_ON_SERVICE" in post.row().problem


def test_what_a_dead_process_was_sending_is_asked_about_when_records_have_settled(post: Post) -> None:
    code = "from alerts.process import own_name; print(own_name())"
    gone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    now = datetime.now(UTC)
    with post.ledger.begin() as work:
        deliveries.claim(work, now, gone, now + timedelta(hours=1), 1)
    assert reclaim(post.ledger, open_channels(post.settings)) == 1
    assert dict(send_due(post.ledger, open_channels(post.settings), post.settings)) == {}
    assert post.row().due_at >= now + SETTLES
    post.provider.keep(NUMBER, KEY)
    assert post.send() == {"sent": 1}
    assert post.sent == 0


def test_an_unsure_message_waits_for_its_channel_and_is_asked_about_then(post: Post) -> None:
    post.provider.after = lambda: CUT
    post.send()
    with_sms, post.settings = post.settings, post.settings.model_copy(update={"sms_url": ""})
    assert post.send() == {"due": 1}
    assert post.row().state is DeliveryState.UNSURE
    post.settings = with_sms
    assert post.send() == {"sent": 1}
    assert post.sent == 1


def test_sms_that_is_down_does_not_hold_up_mail_nor_mail_sms(post: Post) -> None:
    post.put("e" * 32, "email", "a@example.com")
    takes = Takes()
    post.provider.instead["SendSms"] = refused("isv.AMOUNT_NOT_ENOUGH")
    with serving_mail(takes) as port:
        post.settings = mail_settings(post.settings, port)
        assert post.send() == {"unusable": 1, "sent": 1}
    post.provider.instead.clear()
    post.put("d" * 32, "email", "b@example.com")
    assert post.send() == {"sent": 1, "due": 1}
    assert (len(takes.mails), len(post.provider.records)) == (1, 1)
