"""Who is hit, by what, by when: the subject line and the first line of a letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from alerts.letters.glossary import entry, opening, rule_kind, side, term
from alerts.letters.letter import Letter
from alerts.letters.plain import clean, day, short_day
from alerts.letters.timetable import countdown, runs_from
from alerts.letters.wording import say
from index.records import Band, Deadline, Level

# Mail clients and phones show about this many characters of a subject.
FIRST_SIGHT = 40
_OTHERS = {Level.ORDER: "tag_risk", Level.CLUSTER: "tag_risk", Level.FIELD: "tag_trend"}


@dataclass(frozen=True, slots=True)
class Headline:
    """`tone` is `warning`, `risk` or `trend`; `claim` says who and what, `number` which case, `by_when`
    the date to act by and `hurry` how long that is from now (both may be empty). `lead` is all in one sentence."""

    tag: str
    tone: str
    subject: str
    lead: str
    claim: str
    number: str
    by_when: str
    hurry: str


def headline(letter: Letter) -> Headline:
    """The letter's first words in its language."""
    key, language = _OTHERS.get(letter.match.level, "tag_warning"), letter.language
    tag = say(language, "tag", tag=say(language, key))
    claim, number = claims(letter)[0], _number(letter)
    by_when = when(letter, lambda on: day(on, language))
    lead = claim + number + (say(language, "comma") + by_when if by_when else "")
    return Headline(
        tag=say(language, key),
        tone=key.removeprefix("tag_"),
        subject=_subject(letter, tag),
        lead=lead + say(language, "stop"),
        claim=claim,
        number=number,
        by_when=by_when,
        hurry=_hurry(letter),
    )


def _hurry(letter: Letter) -> str:
    first = focus(letter)
    if first is None:
        return ""
    said = [countdown(first, letter)] + ([say(letter.language, runs_from(first))] if first.bound else [])
    return say(letter.language, "comma").join(said)


def _subject(letter: Letter, tag: str) -> str:
    """The fullest claim that lets the date still be seen at first sight; the case number comes last."""
    by_when = when(letter, lambda on: short_day(on, letter.today, letter.language))
    tail = say(letter.language, "comma") + by_when if by_when else ""
    fullest, *shorter = [f"{tag}{claim}{tail}" for claim in claims(letter)]
    if len(fullest) <= FIRST_SIGHT or not shorter:
        return fullest + _number(letter)
    return shorter[-1] + _number(letter, gaps(letter)["role"])


def _number(letter: Letter, role: str = "") -> str:
    """The case's number in brackets, with the role where a shortened claim left it out."""
    number = clean(letter.case.number or letter.notice.case_number or "", 40)
    inside = f"{number} {role}".strip()
    return say(letter.language, "number", number=inside) if inside else ""


def claims(letter: Letter) -> tuple[str, ...]:
    """Who is hit by what, the fullest wording first, then a shorter one. `疑似` while a clerk has yet to be sure."""
    fill = gaps(letter)
    return tuple(say(letter.language, key, **fill) for key in claim_keys(letter))


def claim_keys(letter: Letter) -> tuple[str, ...]:
    """The sentences that may be said at this level and on this side; the lower levels never say "you are sued"."""
    level, forum = letter.match.level, letter.case.forum
    if level is Level.ORDER:
        return ("order_issued" if letter.notice.relief else "order_asked",)
    if level not in (Level.NAMED, Level.AFFILIATED):
        return (level.value,)
    standing = side(letter.match.party.role, forum)
    if standing != "defending":
        return (standing,)
    if not opening(letter.event, forum):
        return ("progress", "progress_compact")
    holder = letter.match.party.role in ("patent_owner", "proprietor")
    return ("opening_holder" if holder else "opening", "opening_compact")


def gaps(letter: Letter) -> dict[str, str]:
    """What fills the gaps of a claim; `affiliate` is what of the enterprise is hit, empty where it is itself."""
    language, forum = letter.language, letter.case.forum
    name = clean(
        letter.enterprise.name if language == "zh" else letter.enterprise.en_name or letter.enterprise.name, 60
    )
    affiliate = _affiliate(letter)
    if affiliate:
        name = say(language, "affiliate_of", name=name, kind=affiliate)
    relief = say(language, "separator").join(term("relief", r, language) for r in letter.notice.relief[:3])
    return {
        "name": name,
        "maybe": say(language, "maybe") if letter.match.band is Band.REVIEW else "",
        "proceeding": term("proceedings", forum if entry("proceedings", forum) else "", language),
        "role": term("roles", letter.match.party.role, language, forum),
        "event": term("events", letter.event, language, forum),
        "relief": relief,
        "affiliate": affiliate,
    }


def _affiliate(letter: Letter) -> str:
    if letter.match.level is not Level.AFFILIATED:
        return ""
    kind = letter.match.alias.kind
    known = kind in ("brand", "store", "subsidiary")
    return term("aliases", kind, letter.language) if known else say(letter.language, "affiliate")


def focus(letter: Letter) -> Deadline | None:
    """The one date to put first: the next duty, else a duty that has passed, else whatever comes next.

    None where no date binds the enterprise: it is no party, or it is the side that asserts the
    right; a date whose basis was not verified never leads either.
    """
    match = letter.match
    return first_date(letter.deadlines, match.level, match.party.role, letter.case.forum, letter.today)


def first_date(dates: Sequence[Deadline], level: Level, role: str, forum: str, today: date) -> Deadline | None:
    """`focus` without a letter: the dates, how near the case is, and the role and forum they bind in."""
    if level not in (Level.NAMED, Level.AFFILIATED) or side(role, forum) != "defending":
        return None
    kinds = {d.rule: rule_kind(d.rule, forum) for d in dates}
    leading = (d for d in dates if d.confidence != "L" and kinds[d.rule] != "others")
    firm = sorted(leading, key=lambda d: d.due)
    duties = [d for d in firm if kinds[d.rule] == "duty"]
    ahead = [d for d in firm if d.due >= today]
    return next((d for d in duties if d in ahead), None) or next(iter(duties), None) or next(iter(ahead), None)


def when(letter: Letter, write: Callable[[date], str]) -> str:
    """By when the reader must act, dates written by `write`; nothing where no date binds the enterprise."""
    first = focus(letter)
    if first is None:
        return ""
    kind = rule_kind(first.rule, letter.case.forum)
    key = kind + ("_bound" if first.bound else "")
    if kind == "duty" and first.due < letter.today:
        key += "_passed"
    known = entry("rules", first.rule, letter.case.forum) or {}
    short = known.get(f"short_{letter.language}") or term("rules", first.rule, letter.language, letter.case.forum)
    return say(letter.language, key, day=write(first.due), what=short)
