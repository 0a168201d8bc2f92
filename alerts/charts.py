"""Pictures of panels: SVG, drawn on the server without a network.

What the renderer gives is not passed on: it is read, and written anew from the elements and attributes
named here. Text can only become text, and a link only one of our own.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from xml.etree import ElementTree as ET

from index.dashboards.drawing import MARK, Mark, Picture, Spec
from index.dashboards.saved import words
from index.problems import Unusable

SVG = "http://www.w3.org/2000/svg"
SIZE_LIMIT = 2_000_000  # characters of one picture
_XLINK = "{http://www.w3.org/1999/xlink}href"
_SHAPES = frozenset({"g", "path", "rect", "line", "text", "tspan", "a"})
_LOOKS = words(
    "width height viewBox x y x1 y1 x2 y2 dx dy d transform fill fill-opacity stroke stroke-width stroke-opacity "
    "stroke-miterlimit stroke-dasharray opacity text-anchor font-family font-size font-weight font-style "
    "aria-hidden display"
)
_PLAIN_VALUE = re.compile(r"[\w\s.,:#%()'\"+\-]*")


def svg(picture: Picture) -> str:
    """The picture as one `<svg>` element to stand in a page. Raises Unusable where it cannot be drawn."""
    drawn = ET.fromstring(render(picture.spec))  # noqa: S314  the renderer's own output, which has no entities
    root = ET.Element("svg", {"xmlns": SVG, "role": "group", **_looks(drawn)})
    names = {"id": f"panel-{picture.id}-title"}, {"id": f"panel-{picture.id}-note"}
    root.set("aria-labelledby", names[0]["id"])
    root.set("aria-describedby", names[1]["id"])
    ET.SubElement(root, "title", names[0]).text = _printable(picture.title)
    ET.SubElement(root, "desc", names[1]).text = _printable(picture.description)
    _copy(drawn, root, picture.marks)
    return ET.tostring(root, encoding="unicode")


def render(spec: Spec) -> str:
    """The renderer's own SVG. It may ask no address for anything: there is none it is allowed."""
    return _rendered(json.dumps(spec, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=64)  # drawing holds the interpreter for some tenths of a second; most pages show the same figures
def _rendered(spec: str) -> str:
    import vl_convert  # noqa: PLC0415

    try:
        drawn = str(vl_convert.vegalite_to_svg(spec, vl_version="5.20", allowed_base_urls=[], show_warnings=False))
    except ValueError as error:
        raise Unusable(f"chart: {str(error)[:300]}") from error
    if len(drawn) > SIZE_LIMIT:
        raise Unusable(f"chart: {len(drawn)} characters of SVG, more than {SIZE_LIMIT}")
    return drawn


def _copy(source: ET.Element, target: ET.Element, marks: tuple[Mark, ...]) -> None:
    for child in source:
        name = child.tag.removeprefix(f"{{{SVG}}}")
        if name not in _SHAPES:
            continue
        made = _link(child, target, marks) if name == "a" else ET.SubElement(target, name, _looks(child))
        if name in ("text", "tspan"):
            made.set("pointer-events", "none")  # a number over its bar does not stand in the way of its link
            made.text = _printable(child.text or "")
        _copy(child, made, marks)


def _link(source: ET.Element, target: ET.Element, marks: tuple[Mark, ...]) -> ET.Element:
    """A link to where the mark of that number leads, named as it is read aloud; a mark without one is a group.

    The table beside a chart has the same links for the keyboard: a hundred cells are not a hundred stops.
    """
    mark = marks[int(source.get(_XLINK, "").removeprefix(MARK))]
    said = {"aria-label": _printable(mark.said)}
    link = {"href": mark.link, "tabindex": "-1", **said}
    made = ET.SubElement(target, "a", link) if own(mark.link) else ET.SubElement(target, "g", {"role": "img", **said})
    ET.SubElement(made, "title").text = _printable(mark.said)
    return made


def own(link: str) -> bool:
    """Whether a link stays on the desk."""
    return re.fullmatch(r"/(?!/)[^\s\\]*", link) is not None


def _looks(source: ET.Element) -> dict[str, str]:
    values = {name: value for name, value in source.attrib.items() if name in _LOOKS}
    for name in {"width", "height"} & values.keys():
        values[name] = re.sub(r"\.\d+", "", values[name])
    return {name: value for name, value in values.items() if _PLAIN_VALUE.fullmatch(value)}


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
