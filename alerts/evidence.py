"""What two names may say for or against each other: one function a piece of evidence.

Each finds the two strings that met, or None. Its docstring is the reason shown to staff: Chinese first, English after
the empty line, with {ours} and {theirs} filled in.
"""

from __future__ import annotations

from typing import TypeAlias

from alerts.meeting import Meeting
from nlp.chinese_names import read_chinese
from nlp.chinese_places import agree
from nlp.name_tables import forms, trades
from nlp.names import flat_key, has_han, read_english

CHINA = frozenset({"CN", "HK", "TW"})
Found: TypeAlias = tuple[str, str] | None


def registered_name(m: Meeting) -> Found:
    """当事人名称“{theirs}”与登记的企业名称“{ours}”一致（大小写、标点和公司形式的写法不计）。

    The party "{theirs}" bears the registered name "{ours}" (case, punctuation and spelling of the legal form aside).
    """
    return _pair(m, m.how in ("name", "han") and m.alias.kind in ("legal", "english"))


def former_name(m: Meeting) -> Found:
    """当事人名称“{theirs}”是企业登记的曾用名“{ours}”。

    The party "{theirs}" bears a former name of the enterprise, "{ours}".
    """
    return _pair(m, m.how in ("name", "han") and m.alias.kind == "former")


def full_pinyin(m: Meeting) -> Found:
    """当事人名称“{theirs}”是企业全称“{ours}”的汉语拼音，连同“有限公司”等字样（音节如何分写不计）。

    The party "{theirs}" is the whole legal name "{ours}" in pinyin, form included, however its syllables are spaced.
    """
    return _pair(m, m.how == "pinyin" and _pinyin_form(m.theirs.name.name))


def pinyin_name(m: Meeting) -> Found:
    """当事人名称“{theirs}”除公司形式外，是企业全称“{ours}”的汉语拼音。

    But for the legal form, the party "{theirs}" is the legal name "{ours}" in pinyin.
    """
    return _pair(m, m.how == "pinyin" and not _pinyin_form(m.theirs.name.name) and len(_core(m)) >= 4)


def pinyin_short(m: Meeting) -> Found:
    """当事人名称“{theirs}”与企业字号“{ours}”拼音相同；名称较短，同音企业可能不止一家。

    The party "{theirs}" sounds like "{ours}"; the name is short and others may sound the same.
    """
    return _pair(m, m.how == "pinyin" and not _pinyin_form(m.theirs.name.name) and len(_core(m)) < 4)


def subsidiary_name(m: Meeting) -> Found:
    """当事人名称“{theirs}”与企业登记的境外关联公司“{ours}”一致。

    The party "{theirs}" bears the name of a registered overseas affiliate, "{ours}".
    """
    return _pair(m, m.how in ("name", "han") and m.alias.kind == "subsidiary")


def brand_name(m: Meeting) -> Found:
    """当事人名称“{theirs}”与企业登记的品牌“{ours}”一致。

    The party "{theirs}" bears a registered brand, "{ours}".
    """
    return _pair(m, m.alias.kind == "brand" and not _one_word(m.alias.name))


def brand_word(m: Meeting) -> Found:
    """当事人名称“{theirs}”与企业登记的品牌“{ours}”一致；品牌只有一个词，可能与他人重名。

    The party "{theirs}" bears a registered brand, "{ours}"; it is a single word that others may use too.
    """
    return _pair(m, m.alias.kind == "brand" and _one_word(m.alias.name))


def short_name(m: Meeting) -> Found:
    """当事人名称“{theirs}”与企业简称“{ours}”一致。

    The party "{theirs}" bears the enterprise's short name, "{ours}".
    """
    return _pair(m, m.how in ("name", "han") and m.alias.kind == "short")


def trade_key(m: Meeting) -> Found:
    """当事人名称中的“{theirs}”与企业字号“{ours}”拼音相同。

    "{theirs}" in the party's name is the pinyin of the enterprise's trade name "{ours}".
    """
    return (m.key, m.met) if m.how == "trade" else None


def place_agrees(m: Meeting) -> Found:
    """地域相符：企业在{ours}，当事人名称或地址为{theirs}。

    The places agree: the enterprise is in {ours}, the party in {theirs}.
    """
    return _places(m) if m.how == "trade" and agree(m.ours.places, m.theirs.places) else None


def trade_agrees(m: Meeting) -> Found:
    """行业用语相符：{theirs}。

    The words for the trade agree: {theirs}.
    """
    both = m.ours.trades & m.theirs.trades
    return (_listed(m.ours.trades), _listed(both)) if m.how == "trade" and both else None


def chinese_form(m: Meeting) -> Found:
    """当事人名称带有中国企业常用的公司形式（Co., Ltd. 一类）。

    The party's name has the legal form usual for Chinese companies (Co., Ltd. and its like).
    """
    return ("有限公司", "Co., Ltd.") if m.how == "trade" and m.theirs.english.form == "ltd" else None


def china_stated(m: Meeting) -> Found:
    """来源注明当事人所在国家或地区为{theirs}。

    The source places the party in {theirs}.
    """
    weak = m.how == "trade" or m.alias.kind in ("brand", "short")
    return ("CN", str(m.theirs.party.country)) if weak and m.theirs.party.country in CHINA else None


