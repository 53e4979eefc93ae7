"""The review of tables as teams keep them equals the figures that other code computed for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casework.exchange.reading.files import read_folder
from casework.exchange.service import import_batch
from casework.kernel.clock import FixedClock
from casework.reports.faces import review_json
from casework.reports.presentation import Cover
from casework.reports.queries import annual_review, cases_behind, reviewed_programmes
from casework.reports.rules import BREAKDOWNS
from tests.factories import make_programme, system_ctx
from tests.support.tree import ROOT

OWN = ROOT / "tests" / "data" / "petit"
# More of them stand beside the repository on some machines.
BESIDE = ROOT.parent / "shared" / "data"
FOLDERS = [OWN, *sorted(path.parent for path in BESIDE.glob("*/attendu.json"))]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_review_of_every_year_is_what_must_come_out(engine: Engine, clock: FixedClock, folder: Path) -> None:
    expected = json.loads((folder / "attendu.json").read_text(encoding="utf-8"))["annual"]
    with system_ctx(engine, clock) as ctx:
        import_batch(ctx, make_programme(ctx), read_folder(folder))
    assert expected

    with system_ctx(engine, clock) as ctx:
        (programme,) = reviewed_programmes(ctx)
        for year, figures in expected.items():
            review = annual_review(ctx, programme.id, int(year))
            document = json.loads(review_json(review, Cover(programme, int(year), ctx.today)))
            assert document == {"programme": "F-SEMIS", "year": int(year), "figures": figures}
            for name in BREAKDOWNS:
                for code, count in figures[name].items():
                    assert len(cases_behind(ctx, programme.id, int(year), name, code)) == count
