"""Promises of the files that browsers load: known, unchanged, licensed, and all there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.browsers import AXE
from tests.support.tree import ROOT, STATIC, TEMPLATES, VENDOR, shown

MANIFEST = VENDOR / "manifest.json"
AXE_SHA384 = "sha384-xt1SFg49QaDwsyt0Xfs2XAyBtYPClXl3X2q5OOLeGAUmq9jZTYIMdztpF99WdhiH"
ASSET = re.compile(r"""["']((?:vendor|css|js|img|fonts)/[^"'{}\s]+\.\w+)["']""")
CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
ICON = re.compile(r"""\bicon\(\s*["']([\w-]+)["']\s*[,)]""")
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|fetch\(\s*["'](?:https?:)?//|@import[^;]*//""")


def _integrity(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode("ascii")


def _own_sources() -> list[Path]:
    own = [path for pattern in ("*.css", "*.js") for path in STATIC.rglob(pattern) if not path.is_relative_to(VENDOR)]
    return sorted([*own, *TEMPLATES.rglob("*.html")])


def test_every_vendored_file_is_the_one_of_the_manifest() -> None:
    listed = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]
    there = {str(path.relative_to(VENDOR)): _integrity(path) for path in VENDOR.rglob("*") if path.is_file()}
    del there[MANIFEST.name]

    assert there == listed


def test_every_package_comes_with_its_licence_and_the_hash_of_its_archive() -> None:
    packages = json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]

    assert packages
    for package in packages:
        folder = VENDOR / package["name"].rpartition("/")[2]
        assert (folder / "LICENSE").is_file(), package["name"]
        assert package["integrity"].startswith("sha512-"), package["name"]
        assert package["licence"], package["name"]
        assert re.fullmatch(r"\d+(\.\d+)+", package["version"]), package["name"]


@pytest.mark.parametrize("source", _own_sources(), ids=shown)
def test_every_reference_to_an_asset_resolves(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    missing = [name for name in ASSET.findall(text) if not (STATIC / name).is_file()]
    if source.suffix == ".css":
        names = ["".join(match) for match in CSS_URL.findall(text)]
        missing += [n for n in names if not n.startswith(("data:", "#")) and not (source.parent / n).is_file()]

    assert missing == []


@pytest.mark.parametrize("source", _own_sources(), ids=shown)
def test_nothing_is_loaded_from_another_address(source: Path) -> None:
    assert OUTSIDE.findall(source.read_text(encoding="utf-8")) == []


def test_every_icon_is_drawn() -> None:
    sprite = ElementTree.parse(VENDOR / "bootstrap-icons" / "icons.svg")
    drawn = {element.get("id") for element in sprite.iter() if element.get("id")}
    asked = {name: shown(path) for path in TEMPLATES.rglob("*.html") for name in ICON.findall(path.read_text("utf-8"))}

    assert {name: place for name, place in asked.items() if name not in drawn} == {}


def test_the_accessibility_audit_is_the_released_one() -> None:
    """axe-core 4.14.1, MPL-2.0; its licence lies beside it."""
    assert _integrity(AXE) == AXE_SHA384
    assert (ROOT / "tests" / "support" / "axe.LICENSE").is_file()
