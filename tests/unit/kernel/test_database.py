from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pysqlite3.dbapi2 as pysqlite
import pytest
from sqlalchemy.engine import Dialect, make_url

from casework.cases.models import Case
from casework.kernel.clock import PARIS
from casework.kernel.database import UtcDateTime, create_engine_for, one_of
from casework.kernel.errors import ConfigurationError

DIALECTS: list[Dialect] = [make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://")]
NAIVE = datetime(2026, 3, 30, 10, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    "url",
    ["mysql://localhost/casework", "oracle://localhost/casework", "", "casework.sqlite3", "postgresql://host:port/x"],
)
def test_another_kind_of_database_is_refused_with_the_variable_to_mend(url: str) -> None:
    with pytest.raises(ConfigurationError, match="CASEWORK_DATABASE_URL"):
        create_engine_for(url)


def test_a_sqlite_that_may_damage_its_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pysqlite, "sqlite_version_info", (3, 51, 2))
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))

    with pytest.raises(ConfigurationError, match=r"3\.51\.3"):
        create_engine_for(f"sqlite:///{tmp_path / 'x.sqlite3'}")


@pytest.mark.parametrize("system", [(3, 40, 1), (3, 51, 2)])
def test_the_sqlite_that_comes_along_serves_where_that_of_the_machine_is_old(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", system)

    engine = create_engine_for(f"sqlite:///{tmp_path / 'x.sqlite3'}")

    assert engine.dialect.dbapi is pysqlite


def test_the_sqlite_of_the_machine_serves_where_it_is_sound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))

    driver: object = create_engine_for(f"sqlite:///{tmp_path / 'x.sqlite3'}").dialect.dbapi
    assert driver is sqlite3


def test_the_folder_of_a_sqlite_database_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    create_engine_for(f"sqlite:///{folder / 'x.sqlite3'}")

    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: str(d.name))
def test_an_instant_without_a_time_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(NAIVE, dialect)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: str(d.name))
@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 3, 30, 10, tzinfo=UTC),
        datetime(2026, 3, 30, 10, tzinfo=PARIS),
        datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1),
        datetime(2026, 3, 30, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-9))),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(dialect: Dialect, instant: datetime) -> None:
    kind = UtcDateTime()

    back = kind.process_result_value(kind.process_bind_param(instant, dialect), dialect)

    assert back == instant.astimezone(UTC)
    assert back is not None
    assert back.tzinfo is UTC


def test_no_instant_stays_none() -> None:
    assert UtcDateTime().process_bind_param(None, DIALECTS[0]) is None
    assert UtcDateTime().process_result_value(None, DIALECTS[0]) is None


def test_codes_are_written_out_in_a_statement() -> None:
    shown = str(one_of(Case.number, ["VAD", "ABSENT"]))

    assert shown == "cases.number IN ('ABSENT', 'VAD')"


@pytest.mark.parametrize("text", ["it's", "", "a b", "a;b", "é"])
def test_what_is_no_code_is_not_written_out(text: str) -> None:
    with pytest.raises(ValueError, match="codes"):
        one_of(Case.number, ["VAD", text])
