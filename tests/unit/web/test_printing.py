from __future__ import annotations

from functools import cache

import pytest
from flask import Flask
from flask.templating import Environment
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment as JinjaEnvironment
from jinja2 import StrictUndefined, UndefinedError, pass_context, pass_environment
from jinja2.runtime import Context
from markupsafe import Markup

from casework.web.printing import PageEnvironment, printed

TEMPLATE = """
{%- macro twice(x) %}{{ x }}{{ x }}{% endmacro -%}
{%- set kept %}{{ value }}{% endset -%}
<p title="{{ value }}">{{ value }} {{ value|e }} {{ value|safe }} {{ value ~ "<" }} {{ twice(value) }} {{ kept }}</p>
{%- macro around(x) %}<i>{{ caller() }}{{ x }}</i>{% endmacro -%}
{%- call around(value) %}{{ value }}{% endcall %}
{%- for part in [value, "&"] %}{{ part }}{{ loop.index }}{% endfor %}
{%- autoescape false %}{{ value }}{% endautoescape %}
"""
HOSTILE = "<script>alert('x')</script> & \"quoted\""


class Named(str):
    """A text that is no plain one."""


class Drawn:
    """What knows its own HTML."""

    def __html__(self) -> str:
        return "<b>drawn</b>"


class Plain:
    """What only knows its text."""

    def __str__(self) -> str:
        return HOSTILE


def _environments() -> tuple[Environment, PageEnvironment]:
    app = Flask(__name__)
    usual, ours = Environment(app, autoescape=True), PageEnvironment(app, autoescape=True)
    return usual, ours


USUAL, OURS = (environment.from_string(TEMPLATE) for environment in _environments())


@given(st.text() | st.text(alphabet="<>&'\"a ") | st.integers() | st.floats() | st.none() | st.booleans())
def test_pages_show_every_value_as_jinja_shows_it(value: object) -> None:
    assert OURS.render(value=value) == USUAL.render(value=value)


@pytest.mark.parametrize(
    "value", [HOSTILE, Named(HOSTILE), Markup("<b>") + HOSTILE, Drawn(), Plain(), [HOSTILE], {"<": HOSTILE}]
)
def test_what_is_no_plain_text_is_escaped_as_by_jinja(value: object) -> None:
    shown = OURS.render(value=value)

    assert shown == USUAL.render(value=value)
    assert "environment.printed(" in OURS.environment.compile(TEMPLATE, raw=True)


@pytest.mark.parametrize("value", [HOSTILE, Named(HOSTILE), Plain(), [HOSTILE], "a'b", 'a"b', "a&b", "a<b", "a>b"])
def test_nothing_special_to_html_passes(value: object) -> None:
    text = printed(value)

    assert not set(text) & set("<>\"'")
    assert "&" not in text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "").replace("&#", "")


def test_a_name_that_is_not_known_is_still_refused() -> None:
    environment = PageEnvironment(Flask(__name__), autoescape=True, undefined=StrictUndefined)
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nobody }}").render()


@pytest.mark.parametrize(
    ("template", "french", "english"),
    [
        ("{{ _('Ménages') }}", "Ménages", "Households"),
        ("{{ _('depuis le %(day)s', day='<b>') }}", "depuis le &lt;b&gt;", "since &lt;b&gt;"),
        ("{% set word = _('Ménages') %}{{ word|upper }}", "MÉNAGES", "HOUSEHOLDS"),
        ("{{ _('Ménages' ~ '') }}", "asked of Ménages", "asked of Ménages"),  # not known beforehand
    ],
)
def test_a_sentence_is_translated_when_the_template_is_compiled(template: str, french: str, english: str) -> None:
    source = PageEnvironment(Flask(__name__), autoescape=True, optimized=False)
    source.globals["_"] = lambda message: f"asked of {message}"

    assert source.from_string(template).render() == french
    assert source.in_language("en").from_string(template).render() == english


def test_of_a_dictionary_what_it_holds_comes_before_what_it_can_do() -> None:
    template = PageEnvironment(Flask(__name__)).from_string("{{ d.pop }} {{ d.get('pop') }} {{ d.copy() }}")

    assert template.render(d={"pop": 1}) == "1 1 {'pop': 1}"


class Counter:
    """What can be called without being a function, and asks for the page that calls it."""

    @pass_context
    def __call__(self, context: Context, step: int) -> str:
        return f"{context['start'] + step}"


@pass_context
def begun(context: Context, step: int) -> str:
    return f"{context['start']} and {step}"


@pass_environment
def lively(environment: JinjaEnvironment) -> str:
    return type(environment).__name__[-11:]


@pytest.mark.parametrize(
    "template",
    [
        "{{ plain('<', end='>') }}{{ kept('<') }}{{ Held().word(1) }}",
        "{{ begun(1) }} {{ counter(2) }} {{ lively() }}",
        "{% for start in (5, 6) %}{{ begun(start) }}{{ counter(1) }}{{ plain(start) }}{% endfor %}",
        "{% macro m(x, y=2) %}{{ x }}{{ y }}{{ caller() if caller }}{% endmacro %}{{ m('<') }}{% call m(1, y='&') %}<b>{% endcall %}",
        "{% macro n() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ n(1, '<', a='>') }}",
        "{% autoescape false %}{% macro m(x) %}{{ x }}{% endmacro %}{{ m('<') }}{{ plain('<') }}{% endautoescape %}",
    ],
)
def test_templates_call_what_they_call_as_with_jinja(template: str) -> None:
    class Held:
        def word(self, number: int) -> str:
            return f"<{number}>"

    names = {
        "plain": lambda word, end="": f"{word}{end}",
        "kept": cache(lambda word: Markup("<i>{}</i>").format(word)),
        "Held": Held,
        "begun": begun,
        "counter": Counter(),
        "lively": lively,
        "start": 3,
    }
    shown = [environment.from_string(template).render(names) for environment in _environments()]

    assert shown[0] == shown[1]
