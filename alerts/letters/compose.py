"""A Letter becomes a Message: subject, plain text and HTML with the same facts, in the center's name."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.letters.advice import steps
from alerts.letters.facts import case_facts, why
from alerts.letters.glossary import term
from alerts.letters.headline import Headline, headline
from alerts.letters.letter import Letter
from alerts.letters.plain import clean, first_up, moment, safe_link
from alerts.letters.staffnote import staff_note
from alerts.letters.timetable import timetable
from alerts.letters.wording import say, sentences
from index.problems import Refused
from index.records import Band, Level, Message

# Colours by tone, dark enough for white text and light enough to stay readable when a client inverts them.
_COLOURS = {"warning": ("#b42318", "#fef3f2"), "risk": ("#b54708", "#fffaeb"), "trend": ("#175cd3", "#eff8ff")}
_INTROS = {Level.ORDER: "intro_risk", Level.CLUSTER: "intro_risk", Level.FIELD: "intro_trend"}


@cache
def _templates() -> Environment:
    """HTML templates escape every value; the plain-text ones show it as it is."""
    environment = Environment(
        loader=PackageLoader("alerts.letters", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["first_up"] = first_up
    return environment


def compose(letter: Letter, delivery_key: str, sender_domain: str) -> Message:
    """The message one reader gets.

    `delivery_key` becomes the message's id, so that sending again repeats it. `sender_domain` is
    named to the reader as the only one our mails come from. Raises Refused where there is nobody
    to write to: no contact, no consent on record, no address.
    """
    return (
        _to_staff(letter, delivery_key)
        if letter.audience == "staff"
        else _to_enterprise(letter, delivery_key, sender_domain)
    )


def _to_enterprise(letter: Letter, delivery_key: str, sender_domain: str) -> Message:
    contact = letter.contact
    if contact is None or not (contact.consent and contact.email):
        raise Refused(f"enterprise {letter.enterprise.id}: no contact with consent and an e-mail address")
    head = headline(letter)
    text, html = _bodies("enterprise", enterprise_page(letter, head, sender_domain))
    return Message(
        id=delivery_key,
        to=contact.email,
        subject=head.subject,
        text=text,
        html=html,
        sender_name=clean(letter.center.name, 80),
        to_name=clean(contact.name, 60),
        reply_to=letter.center.email,
    )


def _to_staff(letter: Letter, delivery_key: str) -> Message:
    if not letter.center.email:
        raise Refused(f"center {letter.center.id}: no e-mail address")
    note = staff_note(letter)
    text, html = _bodies("staff", {"note": note, "w": sentences("zh"), "s": sentences("staff"), "language": "zh"})
    return Message(
        id=delivery_key,
        to=letter.center.email,
        subject=note.subject,
        text=text,
        html=html,
        sender_name=clean(letter.center.name, 80),
        to_name=clean(letter.center.name, 80),
    )


def _bodies(name: str, page: dict[str, object]) -> tuple[str, str]:
    plain, rich = (_templates().get_template(f"{name}.{form}.j2") for form in ("txt", "html"))
    return plain.render(page), rich.render(page)


def enterprise_page(letter: Letter, head: Headline, sender_domain: str) -> dict[str, object]:
    """Everything the two enterprise templates show, in the order they show it."""
    language, center = letter.language, letter.center
    colour, tint = _COLOURS[head.tone]
    ours = letter.match.level in (Level.NAMED, Level.AFFILIATED)
    return {
        "language": language,
        "w": sentences(language),
        "head": head,
        "colour": colour,
        "tint": tint,
        "center": {"name": clean(center.name, 80), "phone": clean(center.phone, 40), "email": clean(center.email, 120)},
        "tag": say(language, "tag", tag=head.tag),
        "hurry_call": say(language, "hurry_call", phone=clean(center.phone, 40)) if center.phone else "",
        "dear": _dear(letter),
        "intro": say(language, _INTROS.get(letter.match.level, "intro")),
        "maybe": say(language, "maybe_notice" if ours else "maybe_other") if letter.match.band is Band.REVIEW else "",
        "wrong": say(language, "why_wrong" if ours else "why_wrong_other"),
        "why": why(letter),
        "facts": case_facts(letter),
        "dates": timetable(letter),
        "steps": steps(letter),
        "link": safe_link(letter.link),
        "foot": _foot(letter, sender_domain),
    }


def _dear(letter: Letter) -> str:
    contact = clean(letter.contact.name, 60) if letter.contact else ""
    if contact:
        return say(letter.language, "dear", contact=contact)
    return say(letter.language, "dear_nobody", enterprise=clean(letter.enterprise.name, 80))


def _foot(letter: Letter, sender_domain: str) -> tuple[str, ...]:
    """Where it was heard and when, the alert's number, privacy, how to tell our mails, no legal advice."""
    language = letter.language
    origin = term("sources", letter.notice.notice.source, language)
    lines = [
        say(language, "source", source=origin),
        say(language, "heard", moment=moment(letter.alert.created_at, language)),
        say(language, "reference", number=clean(letter.alert.key, 64)[:8]),
        say(language, "privacy"),
    ]
    if sender_domain and not sender_domain.endswith((".localdomain", ".invalid")):
        key = "genuine" if letter.center.phone else "genuine_no_phone"
        lines.append(say(language, key, domain=clean(sender_domain, 120)))
    return (*lines, say(language, "disclaimer"))
