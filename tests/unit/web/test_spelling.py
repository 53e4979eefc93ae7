"""The French of the interface is spelt right, word by word."""

from __future__ import annotations

from scripts.messages import collect
from tests.support.french import misspelt


def test_every_word_of_the_interface_is_spelt_right() -> None:
    messages = [message for message in collect() if message.id]
    found = {
        word: form
        for message in messages
        for form in ([message.id] if isinstance(message.id, str) else message.id)
        for word in misspelt(form)
    }

    assert len(messages) > 1_000
    assert found == {}
