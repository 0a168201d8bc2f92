"""Pictures: what is counted is what is drawn, and no label can be more than text."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from alerts import charts
from alerts.naming import names
from index.dashboards import palette
from index.dashboards.drawing import Picture, picture
from index.dashboards.figures import Figure, Figures, Names, Span
from index.dashboards.labels import wrapped
from index.dashboards.panels import PANELS, Language, panel
from index.problems import Unusable
from index.search.query import Query

SPAN = Span.last(12, date(2026, 3, 9))
LANGUAGES: tuple[Language, ...] = ("zh", "en")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload="alert(1)">',
    "</text></svg><iframe src=//evil.example>",
    "]]><!--&lt;&#60;b&#62;",
    "a\x00b\x1b[31mc\ud800\u202e\nd",
    "'+datum.constructor.constructor('alert(1)')()+'",
)


def search(query: Query) -> str:
    return f"/search?kind={query.kinds[0]}"


def of(name: str, counts: dict[tuple[str, str, str], int], span: Span = SPAN) -> Figures:
    asked = panel(name)
    assert asked
    rows = (Figure(key, month, split, count, asked.query) for (key, month, split), count in counts.items())
    return Figures(asked, span, tuple(rows))


def industry(span: Span = SPAN, keys: tuple[str, ...] = ("marine", "biomedicine")) -> Figures:
    return of("industry", {(k, m, ""): n % 7 for k in keys for n, m in enumerate(span.months())}, span)


def forums(*keys: str) -> Figures:
    return of("forum", {(key, "", "US"): number + 1 for number, key in enumerate(keys)})


def warnings(span: Span = SPAN) -> Figures:
    asked = panel("warnings")
    assert asked
    return of("warnings", {(s.key, m, ""): n % 5 for s in asked.steps for n, m in enumerate(span.months())}, span)


def draw(
    figures: Figures, called: Names | None = None, link: Callable[[Query], str] = search
) -> tuple[ET.Element, Picture]:
    made = picture(figures, names() if called is None else called, "zh", link)
    return ET.fromstring(charts.svg(made)), made  # noqa: S314


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def words(drawn: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in drawn.iter() if local(each) == "text"]


@pytest.mark.parametrize("figures", [industry(), forums("us_itc", "epo"), warnings()], ids=["heat", "bars", "steps"])
def test_every_figure_is_a_mark_and_leads_to_what_it_counts(figures: Figures) -> None:
    drawn, made = draw(figures)
    undrawn = {step.key for step in figures.panel.steps if not step.drawn}
    expected = [row for row in figures.rows if row.count and row.key not in undrawn]
    links = [each for each in drawn.iter() if local(each) == "a"]
    assert {each.get("href") for each in links} == {f"/search?kind={figures.panel.query.kinds[0]}"}
    said = sorted(str(each.get("aria-label")) for each in links)
    assert said == sorted(made.marks[figures.rows.index(row)].said for row in expected)
    assert all(each.findtext("{*}title") for each in links), "shown when pointed at"
    assert any(local(each) == "title" and each.text == figures.panel.title.zh for each in drawn)
    assert drawn.get("aria-labelledby") == f"panel-{figures.panel.id}-title"


def test_a_cell_says_its_industry_month_and_number_in_chinese() -> None:
    drawn, made = draw(industry())
    assert "海洋，2026年1月：案件（件） 2" in {mark.said for mark in made.marks}
    assert {"海洋", "生物医药", "2026-01", "6"} <= set(words(drawn))


def test_long_labels_are_drawn_whole_and_longer_ones_end_in_the_table() -> None:
    called = {
        "forum": {"a": "美国专利商标局专利审判与上诉委员会（PTAB）", "b": "甲" * 60, "c": "乙" * 400},
        "country": {},
    }
    drawn, _ = draw(forums("a", "b", "c"), called)
    shown = words(drawn)
    assert called["forum"]["a"] in shown
    assert called["forum"]["b"] in shown, "over two lines"
    assert wrapped(called["forum"]["c"]).replace("\n", "") in shown
    width = float(str(drawn.get("width")))
    assert 500 < width < 900


def test_two_values_of_one_name_stay_two() -> None:
    drawn, _ = draw(forums("a", "b"), {"forum": {"a": "法院", "b": "法院"}})
    assert {"法院(a)", "法院(b)", "1", "2"} <= set(words(drawn))


@pytest.mark.parametrize("figures", [forums(*HOSTILE), industry(keys=HOSTILE)], ids=["bars", "heat"])
def test_a_hostile_label_is_text_and_nothing_else(figures: Figures) -> None:
    worse: Names = {figures.panel.counts.by: {hostile: f"{hostile}x" for hostile in HOSTILE}}
    for called in ({}, worse):
        made = picture(figures, called, "zh", search)
        text = charts.svg(made)
        drawn = ET.fromstring(text)  # noqa: S314
        assert {local(each) for each in drawn.iter()} <= charts._SHAPES | {"svg", "title", "desc"}
        known = charts._LOOKS | {"role", "id", "href", "tabindex", "aria-label", "pointer-events"}
        for each in drawn.iter():
            assert set(each.keys()) <= known | {"aria-labelledby", "aria-describedby"}
            assert local(each) in ("text", "title", "desc", "tspan") or not (each.text or "").strip()
        assert {each.get("href") for each in drawn.iter() if local(each) == "a"} == {search(figures.panel.query)}
        for barred in ("<script", "<iframe", "<svg on", "\x00", "\x1b", "\u202e", "\ud800"):
            assert barred not in text
        assert any("<script>alert(1)</script>" in one for one in words(drawn)), "shown as it is written"


def test_a_link_elsewhere_is_no_link() -> None:
    elsewhere = iter(
        ["javascript:alert(1)", "//evil.example/", "https://evil.example/", "/\\evil.example", "/a b", "data:x"]
    )
    drawn, _ = draw(forums(*"abcdef"), link=lambda _: next(elsewhere))
    assert next(elsewhere, None) is None
    assert not [each for each in drawn.iter() if local(each) == "a"]
    assert "1" in words(drawn), "the figure is still there"


def test_the_picture_holds_no_style_script_or_address() -> None:
    for figures in (industry(), forums("us_itc"), warnings()):
        text = charts.svg(picture(figures, names(), "zh", search))
        for barred in ("style=", "<style", "<script", "onload", "xlink", "https://", "url("):
            assert barred not in text, barred
        assert text.count("http://") == 1, "the name of SVG itself"
        assert "Noto Sans CJK SC" in text


def test_the_renderer_asks_no_address(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('[{"a": 1}]')
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    # a process of its own: the renderer keeps the interpreter to itself while it draws
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stderr
        port = re.findall(r"port (\d+)", server.stdout.readline())[0]
        spec = {"data": {"url": f"http://127.0.0.1:{port}/data.json"}, "mark": "point"}
        with pytest.raises(Unusable, match="not allowed"):
            charts.render(spec)
        server.terminate()
        assert "GET" not in server.stderr.read()


def test_a_specification_that_cannot_be_drawn_is_said() -> None:
    with pytest.raises(Unusable, match="chart"):
        charts.render({"mark": {"type": "no such mark"}})


@pytest.mark.parametrize("months", [1, 12, 36])
def test_a_picture_stays_within_bounds(months: int) -> None:
    span = Span.last(months, date(2026, 3, 9))
    for figures in (industry(span, tuple(names()["industry"])), warnings(span)):
        drawn, made = draw(figures)
        assert float(str(drawn.get("width"))) < 2_000
        assert len(charts.svg(made)) < 400_000
    assert charts.SIZE_LIMIT >= 400_000


def test_a_panel_without_figures_is_drawn_as_zeros() -> None:
    drawn, _ = draw(of("industry", dict.fromkeys((("marine", m, "") for m in SPAN.months()), 0)))
    assert words(drawn).count("0") == 12
    draw(of("warnings", {("made", m, ""): 0 for m in SPAN.months()}))


def test_the_colours_are_read_on_screen_and_in_grey() -> None:
    for count in range(11):
        cell = palette.heat(count, 10)
        assert palette.contrast(cell.fill, cell.ink) >= 4.5, cell
    assert all(palette.contrast(colour, palette.PAGE) >= 3 for colour in (*palette.SERIES, palette.BAR))
    for ramp, apart in ((palette.HEAT, 1.18), (palette.SERIES, 1.3)):
        lights = [palette.luminance(colour) for colour in ramp]
        assert lights == sorted(lights, reverse=True), "darker is more, also in grey"
        assert all(palette.contrast(one, next_) >= apart for one, next_ in pairwise(ramp)), ramp
    assert palette.contrast(palette.TEXT, palette.PAGE) >= 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_panel_is_drawn_in_both_languages(language: Language) -> None:
    for figures in (industry(), forums("us_itc"), warnings()):
        made = picture(figures, names(language), language, search)
        assert (made.title, made.description) == (figures.panel.title.say(language), figures.panel.note.say(language))
        assert any(figures.panel.noun.say(language) in mark.said for mark in made.marks)
        assert charts.svg(made)
    assert {industry().panel, forums().panel, warnings().panel} == set(PANELS)
