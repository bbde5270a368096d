"""Web pages. Scripts, styles and forms are thrown away unread; nothing is fetched."""

from __future__ import annotations

from lxml import etree, html

from bot.standards.refusal import BROKEN, HTML_EMPTY, Refused
from bot.standards.text import Line, squeeze

_DROPPED = {
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "head", "nav", "select", "textarea",
    "button", "canvas", "audio", "video", "math",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "h1", "h2", "h3", "h4", "h5", "h6", "ol",
    "ul", "li", "table", "tr", "td", "th", "dl", "dt", "dd", "blockquote", "pre", "form", "fieldset", "figure", "hr",
    "address", "center", "body", "html", "tbody", "thead", "tfoot", "caption", "details", "summary",
}  # fmt: skip
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul", "table", "div", "section", "article", "dl"}
_MOST_DEPTH = 200


def read_html(data: bytes) -> list[Line]:
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding=_charset(data)
    )
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Refused(BROKEN) from error
    writer = _Writer()
    body = root.find("body")
    writer.element(root if body is None else body, 0)
    writer.flush()
    if not any(line.text for line in writer.lines):
        raise Refused(HTML_EMPTY)
    return writer.lines


def _charset(data: bytes) -> str | None:
    """UTF-8 where it is valid: saved pages often lose the line that names their encoding."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


class _Writer:
    """Walks a page; a table with several columns becomes rows, everything else lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._open = ""

    def flush(self) -> None:
        if squeeze(self._open):
            self.lines.append(Line((squeeze(self._open),)))
        self._open = ""

    def _blank(self) -> None:
        self.flush()
        if self.lines and self.lines[-1].text:
            self.lines.append(Line(("",)))

    def element(self, node: html.HtmlElement, depth: int) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        if (
            not tag
            or tag in _DROPPED
            or depth > _MOST_DEPTH
            or "display:none" in (node.get("style") or "").replace(" ", "")
        ):
            return
        if tag == "br":
            self.flush()
        elif tag == "table" and _is_grid(node):
            self._rows(node, depth)
        else:
            self._flow(node, tag, depth)

    def _flow(self, node: html.HtmlElement, tag: str, depth: int) -> None:
        self._start(node, tag)
        self._open += _flat(node.text)
        for child in node:
            self.element(child, depth + 1)
            self._open += _flat(child.tail)
        if tag in _SPACED:
            self._blank()
        elif tag in _BLOCKS:
            self.flush()

    def _start(self, node: html.HtmlElement, tag: str) -> None:
        if tag in _SPACED:
            self._blank()
        elif tag in _BLOCKS:
            self.flush()
        if tag == "li":
            self._open += _mark(node)

    def _rows(self, table: html.HtmlElement, depth: int) -> None:
        self._blank()
        for row in table.iter("tr"):
            if _owner(row) is not table:
                continue
            cells = [_cell(cell, depth) for cell in row if cell.tag in ("td", "th")]
            if any(cell.strip() for cell in cells):
                self.lines.append(Line(tuple(cells)))
        self._blank()


def _cell(cell: html.HtmlElement, depth: int) -> str:
    inner = _Writer()
    inner._flow(cell, "td", depth + 1)
    inner.flush()
    return "\n".join(line.text for line in inner.lines if line.text)


def _owner(row: html.HtmlElement) -> html.HtmlElement | None:
    return next(row.iterancestors("table"), None)


def _is_grid(table: html.HtmlElement) -> bool:
    """Rows with several cells and no table inside a table: not one that only places the parts of a page."""
    if any(inner is not table for inner in table.iter("table")):
        return False
    return any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in table.iter("tr"))


def _mark(item: html.HtmlElement) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "\u2022 "
    start = int(parent.get("start") or 1) if (parent.get("start") or "1").isdecimal() else 1
    number = start + sum(1 for other in item.itersiblings("li", preceding=True))
    if (parent.get("type") or "") in ("a", "A") and number <= 26:
        return f"{chr(ord(parent.get('type') or 'a') + number - 1)}. "
    return f"{number}. "


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")
