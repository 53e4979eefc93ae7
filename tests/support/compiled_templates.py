"""Templates compiled once for a whole test run: each application by itself would compile every page that it shows."""

from __future__ import annotations

from hashlib import sha256
from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from casework.web.printing import PageEnvironment


class CompiledTemplates(BytecodeCache):
    """Keeps the code of templates in memory, by language, name and source."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return what is known of a template, with its code when another application compiled it before."""
        language = environment.language if isinstance(environment, PageEnvironment) else ""
        bucket = Bucket(environment, f"{language}\0{filename}", sha256(source.encode()).hexdigest())
        bucket.code = self._codes.get(f"{bucket.key}\0{bucket.checksum}")
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep the code of a template that was just compiled."""
        if bucket.code is not None:
            self._codes[f"{bucket.key}\0{bucket.checksum}"] = bucket.code
