"""The SVG of a drawing: for a page, with the page's colours, and for a file, with its own.

Pages allow no styles but those of style sheets, so what Matplotlib writes as styles becomes
attributes. They keep the drawing as it is in a file; on a page each colour is a token's.
"""

import re
from xml.etree import ElementTree as ET

NAMESPACE = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
# As in static/css/core/tokens.css, where a test compares them.
COLOURS = {
    "ink": "#2b2621",
    "ink-soft": "#5e554a",
    "line": "#e0d5c2",
    "line-strong": "#87796a",
    "accent": "#0d5c54",
    "warm": "#a8491f",
}
LINE_COLOURS = (COLOURS["accent"], COLOURS["warm"], COLOURS["ink"])
FONT = "'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible', Verdana, sans-serif"
NOT_SAID = {"font-family", "font", "font-style"}
DEFAULTS = {("text-anchor", "start"), ("fill-opacity", "1"), ("opacity", "1")}
_URL = r"url\(#([^()]+)\)"
_DECIMAL = re.compile(r"(?<!\d)-?\d+\.\d+")


def clean(drawn: str, name: str) -> str:
    """Return what is inside the SVG that Matplotlib drew, without styles, with ids of its own."""
    root = ET.fromstring(drawn)  # noqa: S314 - drawn by this process
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in {"metadata", "style"}:
                parent.remove(child)
    used = _used_ids(root)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        _rename(element, used, name)
        _use_attributes(element)
    _unwrap(root)
    return "\n".join(ET.tostring(child, encoding="unicode").strip() for child in root)


def for_page(inside: str) -> str:
    """Return the same with the colours of the page that it is on."""
    for token, colour in COLOURS.items():
        inside = inside.replace(f'"{colour}"', f'"var(--{token})"')
    return inside


def as_file(inside: str, width: int, height: int, title: str, words: str) -> str:
    """Return a file that stands for itself."""
    root = ET.Element("svg", xmlns=NAMESPACE, viewBox=f"0 0 {width} {height}", role="img")
    root.attrib |= {"width": str(width * 2), "height": str(height * 2), "font-family": FONT}
    ET.SubElement(root, "title").text = title
    ET.SubElement(root, "desc").text = words
    ET.SubElement(root, "rect", width="100%", height="100%", fill="#fffdf9")
    head, end = ET.tostring(root, encoding="unicode").rsplit("</svg>", 1)[0], "</svg>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}\n{inside}\n{end}\n'


def _used_ids(root: ET.Element) -> dict[str, str]:
    """Return the ids that something refers to, each with a short new one."""
    links = [
        found
        for element in root.iter()
        for value in element.attrib.values()
        for found in re.findall(rf"{_URL}|^#(.+)$", value)
    ]
    ids = dict.fromkeys(one or other for one, other in links)
    return {old: str(number) for number, old in enumerate(ids, 1)}


def _rename(element: ET.Element, used: dict[str, str], name: str) -> None:
    old = element.attrib.pop("id", "")
    if old in used:
        element.set("id", f"{name}-{used[old]}")
    if LINK in element.attrib:
        element.set("href", f"#{name}-{used[element.attrib.pop(LINK)[1:]]}")
    for key, value in element.attrib.items():
        element.set(key, re.sub(_URL, lambda m: f"url(#{name}-{used[m[1]]})", value))


def _use_attributes(element: ET.Element) -> None:
    """Write as attributes what was a style; fonts are left to the page."""
    for one in element.attrib.pop("style", "").split(";"):
        key, _, value = map(str.strip, one.partition(":"))
        if value and key not in NOT_SAID and (key, value) not in DEFAULTS:
            element.set(key, value)
    for key, value in element.attrib.items():
        if re.search(r"\d\.\d{3}", value):
            element.set(key, _DECIMAL.sub(lambda m: f"{float(m[0]):.4g}", value))
        if key == "transform" and value.startswith("rotate(-0"):
            element.attrib = {k: v for k, v in element.attrib.items() if k != "transform"}
            break


def _unwrap(parent: ET.Element) -> None:
    """Leave out groups that group nothing, and what is empty."""
    for child in list(parent):
        _unwrap(child)
        child.tail = None
        if child.tag in {"g", "defs"} and not child.attrib:
            position = list(parent).index(child)
            if child.tag == "g" or not len(child):
                parent.remove(child)
                for number, one in enumerate(list(child)):
                    parent.insert(position + number, one)
    if parent.text is not None and not parent.text.strip():
        parent.text = None
