"""Whether a notice is about an intellectual-property dispute: yes, no, or it cannot be told from it alone."""

from __future__ import annotations

import re

from index.records import Evidence, Identifier, IpDispute, Notice

_READ = 4_000
_SECTION_337 = re.compile(r"\bsec(?:tion|\.)?\s?337\b|\b337\s?[-–]\s?TA\b|337(?:条款|调查|調查)|\b1337\b", re.I)
_PROCEEDING = re.compile(
    r"\b(?:complaint|violation|above-? ?(?:captioned|referenced)|in this investigation|the investigation|initial determination|exclusion order"
    r"|inv(?:estigation)?\. no)\b|\bCertain\b|调查|調查",
    re.I,
)
_GENERAL = re.compile(
    r"\bsection 337 investigations;|\ball (?:in-person )?(?:hearings under )?section 337\b|\bsummary of commission practice\b|\bsunshine act\b"
    r"|\bappointment of the commission|administrative law judges? for section 337|rules of (?:general application|practice)|\bproposed rule"
    r"|\bfinal rule\b|\binformation collection\b|\bprivacy act\b",
    re.I,
)
_IP_ENTRY = re.compile(
    r"\bAO[- ]?12[01]\b|\bpatents?\b|\btrade ?marks?\b|\bcopyrights?\b|\bclaim construction\b|\bmarkman\b|\btrade dress\b|\btrade secrets?\b|\blanham\b|\binfringe",
    re.I,
)
_NOT_CIVIL = re.compile(r"(?:^|[-:\d~])(?:cr|mj|po|pt|sw|gj|gr|bk|bap|hc)-\d", re.I)
_GOVERNMENT = r"(?:USA|U\.?S\.?A?\.?|United States(?: of America)?)"
_PROSECUTION = re.compile(rf"^\s*{_GOVERNMENT}\s+v\.?\s", re.I)
_AGAINST_GOVERNMENT = re.compile(
    r"\sv\.?\s(?:(?:Acting )?Commissioner of Social Security|Social Security|Commissioner, Social|Berryhill|Colvin|Astrue|Kijakazi|SSA\b|.{0,40}Immigration"
    r"|.{0,40}Homeland Security|U\.?S\.? ?C\.?I\.?S|Citizenship|.{0,20}Attorney General|Mayorkas|Nielsen|Garland|Barr$|Internal Revenue|Commissioner of Internal)",
    re.I,
)
_SOCIAL_SECURITY = re.compile(r"\bremand to SSA\b|\bsocial security\b|\bhabeas\b|\b(?:immigration|asylum|removal of alien)\b|\bgrand jury\b|\bbankruptcy\b", re.I)
_FEDERAL_CIRCUIT = {
    "ITC": IpDispute.YES, "MSPB": IpDispute.NO, "CAVC": IpDispute.NO, "CIT": IpDispute.NO, "CFC": IpDispute.NO, "BCA": IpDispute.NO,
}  # fmt: skip
_ALWAYS = {"us_ptab", "us_ttab", "upc", "udrp"}


def ip_dispute(notice: Notice, identifiers: tuple[Identifier, ...]) -> tuple[IpDispute, tuple[Evidence, ...]]:
    """The verdict and the words it rests on.

    At the ITC section 337 is, titles VII and section 332 are not. A court's caption alone tells nothing,
    save that criminal, bankruptcy, social security and immigration cases are none.
    """
    if notice.forum == "us_itc":
        return _at_itc(notice, identifiers)
    if notice.forum in {"us_district", "us_bankruptcy", "us_appeal", "us_cafc"}:
        return _at_court(notice)
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
    text = "\n".join([title, *(notice.section(label)[:_READ] for label in ("docket_header", "case_title", "abstract", "summary"))])
    named = _SECTION_337.search(text)
    if named and _PROCEEDING.search(text):
        return _said(IpDispute.YES, named.group(), "text")
    # A receipt of complaint or a determination may leave the section out; only section 337 has complaints here.
    found = re.search(r"received a(?:n amended)? complaint|above-? ?captioned investigation", text)
    return _said(IpDispute.YES, found.group(), "text") if found else (IpDispute.NO, ())


def _at_court(notice: Notice) -> tuple[IpDispute, tuple[Evidence, ...]]:
    title = notice.section("title") or notice.title
    entry = notice.section("entry")[:_READ] or notice.entry_type
    numbers = [notice.case_number or "", *(one.value for one in notice.identifiers)]
    if notice.forum == "us_bankruptcy":
        return _said(IpDispute.NO, notice.case_number or "bankruptcy court", "forum")
    if criminal := next((number for number in numbers if _NOT_CIVIL.search(number)), None):
        return _said(IpDispute.NO, criminal, "case_number")
    if said := _IP_ENTRY.search(entry):
        return _said(IpDispute.YES, said.group(), "entry")
    origin = re.search(r"\bOrigin:\s*([A-Z]{2,4})\b", entry)
    if origin and origin[1] in _FEDERAL_CIRCUIT:
        return _said(_FEDERAL_CIRCUIT[origin[1]], origin.group(), "entry")
    for text, source in ((title, "title"), (entry, "entry")):
        if other := _PROSECUTION.search(title) or _AGAINST_GOVERNMENT.search(title) or _SOCIAL_SECURITY.search(text):
            return _said(IpDispute.NO, other.group(), source)
    federal = notice.forum == "us_cafc" or any(one.scope == "cafc" for one in notice.identifiers)
    # Dumping cases reach the Federal Circuit from the Court of International Trade, so the ITC as a party means 337.
    if federal and (itc := re.search(r"\bITC\b|International Trade Commission", title, re.I)):
        return _said(IpDispute.YES, itc.group(), "title")
    return IpDispute.UNKNOWN, ()


def _by_words(notice: Notice) -> tuple[IpDispute, tuple[Evidence, ...]]:
    text = "\n".join(part.text[:_READ] for part in notice.sections) or notice.title
    found = _SECTION_337.search(text) or re.search(
        r"\bpatent infringement|\btrade ?mark infringement|\bcopyright infringement|\binfring\w+ (?:of )?(?:\w+ ){0,3}(?:patent|trade ?mark|copyright)"
        r"|(?:专利|專利|商标|商標|著作权|著作權|知识产权|知識產權)[^。]{0,12}(?:侵权|侵權|诉讼|訴訟|纠纷|糾紛)",
        text,
        re.I,
    )
    return _said(IpDispute.YES, found.group(), "text") if found else (IpDispute.UNKNOWN, ())


def _said(verdict: IpDispute, words: str, source: str) -> tuple[IpDispute, tuple[Evidence, ...]]:
    return verdict, (Evidence("ip_dispute", words.strip()[:300], source),)
