from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from casework.kernel.errors import ConfigurationError
from casework.kernel.keyring import GivenKeys, KeyCommand, KeyFile
from casework.settings import Settings


def _read(tmp_path: Path, **variables: str) -> Settings:
    return Settings.from_environment({"CASEWORK_DATA_DIR": str(tmp_path / "data"), **variables})


def test_without_any_variable_everything_has_a_sound_default(tmp_path: Path) -> None:
    found = _read(tmp_path)

    assert found.database_url == f"sqlite:///{tmp_path / 'data' / 'casework.sqlite3'}"
    assert (found.host, found.port, found.workers, found.threads) == ("127.0.0.1", 8000, 2, 4)
    assert (found.secure_cookies, found.trusted_hosts, found.proxies) == (False, (), 0)
    assert found.nightly_sweep_at == "04:15"


def test_variables_are_read(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        CASEWORK_DATABASE_URL="postgresql://x@/y",
        CASEWORK_PORT=" 8080 ",
        CASEWORK_TRUSTED_HOSTS="a.example, b.example,",
        CASEWORK_SECURE_COOKIES="Oui",
        CASEWORK_NIGHTLY_SWEEP_AT="5:05",
        CASEWORK_SECRET_KEY="a secret",
        PORT="9999",
    )

    assert (found.database_url, found.port, found.secret_key) == ("postgresql://x@/y", 8080, "a secret")
    assert found.trusted_hosts == ("a.example", "b.example")
    assert found.secure_cookies
    assert found.nightly_sweep_at == "05:05"


def test_a_role_of_the_database_needs_postgresql_without_a_pooler(tmp_path: Path) -> None:
    ours = {"CASEWORK_DATABASE_URL": "postgresql://x@/y", "CASEWORK_DATABASE_ROLE": "casework_app"}
    assert _read(tmp_path, **ours).database_role == "casework_app"
    assert _read(tmp_path).database_role is None
    for wrong in (
        {"CASEWORK_DATABASE_URL": ""},
        {"CASEWORK_DATABASE_POOLER": "oui"},
        {"CASEWORK_DATABASE_ROLE": "x -c row_security=off"},
    ):
        with pytest.raises(ConfigurationError, match="CASEWORK_DATABASE_ROLE"):
            _read(tmp_path, **(ours | wrong))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CASEWORK_PORT", "0"),
        ("CASEWORK_PORT", "65536"),
        ("CASEWORK_PORT", "http"),
        ("CASEWORK_PORT", "80.0"),
        ("CASEWORK_WORKERS", "-1"),
        ("CASEWORK_THREADS", "65"),
        ("CASEWORK_PROXIES", "6"),
        ("CASEWORK_SESSION_HOURS", "25"),
        ("CASEWORK_MAX_UPLOAD_MB", "0"),
        ("CASEWORK_SECURE_COOKIES", "peut-être"),
        ("CASEWORK_NIGHTLY_SWEEP_AT", "24:00"),
        ("CASEWORK_NIGHTLY_SWEEP_AT", "4h15"),
        ("CASEWORK_NIGHTLY_SWEEP_AT", "02:30"),  # does not exist on the day the clocks go forward
    ],
)
def test_a_value_that_cannot_be_used_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name) as refused:
        _read(tmp_path, **{name: value})
    assert value.strip() in str(refused.value) or value == "02:30"


def test_the_secret_is_made_once_kept_and_closed_to_others(tmp_path: Path) -> None:
    first, second = _read(tmp_path), _read(tmp_path)
    path = tmp_path / "data" / "secret_key"

    assert first.secret_key == second.secret_key == path.read_text()
    assert len(first.secret_key) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["secret_key"]


def test_of_two_that_start_at_once_both_get_the_same_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    make, others = secrets.token_hex, list[str]()

    def slow(count: int) -> str:
        if not others:
            others.append("")
            others.append(_read(tmp_path).secret_key)
        return make(count)

    monkeypatch.setattr(secrets, "token_hex", slow)

    assert _read(tmp_path).secret_key == others[1]
    assert [p.name for p in folder.iterdir()] == ["secret_key"]


def test_the_keys_come_from_a_file_of_their_own_unless_somebody_says_otherwise(tmp_path: Path) -> None:
    assert _read(tmp_path).key_source == KeyFile(tmp_path / "data" / "keys.json", made_when_missing=True)
    assert _read(tmp_path, CASEWORK_KEYS_FILE=str(tmp_path / "k")).key_source == KeyFile(tmp_path / "k")
    assert _read(tmp_path, CASEWORK_KEYS="{}").key_source == GivenKeys("{}")
    assert _read(tmp_path, CASEWORK_KEYS_COMMAND="pass keys").key_source == KeyCommand("pass keys")
    assert "a ring" not in repr(_read(tmp_path, CASEWORK_KEYS="a ring"))


def test_only_one_place_can_say_which_keys_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CASEWORK_KEYS et CASEWORK_KEYS_FILE"):
        _read(tmp_path, CASEWORK_KEYS="{}", CASEWORK_KEYS_FILE="/run/keys")
