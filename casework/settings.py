"""Settings, typed, from the environment. A wrong value stops the start, with the variable and the reason."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from casework.kernel.errors import ConfigurationError

PREFIX = "CASEWORK_"


@dataclass(frozen=True)
class Settings:
    """What the environment decides; README.md documents each variable."""

    database_url: str
    data_dir: Path
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    database_pooler: bool = False
    workers: int = 2
    threads: int = 4
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    secure_cookies: bool = False
    session_hours: int = 12
    max_upload_mb: int = 40
    nightly_sweep_at: str = "04:15"
    anonymises: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from `environ` (the process environment when None).

        Raises ConfigurationError, naming the variable, when a value cannot be used.
        """
        env = {k: v for k, v in (os.environ if environ is None else environ).items() if k.startswith(PREFIX)}
        data_dir = Path(env.get("CASEWORK_DATA_DIR", "var")).resolve()
        secure = _flag(env, "CASEWORK_SECURE_COOKIES")
        return cls(
            database_url=env.get("CASEWORK_DATABASE_URL") or f"sqlite:///{data_dir / 'casework.sqlite3'}",
            data_dir=data_dir,
            secret_key=env.get("CASEWORK_SECRET_KEY") or _kept_secret(data_dir),
            host=env.get("CASEWORK_HOST", cls.host),
            port=_number(env, "CASEWORK_PORT", cls.port, 1, 65_535),
            database_pooler=_flag(env, "CASEWORK_DATABASE_POOLER"),
            workers=_number(env, "CASEWORK_WORKERS", cls.workers, 1, 64),
            threads=_number(env, "CASEWORK_THREADS", cls.threads, 1, 64),
            trusted_hosts=tuple(h.strip() for h in env.get("CASEWORK_TRUSTED_HOSTS", "").split(",") if h.strip()),
            proxies=_number(env, "CASEWORK_PROXIES", cls.proxies, 0, 5),
            secure_cookies=secure,
            session_hours=_number(env, "CASEWORK_SESSION_HOURS", cls.session_hours, 1, 24),
            max_upload_mb=_number(env, "CASEWORK_MAX_UPLOAD_MB", cls.max_upload_mb, 1, 500),
            anonymises=_flag(env, "CASEWORK_ANONYMISE"),
            nightly_sweep_at=_time(env, "CASEWORK_NIGHTLY_SWEEP_AT", cls.nightly_sweep_at),
        )


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ConfigurationError(f"{name} : « {value} » doit être un nombre entier de {low} à {high}.")
    return int(value)


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in {"", "0", "no", "non", "false"}:
        return False
    if value in {"1", "yes", "oui", "true"}:
        return True
    raise ConfigurationError(f"{name} : « {value} » doit être oui ou non.")


def _time(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name, "").strip() or default
    hours, _, minutes = value.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise ConfigurationError(f"{name} : « {value} » doit être une heure comme 04:15.")
    if int(hours) == 2:
        raise ConfigurationError(f"{name} : entre 2 h et 3 h, l’heure n’existe pas le jour du passage à l’heure d’été.")
    return f"{int(hours):02d}:{int(minutes):02d}"


def _kept_secret(data_dir: Path) -> str:
    """Return the secret key kept in the data folder, made at the first start, readable by its owner only."""
    path = data_dir / "secret_key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written whole before it gets its name: another process that starts at the same time must not read half of it.
    written = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    with suppress(FileExistsError):
        os.link(written, path)
    written.unlink()
    return path.read_text(encoding="ascii").strip()
