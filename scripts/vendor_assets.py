"""Fetch the browser assets the application serves itself, and say exactly what they are.

Run it when a pinned version changes (needs ``npm``)::

    python scripts/vendor_assets.py            # fetch, verify, copy, write the manifest
    python scripts/vendor_assets.py --check    # compare the copies with the manifest, offline

Every archive is checked against the integrity pinned below before anything is unpacked, so a
package that changes under its version is refused.  Only the named files are copied, with their
licence: what is not listed here never reaches a browser.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

VENDOR = Path(__file__).resolve().parent.parent / "casework" / "web" / "static" / "vendor"
SVG = "http://www.w3.org/2000/svg"
SPRITE = "bootstrap-icons/icons.svg"


class VendorError(Exception):
    """An archive or a copy is not what this script pins."""


@dataclass(frozen=True)
class Package:
    """One pinned npm package and the files taken from it (source in the archive → name here)."""

    name: str
    version: str
    licence: str
    integrity: str
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Folder of the package below ``vendor/``; a scope is dropped, it says nothing here."""
        return self.name.rpartition("/")[2]


# Reboot, grid and utilities only: the components are ours (css/), and those of Bootstrap carry
# data: images that the content security policy refuses.
PACKAGES = (
    Package(
        "bootstrap",
        "5.3.9",
        "MIT",
        "sha512-20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w==",
        {
            "dist/css/bootstrap-reboot.min.css": "bootstrap-reboot.min.css",
            "dist/css/bootstrap-grid.min.css": "bootstrap-grid.min.css",
            "dist/css/bootstrap-utilities.min.css": "bootstrap-utilities.min.css",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
    ),
    Package(
        "chart.js",
        "4.6.1",
        "MIT",
        "sha512-hJyniucsFmq//EvXYvJ6c6mahPoI3kaxdjVH8awTaJ/fDNWeSqqqArixMJWkWNN6fcYvPU3HneSANFNYtRi61g==",
        {"dist/chart.umd.min.js": "chart.umd.min.js", "LICENSE.md": "LICENSE"},
    ),
    Package(
        "bootstrap-icons",
        "1.13.2",
        "MIT",
        "sha512-fAU1Ly3dH7hwRg+CB8EZ0Vl0fF80zgXHeUVJyfUOKzoURr+TbwISbCW5tKUoQLERaWYG2emTCybcPbD96hdD1A==",
        {"LICENSE": "LICENSE"},
    ),
    Package(
        "@fontsource/atkinson-hyperlegible",
        "5.3.0",
        "OFL-1.1",
        "sha512-Sp8Ve8+rQmENY2Lv02VH7sLpntzTTvnncnJMTbRE7DX6TLxGraN4ykZfzaUWIoCFmaomwkvNiqmlPkrKBuDoSA==",
        {
            f"files/atkinson-hyperlegible-{subset}-{weight}-normal.woff2": f"{subset}-{weight}.woff2"
            for subset in ("latin", "latin-ext")
            for weight in (400, 700)
        }
        | {"LICENSE": "LICENSE"},
    ),
)

# The vocabulary of the interface → the drawing that says it.  Templates know the left side only.
ICONS: Mapping[str, str] = {
    # places
    "today": "sun",
    "households": "people",
    "alerts": "bell",
    "agenda": "calendar3",
    "rents": "wallet2",
    "commissions": "chat-square-text",
    "workshops": "easel",
    "reviews": "bar-chart-line",
    "programmes": "diagram-3",
    "import": "box-arrow-in-down",
    "accounts": "person-gear",
    "menu": "list",
    "search": "search",
    "user": "person-circle",
    "organisation": "building",
    "language": "translate",
    "text-size": "fonts",
    "theme": "circle-half",
    "sign-out": "box-arrow-right",
    "help": "question-circle",
    "hint": "lightbulb",
    # tones
    "late": "exclamation-octagon-fill",
    "soon": "hourglass-split",
    "settled": "check-circle-fill",
    "information": "info-circle-fill",
    "confidential": "lock-fill",
    "muted": "dash-circle",
    # what happens to a household
    "referral": "signpost",
    "diagnostic": "clipboard2-pulse",
    "contract": "file-earmark-check",
    "visit": "house-door",
    "office": "building",
    "call": "telephone",
    "attempt": "door-closed",
    "reassessment": "arrow-repeat",
    "lease": "key",
    "end": "flag",
    "suspension": "pause-circle",
    "decision": "chat-square-text",
    "document": "file-earmark-text",
    "message": "envelope",
    "note": "pencil-square",
    "debt": "cash-coin",
    "effort": "speedometer2",
    "stage": "layers",
    "person": "person",
    "dwelling": "house",
    "place": "geo-alt",
    "history": "clock-history",
    # what one does
    "add": "plus-lg",
    "edit": "pencil",
    "remove": "trash3",
    "close": "x-lg",
    "check": "check-lg",
    "undo": "arrow-counterclockwise",
    "postpone": "alarm",
    "pass-on": "send",
    "filter": "funnel",
    "saved": "bookmark",
    "download": "download",
    "upload": "upload",
    "print": "printer",
    "spreadsheet": "file-earmark-spreadsheet",
    "pdf": "file-earmark-pdf",
    "settings": "sliders",
    "table": "table",
    "readers": "eye",
    "shared": "share",
    # small signs
    "back": "arrow-left",
    "forward": "arrow-right",
    "previous": "chevron-left",
    "next": "chevron-right",
    "open": "chevron-down",
    "sort": "chevron-expand",
    "sort-up": "sort-up",
    "sort-down": "sort-down",
    "trend-up": "arrow-up-right",
    "trend-down": "arrow-down-right",
    "trend-flat": "arrow-right",
    "calm": "cup-hot",
    "beginning": "flower1",
}


def digest(algorithm: str, content: bytes) -> str:
    """Return the subresource-integrity form of a hash, e.g. ``sha384-…``."""
    raw = hashlib.new(algorithm, content).digest()
    return f"{algorithm}-{base64.b64encode(raw).decode('ascii')}"


def fetch(package: Package, folder: Path) -> Path:
    """Download one archive into ``folder`` and return its path once its integrity is proven."""
    npm = shutil.which("npm")
    if npm is None:
        raise VendorError("npm is not installed: it is needed to fetch the packages")
    command = [npm, "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise VendorError(f"npm pack {package.name}: {answer.stderr.strip() or 'failed'}")
    archive = folder / answer.stdout.strip().splitlines()[-1]
    found = digest("sha512", archive.read_bytes())
    if found != package.integrity:
        raise VendorError(f"{package.name}@{package.version}: {found} is not the pinned integrity")
    return archive


def member(archive: tarfile.TarFile, path: str) -> bytes:
    """Read one file of an npm archive without unpacking anything to disk."""
    try:
        content = archive.extractfile(f"package/{path}")
    except KeyError:
        content = None
    if content is None:
        raise VendorError(f"{path} is not in the archive")
    return content.read()


def sprite(drawings: Iterable[tuple[str, bytes]]) -> bytes:
    """Join single drawings into one file of symbols, each under its name in the interface."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for name, drawing in drawings:
        source = ElementTree.fromstring(drawing)
        symbol = ElementTree.SubElement(root, f"{{{SVG}}}symbol")
        symbol.set("id", name)
        symbol.set("viewBox", source.get("viewBox", "0 0 16 16"))
        symbol.extend(list(source))
    ElementTree.indent(root, space="")
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f"{text}\n".encode()


def contents(package: Package, path: Path) -> dict[str, bytes]:
    """Return the files taken from one archive, by their place below ``vendor/``."""
    with tarfile.open(path) as archive:
        taken = {f"{package.folder}/{target}": member(archive, source) for source, target in package.files.items()}
        if package.name == "bootstrap-icons":
            taken[SPRITE] = sprite((name, member(archive, f"icons/{drawing}.svg")) for name, drawing in ICONS.items())
    return taken


def manifest(files: Mapping[str, bytes]) -> str:
    """Return the manifest: what was taken, under which licence, and the hash of each file."""
    packages = [
        {"name": p.name, "version": p.version, "licence": p.licence, "integrity": p.integrity} for p in PACKAGES
    ]
    hashes = {path: digest("sha384", content) for path, content in sorted(files.items())}
    return json.dumps({"packages": packages, "files": hashes}, indent=2) + "\n"


def vendor() -> int:
    """Fetch everything, then replace the folder: a failure half-way leaves the old copies."""
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            files |= contents(package, fetch(package, Path(folder)))
    shutil.rmtree(VENDOR, ignore_errors=True)
    for path, content in files.items():
        target = VENDOR / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (VENDOR / "manifest.json").write_text(manifest(files), encoding="utf-8")
    return len(files)


def check() -> int:
    """Compare the copies on disk with this script and its manifest; return how many were read."""
    files = {
        path.relative_to(VENDOR).as_posix(): path.read_bytes()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    written = (VENDOR / "manifest.json").read_text(encoding="utf-8")
    if manifest(files) != written:
        raise VendorError("the copies do not match manifest.json: run the script again")
    return len(files)


def main() -> int:
    """Command line: fetch, or only check what is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="verify the copies, fetch nothing")
    try:
        count = check() if parser.parse_args().check else vendor()
    except (VendorError, OSError) as error:
        print(f"vendor_assets: {error}", file=sys.stderr)
        return 1
    print(f"{count} vendored files match their manifest")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
