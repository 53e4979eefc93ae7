"""Pages on paper, under a finger and on the narrowest phone."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.accounts.vocabulary import Role
from casework.contracts.models import Contract
from casework.reassessments.models import Reassessment
from tests.e2e.demo.conftest import SignedInPage
from tests.support.browsers import PHONE

# What is pressed is not on paper; what is on paper stays within the sheet.
_PRESSED = """() => [...document.querySelectorAll("main .btn, main summary, main .crumb, main .chip, .entry-head a")]
    .filter(e => e.checkVisibility()).map(e => e.textContent.trim())"""
_CUT = """() => [...document.querySelectorAll("main table")].filter(e => e.checkVisibility())
    .filter(e => e.getBoundingClientRect().right > document.body.clientWidth + 1
        || [...e.closest(".table-wrap").children].some(c => c.scrollWidth > e.closest(".table-wrap").clientWidth + 2))
    .map(e => e.caption.textContent)"""
_SMALL = """() => [...document.querySelectorAll(".segments > *, .crumb, .row-link, .todo-who > a, .entry-head > a, .sort")]
    .filter(e => e.checkVisibility()).filter(e => e.getBoundingClientRect().height < 43.5)
    .map(e => `${e.className} ${e.textContent.trim()}`)"""
_TOUCHING = """() => [...document.querySelectorAll(".tab > span")].filter(e => e.scrollWidth > e.clientWidth
    || e.getBoundingClientRect().width > e.parentElement.getBoundingClientRect().width + 0.5).map(e => e.textContent)"""
_BROKEN = """() => {
    const broken = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        for (const amount of walker.currentNode.data.matchAll(/\\d[\\d\\u00a0,]*\\u00a0€/g)) {
            const range = document.createRange();
            range.setStart(walker.currentNode, amount.index);
            range.setEnd(walker.currentNode, amount.index + amount[0].length);
            const lines = [...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top));
            if (new Set(lines).size > 1) broken.push(amount[0]);
        }
    }
    return broken;
}"""
_SHEET = {"width": 695, "height": 1000}  # what the margins leave of A4


@pytest.fixture
def household(app: Flask) -> str:
    """A household with a contract, two reassessments and a rent account."""
    with Session(app.extensions["casework"].engine) as session:
        case_id = session.scalars(
            select(Reassessment.case_id).group_by(Reassessment.case_id).order_by(func.count().desc())
        ).first()
    return f"/menages/{case_id}"


def _addresses(app: Flask, household: str) -> list[str]:
    case_id = int(household.rpartition("/")[2])
    with Session(app.extensions["casework"].engine) as session:
        held = session.scalars(select(Reassessment.id).where(Reassessment.case_id == case_id)).first()
        signed = session.scalars(select(Contract.id).where(Contract.case_id == case_id)).first()
    parts = ("", f"/reevaluations/{held}", f"/contrats/{signed}", "/loyers")
    return ["/menages", *(household + part for part in parts)]


def test_what_is_printed_holds_nothing_that_is_pressed_and_cuts_nothing(
    signed_in_page: SignedInPage, app: Flask, household: str
) -> None:
    page = signed_in_page(Role.MANAGER, viewport=_SHEET)
    page.emulate_media(media="print")
    for address in _addresses(app, household):
        page.goto(address)
        assert page.evaluate(_PRESSED) == [], address
        assert page.evaluate(_CUT) == [], address
        assert page.get_by_text("État au").is_visible()


def test_the_thread_begins_below_its_title_and_says_each_date_once(
    signed_in_page: SignedInPage, household: str
) -> None:
    page = signed_in_page(Role.REFERENT)
    page.goto(household)

    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(format="A4"))).pages]

    first = next(sheet for sheet in sheets if "Le fil" in sheet)
    assert re.search(r"Le fil\s+\w+ 20\d\d\s+\S", first)
    assert not re.search(r"\((lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)", " ".join(sheets))


def test_under_a_finger_what_is_pressed_is_high_enough(signed_in_page: SignedInPage, household: str) -> None:
    page = signed_in_page(Role.REFERENT, viewport=PHONE, has_touch=True, is_mobile=True)
    for address in ("/", "/menages", household, f"{household}/loyers"):
        page.goto(address)
        page.evaluate("document.querySelector('[data-menu]').open = true")
        assert page.evaluate(_SMALL) == [], address


def test_the_hint_about_a_key_is_there_only_where_there_is_a_keyboard(signed_in_page: SignedInPage) -> None:
    with_keyboard = signed_in_page(Role.REFERENT)
    with_keyboard.goto("/")
    by_finger = signed_in_page(Role.REFERENT, viewport=PHONE, has_touch=True, is_mobile=True)
    by_finger.goto("/")

    assert _key(with_keyboard).is_visible()
    assert _key(by_finger).count() == 1
    assert not _key(by_finger).is_visible()


def _key(page: Page) -> Locator:
    return page.get_by_text("La touche / ouvre la recherche")


def test_no_amount_is_broken_and_no_words_touch_on_the_narrowest_phone(
    signed_in_page: SignedInPage, household: str
) -> None:
    page = signed_in_page(Role.REFERENT, viewport={"width": 320, "height": 700}, has_touch=True, is_mobile=True)
    page.goto(household)
    diagnostic = page.locator(".entry-head a[href*='/diagnostics/']").first.get_attribute("href") or ""
    for address in (household, diagnostic, f"{household}/loyers"):
        page.goto(address)
        page.evaluate("document.documentElement.dataset.textSize = 'larger'")
        assert page.evaluate(_BROKEN) == [], address
        assert page.evaluate(_TOUCHING) == []
