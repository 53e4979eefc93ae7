"""Promises of every template: it parses, it escapes, and it holds nothing that the security policy refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from tests.support.tree import TEMPLATES, shown

ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
REFUSED = {
    "a <style> element": re.compile(r"<style\b", re.IGNORECASE),
    "a <script> without src": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json[\"'])", re.IGNORECASE
    ),
    "a style attribute": re.compile(r"(?<![\w-])style\s*=\s*[\"']", re.IGNORECASE),
    "an on… attribute": re.compile(r"(?<![\w-])(?:on[a-z]+|hx-on[:\w-]*)\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}
NAMING = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
TEMPLATE_FILES = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=shown)
def test_a_template_parses_and_escapes_everything(path: Path) -> None:
    tree = ENVIRONMENT.parse(path.read_text(encoding="utf-8"), filename=str(path))

    unescaped = [node.lineno for node in tree.find_all(nodes.Filter) if node.name in {"safe", "forceescape"}]
    unescaped += [node.lineno for node in tree.find_all(nodes.ScopedEvalContextModifier)]

    assert unescaped == []


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=shown)
def test_the_templates_it_names_exist(path: Path) -> None:
    tree = ENVIRONMENT.parse(path.read_text(encoding="utf-8"), filename=str(path))
    sources = [getattr(node, "template", None) for node in tree.find_all(NAMING)]
    named = [source.value for source in sources if isinstance(source, nodes.Const)]

    assert [name for name in named if not (TEMPLATES / name).is_file()] == []


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=shown)
def test_a_template_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    markup = JINJA.sub("", path.read_text(encoding="utf-8"))

    assert [name for name, pattern in REFUSED.items() if pattern.search(markup)] == []
