"""Whether a notice is about an intellectual-property dispute: yes, no, or it cannot be told from it alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.records import Evidence, Identifier, IpDispute, Notice

_READ = 4_000
_SECTION_337 = re.compile(r"\bsec(?:tion|\.)?\s?337\b|\b337\s?[-–]\s?TA\b|337(?:条款|调查|調查)|\b1337\b", re.I)
_PROCEEDING = re.compile(
    r"\b(?:complaint|violation|above-? ?(?:captioned|referenced)|in this investigation"
    r"|the investigation|initial determination|exclusion order"
    r"|inv(?:estigation)?\. no)\b|\bCertain\b|调查|調查",
    re.I,
)
# A notice may leave the section out; of the Commission's proceedings only section 337 has complaints, respondents,
# administrative law judges and orders to exclude or to desist (19 CFR part 210).
_ONLY_337 = re.compile(
    r"\breceived an?(?: \w+)? complaint\b|\babove-? ?captioned investigation|\binitial determination\b"
    r"|\badministrative law judge\b|\b(?:exclusion|cease[- ]and[- ]desist|consent) orders?\b|\b(?-i:[LG]EO|CDO)s?\b"
    r"|\b(?:enforcement|advisory opinion|rescission|modification) proceeding\b"
    r"|\bf(?:ind|inding|ound) (?:an? |no )?violation"
    r"|^Certain\b(?!.*\bFrom (?!the\b)).*\bCommission\b",
    re.I,
)
_GENERAL = re.compile(
    r"\bsection 337 investigations;|\ball (?:in-person )?(?:hearings under )?section 337\b"
    r"|\bsummary of commission practice\b|\bsunshine act\b"
    r"|\bappointment of the commission|administrative law judges? for section 337|rules of (?:general application"
    r"|practice)|\bproposed rule"
    r"|\bfinal rule\b|\binformation collection\b|\bprivacy act\b",
    re.I,
)
_IP_ENTRY = re.compile(
    r"\bAO[- ]?12[01]\b|\bpatents?\b|\btrade ?marks?\b|\bcopyrights?\b|\bclaim construction\b"
    r"|\bmarkman\b|\btrade dress\b|\btrade secrets?\b|\blanham\b|\binfringe",
    re.I,
)
_NOT_CIVIL = re.compile(r"(?:^|[-:\d~])(?:cr|mj|po|pt|sw|gj|gr|bk|bap|hc)-\d", re.I)
_GOVERNMENT = r"(?:USA|U\.?S\.?A?\.?|United States(?: of America)?)"
_PROSECUTION = re.compile(rf"^\s*{_GOVERNMENT}\s+v\.?\s", re.I)
_AGAINST_GOVERNMENT = re.compile(
    r"\sv\.?\s(?:(?:Acting )?Commissioner of Social Security|Social Security|Commissioner, Social"
    r"|Berryhill|Colvin|Astrue|Kijakazi|SSA\b|.{0,40}Immigration"
    r"|.{0,40}Homeland Security|U\.?S\.? ?C\.?I\.?S|Citizenship|.{0,20}Attorney General"
    r"|Mayorkas|Nielsen|(?:[\w.]+ ){0,2}(?:Garland|Bondi)$|Barr$|Internal Revenue|Commissioner of Internal"
    r"|MSPB\b|DVA\b|OPM\b|Merit Systems Protection|Office of Personnel|.{0,30}Veterans Affairs|McDonough$)",
    re.I,
)
_OTHER_LAW = re.compile(
    r"\bremand to SSA\b|\bsocial security\b|\bhabeas\b|\b(?:immigration|asylum|removal of alien)\b"
    r"|\bgrand jury\b|\bbankruptcy\b",
    re.I,
)
_ORIGINS = {"ITC": IpDispute.YES} | dict.fromkeys(("MSPB", "CAVC", "CIT", "CFC", "BCA"), IpDispute.NO)
_ORIGIN = re.compile(r"\bOrigin:\s{0,3}([A-Z]{2,4})\b")
_COMMISSION = re.compile(r"\bITC\b|International Trade Commission", re.I)
_WORDS = re.compile(
    r"\b(?:patent|trade ?mark|copyright) infringement"
    r"|\binfring\w+ (?:of )?(?:\w+ ){0,3}(?:patent|trade ?mark|copyright)"
    r"|(?:专利|專利|商标|商標|著作权|著作權|知识产权|知識產權)[^。]{0,12}(?:侵权|侵權|诉讼|訴訟|纠纷|糾紛)",
    re.I,
)
_ALWAYS = {"us_ptab", "us_ttab", "upc", "udrp"}


def ip_dispute(notice: Notice, identifiers: tuple[Identifier, ...]) -> tuple[IpDispute, tuple[Evidence, ...]]:
    """The verdict and the words it rests on.

    At the ITC section 337 is, titles VII and section 332 are not. A court's caption alone tells nothing,
    save that criminal, bankruptcy, social security and immigration cases are none. What another agency prints in
    the Federal Register is a rule or a permit, no dispute between parties.
    """
    if notice.forum == "us_itc":
        return _at_itc(notice, identifiers)
    if notice.forum in {"us_district", "us_bankruptcy", "us_appeal", "us_cafc"}:
        return _at_court(notice)
    if notice.forum == "us_federal_register":
        return IpDispute.NO, (Evidence("ip_dispute", "another agency than the Commission", "agency"),)
    if notice.forum in _ALWAYS:
        return IpDispute.YES, (Evidence("ip_dispute", notice.forum, "forum"),)
    return _by_words(notice)


def _at_itc(notice: Notice, identifiers: tuple[Identifier, ...]) -> tuple[IpDispute, tuple[Evidence, ...]]:
    title = notice.section("title") or notice.title
    if general := _GENERAL.search(title):
        return _said(IpDispute.NO, general.group(), "title")
    kinds = {one.kind: one.value for one in identifiers}
    for kind in ("us_itc_investigation", "us_itc_docket"):
        if kind in kinds:
            return _said(IpDispute.YES, kinds[kind], "identifier")
    if "us_itc_trade_remedy" in kinds:
        return _said(IpDispute.NO, kinds["us_itc_trade_remedy"], "identifier")
    text = "\n".join(
        [title, *(notice.section(label)[:_READ] for label in ("docket_header", "case_title", "abstract", "summary"))]
    )
    named = _SECTION_337.search(text)
    if named and _PROCEEDING.search(text):
        return _said(IpDispute.YES, named.group(), "text")
    found = _ONLY_337.search(text)
    return _said(IpDispute.YES, found.group(), "text") if found else (IpDispute.NO, ())


def _at_court(notice: Notice) -> tuple[IpDispute, tuple[Evidence, ...]]:
    return next(_court_verdicts(notice), (IpDispute.UNKNOWN, ()))


def _court_verdicts(notice: Notice) -> Iterator[tuple[IpDispute, tuple[Evidence, ...]]]:
    """What the forum, the case number, the entry and the caption say, the surest first."""
    title = notice.section("title") or notice.title
    entry = notice.section("entry")[:_READ] or notice.entry_type
    if notice.forum == "us_bankruptcy":
        yield _said(IpDispute.NO, notice.case_number or "bankruptcy court", "forum")
    for number in (notice.case_number or "", *(one.value for one in notice.identifiers)):
        if _NOT_CIVIL.search(number):
            yield _said(IpDispute.NO, number, "case_number")
    if said := _IP_ENTRY.search(entry):
        yield _said(IpDispute.YES, said.group(), "entry")
    if (origin := _ORIGIN.search(entry)) and origin[1] in _ORIGINS:
        yield _said(_ORIGINS[origin[1]], origin.group(), "entry")
    if other := _PROSECUTION.search(title) or _AGAINST_GOVERNMENT.search(title) or _OTHER_LAW.search(title):
        yield _said(IpDispute.NO, other.group(), "title")
    if other := _OTHER_LAW.search(entry):
        yield _said(IpDispute.NO, other.group(), "entry")
    # Dumping cases reach the Federal Circuit from the Court of International Trade, so the ITC as a party means 337.
    federal = notice.forum == "us_cafc" or any(one.scope == "cafc" for one in notice.identifiers)
    if federal and (commission := _COMMISSION.search(title)):
        yield _said(IpDispute.YES, commission.group(), "title")


def _by_words(notice: Notice) -> tuple[IpDispute, tuple[Evidence, ...]]:
    text = "\n".join(part.text[:_READ] for part in notice.sections) or notice.title
    found = _SECTION_337.search(text) or _WORDS.search(text)
    return _said(IpDispute.YES, found.group(), "text") if found else (IpDispute.UNKNOWN, ())


def _said(verdict: IpDispute, words: str, source: str) -> tuple[IpDispute, tuple[Evidence, ...]]:
    return verdict, (Evidence("ip_dispute", words.strip()[:300], source),)
