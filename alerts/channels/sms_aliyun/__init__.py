"""Text messages by Aliyun's Short Message Service (Dysmsapi 2017-05-25), through the vendor's own SDK.

Known from the SDK and the vendor's documents, not yet seen live: sending help.aliyun.com/document_detail/419273.html,
asking …/419277.html. `sdk` imports the vendor's packages, so only a message that leaves does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from alerts.channels import Unsure
from alerts.channels.sms_aliyun.account import Account, account_of
from alerts.letters.plain import clean
from alerts.letters.text_message import mobile, unfit
from index.problems import Refused, Unusable
from index.records import BEIJING, Message, Receipt
from index.settings import Settings

NAME = "sms_aliyun"
SDK = "alibabacloud_dysmsapi20170525"
# The vendor names no bound for how late a message may enter its records. A network's receipt takes some
# 10 to 30 s; half an hour is far beyond that, and little beside the days a warning speaks of.
SETTLES = timedelta(minutes=30)
KEPT_DAYS = 30  # the vendor's records reach back so far
PAGE, PAGES = 50, 10  # records a page, pages a day: far more than one number is let receive


@dataclass(frozen=True, slots=True)
class Aliyun:
    """The vendor's service, as the contract of channels wants it. `timeout` in seconds, for connecting and answer."""

    account: Account
    timeout: float
    settles: timedelta = SETTLES

    def send(self, message: Message) -> Receipt:
        """Hand one message over; the receipt is the vendor's BizId. Raises as the contract says."""
        answer = self._call(
            "send_sms",
            phone_numbers=_number(message.to),
            sign_name=self.account.sign,
            template_code=self.account.template,
            template_param=_parameters(message.variables),
            out_id=message.id,
        )
        return Receipt(answer.biz_id or f"RequestId {answer.request_id}", datetime.now(UTC))

    def ask(self, key: str, to: str, since: date) -> Receipt | None:
        """What the vendor's records say of a message by its OutId, day by day. Raises as the contract says."""
        number, passed = _number(to), (datetime.now(BEIJING).date() - since).days
        if passed >= KEPT_DAYS:
            raise Unsure(f"the provider's records do not reach back to {since}")
        for ahead in range(max(passed, 0) + 1):
            for record in self._records(number, since + timedelta(days=ahead)):
                if record.out_id == key:
                    return _outcome(record)
        return None

    def _records(self, number: str, day: date) -> Iterator[Any]:
        """All records of one number and day. Raises Unsure where there are more than are read."""
        for page in range(1, PAGES + 1):
            asked = {"phone_number": number, "send_date": f"{day:%Y%m%d}", "page_size": PAGE, "current_page": page}
            answer = self._call("query_send_details", **asked)
            listed = answer.sms_send_detail_dtos
            yield from (listed and listed.sms_send_detail_dto) or ()
            total = str(answer.total_count)
            if not total.isdecimal() or int(total) <= page * PAGE:
                return
        raise Unsure(f"the provider has more than {PAGE * PAGES} records of this number on {day}")

    def _call(self, operation: str, **fields: object) -> Any:
        return import_module(f"{__name__}.sdk").call(self.account, self.timeout, operation, **fields)


def _number(printed: str) -> str:
    if number := mobile(printed):
        return number
    raise Refused(f"recipient {clean(printed, 40)!r}: not a mainland mobile number")


def _parameters(variables: Sequence[tuple[str, str]]) -> str:
    """The template's values as JSON, in their order. Raises Refused for one the vendor would not take."""
    for name, value in variables:
        if fault := unfit(value):
            raise Refused(f"variable {clean(name, 40)}: {fault}")
    return json.dumps(dict(variables), ensure_ascii=False)


def _outcome(record: Any) -> Receipt:
    """A record's receipt, at the vendor's time (taken for Beijing's). Raises Refused if the network gave it back."""
    if record.send_status == 2:
        raise Refused(f"taken by the provider, then failed: {clean(str(record.err_code), 100)}")
    at = datetime.now(UTC)
    with suppress(TypeError, ValueError):
        at = datetime.fromisoformat(record.send_date).replace(tzinfo=BEIJING).astimezone(UTC)
    return Receipt(f"OutId {record.out_id}", at)


def open(settings: Settings) -> Aliyun | None:  # noqa: A001  the contract's name
    """The vendor's channel; None where the setting names none or another. Raises Unusable if it cannot be used."""
    if not settings.sms_url.startswith("aliyun://"):
        return None
    account = account_of(settings.sms_url)
    if find_spec(SDK) is None:
        raise Unusable("YUJING_SMS_URL is set, but the vendor's SDK is not installed: install yujing[sms]")
    if not account.secure and (os.environ.get("HTTP_PROXY") or os.environ.get("http_proxy")):
        raise Unusable("YUJING_SMS_URL: tls=no, and HTTP_PROXY would carry messages elsewhere: unset one of them")
    return Aliyun(account, settings.mail_timeout)
