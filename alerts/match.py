"""Whose name is this? A register of enterprises held in memory, and the parties of a case held against it.

Evidence adds up (see `alerts.features`): auto from 0.80, review from 0.50, less is no match. Only a whole name can
reach auto; a trade name, brand or short name waits for a clerk; two enterprises by the same evidence both wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alerts.features import SIBLING, reasons, spoken
from alerts.meeting import Meeting, Theirs, read_enterprise, read_party
from index.records import Alias, Band, Enterprise, Level, Match, Party, Reason
from nlp.chinese_names import chinese_key, flat_pinyin, read_chinese, trade_keys, trade_name
from nlp.chinese_places import english_places
from nlp.name_tables import forms
from nlp.names import english_key, flat_key, has_han, read_english, split_names
from nlp.pinyin import readings

MATCHER = "names-1"
AUTO, REVIEW = 0.80, 0.50
UNSURE = 0.79  # the most a match may score that a clerk must see
NOT_PARTIES = frozenset(
    {"counsel", "attorney", "representative", "agent", "mediator", "commission_staff", "judge", "inventor"}
)
_NEAR = 0.05  # two candidates this close are equally likely
_TRADE_LETTERS, _TRADE_WORDS = 5, 4
_SIZE_PINYIN = {"group": "jituan", "holding": "konggu", "holdings": "konggu"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise a party may be. `link`: same_entity, subsidiary, affiliate or brand."""

    enterprise: str
    level: Level
    band: Band
    score: float
    alias: Alias
    link: str
    reasons: tuple[Reason, ...]


class Register:
    """Registered enterprises by every name they are known by; built once, asked often."""

    def __init__(self, enterprises: Iterable[Enterprise]) -> None:
        self.enterprises: dict[str, Enterprise] = {}
        self._names: defaultdict[str, list[tuple[str, Alias]]] = defaultdict(list)
        self._han: defaultdict[str, list[tuple[str, Alias]]] = defaultdict(list)
        self._pinyin: defaultdict[str, list[tuple[str, Alias]]] = defaultdict(list)
        self._trade: defaultdict[str, list[tuple[str, Alias]]] = defaultdict(list)
        for enterprise in enterprises:
            self.enterprises[enterprise.id] = enterprise
            for alias in known_names(enterprise):
                self._add(enterprise.id, alias)

    def _add(self, who: str, alias: Alias) -> None:
        if not has_han(alias.name):
            self._names[read_english(alias.name).core].append((who, alias))
            return
        self._han[chinese_key(alias.name)].append((who, alias))
        if alias.kind not in ("legal", "former"):
            return
        parsed = read_chinese(alias.name)
        for flat in flat_pinyin(parsed.core + parsed.typed):
            self._pinyin[flat].append((who, alias))
        for key in trade_keys(trade_name(alias.name)):
            for flat in readings(key):
                if len(flat) >= _TRADE_LETTERS:
                    self._trade[flat].append((who, Alias(key, alias.kind, "generated")))

    def match(self, party: Party) -> list[Candidate]:
        """Enterprises the party may be, best first; at most one candidate an enterprise. Counsel and staff are none."""
        if party.role in NOT_PARTIES:
            return []
        best: dict[str, Candidate] = {}
        for name in split_names(party.name):
            theirs = read_party(party, name)
            for candidate in map(_judged_by_evidence, self._meetings(theirs)):
                held = best.get(candidate.enterprise)
                if candidate.score >= REVIEW and (held is None or candidate.score > held.score):
                    best[candidate.enterprise] = candidate
        return sorted(_apart(list(best.values())), key=lambda c: (-c.score, c.enterprise))

    def _meetings(self, theirs: Theirs) -> Iterator[Meeting]:
        """Whole names first; a trade name says nothing once the whole name is some enterprise's own."""
        owned = False
        for how, met, hits in self._whole(theirs):
            for who, alias in hits:
                owned |= alias.kind in ("legal", "english", "former", "subsidiary") and how != "trade"
                yield Meeting(how, alias, met, read_enterprise(self.enterprises[who]), theirs)
        if owned or not theirs.english.words:
            return
        for met in _trade_windows(theirs.english.words):
            for who, alias in self._trade.get(met, ()):
                yield Meeting("trade", alias, met, read_enterprise(self.enterprises[who]), theirs)

    def _whole(self, theirs: Theirs) -> Iterator[tuple[str, str, list[tuple[str, Alias]]]]:
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
    """Every name of an enterprise; one name of two kinds counts as the nearer kind (its own before a subsidiary's)."""
    own = [Alias(enterprise.cn_name, "legal")] if enterprise.cn_name else []
    own += [Alias(enterprise.en_name, "english")] if enterprise.en_name else []
    order = {"legal": 0, "english": 1, "former": 2, "subsidiary": 3, "short": 4, "brand": 5}
    kept: dict[str, Alias] = {}
    for alias in sorted((*own, *enterprise.aliases), key=lambda a: order.get(a.kind, 9)):
        if key := english_key(alias.name):
            kept.setdefault(key, alias)
    return list(kept.values())


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


def _judged_by_evidence(meeting: Meeting) -> Candidate:
    """What the evidence of one meeting comes to."""
    found = reasons(meeting)
    decisive = any(feature.decisive for feature, _ in found)
    score = min(max(sum(reason.weight for _, reason in found), 0.0), 1.0 if decisive else UNSURE)
    link = _link(meeting, {reason.feature for _, reason in found})
    level = Level.NAMED if link == "same_entity" else Level.AFFILIATED
    band = Band.AUTO if round(score, 4) >= AUTO else Band.REVIEW
    return Candidate(
        meeting.ours.enterprise.id, level, band, round(score, 4), meeting.alias, link, tuple(r for _, r in found)
    )


def _link(meeting: Meeting, features: set[str]) -> str:
    """How the party and the enterprise hang together; a Hong Kong affiliate may as well be the parent."""
    if meeting.alias.kind == "brand":
        return "brand"
    if meeting.alias.kind == "subsidiary":
        return "affiliate" if meeting.theirs.places & {"香港", "澳门", "台湾"} else "subsidiary"
    return "affiliate" if features & SIBLING else "same_entity"


def _apart(candidates: list[Candidate]) -> list[Candidate]:
    """Candidates of one party told apart: where two are equally likely, a clerk decides on each."""
    kept = []
    for candidate in candidates:
        near = (c for c in candidates if c.band is Band.AUTO and c.score > candidate.score - _NEAR)
        rivals = [c for c in near if c is not candidate and c.level == candidate.level]
        kept.append(_held(candidate, rivals) if rivals and candidate.band is Band.AUTO else candidate)
    return kept


def _held(candidate: Candidate, rivals: Sequence[Candidate]) -> Candidate:
    others = "、".join(c.enterprise for c in rivals[:5])
    reason = spoken(shared_name, UNSURE - candidate.score, candidate.enterprise, others)
    return replace(candidate, band=Band.REVIEW, score=UNSURE, reasons=(*candidate.reasons, reason))


def shared_name() -> None:
    """另有登记企业（{theirs}）凭同样的依据也能对上，需人工判断。

    Other registered enterprises ({theirs}) fit by the same evidence; a person must decide.
    """


def judged_ours() -> None:
    """工作人员已确认“{theirs}”就是企业“{ours}”。

    Staff have confirmed that "{theirs}" is the enterprise "{ours}".
    """


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
