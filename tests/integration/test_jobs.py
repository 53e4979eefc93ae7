"""The jobs of the night."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from casework import jobs
from casework.accounts.models import SignInFailure, SignInSession
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, SweepLog
from casework.alerts.service import Finding, sweep_programme
from casework.exchange.reading.records import Source
from casework.exchange.uploads import WaitingRoom
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.settings import Settings
from casework.web.models import SentForm
from tests.factories import Stage, make_case, make_programme, make_user, system_ctx


def test_the_sweep_raises_the_alerts_of_today_in_every_programme(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        make_case(ctx, make_programme(ctx), stage=Stage.ACTIVE, signed_on=ctx.today)
    clock.instant += timedelta(days=90)

    outcome = jobs.sweep_programmes(engine, clock)

    with Session(engine) as session:
        assert session.scalar(select(SweepLog.swept_on)) == clock.today()
        assert session.scalar(select(func.count(Alert.id)).where(Alert.raised_on == clock.today()))
    assert outcome.startswith("dispositifs : 1 ; alertes : ")


def test_a_programme_that_cannot_be_swept_leaves_the_others_their_alerts(
    engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with system_ctx(engine, clock) as ctx:
        sound = make_programme(ctx)
        broken = Programme(
            code="BROKEN",
            name="Sans version",
            landlord_id=sound.landlord_id,
            operator_id=sound.operator_id,
            created_at=ctx.clock.now(),
        )
        ctx.session.add(broken)
        ctx.session.flush()

    def sweep(ctx: Ctx, programme_id: int, day: date) -> list[Finding]:
        if programme_id == broken.id:
            raise RuntimeError("broken")
        return sweep_programme(ctx, programme_id, day)

    monkeypatch.setattr(jobs, "sweep_programme", sweep)
    with pytest.raises(ExceptionGroup, match="1 of 2"):
        jobs.sweep_programmes(engine, clock)

    with Session(engine) as session:
        assert session.scalars(select(SweepLog.programme_id)).all() == [sound.id]


def test_the_cleaning_forgets_what_is_kept_for_a_day_only(engine: Engine, clock: FixedClock, tmp_path: Path) -> None:
    now = clock.now()
    day = timedelta(days=1)
    with system_ctx(engine, clock) as ctx:
        user = make_user(ctx, Role.REFERENT, programme=make_programme(ctx))
        for number, (expires, ended) in enumerate(
            [(day, None), (-day / 2, None), (-2 * day, None), (day, -2 * day), (day, -day / 2)]
        ):
            ctx.session.add(
                SignInSession(
                    user_id=user.id,
                    token_hash=f"hash {number}",
                    created_at=now - 3 * day,
                    last_seen_at=now - 3 * day,
                    expires_at=now + expires,
                    ended_at=None if ended is None else now + ended,
                )
            )
        ctx.session.add_all(
            [SignInFailure(subject="x", at=now - 2 * day), SignInFailure(subject="y", at=now - day / 2)]
        )

        ctx.session.add_all(
            [
                SentForm(key="a" * 22, sent_at=now - 4 * day),
                SentForm(key="b" * 22, sent_at=now - 2 * day),
            ]
        )

    waiting = WaitingRoom(tmp_path)
    waiting.keep(user.id, 1, [Source("a.csv", b"a")], now - 2 * day)
    kept = waiting.keep(user.id, 1, [Source("b.csv", b"b")], now)

    assert jobs.clean(engine, clock, tmp_path) == "lignes de connexion effacées : 3 ; envois effacés : 1"
    assert [path.name for path in (tmp_path / "imports").iterdir()] == [kept]

    with Session(engine) as session:
        assert session.scalars(select(SignInSession.token_hash).order_by(SignInSession.id)).all() == [
            "hash 0",
            "hash 1",
            "hash 4",
        ]
        assert session.scalars(select(SignInFailure.subject)).all() == ["y"]
        assert session.scalars(select(SentForm.key)).all() == ["b" * 22]


def test_the_jobs_run_at_the_time_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(database_url="sqlite://", data_dir=tmp_path, secret_key="k", nightly_sweep_at="05:30")

    assert [(job.name, job.at) for job in jobs.nightly_jobs(settings)] == [
        ("sweep", "05:30"),
        ("cleaning", "05:30"),
        ("retention", "05:30"),
        ("logs", "05:30"),
    ]


def test_files_whose_time_is_over_are_announced_every_night_and_anonymised_only_where_that_is_switched_on(
    engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_case(
            ctx,
            make_programme(ctx),
            stage=Stage.ENDED,
            referred_on=date(2022, 1, 10),
            signed_on=date(2022, 3, 1),
            ended_on=date(2023, 3, 1),
        )
    later = FixedClock.on(clock.today() + timedelta(days=31))

    first = jobs.keep_to_time(engine, clock, anonymises=True)
    counted = jobs.keep_to_time(engine, later, anonymises=False)
    done = jobs.keep_to_time(engine, later, anonymises=True)

    assert [line.replace("\u00a0", " ") for line in (first, counted, done)] == [
        "préavis : 1 ; dossiers à anonymiser : 0 ; anonymisés : 0",
        "préavis : 0 ; dossiers à anonymiser : 1 ; anonymisés : 0",
        "préavis : 0 ; dossiers à anonymiser : 1 ; anonymisés : 1",
    ]
