"""Write the lock files from setup.cfg: every package with its version and the hashes of its archives.

requirements.lock is what production installs, requirements-test.lock adds what the tests and checks need, with exactly
the same versions underneath. Both name no index, so they work against any mirror.

Existing pins are kept unless ``--upgrade`` is given.
"""

from __future__ import annotations

import argparse
import configparser
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"
EXTRAS = {RUNTIME_LOCK: ("build",), TEST_LOCK: ("build", "test")}


def declared_requirements(setup_cfg: Path, *extras: str) -> list[str]:
    """Return the runtime requirements of setup.cfg followed by those of the named extras."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(setup_cfg, encoding="utf-8")
    blocks = [parser["options"]["install_requires"]]
    blocks += [parser["options.extras_require"][extra] for extra in extras]
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def fingerprint(requirements: list[str]) -> str:
    """Return what a lock file says of the requirements it was made from, to be seen when they change."""
    return f"sha256:{hashlib.sha256(chr(10).join(requirements).encode()).hexdigest()}"


def compile_lock(uv: str, requirements: list[str], output: str, *options: str) -> None:
    """Resolve for every platform from Python 3.11 on and write one lock file."""
    command = [uv, "pip", "compile", "-", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-config", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--quiet"]
    command += ["--custom-compile-command", "make lock", "--output-file", output, *options]
    subprocess.run(command, input="\n".join(requirements), text=True, check=True, cwd=ROOT)
    path = ROOT / output
    path.write_text(
        f"# Made from setup.cfg {fingerprint(requirements)}\n{path.read_text(encoding='utf-8')}", encoding="utf-8"
    )


def main() -> int:
    """Compile both lock files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that setup.cfg allows")
    options = ["--upgrade"] if parser.parse_args().upgrade else []
    uv = os.environ.get("UV") or str(Path(sys.executable).parent / "uv")
    for lock, extras in EXTRAS.items():
        # The tests run with exactly the versions that production gets.
        constraint = ["--constraint", RUNTIME_LOCK] if lock != RUNTIME_LOCK else []
        compile_lock(uv, declared_requirements(ROOT / "setup.cfg", *extras), lock, *constraint, *options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
