from __future__ import annotations

import ast
from pathlib import Path

import click
from babel.messages.pofile import read_po

from casework.kernel.paths import PACKAGE

CATALOGUE = PACKAGE / "translations" / "fr" / "LC_MESSAGES" / "click.po"


def test_every_word_that_is_translated_is_one_that_click_says() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(click.__file__).parent.glob("*.py")]
    said = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    with CATALOGUE.open("rb") as file:
        messages = [message.id for message in read_po(file) if message.id]

    translated = {text for message in messages for text in (message if isinstance(message, tuple) else (message,))}

    assert len(translated) > 25
    assert translated - said == set()
