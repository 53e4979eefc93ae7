"""How templates become pages: what is escaped stays a text, and what can be said beforehand is said beforehand.

Jinja makes an object of its own (Markup) for each value that a page shows, which the page then joins into one text:
on a page of a thousand values, that costs more than all the rest of it. And a page says a hundred sentences that are
always the same: they are translated when the template is compiled, once for each language.
"""

import re
from collections.abc import Callable
from functools import cache
from types import FunctionType, MethodType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from casework.web.i18n import SOURCE, language, translated

_needs_escape = re.compile("[&<>\"']").search


def printed(value: object) -> str:
    """Return `value` as HTML: as it is when nothing in it is special to HTML, or when it is HTML already."""
    if type(value) is str:
        return value if _needs_escape(value) is None else escape(value)
    return value if type(value) is Markup else escape(value)


class _PageCode(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.printed(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Sentences(NodeTransformer):
    """Puts the translation in the place of each sentence of a template."""

    def __init__(self, language: str) -> None:
        self._language = language

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 -- the name that Jinja calls
        self.generic_visit(node)
        is_sentence = isinstance(node.node, nodes.Name) and node.node.name == "_" and len(node.args) == 1
        words = node.args[0] if is_sentence else None
        if not isinstance(words, nodes.Const) or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        sentence = nodes.Const(translated(words.value, self._language), lineno=node.lineno)
        if not node.kwargs:
            return sentence
        places = [nodes.Pair(nodes.Const(k.key), k.value, lineno=node.lineno) for k in node.kwargs]
        return nodes.Mod(sentence, nodes.Dict(places, lineno=node.lineno), lineno=node.lineno)


class PageContext(Context):
    """The names of a page while it is made. What it calls most, macros and functions, is called without being examined."""

    def call(self, obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Return what a template calls, as Jinja does."""
        kind = type(obj)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in _FUNCTIONS or hasattr(obj, "jinja_pass_arg"):
            return super().call(obj, *args, **kwargs)
        if kwargs:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
        return obj(*args, **kwargs)


_FUNCTIONS = frozenset({FunctionType, MethodType, type(cache(language))})


class PageTemplate(Template):
    """A template of this application: pages hand their values to macros, never new globals to modules."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        # With a context, Jinja compares the names of both sides at each import of a module, for nothing here.
        return super()._get_default_module()


class PageEnvironment(Environment):
    """The environment of the application's templates in one language."""

    code_generator_class = _PageCode
    template_class = PageTemplate
    context_class = PageContext
    printed = staticmethod(printed)
    language = SOURCE

    def in_language(self, language: str) -> "PageEnvironment":
        """Return the same environment for the templates in another language. Call it when this one is set up."""
        other = self.overlay()
        other.language = language
        return other

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what `obj.attribute` says; of a dictionary, what it holds comes before what it can do."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        _Sentences(self.language).visit(template)
        return template


class PageApp(Flask):
    """An application whose templates are compiled for each language of its pages."""

    jinja_environment = PageEnvironment

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._environments: dict[str, PageEnvironment] = {}
        super().__init__(*args, **kwargs)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view as it is: none is a coroutine, which Flask would ask of eight functions at each request."""
        return func

    @property
    def jinja_env(self) -> PageEnvironment:
        """Return the environment of the templates in the language of the page."""
        known = self._environments.get(language())
        return self._environment(language()) if known is None else known

    def _environment(self, of: str) -> PageEnvironment:
        if SOURCE not in self._environments:
            source = self.create_jinja_environment()
            assert isinstance(source, PageEnvironment)  # noqa: S101 -- said above
            self._environments[SOURCE] = source
        if of not in self._environments:
            self._environments[of] = self._environments[SOURCE].in_language(of)
        return self._environments[of]
