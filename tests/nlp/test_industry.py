"""Tagging: what counts, how much, where, and what is quoted."""

from __future__ import annotations

import pytest

from index.records import Tag
from nlp.focus import company_names, product_phrase
from nlp.folding import fold
from nlp.industry import Opinion, Scorer, logit, sigmoid, tag_industries
from nlp.terms import lexicon, plural


def tags(
    text: str = "",
    *,
    title: str = "",
    product: str | None = None,
    codes: tuple[str, ...] = (),
    kind: str = "",
    model: Scorer | None = None,
) -> dict[str, Tag]:
    found = tag_industries(title=title, text=text, product=product, codes=codes, language="en", kind=kind, model=model)
    return {tag.industry: tag for tag in found}


def test_a_strong_code_tags_and_is_quoted_as_given() -> None:
    tag = tags("Fastening arrangement", codes=("H04W 72/04", "nonsense"))["next_gen_it"]
    assert (tag.band, tag.evidence[0].kind, tag.evidence[0].quote, tag.evidence[0].source) == (
        "tag",
        "code",
        "H04W 72/04",
        "codes",
    )


def test_a_weak_code_waits_for_a_term() -> None:
    assert tags("A bracket", codes=("H02J 7/00",)) == {}
    both = tags("A rechargeable battery bracket", codes=("H02J 7/00",))["green_low_carbon"]
    assert {one.kind for one in both.evidence} == {"code", "term"}
    assert both.score > tags("A rechargeable battery bracket")["green_low_carbon"].score


def test_a_bare_subclass_counts_only_bare() -> None:
    assert tags("Apparatus", codes=("H01M",))["green_low_carbon"].band == "tag"
    assert "marine" not in tags("Apparatus", codes=("A01K",))
    assert "green_low_carbon" not in tags("Apparatus", codes=("H02J 1/00",))


def test_silent_codes_hold_a_single_term_back_in_a_patent() -> None:
    title = "Ceramic vase with battery cell"
    assert tags(title, kind="title")["green_low_carbon"].band == "tag"
    assert tags(title, kind="title", codes=("A47G 7/06",))["green_low_carbon"].band == "review"


def test_the_product_phrase_outweighs_the_rest() -> None:
    text = "Certain Ceiling Fans; Institution. The respondent also sells wireless devices."
    assert tags(text).get("next_gen_it", Tag("", 0, "none")).band != "tag"
    assert tags(text, product="wireless devices")["next_gen_it"].band == "tag"
    assert tags(text, product="wireless devices")["next_gen_it"].evidence[0].source == "product"


def test_boilerplate_says_nothing() -> None:
    text = (
        "General information concerning the Commission may be obtained from its internet server at "
        "https://www.usitc.gov. "
        "Hearing-impaired persons can use the Commission's TDD terminal on (202) 205-1810. "
        "The public record may be viewed on the electronic docket (EDIS)."
    )
    assert tags(text) == {}


def test_a_company_name_alone_never_tags() -> None:
    found = tags("Kestrel Semiconductor Corp. v. Blue Heron Photovoltaics, LLC: order on costs")
    assert {tag.band for tag in found.values()} == {"review"}
    assert tags("海之蓝船舶重工有限公司就家具外观设计提起诉讼").get("marine", Tag("", 0, "none")).band != "tag"


@pytest.mark.parametrize(
    ("text", "industry"),
    [
        ("Surgical vessel sealing devices", "marine"),
        ("Pressure vessels and blood vessels", "marine"),
        ("Partnership agreements on ownership", "marine"),
        ("Grand piano, 钢琴与钢笔", "new_materials"),
        ("Ninth Circuit affirms; Federal Circuit reverses", "next_gen_it"),
        ("Cell phone holders", "biomedicine"),
        ("Wind instruments", "green_low_carbon"),
        ("Drug store shelving", "biomedicine"),
        ("上海与威海两地海关查获箱包", "marine"),
        ("苹果公司发布结果", "functional_food"),
        ("Electronic nicotine delivery systems with milk flavor", "functional_food"),
    ],
)
def test_words_that_name_something_else(text: str, industry: str) -> None:
    assert tags(text).get(industry, Tag("", 0, "none")).band != "tag"


@pytest.mark.parametrize(
    ("printed", "quote"),
    [
        ("Lithium-Ion Batteries", "Lithium-Ion"),
        ("LITHIUM ION cells", "LITHIUM ION"),
        ("特定太陽能電池組件", "太陽能"),
        ("特定太(tài)阳能电池", "太(tài)阳能"),
        ("ＬＥＤ照明灯具", "ＬＥＤ照明"),
        ("two solar panels", "solar panels"),
        ("water electrolysers", "electrolysers"),
    ],
)
def test_hits_are_quoted_as_printed(printed: str, quote: str) -> None:
    tag = tags(product=printed)["green_low_carbon"]
    assert quote in [one.quote for one in tag.evidence]
    assert all(one.quote in printed for one in tag.evidence)


def test_stars_and_plurals() -> None:
    found = {hit.term for hit in lexicon().find("Laparoscopic trastuzumab, endoscopy, mabs, batteries, boxes")}
    assert {"laparoscop*", "*mab", "endoscop*", "battery"} <= found
    assert [plural(word) for word in ("battery", "tray", "box", "vessel", "switch")] == [
        "batteries",
        "trays",
        "boxes",
        "vessels",
        "switches",
    ]