def country_elsewhere(m: Meeting) -> Found:
    """来源注明当事人所在国家为{theirs}，不在中国。

    The source places the party in {theirs}, outside China.
    """
    abroad = bool(m.theirs.party.country) and m.theirs.party.country not in CHINA
    return ("CN", str(m.theirs.party.country)) if abroad and m.alias.kind != "subsidiary" else None


def place_conflicts(m: Meeting) -> Found:
    """地域不符：企业在{ours}，当事人名称或地址为{theirs}。

    The places differ: the enterprise is in {ours}, the party in {theirs}.
    """
    weak = m.how == "trade" or m.alias.kind in ("brand", "short")
    return _places(m) if weak and agree(m.ours.places, m.theirs.places) is False else None


def branch_differs(m: Meeting) -> Found:
    """括号中的地名不同（企业：{ours}；当事人：{theirs}），通常是另一家公司。

    The bracketed places differ (ours: {ours}; theirs: {theirs}), which usually marks another company.
    """
    if m.how != "trade" or m.ours.branch == m.theirs.branch or m.theirs.branch & (m.ours.branch | m.ours.places):
        return None
    return _listed(m.ours.branch) or "无", _listed(m.theirs.branch) or "无"


def size_differs(m: Meeting) -> Found:
    """“集团”“控股”“国际”等字样不同（企业：{ours}；当事人：{theirs}），可能是同一集团的另一家公司。

    Words such as Group or Holdings differ (ours: {ours}; theirs: {theirs}): perhaps another company of the group.
    """
    if m.how != "trade" or m.ours.sizes == m.theirs.sizes:
        return None
    return _listed(m.ours.sizes) or "无", _listed(m.theirs.sizes) or "无"


def other_trade(m: Meeting) -> Found:
    """行业用语不同（企业：{ours}；当事人：{theirs}）。

    The words for the trade differ (ours: {ours}; theirs: {theirs}).
    """
    ours, theirs = m.ours.trades, m.theirs.trades
    return (_listed(ours), _listed(theirs)) if m.how == "trade" and ours and theirs and not ours & theirs else None


def common_name(m: Meeting) -> Found:
    """字号“{ours}”较常见，同名企业多。

    The trade name "{ours}" is common; many companies bear it.
    """
    return (m.key, m.met) if m.how == "trade" and m.met in trades()["common"]["words"] else None


def form_differs(m: Meeting) -> Found:
    """公司形式不同：登记的是“{ours}”，当事人是“{theirs}”。

    The legal forms differ: registered as "{ours}", the party is "{theirs}".
    """
    return _pair(m, _named(m) and "" not in _forms(m) and len(set(_forms(m))) > 1)


def form_missing(m: Meeting) -> Found:
    """“{ours}”与“{theirs}”只有一方写明公司形式。

    Only one of "{ours}" and "{theirs}" shows a legal form.
    """
    return _pair(m, _named(m) and _forms(m).count("") == 1)


def bare_word(m: Meeting) -> Found:
    """“{theirs}”没有公司形式，且只有一个词，可能是他人的商标或名称。

    "{theirs}" has no legal form and is a single word: it may be anyone's mark or name.
    """
    return _pair(m, _named(m) and not _forms(m)[1] and _one_word(m.theirs.name.name))


def other_words(m: Meeting) -> Found:
    """当事人名称中还有“{theirs}”，在企业名称“{ours}”中找不到对应。

    The party's name also says "{theirs}", which nothing in "{ours}" accounts for.
    """
    return (m.alias.name, " ".join(m.unexplained)) if m.how == "trade" and m.unexplained else None


def shared_name(_: Meeting) -> Found:
    """另有登记企业（{theirs}）凭同样的依据也能对上，需人工判断。

    Other registered enterprises ({theirs}) fit by the same evidence; a person must decide.
    """


def judged_ours(_: Meeting) -> Found:
    """工作人员已确认“{theirs}”就是企业“{ours}”。

    Staff have confirmed that "{theirs}" is the enterprise "{ours}".
    """


def _pair(m: Meeting, holds: bool) -> Found:
    return (m.alias.name, m.theirs.name.name) if holds else None


def _places(m: Meeting) -> tuple[str, str]:
    return _listed(m.ours.places), _listed(m.theirs.places)


def _listed(words: frozenset[str]) -> str:
    return "、".join(sorted(words))


def _one_word(name: str) -> bool:
    words = read_english(name).words
    return len(words) <= 1 and not (has_han(name) and len(name) >= 4)


def _named(m: Meeting) -> bool:
    return m.how in ("name", "han") and m.alias.kind not in ("brand", "short")


def _forms(m: Meeting) -> list[str]:
    """Classes of the two legal forms; all Chinese forms are one class, as a company may change its own."""
    suffixes = tuple(forms()["chinese"]["forms"])
    names = (m.alias.name, m.theirs.name.name)
    if m.how == "han":
        return ["公司" if name.rstrip().endswith((*suffixes, "集团")) else "" for name in names]
    return [read_english(name).form for name in names]


def _pinyin_form(name: str) -> bool:
    return flat_key(name).endswith(tuple(forms()["pinyin"]["forms"]))


def _core(m: Meeting) -> str:
    """The legal name without form and size words, as it was spoken."""
    return read_chinese(m.alias.name).core
