"""How templates print: what is escaped stays a text.

Jinja makes an object of its own (Markup) for each value that a page shows, which the page then joins into one text:
on a page of a thousand values, that costs more than all the rest of it.
"""

import re

from flask.templating import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from markupsafe import Markup, escape

_needs_escape = re.compile("[&<>\"']").search


def printed(value: object) -> str:
    """Return `value` as HTML: as it is when nothing in it is special to HTML, or when it is HTML already."""
    if type(value) is str:
        return value if _needs_escape(value) is None else escape(value)
    return value if type(value) is Markup else escape(value)


class _PageCode(CodeGenerator):
    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.printed(")
        else:
            super()._output_child_pre(node, frame, finalize)


class PageEnvironment(Environment):
    """The environment of the application's templates."""

    code_generator_class = _PageCode
    printed = staticmethod(printed)
