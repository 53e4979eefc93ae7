"""The linter that reads every page: it must see each defect, and nothing in a sound page."""

from __future__ import annotations

import pytest

from tests.support.html_lint import problems

PAGE = """<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>Ma journée</title><script src="/static/js/app.js" defer></script></head>
<body><main>
<h1>Ma journée</h1>
<!-- a comment -->
<form method="post"><input type="hidden" name="csrf_token" value="x">
<label for="a">Nom</label><input id="a" name="a" aria-describedby="a-hint"><p id="a-hint">Tel qu’à l’état civil</p>
<label>Prénom <input name="b"></label><select aria-label="État"><option>Tous</option></select>
<button aria-label="Fermer"><svg aria-hidden="true"><use href="/static/icons.svg#x"></use></svg></button></form>
<script type="application/json" id="data">{"value": null}</script>
</main></body></html>"""


def test_a_sound_page_has_no_problem() -> None:
    assert problems(PAGE) == []


@pytest.mark.parametrize(
    ("sound", "broken", "complaint"),
    [
        ("</form>", "", "seen too early"),
        ("<h1>Ma journée</h1>", "", "0 <h1>"),
        ("<h1>Ma journée</h1>", "<h1>Ma journée</h1><h1>Encore</h1>", "2 <h1>"),
        ("<main>", "<div>", "0 <main>"),
        (' lang="fr"', "", "names no language"),
        ("<title>Ma journée</title>", "<title></title>", "0 titles"),
        ('<p id="a-hint">', '<p id="a">', 'id="a" stands 2 times'),
        ('<p id="a-hint">', "<p>", 'aria-describedby="a-hint" leads nowhere'),
        ('<label for="a">Nom</label>', "", "has no label"),
        ('<select aria-label="État">', "<select>", "has no label"),
        ('<button aria-label="Fermer">', "<button>", "has no name"),
        ("</main>", '<img src="/static/img/mark.svg"></main>', "no alternative text"),
        ("</main>", "<p>None</p></main>", "shows “None”"),
        ("</main>", "<p>{{ household.name }}</p></main>", "shows “{{”"),
        ("</main>", '<a href="/menages/None">Dossier</a></main>', "shows “None”"),
        ("</main>", "<p>%(count)s alertes</p></main>", "shows “%(count)s”"),
        ("</main>", "<p>&lt;Case object at 0x7f&gt;</p></main>", "shows “object at 0x”"),
        ("</main>", '<p class="a" style="color: red">x</p></main>', "attribute style"),
        ("</main>", '<p onclick="go()">x</p></main>', "attribute onclick"),
        ("</main>", '<p hx-on:click="go()">x</p></main>', "attribute hx-on:click"),
        ("</main>", '<a href="javascript:go()">x</a></main>', "runs a script"),
        ("</main>", "<script>go()</script></main>", "without src"),
        ("</head>", "<style>p { color: red }</style></head>", "<style>"),
        ("</main>", '<script src="https://cdn.example/x.js"></script></main>', "loaded from outside"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "without csrf_token"),
    ],
)
def test_a_defect_is_named(sound: str, broken: str, complaint: str) -> None:
    assert sound in PAGE

    found = problems(PAGE.replace(sound, broken, 1))

    assert any(complaint in problem for problem in found), found


def test_a_fragment_needs_no_frame_but_is_read_as_strictly() -> None:
    assert problems('<tr id="a"><td>Dupont</td></tr><p>x</p>', is_fragment=True) != []
    assert problems('<p id="a" aria-describedby="in-the-page">Dupont</p>', is_fragment=True) == []
    assert problems('<input name="a">', is_fragment=True) == ['<input name="a"> has no label']


def test_the_english_word_none_is_no_leftover_inside_a_sentence() -> None:
    english = PAGE.replace('lang="fr"', 'lang="en"')

    assert problems(english.replace("</main>", "<p>None of these</p></main>")) == []
    assert problems(english.replace("</main>", "<p> None </p></main>")) != []
