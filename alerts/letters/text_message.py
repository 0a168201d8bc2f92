"""A Letter as a text message: five short values for the one template a provider has approved.

A template and its variables must keep the provider's rules (Aliyun: help.aliyun.com/document_detail/44357.html
and 463270.html, read 2026): a variable holds 1 to 35 characters and stands once, none beside another; no 【】,
no link in a variable, no way to unsubscribe, and of telephone numbers only fixed lines, 400 and 95 ones.
Not verified: which punctuation a value may hold, and whether a reviewer takes this template as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from math import ceil
from string import Template

from alerts.letters.glossary import side
from alerts.letters.headline import claim_keys, gaps, when
from alerts.letters.letter import Letter
from alerts.letters.plain import clean, short_day
from alerts.letters.wording import say
from index.problems import Refused
from index.records import Level, Message

# What a center submits for approval, as a notification (通知短信); every variable is of the kind 其他.
TEMPLATE = (
    "海外知识产权提示（${company}）：${matter}，案号${case}。${due}。详情及应对指导请致电${phone}，以官方文书为准。"
)
LONGEST = 35  # characters of a variable
ONE, PART = 70, 67  # characters of a message that is sent whole, and of each part of a longer one

_LINK = re.compile(r"https?:|www\.|[\w-]\.[A-Za-z]{2,}", re.IGNORECASE)


def text_message(letter: Letter, delivery_key: str) -> Message:
    """The text message one contact gets, in Chinese as its template is.

    Raises Refused without a contact, consent on record or a mainland mobile number.
    """
    contact = letter.contact
    number = mobile(contact.phone) if contact and contact.consent else ""
    if contact is None or not number:
        raise Refused(f"enterprise {letter.enterprise.id}: no contact with consent and a mobile number")
    return Message(
        id=delivery_key,
        to=number,
        subject="",
        text="",
        html="",
        sender_name=clean(letter.center.name, 80),
        to_name=clean(contact.name, 60),
        variables=variables(replace(letter, contact=replace(contact, language="zh"))),
    )


def variables(letter: Letter) -> tuple[tuple[str, str], ...]:
    """The template's variables in its order, each fit to be one."""
    number = letter.case.number or letter.notice.case_number or say("sms", "no_number")
    values = {
        "company": _company(letter),
        "matter": _matter(letter),
        "case": number,
        "due": _due(letter),
        "phone": letter.center.phone or say("sms", "no_phone"),
    }
    return tuple((name, fit(value)) for name, value in values.items())


def rendered(values: tuple[tuple[str, str], ...], sign: str = "") -> str:
    """The message as its reader sees it, behind its signature if one is given."""
    return (f"【{sign}】" if sign else "") + Template(TEMPLATE).safe_substitute(dict(values))


def parts(text: str) -> int:
    """How many messages a text is counted as, its signature included."""
    return 1 if len(text) <= ONE else ceil(len(text) / PART)


def mobile(printed: str) -> str:
    """A mainland mobile number as its eleven digits; empty for anything else."""
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", printed))
    found = re.fullmatch(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})", digits)
    return found[1] if found else ""


def unfit(value: str) -> str:
    """Why a provider would refuse a value; empty if it would not."""
    if not 1 <= len(value) <= LONGEST:
        return f"has {len(value)} characters, not 1 to {LONGEST}"
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in value) or "【" in value or "】" in value:
        return "has a line break, a control character or 【】"
    return "has a link" if _LINK.search(value) else ""


def fit(value: str) -> str:
    """A value no provider refuses: on one line, cut to its length, without brackets or anything like a link."""
    kept = value.replace("【", "（").replace("】", "）")
    kept = clean(re.sub(r"https?:(?://)?|www\.", " ", kept, flags=re.IGNORECASE), 8 * LONGEST)
    kept = re.sub(r"(?<=[\w-])\.(?=[A-Za-z]{2})", " ", kept).strip() or "-"
    return kept if len(kept) <= LONGEST else f"{kept[: LONGEST - 3].rstrip(' .-')}..."


def _company(letter: Letter) -> str:
    """The name staff and enterprise use between themselves, where one is registered."""
    ours = letter.enterprise
    return next((alias.name for alias in ours.aliases if alias.kind == "short" and alias.name), ours.name)


def _matter(letter: Letter) -> str:
    """What happened: the fullest wording that fits."""
    fill = gaps(letter)
    kind = fill["affiliate"]
    fill["who"] = say("sms", "ours_of", kind=kind) if kind else say("sms", "ours")
    said = [say("sms", key, **fill) for key in claim_keys(letter)]
    return next((words for words in said if len(words) <= LONGEST), said[-1])


def _due(letter: Letter) -> str:
    """By when to act, or in plain words why no date is given; a date past or uncertain is said to be so."""
    if by_when := when(letter, lambda on: short_day(on, letter.today)):
        return by_when
    if letter.match.level not in (Level.NAMED, Level.AFFILIATED):
        return say("sms", "due_other")
    ours = side(letter.match.party.role, letter.case.forum) == "defending"
    return say("sms", "due_open" if ours else "due_unsure")
