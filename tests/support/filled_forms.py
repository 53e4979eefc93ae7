"""What a browser without scripts would send of a form, as the page fills it."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

UNSENT = frozenset({"submit", "button", "reset", "file", "image"})


class _Reader(HTMLParser):
    """Collects the fields of the form that holds a button or field of the name asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[MultiDict[str, str]] = []
        self._text: list[str] | None = None
        self._name = ""
        self._select = ""
        self._chosen = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in what a field holds."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(MultiDict())
        elif tag == "template":
            self._hidden += 1
        elif not self.forms or self._hidden:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self._text, self._name = [], given.get("name", "")
        elif tag == "select":
            self._select, self._chosen = given.get("name", ""), ""
        elif tag == "option" and self._select and "selected" in given:
            self._chosen = given.get("value", "")

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        boxes = kind in {"checkbox", "radio"}
        if given.get("name") and kind not in UNSENT and (not boxes or "checked" in given):
            self.forms[-1].add(given["name"], given.get("value", "on" if boxes else ""))

    def handle_endtag(self, tag: str) -> None:
        """Close a text or a list."""
        if tag == "template":
            self._hidden -= 1
        elif tag == "textarea" and self._text is not None:
            text = "".join(self._text).replace("\r\n", "\n").removeprefix("\n")
            self.forms[-1].add(self._name, text.replace("\n", "\r\n"))
            self._text = None
        elif tag == "select" and self._select and not self._hidden:
            self.forms[-1].add(self._select, self._chosen)
            self._select = ""

    def handle_data(self, data: str) -> None:
        """Take in the words of a text."""
        if self._text is not None:
            self._text.append(data)


def filled_form(page: str, field: str) -> MultiDict[str, str]:
    """Return what would be sent of the form of `page` that has a field of this name, its token left out.

    Raises LookupError when no form has one.
    """
    reader = _Reader()
    reader.feed(page)
    for form in reader.forms:
        if field in form:
            form.poplist("csrf_token")
            return form
    raise LookupError(f"no form of the page has a field {field}")
