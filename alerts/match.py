"""Whose name is this? A register of enterprises held in memory, and the parties of a case held against it.

Evidence adds up (see `alerts.features`): auto from 0.80, review from 0.50, less is no match. Only a whole name can
reach auto; a trade name, brand or short name waits for a clerk; two enterprises by the same evidence both wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from alerts.evidence import judged_ours
from alerts.features import spoken
from alerts.meeting import Meeting, Theirs, read_enterprise, read_party
from alerts.verdict import REVIEW, Candidate, told_apart, weigh
from index.records import Alias, Band, Enterprise, Level, Match, Party
from nlp.chinese_names import chinese_key, flat_pinyin, read_chinese, trade_keys, trade_name
from nlp.chinese_places import english_places
from nlp.name_tables import forms
from nlp.names import english_key, flat_key, has_han, read_english, split_names
from nlp.pinyin import readings

MATCHER = "names-1"
NOT_PARTIES = frozenset(
    {"counsel", "attorney", "representative", "agent", "mediator", "commission_staff", "judge", "inventor"}
)
_TRADE_LETTERS, _TRADE_WORDS = 5, 4  # the shortest 字号 that tells anything; the most words it may be spaced into
_NEARNESS = {"legal": 0, "english": 1, "former": 2, "subsidiary": 3, "short": 4, "brand": 5}
_SIZE_PINYIN = {"group": "jituan", "holding": "konggu", "holdings": "konggu"}

Hit: TypeAlias = tuple[str, Alias, str]  # enterprise, the name that met, its 字号 where only that did


class Register:
    """Registered enterprises by every name they are known by; built once, asked often."""

    def __init__(self, enterprises: Iterable[Enterprise]) -> None:
        self.enterprises: dict[str, Enterprise] = {}
        self._names: defaultdict[str, list[Hit]] = defaultdict(list)
        self._han: defaultdict[str, list[Hit]] = defaultdict(list)
        self._pinyin: defaultdict[str, list[Hit]] = defaultdict(list)
        self._trade: defaultdict[str, list[Hit]] = defaultdict(list)
        for enterprise in enterprises:
            self.enterprises[enterprise.id] = enterprise
            self._add(enterprise)

    def _add(self, enterprise: Enterprise) -> None:
        """Index every name once; one name of two kinds counts as the nearer (its own before a subsidiary's)."""
        seen = set[str]()
        for alias in known_names(enterprise):
            han = has_han(alias.name)
            key = chinese_key(alias.name) if han else read_english(alias.name).core
            if key and key not in seen:
                seen.add(key)
                (self._han if han else self._names)[key].append((enterprise.id, alias, ""))
                if han and alias.kind in ("legal", "former"):
                    self._add_spoken(enterprise.id, alias)

    def _add_spoken(self, who: str, alias: Alias) -> None:
        """Index a Chinese legal name as it may be printed abroad: whole in pinyin, and its 字号."""
        parsed = read_chinese(alias.name)
        for flat in flat_pinyin(parsed.core + parsed.typed):
            self._pinyin[flat].append((who, alias, ""))
        for key in trade_keys(trade_name(alias.name)):
            for flat in readings(key):
                if len(flat) >= _TRADE_LETTERS:
                    self._trade[flat].append((who, alias, key))

    def match(self, party: Party) -> list[Candidate]:
        """Enterprises the party may be, best first; at most one candidate an enterprise. Counsel and staff are none."""
        if party.role in NOT_PARTIES:
            return []
        best: dict[str, Candidate] = {}
        for name in split_names(party.name):
            theirs = read_party(party, name)
            for candidate in map(weigh, self._meetings(theirs)):
                held = best.get(candidate.enterprise)
                if candidate.score >= REVIEW and (held is None or candidate.score > held.score):
                    best[candidate.enterprise] = candidate
        return sorted(told_apart(list(best.values())), key=lambda c: (-c.score, c.enterprise))

    def _meetings(self, theirs: Theirs) -> Iterator[Meeting]:
        """Whole names first; a trade name says nothing once the whole name is some enterprise's own."""
        owned = False
        for how, met, hits in self._whole(theirs):
            for who, alias, key in hits:
                owned |= alias.kind in ("legal", "english", "former", "subsidiary")
                yield Meeting(how, alias, key, met, read_enterprise(self.enterprises[who], alias), theirs)
        if owned or not theirs.english.words:
            return
        for met in _trade_windows(theirs.english.words):
            for who, alias, key in self._trade.get(met, ()):
                yield Meeting("trade", alias, key, met, read_enterprise(self.enterprises[who], alias), theirs)

    def _whole(self, theirs: Theirs) -> Iterator[tuple[str, str, list[Hit]]]:
        printed = theirs.name.name
        if has_han(printed):
            key = chinese_key(printed)
            yield "han", key, self._han.get(key, [])
            return
        core = theirs.english.core
        yield "name", core, self._names.get(core, [])
        for flat in _spoken_cores(theirs):
            yield "pinyin", flat, self._pinyin.get(flat, [])


def known_names(enterprise: Enterprise) -> list[Alias]:
    """Every name of an enterprise, the nearest kinds first."""
    own = [Alias(enterprise.cn_name, "legal"), Alias(enterprise.en_name, "english")]
    every = (*(alias for alias in own if alias.name), *enterprise.aliases)
    return sorted(every, key=lambda alias: _NEARNESS.get(alias.kind, len(_NEARNESS)))


def _spoken_cores(theirs: Theirs) -> set[str]:
    """How the Chinese name behind a Latin one may be spoken, its form gone: in pinyin or in English, Group as 集团."""
    whole = flat_key(theirs.name.name)
    form = next((f for f in forms()["pinyin"]["forms"] if whole.endswith(f) and len(whole) > len(f)), "")
    if form:
        return {whole[: -len(form)]}
    words = [_SIZE_PINYIN.get(word, word) for word in theirs.english.words]
    return {flat_key("".join(words))} - {""}


def _trade_windows(words: Sequence[str]) -> Iterator[str]:
    """Where a 字号 may stand: at the start, and after the places a name starts with; whole words only."""
    starts, at = {0}, 0
    for place in english_places(words):
        if place.start != at:
            break
        at = place.end
        starts.add(at)
    for start in starts:
        for end in range(start + 1, min(len(words), start + _TRADE_WORDS) + 1):
            flat = "".join(words[start:end])
            if len(flat) >= _TRADE_LETTERS:
                yield flat


def match_case(
    case_key: str, parties: Sequence[Party], register: Register, judged: Mapping[tuple[str, str], str]
) -> list[Match]:
    """One match an enterprise of the case, from the party that fits best, in the order of certainty.

    `judged`: (english_key of the printed name, enterprise id) → `confirmed` or `not_ours`; both bind.
    """
    best: dict[str, Match] = {}
    confirmed: defaultdict[str, list[str]] = defaultdict(list)
    for (name, who), word in judged.items():
        if word == "confirmed" and who in register.enterprises:
            confirmed[name].append(who)
    for party in parties:
        key = english_key(party.name)
        ours = [] if party.role in NOT_PARTIES else confirmed.get(key, [])
        found = [c for c in register.match(party) if judged.get((key, c.enterprise)) != "not_ours"]
        for candidate in _confirmed(party, found, ours, register):
            held = best.get(candidate.enterprise)
            if held is None or candidate.score > held.score:
                best[candidate.enterprise] = _matched(case_key, party, candidate)
    return sorted(best.values(), key=lambda m: (-m.score, m.enterprise))


def _confirmed(party: Party, found: list[Candidate], ours: list[str], register: Register) -> Iterator[Candidate]:
    """Candidates with the clerks' word over the evidence: what is confirmed is certain, even where no rule sees it."""
    seen = {c.enterprise: c for c in found}
    for who in ours:
        enterprise = register.enterprises[who]
        alias = Alias(party.name, "english", "confirmed")
        plain = Candidate(who, Level.NAMED, Band.AUTO, 1.0, alias, "same_entity", ())
        known = seen.pop(who, plain)
        reason = spoken(judged_ours, 1.0 - sum(r.weight for r in known.reasons), enterprise.name, party.name)
        yield replace(known, band=Band.AUTO, score=1.0, reasons=(*known.reasons, reason))
    yield from seen.values()


def _matched(case_key: str, party: Party, c: Candidate) -> Match:
    return Match(case_key, c.enterprise, c.level, c.band, c.score, party, c.alias, c.reasons, MATCHER)


def screen_rows(register: Register, names: Iterable[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """A row a link for names given as `qid` and `query`: which of them belong to registered enterprises."""
    for name in names:
        for c in register.match(Party(name["query"], "")):
            yield {
                "qid": name["qid"],
                "ent_id": c.enterprise,
                "link": c.link,
                "band": c.band.value,
                "score": f"{c.score:.2f}",
                "reasons": " ".join(r.text_zh for r in c.reasons),
            }