def test_terms_that_need_company() -> None:
    assert "new_energy_vehicles" not in tags(product="power inverters for homes")
    assert tags(product="power inverters, automobiles containing the same")["new_energy_vehicles"].band == "tag"


def test_patent_words_mean_nothing_in_a_notice() -> None:
    text = "Data and signal and image interface"
    assert tags(text, kind="title")["next_gen_it"].band == "tag"
    assert tags(text, kind="docket") == {}


def test_a_modifier_counts_half() -> None:
    head = tags("一种光伏组件", kind="title")["green_low_carbon"].score
    modifier = tags("一种光伏组件生产用货架", kind="title")["green_low_carbon"].score
    assert modifier < head


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        (
            "Certain Widget Printers and Components Thereof; Notice of Institution",
            "Widget Printers and Components Thereof",
        ),
        ("Institution of Investigation: Certain Widgets. Notice is hereby given", "Widgets"),
        ("CERTAIN WIDGETS Inv. No. 337-TA-9999", "WIDGETS"),
        ("the sale of certain widget rings by reason of infringement of certain claims", "widget rings"),
        ("infringement of certain claims of U.S. Patent No. 9,999,999", ""),
        ("美国国际贸易委员会对特定小部件及其组件启动337调查", "小部件及其组件"),
        ("主張特定小部件侵犯其專利權", "小部件"),
        ("涉案产品为小部件和大部件。", "小部件和大部件"),
        ("该方法包括特定技术特征", ""),
    ],
)
def test_product_phrase(text: str, phrase: str) -> None:
    assert product_phrase("", text) == phrase


def test_company_names_are_marked() -> None:
    text = "诉讼由青岛某某生物医药股份有限公司提起; on behalf of Blue Heron Optics, Inc. of Reno"
    assert [text[start:end] for start, end in company_names(text)] == [
        "青岛某某生物医药股份有限公司",
        "Blue Heron Optics, Inc.",
    ]


class Model:
    """A scorer of fixed opinions that remembers what it was asked."""

    def __init__(self, **opinions: float) -> None:
        self.opinions = opinions
        self.asked: list[str] = []

    def __call__(self, text: str, *, language: str, kind: str) -> dict[str, Opinion]:
        self.asked.append(text)
        return {name: Opinion(value, (f"{language}:{kind}",)) for name, value in self.opinions.items()}


def test_the_model_is_asked_for_product_and_prose() -> None:
    model = Model(marine=0.95)
    text = "Certain Gizmos; notice. See the internet server at https://www.usitc.gov."
    tag = tags(text, model=model, kind="news")["marine"]
    assert (tag.band, tag.evidence[0].kind, tag.evidence[0].quote) == ("tag", "model", "en:news")
    assert model.asked[0] == "Gizmos"
    assert "internet server" not in model.asked[1]


def test_the_model_alone_needs_more_in_a_notice_than_in_a_patent() -> None:
    model = Model(marine=0.8, biomedicine=0.1)
    assert tags("Some gizmos", model=model, kind="news")["marine"].band == "review"
    assert tags("Some gizmos", model=model, kind="title")["marine"].band == "tag"
    assert "biomedicine" not in tags("Some gizmos", model=model)


def test_the_model_and_a_term_add_up() -> None:
    alone = tags("Gizmos with a hull", title="Gizmo")
    helped = tags("Gizmos with a hull", title="Gizmo", model=Model(marine=0.4))
    assert helped["marine"].score > alone.get("marine", Tag("", 0.0, "none")).score


def test_scores_are_probabilities_and_sorted() -> None:
    found = tag_industries(
        title="", text="Marine sonar with a semiconductor display", product=None, codes=(), language="en"
    )
    assert [tag.score for tag in found] == sorted((tag.score for tag in found), reverse=True)
    assert all(0.25 <= tag.score <= 1 for tag in found)
    assert sigmoid(logit(0.3)) == pytest.approx(0.3)
    assert 0 < sigmoid(logit(0.0)) < sigmoid(logit(1.0)) < 1


def test_the_same_text_gives_the_same_answer() -> None:
    assert tags("Certain Solar Boats; notice") == tags("Certain Solar Boats; notice")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00" * 50_000,
        "Certain " * 20_000,
        "certain certain " * 5_000 + "x" * 50_000,
        "A. B. Corp. " * 10_000,
        "semiconductor " * 5_000,
        "特定" * 30_000,
        "某有限公司" * 10_000,
        "(guó)" * 10_000,
        "İıſßﬁ㎏" * 5_000,
        "\ud800\udfff" * 1_000,
        "基于" * 20_000 + "的",
        "titled “" * 10_000,
        "general information concerning the commission " * 1_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_is_answered(text: str) -> None:
    for kind in ("", "title"):
        found = tag_industries(title=text, text=text, product=None, codes=(text,), language="zh", kind=kind)
        assert all(one.quote in text for tag in found for one in tag.evidence)


def test_folding_keeps_places() -> None:
    text = "ＴＯＰＣｏｎ 電池–İ 乾燥"
    assert len(fold(text)) == len(text)
    assert fold(text).startswith("topcon 电池-")


def test_the_vocabulary_does_not_grow() -> None:
    tags("solar boats")
    before = len(lexicon()._vocab.strings)
    tags(" ".join(f"word{number}" for number in range(2_000)))
    assert len(lexicon()._vocab.strings) == before
