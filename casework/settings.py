"""Settings, typed, from the environment. A wrong value stops the start, with the variable and the reason."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casework.kernel import private_files
from casework.kernel.errors import ConfigurationError, why
from casework.kernel.keyring import GivenKeys, KeyCommand, KeyFile, KeySource

PREFIX = "CASEWORK_"
ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Settings:
    """What the environment decides; README.md documents each variable."""

    database_url: str
    data_dir: Path
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    database_pooler: bool = False
    # The role of PostgreSQL under which to work, when the account that signs in owns the tables.
    database_role: str | None = None
    workers: int = 2
    threads: int = 4
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    secure_cookies: bool = False
    session_hours: int = 12
    max_upload_mb: int = 40
    nightly_sweep_at: str = "04:15"
    anonymises: bool = False
    log_months: int = 12
    # At most one of the three; a file of its own in the data folder when none is given.
    keys_file: Path | None = None
    keys: str | None = field(default=None, repr=False)
    keys_command: str | None = None

    @property
    def key_source(self) -> KeySource:
        """Return where the keys of the encrypted columns come from."""
        if self.keys is not None:
            return GivenKeys(self.keys)
        if self.keys_command is not None:
            return KeyCommand(self.keys_command)
        if self.keys_file is not None:
            return KeyFile(self.keys_file)
        return KeyFile(self.data_dir / "keys.json", made_when_missing=True)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from `environ` (the process environment when None).

        Raises ConfigurationError, naming the variable, when a value cannot be used.
        """
        env = {k: v for k, v in (os.environ if environ is None else environ).items() if k.startswith(PREFIX)}
        data_dir = Path(env.get("CASEWORK_DATA_DIR", "var")).resolve()
        secure = _flag(env, "CASEWORK_SECURE_COOKIES")
        keys = _one_of(env, "CASEWORK_KEYS", "CASEWORK_KEYS_COMMAND", "CASEWORK_KEYS_FILE")
        url = env.get("CASEWORK_DATABASE_URL") or f"sqlite:///{data_dir / 'casework.sqlite3'}"
        return cls(
            database_url=url,
            database_role=_role(env, url),
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
            log_months=_number(env, "CASEWORK_LOG_MONTHS", cls.log_months, 6, 120),
            nightly_sweep_at=_time(env, "CASEWORK_NIGHTLY_SWEEP_AT", cls.nightly_sweep_at),
            keys_file=Path(keys["CASEWORK_KEYS_FILE"]).resolve() if "CASEWORK_KEYS_FILE" in keys else None,
            keys=keys.get("CASEWORK_KEYS"),
            keys_command=keys.get("CASEWORK_KEYS_COMMAND"),
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


def _role(env: Mapping[str, str], url: str) -> str | None:
    role = env.get("CASEWORK_DATABASE_ROLE", "").strip()
    if not role:
        return None
    if not ROLE.fullmatch(role):
        raise ConfigurationError(f"CASEWORK_DATABASE_ROLE : « {role} » doit être en minuscules, chiffres et _.")
    if not url.startswith("postgres") or _flag(env, "CASEWORK_DATABASE_POOLER"):
        raise ConfigurationError(
            "CASEWORK_DATABASE_ROLE : ce réglage demande PostgreSQL sans pgbouncer. Derrière pgbouncer, donnez à "
            "l’application son propre compte dans CASEWORK_DATABASE_URL."
        )
    return role


def _time(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name, "").strip() or default
    hours, _, minutes = value.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise ConfigurationError(f"{name} : « {value} » doit être une heure comme 04:15.")
    if int(hours) == 2:
        raise ConfigurationError(f"{name} : entre 2 h et 3 h, l’heure n’existe pas le jour du passage à l’heure d’été.")
    return f"{int(hours):02d}:{int(minutes):02d}"


def _one_of(env: Mapping[str, str], *names: str) -> dict[str, str]:
    given = {name: env[name] for name in names if env.get(name, "").strip()}
    if len(given) > 1:
        raise ConfigurationError(f"{' et '.join(given)} : une seule de ces variables peut dire où sont les clés.")
    return given


def _kept_secret(data_dir: Path) -> str:
    """Return the secret key kept in the data folder, made at the first start, readable by its owner only.

    Raises ConfigurationError when the folder cannot hold it, or it is no key.
    """
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            private_files.create_once(path, secrets.token_hex(32))
        secret = path.read_bytes().strip()
    except OSError as error:
        raise ConfigurationError(
            "CASEWORK_DATA_DIR : la clé secrète ne peut pas être gardée dans « %(folder)s » : %(why)s.",
            folder=data_dir,
            why=why(error),
        ) from error
    if not secret or not secret.isascii():
        raise ConfigurationError(
            "La clé secrète, « %(path)s », est vide ou abîmée : effacez ce fichier, une autre sera faite. Chacun devra "
            "s’identifier de nouveau.",
            path=path,
        )
    return secret.decode("ascii")
