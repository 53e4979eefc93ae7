"""The files of an annual review, one function for each format, all fed with the same figures."""

import json
from collections.abc import Callable

from casework.rendering.files import name_part
from casework.reports.documents import review_pdf
from casework.reports.presentation import Cover
from casework.reports.rules import AnnualReview
from casework.reports.workbooks import review_workbook

JSON, PDF, XLSX = "json", "pdf", "xlsx"
FORMATS: dict[str, str] = {
    JSON: "application/json",
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def review_json(review: AnnualReview, cover: Cover) -> bytes:
    """Return the figures for machines: codes, not words. Small numbers that are not told one by one are grouped under « * »."""
    document = {"programme": cover.programme.code, "year": review.year, "figures": review.as_json()}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


_FACES: dict[str, Callable[[AnnualReview, Cover], bytes]] = {
    JSON: review_json,
    PDF: review_pdf,
    XLSX: review_workbook,
}


def review_file(form: str, review: AnnualReview, cover: Cover) -> bytes:
    """Return the review as a file of the format `form` (a key of FORMATS)."""
    return _FACES[form](review, cover)


def file_name(form: str, cover: Cover) -> str:
    """Return the name under which a browser keeps the file."""
    return f"bilan-{name_part(cover.programme.code)}-{cover.year}.{form}"
