"""The tables of a bulletin: its figures beside the month before, its forums, its sources and which were silent."""

from __future__ import annotations

from alerts.bulletins.cases_of_month import Disputes, Told
from alerts.bulletins.content import Table
from alerts.bulletins.words import say
from alerts.letters.glossary import term
from alerts.letters.plain import day
from index.ledger.bulletins import SourceMonth
from index.records import BEIJING


def figures(now: Disputes, before: Disputes) -> Table:
    """The month's counts, the month before's, and the difference."""
    counted = [
        ("cases", len(now.told), len(before.told)),
        ("begun", now.begun, before.begun),
        ("notices", now.notices, before.notices),
        ("chinese", now.chinese, before.chinese),
        ("defending", now.defending, before.defending),
        ("unknown", now.unknown, before.unknown),
    ]
    rows = tuple((say(name), str(this), str(last), difference(this - last)) for name, this, last in counted)
    months = [f"{say(key)}（{d.month.zh}）" for key, d in (("this_month", now), ("month_before", before))]
    return Table("", (say("figures"), *months, say("change")), rows)


def difference(by: int) -> str:
    """A difference as printed: +1, −1 (a minus sign, not a hyphen) or 持平."""
    return f"{'+' if by > 0 else '−'}{abs(by)}" if by else say("same")


def by_forum(heading: str, now: Disputes) -> Table:
    """Cases, beginnings, documents and Chinese parties of each forum, and all together."""
    rows = [(term("forums", forum), *_counts(told)) for forum, told in now.forums.items()]
    if len(rows) > 1:
        rows.append((say("total"), *_counts(list(now.told))))
    return Table(
        heading,
        _columns("forum", "forum_cases", "forum_begun", "forum_notices", "forum_chinese", "forum_defending"),
        tuple(rows),
    )


def _columns(*keys: str) -> tuple[str, ...]:
    return tuple(map(say, keys))


def _counts(told: list[Told]) -> tuple[str, ...]:
    counts = (
        len(told),
        sum(t.begun for t in told),
        sum(len(t.notices) for t in told),
        sum(len(t.chinese) for t in told),
        sum(t.defending for t in told),
    )
    return tuple(map(str, counts))


def sources(heading: str, found: list[SourceMonth]) -> Table:
    """Every source ever asked: what it told of in the month, in any industry, and how it was heard."""
    rows = tuple((term("sources", s.id), str(s.notices), str(s.disputes), _state(s)) for s in found)
    return Table(heading, _columns("source", "heard", "heard_disputes", "state"), rows)


def _state(source: SourceMonth) -> str:
    bad, good = source.failed, source.crawled
    if good:
        said = say("crawled", good=good) + (say("crawled_bad", bad=bad) if bad else "")
    elif bad:
        said = say("not_crawled", bad=bad)
    elif source.later:
        said = say("later", day=day(source.later.astimezone(BEIJING).date()))
    else:
        said = say("never")
    return said + ("" if source.notices else say("silent"))
