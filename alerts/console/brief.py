"""Short forms for lists: what happened without saying to whom again, who stands on the other side, when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from alerts.letters.glossary import side, term
from alerts.letters.headline import claim_keys, gaps
from alerts.letters.letter import Letter
from alerts.letters.plain import clean, day, first_up, short_day
from alerts.letters.wording import say
from index.records import BEIJING, Level

_ACROSS = {"attacking": "defending", "defending": "attacking"}
_WEEK = {"zh": "一二三四五六日", "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")}
_DAYS = {"zh": ("今天", "昨天"), "en": ("today", "yesterday")}


def deed(letter: Letter) -> str:
    """The claim without the enterprise's own name, which the list shows beside it."""
    fill = gaps(letter)
    said = say(letter.language, claim_keys(letter)[0], **fill | {"name": fill["affiliate"]})
    return first_up(said.strip().removeprefix("的").removeprefix(":").strip())


def opponent(letter: Letter) -> str:
    """The other side's first party with its role; nothing where sides are not told or the enterprise is no party."""
    forum = letter.case.forum
    across = _ACROSS.get(side(letter.match.party.role, forum), "")
    if letter.match.level not in (Level.NAMED, Level.AFFILIATED):
        across = "attacking"
    found = (p for p in letter.case.parties or letter.notice.parties if side(p.role, forum) == across)
    first = next(found, None)
    return f"{first_up(term('roles', first.role, letter.language, forum))} {clean(first.name, 60)}" if first else ""


def lately(at: datetime, now: datetime, language: str) -> str:
    """An instant as a desk writes it, in Beijing time: the day by name if it is near, with the hour and minute."""
    here, today = at.astimezone(BEIJING), now.astimezone(BEIJING).date()
    names = {today: _DAYS[language][0], today - timedelta(days=1): _DAYS[language][1]}
    return f"{names.get(here.date()) or short_day(here.date(), today, language)} {here:%H:%M}"


def day_of_week(on: date, language: str) -> str:
    """A date with its weekday, as on a letterhead."""
    weekday = _WEEK[language][on.weekday()]
    return f"{day(on)}　星期{weekday}" if language == "zh" else f"{weekday}, {day(on, language)}"
