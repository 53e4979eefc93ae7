"""What is wrong with a page: markup, names of the controls, leftovers of the program, promises of the security policy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Comment, Element

import html5lib
from html5lib.constants import E as MESSAGES

# Values the program forgot to fill in or to turn into words.
_LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\(\w+\)[sd]|\bobject at 0x|\bundefined\b|\bNaN\b|\bTraceback \(most")
# No French word, but an English one: there it is only wrong when it stands alone.
_NOTHING = re.compile(r"\bNone\b")
_NOTHING_ALONE = re.compile(r"^\s*None\s*$")
_LABELLED = {"input", "select", "textarea"}
_UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
_OUTSIDE = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "for", "list", "form")
_DATA_SCRIPTS = {"application/json"}


def problems(html: str, *, is_fragment: bool = False) -> list[str]:
    """Return what is wrong with `html`, a whole page or a fragment that htmx puts into one."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parseFragment(html) if is_fragment else parser.parse(html)
    found = [f"line {line}: {MESSAGES[code] % details}" for (line, _column), code, details in parser.errors]
    page = _Page(root)
    if not is_fragment:
        found += page.frame()
        found += page.references()
    for check in (page.identifiers, page.controls, page.leftovers, page.policy, page.forms):
        found += check()
    return found


def _text(element: Element) -> str:
    """Return what a reader of the screen hears: the text and the alternatives of pictures."""
    parts = [element.text or ""]
    for child in element:
        parts.append("" if _is_comment(child) else _text(child))
        parts.append(child.get("alt") or child.get("aria-label") or "")
        parts.append(child.tail or "")
    return " ".join(" ".join(parts).split())


def _is_comment(element: Element) -> bool:
    return element.tag is Comment  # type: ignore[comparison-overlap]  # the stubs say that every tag is a text


def _describe(element: Element) -> str:
    marks = [f'{name}="{element.get(name)}"' for name in ("id", "name", "type", "class", "href") if element.get(name)]
    return "<" + " ".join([str(element.tag), *marks]) + ">"


class _Page:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.elements = [element for element in root.iter() if not _is_comment(element)]
        self.ids = Counter(element.get("id", "") for element in self.elements if "id" in element.attrib)
        self.parents = {child: parent for parent in self.elements for child in parent}

    def frame(self) -> Iterator[str]:
        """One title, one h1, a language and a main part."""
        html = self.root
        if not html.get("lang"):
            yield "the page names no language"
        titles = [element for element in html.findall("head/title") if _text(element)]
        if len(titles) != 1:
            yield f"the page has {len(titles)} titles with text instead of one"
        for name in ("h1", "main"):
            count = sum(element.tag == name for element in self.elements)
            if count != 1:
                yield f"the page has {count} <{name}> instead of one"

    def identifiers(self) -> Iterator[str]:
        """Unique ids."""
        yield from (f'id="{name}" stands {count} times' for name, count in self.ids.items() if count > 1)
        yield from (f"{_describe(e)} has an empty id" for e in self.elements if e.get("id") == "")

    def references(self) -> Iterator[str]:
        """References between elements lead somewhere; those of a fragment may lead into the page around it."""
        for element in self.elements:
            for attribute in _REFERENCES:
                for name in element.get(attribute, "").split():
                    if name not in self.ids:
                        yield f'{_describe(element)}: {attribute}="{name}" leads nowhere'

    def controls(self) -> Iterator[str]:
        """Every control has a name, every picture an alternative."""
        labelled = {e.get("for") for e in self.elements if e.tag == "label" and "for" in e.attrib and _text(e)}
        for element in self.elements:
            if element.tag in _LABELLED and element.get("type") not in _UNLABELLED_INPUTS:
                if not (element.get("id") in labelled or self._is_named(element) or self._is_inside_label(element)):
                    yield f"{_describe(element)} has no label"
            elif element.tag in {"button", "a", "summary"} and not (_text(element) or self._is_named(element)):
                yield f"{_describe(element)} has no name"
            elif element.tag == "img" and element.get("alt") is None:
                yield f"{_describe(element)} has no alternative text"

    def _is_named(self, element: Element) -> bool:
        return bool(element.get("aria-label", "").strip() or element.get("aria-labelledby"))

    def _is_inside_label(self, element: Element) -> bool:
        parent = self.parents.get(element)
        while parent is not None:
            if parent.tag == "label":
                return bool(_text(parent))
            parent = self.parents.get(parent)
        return False

    def leftovers(self) -> Iterator[str]:
        """Nothing of the program shows: no unfilled placeholder, no object, no empty value in words."""
        nothing = _NOTHING_ALONE if self.root.get("lang", "").startswith("en") else _NOTHING
        for element in self.elements:
            shown = [element.text, *(child.tail for child in element)]
            if element.tag in {"script", "style"}:
                shown = []
            shown += [value for name, value in element.attrib.items() if not name.startswith("data-")]
            for value in shown:
                match = _LEFTOVERS.search(value or "") or nothing.search(value or "")
                if match:
                    yield f"{_describe(element)} shows “{match[0]}”: {(value or '').strip()[:80]}"

    def policy(self) -> Iterator[str]:
        """Nothing that the content security policy refuses, nothing from another address."""
        for element in self.elements:
            if element.tag == "style":
                yield "a <style> element: styles belong into a file"
            if element.tag == "script" and "src" not in element.attrib and element.get("type") not in _DATA_SCRIPTS:
                yield "a <script> without src: scripts belong into a file"
            for name, value in element.attrib.items():
                if name == "style" or name.startswith(("on", "hx-on")):
                    yield f"{_describe(element)} has the attribute {name}"
                if value.strip().lower().startswith(("javascript:", "data:text")):
                    yield f"{_describe(element)}: {name} runs a script"
            address = element.get("src") or (element.get("href") if element.tag == "link" else None) or ""
            if _OUTSIDE.match(address):
                yield f"{_describe(element)} is loaded from outside: {address}"

    def forms(self) -> Iterator[str]:
        """Every form that writes carries the token against forged requests."""
        for form in self.elements:
            if form.tag == "form" and form.get("method", "get").lower() == "post":
                names = {field.get("name") for field in form.iter("input")}
                if "csrf_token" not in names:
                    yield f"{_describe(form)} posts without csrf_token"
