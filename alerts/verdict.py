"""What the evidence of one meeting comes to: a score, a band and how the two hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.evidence import shared_name
from alerts.features import SIBLING, reasons, spoken
from alerts.meeting import Meeting
from index.records import Alias, Band, Level, Reason

AUTO, REVIEW = 0.80, 0.50
UNSURE = 0.79  # the most a match may score that a clerk must see
_NEAR = 0.05  # two candidates this close are equally likely
_FAR = 0.08  # of two that share a trade name, one this much weaker is a sibling of the other


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


def weigh(meeting: Meeting) -> Candidate:
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


def told_apart(candidates: list[Candidate]) -> list[Candidate]:
    """Candidates of one party: where two are equally likely a clerk decides on each; a weaker sibling is left out."""
    best = max((c.score for c in candidates if _by_trade_name(c)), default=0.0)
    kept = []
    for candidate in candidates:
        if _by_trade_name(candidate) and candidate.score < best - _FAR:
            continue
        near = (c for c in candidates if c.band is Band.AUTO and c.score > candidate.score - _NEAR)
        rivals = [c for c in near if c is not candidate and c.level == candidate.level]
        kept.append(_held(candidate, rivals) if rivals and candidate.band is Band.AUTO else candidate)
    return kept


def _held(candidate: Candidate, rivals: Sequence[Candidate]) -> Candidate:
    others = "、".join(c.enterprise for c in rivals[:5])
    reason = spoken(shared_name, UNSURE - candidate.score, candidate.enterprise, others)
    return replace(candidate, band=Band.REVIEW, score=UNSURE, reasons=(*candidate.reasons, reason))


def _by_trade_name(candidate: Candidate) -> bool:
    return any(reason.feature == "trade_key" for reason in candidate.reasons)
