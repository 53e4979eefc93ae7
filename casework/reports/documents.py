"""The annual review on paper: sentences first, then pictures, each with its table under it."""

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from casework.rendering.charts import Bar, Column, bar_chart, step_chart
from casework.rendering.pdf import WIDTH, Heading, Identity, Story, build, card, side_by_side, table, words
from casework.reports.presentation import (
    Cover,
    Share,
    empty_words,
    figure_label,
    figure_rows,
    number,
    sentences,
    shares,
)
from casework.reports.rules import AnnualReview
from casework.reports.vocabulary import ACTIVITY, MOVEMENTS, PEOPLE, REFERRALS
from casework.web.i18n import gettext, language

_CHARTED = ("composition", "housing_at_entry", "outcomes")
_SPLITS = ("composition", "housing_at_entry", "referral_source", "end_reasons", "outcomes")
_COLUMNS = (0.52, 0.13, 0.13)
_PAIR = (0.52, 0.13)
_HALF = (0.37, 0.1)


def review_pdf(review: AnnualReview, cover: Cover) -> bytes:
    """Return the review as a PDF."""
    identity = Identity(
        title=f"{cover.title} – {cover.programme.name}",
        author=cover.programme.operator,
        subject=gettext("Bilan annuel du dispositif %(code)s", code=cover.programme.code),
        language=language(),
        foot=f"{cover.title} · {cover.programme.code} · {cover.programme.landlord} · {cover.programme.operator}",
        page_words=lambda page, pages: gettext("page %(page)s / %(pages)s", page=page, pages=pages),
    )
    return build(identity, lambda: _story(review, cover))


def _story(review: AnnualReview, cover: Cover) -> Story:
    story: Story = [
        words(cover.title, "title"),
        words(cover.programme.name, "subtitle"),
        card(cover.terms),
        Heading(gettext("L’année en quelques phrases"), "sentences"),
        *(words(sentence, "lead") for sentence in sentences(review, cover)),
    ]
    if cover.is_provisional:
        story.append(words(gettext("L’année n’est pas terminée\u00a0: ces chiffres sont provisoires."), "note"))
    story.append(KeepTogether(_movements(review)))
    story.append(KeepTogether(_figures(review, gettext("Le parcours"), "path", (*REFERRALS, "active_caseload"))))
    people = _figures(review, gettext("Les personnes et la durée"), "people", PEOPLE, _HALF)
    story.append(Spacer(0, 16))
    story.append(side_by_side(people, _figures(review, gettext("L’activité"), "activity", ACTIVITY, _HALF)))
    for name in _SPLITS:
        story += _split(review, name)
    return story


def _movements(review: AnnualReview) -> list[Flowable]:
    before, top = review.stock_on_1_january, review.active_caseload
    after = review.stock_on_31_december
    columns = [
        Column(gettext("Au 1er janvier"), 0, before, number(before)),
        Column(gettext("Entrés"), before, top, f"+ {number(review.entered)}", 2),
        Column(gettext("Sortis"), top - review.left, top, f"– {number(review.left)}", 1),
        Column(gettext("Au 31 décembre"), 0, after, number(after)),
    ]
    return [
        Heading(gettext("Entrées et sorties"), "movements"),
        step_chart(columns, WIDTH),
        Spacer(0, 6),
        table(("", ""), [(said, number(figure)) for _, said, figure in figure_rows(review, MOVEMENTS)], _PAIR),
    ]


def _figures(
    review: AnnualReview, title: str, key: str, names: tuple[str, ...], widths: tuple[float, float] = _PAIR
) -> list[Flowable]:
    rows = [(said, number(figure)) for _, said, figure in figure_rows(review, names)]
    return [Heading(title, key), table(("", ""), rows, widths)]


def _split(review: AnnualReview, name: str) -> list[Flowable]:
    heading = Heading(figure_label(name), name)
    lines = shares(review, name)
    if not lines:
        return [KeepTogether([heading, words(empty_words(review, name), "note")])]
    picture = [_picture(lines), Spacer(0, 8)] if name in _CHARTED else []
    rows = [(line.label, line.shown, line.part) for line in lines]
    head = ("", gettext("Ménages"), gettext("Part"))
    return [CondPageBreak(140), KeepTogether([heading, *picture, table(head, rows, _COLUMNS)])]


def _picture(lines: list[Share]) -> Flowable:
    return bar_chart([Bar(line.label, line.count, line.shown) for line in lines], WIDTH)
